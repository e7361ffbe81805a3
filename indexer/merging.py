"""Several segments made one, without their dead documents: read from mapped files, written to mapped files.

Memory is bounded by the vocabulary and by a few integers a document, whatever the size of the segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer import kernels, spelling
from indexer.building import bars, frequent_bits, pointers_of, ranks_of
from indexer.engine import FIELDS
from indexer.segment import Ints, Longs, Segment
from indexer.texts import Texts
from indexer.view import Part

_TERM_TYPES = (np.int32, np.uint16, np.uint8)


class Target(Protocol):
    """Where a merged segment goes: ``bundle.Writer``, or ``Memory``."""

    def room(self, name: str, dtype: Any, shape: int | tuple[int, ...]) -> NDArray[Any]:
        """An array of zeros to fill."""
        ...

    def put(self, name: str, array: NDArray[Any]) -> None:
        """An array as it is."""
        ...

    def put_texts(self, name: str, texts: Texts) -> None:
        """Texts as they are."""
        ...


class Memory:
    """A target in memory.

    Attributes:
        arrays: By name.
        texts: By name.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, NDArray[Any]] = {}
        self.texts: dict[str, Texts] = {}

    def room(self, name: str, dtype: Any, shape: int | tuple[int, ...]) -> NDArray[Any]:
        """An array of zeros to fill."""
        self.arrays[name] = np.zeros(shape, dtype=dtype)
        return self.arrays[name]

    def put(self, name: str, array: NDArray[Any]) -> None:
        """An array as it is."""
        self.arrays[name] = array

    def put_texts(self, name: str, texts: Texts) -> None:
        """Texts as they are."""
        self.texts[name] = texts

    def segment(self) -> Segment:
        """What was put."""
        return Segment(self.texts, self.arrays)


def merge(parts: Sequence[Part], target: Target) -> None:
    """Write one segment of the living documents of some parts, in their order.

    Args:
        parts: At least one, all made under the same model.
        target: Where it goes.
    """
    rows = _new_rows(parts)
    living = [_living(part, "term") for part in parts]
    terms, term_maps = _joined([part.segment.terms for part in parts], living)
    target.put_texts("terms", terms)
    target.put_texts("labels", _written(parts, "labels", term_maps, len(terms)))
    for name in ("term_idf", "term_vectors"):
        target.put(name, _known(parts, name, term_maps, len(terms)))
    pointers = pointers_of(_summed(living, term_maps, len(terms)))
    _merge_terms(parts, target, rows, term_maps, pointers)
    _merge_rows(parts, target, term_maps)
    living = [_living(part, "word") for part in parts]
    words, word_maps = _joined([part.segment.words for part in parts], living)
    target.put_texts("words", words)
    target.put_texts("shown", _written(parts, "shown", word_maps, len(words)))
    _merge_words(parts, target, rows, word_maps, pointers_of(_summed(living, word_maps, len(words))))
    for name, array in spelling.trigram_arrays(words.decoded()).items():
        target.put(name, array)
    _merge_streams(parts, target, term_maps)
    _merge_own(parts, target)
    _merge_lists(parts, target, "facet", "values")
    _merge_lists(parts, target, "link", "entities")
    _merge_vectors(parts, target)


def _new_rows(parts: Sequence[Part]) -> list[Ints]:
    """For each part, the number each row will have, -1 for a dead one."""
    found, start = [], 0
    for part in parts:
        numbers = np.cumsum(part.alive, dtype=np.int32) - 1 + start
        found.append(np.where(part.alive, numbers, -1).astype(np.int32))
        start += part.living
    return found


def _living(part: Part, kind: str) -> Longs:
    """In how many living documents each term, or word, of a part is."""
    arrays = part.segment.arrays
    if part.gone is None:
        return np.diff(arrays[f"{kind}_ptr"])
    counts: Longs = kernels.loops().count_alive(arrays[f"{kind}_ptr"], arrays[f"{kind}_docs"], part.alive)
    return counts


