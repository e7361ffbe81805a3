"""Facets: OR inside one, AND across, exact counts over the whole set, but for a facet's own filter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
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
    numbers = [number for value in wanted if (number := segment.value_ids.get(value)) is not None]
    mask = np.zeros(len(segment), dtype=bool)
    if numbers:
        entries = np.flatnonzero(np.isin(segment.arrays["facet_values"], numbers))
        mask[np.searchsorted(segment.arrays["facet_ptr"], entries, side="right") - 1] = True
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
    names: Collection[str] = FACETS,
) -> dict[str, tuple[Facet, ...]]:
    """How many documents each value of some facets would leave; the other facets are empty."""
    found: dict[str, tuple[Facet, ...]] = dict.fromkeys(FACETS, ())
    if not names:
        return found
    counts = _counts(view, narrow(matched, masks))
    for name in names:
        own = _counts(view, narrow(matched, masks, name)) if name in masks else counts
        found[name] = _facet(view, name, own, filters.get(name, ()))
    return found


def _counts(view: View, masks: Sequence[Mask]) -> Counts:
    """How many documents of some masks have each value of all facets: one pass over the entries of all."""
    values, maps = view.facet_values
    counts = np.zeros(len(values), dtype=np.int64)
    for part, numbers, mask in zip(view.parts, maps, masks, strict=True):
        arrays = part.segment.arrays
        own = np.zeros(len(numbers), dtype=np.int64)
        kernels.loops().count_facets(mask, arrays["facet_ptr"], arrays["facet_values"], own)
        counts[numbers] += own
    return counts


def _facet(view: View, name: str, counts: Counts, active: tuple[str, ...]) -> tuple[Facet, ...]:
    values = view.facet_values[0]
    numbers = view.facet_numbers[name]
    times = counts[numbers]
    most = _most(times)
    called = [values[number][1] for number in numbers[most].tolist()]
    ranked = sorted(zip((-times[most]).tolist(), called, strict=True))[:FACET_LIMIT]
    facets = [Facet(value, -count, value in active) for count, value in ranked]
    if active:
        listed = {facet.value for facet in facets}
        known = {values[number][1]: int(counts[number]) for number in numbers[times > 0].tolist()}
        facets += [Facet(value, known.get(value, 0), True) for value in sorted(set(active) - listed)]
    return tuple(facets)


def _most(times: Counts) -> NDArray[np.int64]:
    """Where the highest counts are, 0 left out; all that are level with the last of ``FACET_LIMIT``."""
    found = np.flatnonzero(times)
    if len(found) <= FACET_LIMIT:
        return found
    bar = np.partition(times[found], len(found) - FACET_LIMIT)[len(found) - FACET_LIMIT]
    return np.flatnonzero(times >= bar)
