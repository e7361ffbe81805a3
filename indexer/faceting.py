"""Facets with exact counts: OR inside a facet, AND across, a facet's own filter left out of its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import FACETS, Facet
from indexer.segment import Segment
from indexer.view import View

FACET_LIMIT = 40
"""Values listed for one facet, at most; active ones always are."""

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]


def passing(view: View, filters: Mapping[str, tuple[str, ...]]) -> dict[str, list[Mask]]:
    """For each filtered facet, which documents of each part have one of the wanted values."""
    return {
        name: [_having(part.segment, {(name, value) for value in wanted}) for part in view.parts]
        for name, wanted in filters.items()
        if name in FACETS and wanted
    }


def _having(segment: Segment, wanted: set[tuple[str, str]]) -> Mask:
    numbers = [number for number, value in enumerate(segment.values) if value in wanted]
    mask = np.zeros(len(segment), dtype=bool)
    mask[segment.arrays["facet_docs"][np.isin(segment.arrays["facet_values"], numbers)]] = True
    return mask


def narrow(matched: Sequence[Mask], masks: Mapping[str, Sequence[Mask]], leave_out: str = "") -> list[Mask]:
    """What matched and passes every filter, but for one facet's."""
    kept = list(matched)
    for name, filtered in masks.items():
        if name != leave_out:
            kept = [mask & passes for mask, passes in zip(kept, filtered, strict=True)]
    return kept


def count(
    view: View,
    matched: Sequence[Mask],
    masks: Mapping[str, Sequence[Mask]],
    filters: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[Facet, ...]]:
    """How many documents each value of each facet would leave."""
    counts = _counts(view, narrow(matched, masks))
    for name in masks:
        span = view.facet_spans[name]
        counts[span] = _counts(view, narrow(matched, masks, name))[span]
    return {name: _facet(view, name, counts, filters.get(name, ())) for name in FACETS}


def _counts(view: View, masks: Sequence[Mask]) -> Counts:
    """How many documents of some masks have each value of all facets: one pass over the entries of all."""
    values, maps = view.facet_values
    counts = np.zeros(len(values), dtype=np.int64)
    for part, numbers, mask in zip(view.parts, maps, masks, strict=True):
        arrays = part.segment.arrays
        chosen = arrays["facet_values"][mask[arrays["facet_docs"]]]
        counts[numbers] += np.bincount(chosen, minlength=len(numbers))
    return counts


def _facet(view: View, name: str, counts: Counts, active: tuple[str, ...]) -> tuple[Facet, ...]:
    span = view.facet_spans[name]
    values, own = view.facet_values[0][span], counts[span]
    found = np.flatnonzero(own)
    ranked = found[np.argsort(-own[found], kind="stable")][:FACET_LIMIT]  # values are in order, so ties are too
    counted = zip(ranked.tolist(), own[ranked].tolist(), strict=True)
    facets = [Facet(values[number][1], times, values[number][1] in active) for number, times in counted]
    if active:
        listed = {facet.value for facet in facets}
        numbers = {values[number][1]: int(own[number]) for number in found.tolist()}
        missing = sorted(set(active) - listed)
        facets += [Facet(value, numbers.get(value, 0), True) for value in missing]
    return tuple(facets)