def _joined(texts: Sequence[Texts], living: Sequence[Longs]) -> tuple[Texts, list[Ints]]:
    """Distinct texts in order, and the new number of each; those in no living document are left out, with -1."""
    lists = [some.decoded() for some in texts]
    kept = sorted({text for some, counts in zip(lists, living, strict=True) for text in compress(some, counts)})
    numbers = {text: number for number, text in enumerate(kept)}
    maps = [np.array([numbers.get(text, -1) for text in some], dtype=np.int32) for some in lists]
    return Texts.of(kept), maps


def _summed(living: Sequence[Longs], maps: Sequence[Ints], size: int) -> Longs:
    totals = np.zeros(size, dtype=np.int64)
    for counts, numbers in zip(living, maps, strict=True):
        kept = numbers >= 0
        totals[numbers[kept]] += counts[kept]
    return totals


def _written(parts: Sequence[Part], name: str, maps: Sequence[Ints], size: int) -> Texts:
    """How each term, or word, is written in the largest part that has it."""
    written = [""] * size
    order = sorted(range(len(parts)), key=lambda number: parts[number].living)
    for number in order:
        for place, text in zip(maps[number].tolist(), parts[number].segment.texts[name], strict=True):
            if place >= 0:
                written[place] = text
    return Texts.of(written)


def _known(parts: Sequence[Part], name: str, maps: Sequence[Ints], size: int) -> NDArray[Any]:
    """What the largest part that has it knows of each term."""
    found = np.zeros(size, dtype=parts[0].segment.arrays[name].dtype)
    for number in sorted(range(len(parts)), key=lambda number: parts[number].living):
        kept = maps[number] >= 0
        found[maps[number][kept]] = parts[number].segment.arrays[name][kept]
    return found


def _merge_terms(
    parts: Sequence[Part], target: Target, rows: Sequence[Ints], maps: Sequence[Ints], pointers: Longs
) -> None:
    size = int(pointers[-1])
    target.put("term_ptr", pointers)
    names = ("term_docs", "term_impacts", "term_fields")
    out = [target.room(name, dtype, size) for name, dtype in zip(names, _TERM_TYPES, strict=True)]
    cursor = pointers[:-1].copy()
    for part, new_docs, new_terms in zip(parts, rows, maps, strict=True):
        columns = [part.segment.arrays[name] for name in names]
        kernels.loops().append_terms(part.segment.arrays["term_ptr"], *columns, new_terms, new_docs, cursor, *out)
    target.put("term_bars", bars(pointers, out[1]))
    for name, array in frequent_bits(pointers, out[0], sum(part.living for part in parts)).items():
        target.put(name, array)


def _merge_words(
    parts: Sequence[Part], target: Target, rows: Sequence[Ints], maps: Sequence[Ints], pointers: Longs
) -> None:
    size = int(pointers[-1])
    target.put("word_ptr", pointers)
    docs, fields = target.room("word_docs", np.int32, size), target.room("word_fields", np.uint8, size)
    cursor = pointers[:-1].copy()
    for part, new_docs, new_words in zip(parts, rows, maps, strict=True):
        columns = [part.segment.arrays[name] for name in ("word_ptr", "word_docs", "word_fields")]
        kernels.loops().append_words(*columns, new_words, new_docs, cursor, docs, fields)


def _lengths(parts: Sequence[Part], name: str) -> Longs:
    """Where each living document begins, in a list of runs one a document."""
    return pointers_of(np.concatenate([np.diff(part.segment.arrays[name])[part.alive] for part in parts]))


def _merge_numbers(parts: Sequence[Part], pointers: str, name: str, maps: Sequence[Ints], out: Ints) -> None:
    at = 0
    for part, new in zip(parts, maps, strict=True):
        arrays = part.segment.arrays
        at = kernels.loops().append_numbers(arrays[pointers], arrays[name], new, part.alive, at, out)


def _merge_rows(parts: Sequence[Part], target: Target, maps: Sequence[Ints]) -> None:
    pointers = _lengths(parts, "row_ptr")
    target.put("row_ptr", pointers)
    terms = target.room("row_terms", np.int32, int(pointers[-1]))
    _merge_numbers(parts, "row_ptr", "row_terms", maps, terms)
    _merge_runs(parts, target, "row_impacts", "row_ptr", np.uint8)


