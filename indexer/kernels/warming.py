"""Calls every compiled loop once on next to nothing, with the types that searches and builds will use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.kernels import compiled


def _fixed(*values: int, dtype: Any) -> NDArray[Any]:
    """A read-only array, as those of segments are."""
    array = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def warm() -> None:
    """Compile, or load from the cache."""
    docs, impacts = _fixed(0, 1, dtype=np.int32), _fixed(1, 2, dtype=np.uint16)
    pointers, ranks = _fixed(0, 1, 2, dtype=np.int64), _fixed(0, 1, dtype=np.int32)
    fields, stream = _fixed(1, 1, dtype=np.uint8), _fixed(0, -2, 0, -2, dtype=np.int32)
    starts, ends = np.array([0], dtype=np.int64), np.array([2], dtype=np.int64)
    mask, floats = np.ones(2, dtype=bool), np.ones(1, dtype=np.float32)
    rows = np.array([0, 1], dtype=np.int32)
    compiled.scatter(mask, docs, starts, ends)
    compiled.scatter_field(mask, docs, fields, starts, ends, 1)
    for first in (docs, rows):
        compiled.intersect(first, docs)
    found = np.empty((1, 2), dtype=np.float32)
    for values in (impacts, fields):
        compiled.look_up(docs, values, starts, ends, rows, found)
    bits = np.zeros((0, 1), dtype=np.uint64)
    bits.flags.writeable = False
    no_rows = np.full(1, -1, dtype=np.int32)
    compiled.union(docs, starts, ends, bits, no_rows, rows, mask, 2)
    compiled.best(docs, impacts, starts, ends, floats, floats, bits, no_rows, mask, ranks, 1e-30, 1)
    compiled.set_bits(docs, np.zeros(1, dtype=np.uint64))
    compiled.bars(pointers, impacts, ends, np.zeros((2, 1), dtype=np.uint16))
    compiled.bars(ends, impacts.copy(), ends, np.zeros((0, 1), dtype=np.uint16))
    compiled.best_of(rows, np.ones(2, dtype=np.float32), ranks, 1)
    compiled.count_facets(mask, pointers, docs, np.zeros(2, dtype=np.int64))
    field_ends = np.array([[1], [3]], dtype=np.int64)
    field_ends.flags.writeable = False
    doc_ptr = _fixed(0, 2, 4, dtype=np.int64)
    for some in (rows, docs):
        compiled.phrase_rows(stream, doc_ptr, field_ends, some, rows, -1)
    _warm_building(stream, doc_ptr, pointers, docs)


def _warm_building(stream: NDArray[Any], doc_ptr: NDArray[Any], pointers: NDArray[Any], docs: NDArray[Any]) -> None:
    term_of = np.zeros(1, dtype=np.int32)
    longs = np.array([0, 2, 4], dtype=np.int64)
    compiled.count_terms(stream, term_of, longs, 1)
    new = {name: np.empty(2, dtype=name) for name in ("int32", "int64", "float64", "uint8")}
    term_ptr = np.array([0, 2], dtype=np.int64)
    gains, boosts = np.ones((2, 1)), np.ones(1)
    row_ptr = np.empty(3, dtype=np.int64)
    weighted, row_terms, row_places = new["float64"].copy(), new["int32"].copy(), new["int64"]
    compiled.fill_terms(
        stream, term_of, longs, gains, boosts, term_ptr, new["int32"], new["float64"], weighted, new["uint8"],
        row_terms, row_places, row_ptr,
    )  # fmt: skip
    compiled.fill_words(stream, term_of, longs, term_ptr, new["int32"], new["uint8"])
    compiled.count_alive(pointers, docs, np.ones(2, dtype=bool))
    new_terms, new_docs = np.zeros(2, dtype=np.int32), np.array([0, -1], dtype=np.int32)
    alive, out = np.array([True, False]), {name: np.empty(4, dtype=name) for name in ("int32", "uint16", "uint8")}
    impacts, fields = _fixed(1, 2, dtype=np.uint16), _fixed(1, 1, dtype=np.uint8)
    compiled.append_terms(
        pointers, docs, impacts, fields, fields, new_terms, new_docs, np.zeros(1, dtype=np.int64),
        out["int32"], out["uint16"], out["uint8"], out["uint8"],
    )  # fmt: skip
    compiled.append_words(
        pointers, docs, fields, new_terms, new_docs, np.zeros(1, dtype=np.int64), out["int32"], out["uint8"]
    )
    compiled.append_numbers(doc_ptr, stream, new_terms, alive, 0, out["int32"])
