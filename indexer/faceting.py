"""Facets with exact counts: OR inside a facet, AND across, a facet's own filter left out of its counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import FACETS, Facet
from indexer.view import View

FACET_LIMIT = 50
"""Values listed for one facet, at most; active ones always are."""

Mask = NDArray[np.bool_]


def passing(view: View, filters: Mapping[str, tuple[str, ...]]) -> dict[str, list[Mask]]:
    """For each filtered facet, which documents of each part have one of the wanted values."""
    masks: dict[str, list[Mask]] = {}
    for name, wanted in filters.items():
        if name not in FACETS or not wanted:
            continue
        masks[name] = []
        for part in view.parts:
            segment = part.segment
            numbers = [number for number, value in enumerate(segment.values[name]) if value in wanted]
            mask = np.zeros(len(segment), dtype=bool)
            mask[segment.arrays[f"{name}_docs"][np.isin(segment.arrays[f"{name}_values"], numbers)]] = True
            masks[name].append(mask)
    return masks


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
    everything = narrow(matched, masks)
    return {
        name: _facet(view, name, narrow(matched, masks, name) if name in masks else everything, filters.get(name, ()))
        for name in FACETS
    }


def _facet(view: View, name: str, masks: Sequence[Mask], active: tuple[str, ...]) -> tuple[Facet, ...]:
    values, maps = view.facet_values[name]
    counts = np.zeros(len(values), dtype=np.int64)
    for part, numbers, mask in zip(view.parts, maps, masks, strict=True):
        if len(numbers):
            arrays = part.segment.arrays
            local = np.bincount(arrays[f"{name}_values"][mask[arrays[f"{name}_docs"]]], minlength=len(numbers))
            counts[numbers] += local
    found = np.flatnonzero(counts)
    ranked = found[np.argsort(-counts[found], kind="stable")][:FACET_LIMIT]  # values are in order, so ties are too
    facets = [Facet(values[number], int(counts[number]), values[number] in active) for number in ranked.tolist()]
    listed = {facet.value for facet in facets}
    missing = [value for value in dict.fromkeys(active) if value not in listed]
    numbers_of = {values[number]: int(counts[number]) for number in found.tolist()} if missing else {}
    facets += [Facet(value, numbers_of.get(value, 0), True) for value in sorted(missing)]
    return tuple(facets)