def _merge_runs(parts: Sequence[Part], target: Target, name: str, pointers: str, dtype: Any) -> None:
    """Copy an array that has a run of rows for each document."""
    kept = [
        np.repeat(part.alive, np.diff(part.segment.arrays[pointers])) if part.gone is not None else None
        for part in parts
    ]
    _copy(parts, target, name, dtype, kept)


def _copy(
    parts: Sequence[Part], target: Target, name: str, dtype: Any, kept: Sequence[NDArray[np.bool_] | None]
) -> None:
    arrays = [part.segment.arrays[name] for part in parts]
    sizes = [
        len(array) if mask is None or not len(array) else int(mask.sum())
        for array, mask in zip(arrays, kept, strict=True)
    ]
    out = target.room(name, dtype, (sum(sizes), *arrays[0].shape[1:]))
    at = 0
    for array, mask, size in zip(arrays, kept, sizes, strict=True):
        out[at : at + size] = array if mask is None or not len(array) else array[mask]
        at += size


def _merge_vectors(parts: Sequence[Part], target: Target) -> None:
    """Vectors and norms are copied: they were made under the same model."""
    alive = [part.alive if part.gone is not None else None for part in parts]
    for name in ("title", "note"):
        _copy(parts, target, f"{name}_vectors", np.int8, alive)
        _copy(parts, target, f"{name}_scales", np.float32, alive)
    for name in ("inverse_norms", "centred_scales"):
        _copy(parts, target, name, np.float32, alive)
    target.put("passage_ptr", _lengths(parts, "passage_ptr"))
    _merge_runs(parts, target, "passage_vectors", "passage_ptr", np.int8)
    _merge_runs(parts, target, "passage_scales", "passage_ptr", np.float32)


def _merge_streams(parts: Sequence[Part], target: Target, maps: Sequence[Ints]) -> None:
    pointers = _lengths(parts, "stream_ptr")
    target.put("stream_ptr", pointers)
    _merge_numbers(parts, "stream_ptr", "stream", maps, target.room("stream", np.int32, int(pointers[-1])))
    ends = target.room("field_ends", np.int64, (len(pointers) - 1, len(FIELDS)))
    at = 0
    for part in parts:
        arrays = part.segment.arrays
        moved = (arrays["field_ends"] - arrays["stream_ptr"][:-1, None])[part.alive]
        ends[at : at + len(moved)] = moved + pointers[at : at + len(moved), None]
        at += len(moved)


def _merge_own(parts: Sequence[Part], target: Target) -> None:
    for name in ("days", "standings", "hashes"):
        target.put(name, np.concatenate([part.segment.arrays[name][part.alive] for part in parts]))
    for name, ranks in (("ids", "id_ranks"), ("titles", "title_ranks")):
        texts = Texts.together([part.segment.texts[name].kept(part.alive) for part in parts])
        target.put_texts(name, texts)
        decoded = texts.decoded()
        order = np.array(sorted(range(len(decoded)), key=decoded.__getitem__), dtype=np.int32)
        target.put(ranks, ranks_of(order))
        if name == "ids":
            target.put("id_order", order)


def _merge_lists(parts: Sequence[Part], target: Target, kind: str, name: str) -> None:
    """Facets or links: what each document has several of, by numbers of texts."""
    kept = [np.repeat(part.alive, np.diff(part.segment.arrays[f"{kind}_ptr"])) for part in parts]
    used = [
        np.bincount(part.segment.arrays[f"{kind}_{name}"][mask], minlength=len(part.segment.texts[name]))
        for part, mask in zip(parts, kept, strict=True)
    ]
    texts, maps = _joined([part.segment.texts[name] for part in parts], used)
    target.put_texts(name, texts)
    target.put(f"{kind}_ptr", _lengths(parts, f"{kind}_ptr"))
    numbers = [
        new[part.segment.arrays[f"{kind}_{name}"][mask]] for part, mask, new in zip(parts, kept, maps, strict=True)
    ]
    target.put(f"{kind}_{name}", np.concatenate(numbers).astype(np.int32))
    if kind == "link":
        for other in ("link_groups", "link_weights"):
            columns = [part.segment.arrays[other][mask] for part, mask in zip(parts, kept, strict=True)]
            target.put(other, np.concatenate(columns))
