"""Filters and facets over rows: OR inside a facet, AND across, a facet's own filter left out of its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from indexer.engine import FACETS, Facet
from indexer.faceting import FACET_LIMIT
from indexer.whoosh_index.matching import Numbers
from indexer.whoosh_index.schema import Row

Filters = Mapping[str, tuple[str, ...]]


def passes(row: Row, filters: Filters, leave_out: str = "") -> bool:
    """Whether a document has one of the wanted values of each filtered facet, but for one facet."""
    return all(
        not wanted or name == leave_out or name not in FACETS or not set(wanted).isdisjoint(row.facets.get(name, ()))
        for name, wanted in filters.items()
    )


def narrow(matched: Numbers, rows: Mapping[int, Row], filters: Filters, leave_out: str = "") -> Numbers:
    """What matched and passes the filters."""
    return frozenset(number for number in matched if passes(rows[number], filters, leave_out))


def count(
    matched: Numbers, rows: Mapping[int, Row], filters: Filters, wanted: Collection[str] = FACETS
) -> dict[str, tuple[Facet, ...]]:
    """How many documents each value of each wanted facet would leave; the other facets are empty."""
    return {
        name: _facet(name, narrow(matched, rows, filters, name), rows, filters.get(name, ())) if name in wanted else ()
        for name in FACETS
    }


def _facet(name: str, numbers: Numbers, rows: Mapping[int, Row], active: tuple[str, ...]) -> tuple[Facet, ...]:
    counts = Counter(value for number in numbers for value in set(rows[number].facets.get(name, ())))
    ranked = sorted(counts, key=lambda value: (-counts[value], value))[:FACET_LIMIT]
    ranked += sorted(set(active).difference(ranked), key=lambda value: (-counts[value], value))
    return tuple(Facet(value, counts[value], value in active) for value in ranked)
