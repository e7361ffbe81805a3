"""Query tree × postings → which documents of a segment match, as a mask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from indexer import kernels
from indexer.engine import FIELDS
from indexer.query import ANYWHERE, GappedPhrase, NearWord
from indexer.segment import Segment
from indexer.spelling import words_near, words_with_prefix

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]


def match(tree: Any, segment: Segment) -> Mask:
    """Which documents match, shape (N,). Removed documents are the caller's to leave out.

    Args:
        tree: A tree made by ``indexer.query.understand``.
        segment: The segment to look in.

    Raises:
        TypeError: For a node ``understand`` never makes.
    """
    if tree is wq.NullQuery:
        return _nothing(segment)
    for kind, evaluate in _EVALUATORS:
        if isinstance(tree, kind):
            return evaluate(tree, segment)
    raise TypeError(f"no way to match {type(tree).__name__}")


def _nothing(segment: Segment) -> Mask:
    return np.zeros(len(segment), dtype=bool)


def _every(_: Any, segment: Segment) -> Mask:
    return np.ones(len(segment), dtype=bool)


def _and(tree: Any, segment: Segment) -> Mask:
    """Words typed anywhere meet as lists, the rarest first; the rest of the tree as masks."""
    plain = [child for child in tree if isinstance(child, wq.Term) and child.fieldname == ANYWHERE]
    others = [child for child in tree if not (isinstance(child, wq.Term) and child.fieldname == ANYWHERE)]
    if not plain:
        mask = match(others[0], segment)
        others = others[1:]
    else:
        mask = _nothing(segment)
        mask[_holding_all([child.text for child in plain], segment)] = True
    for child in others:
        if not mask.any():
            break
        mask &= match(child, segment)
    return mask


def _or(tree: Any, segment: Segment) -> Mask:
    plain = [child.text for child in tree if isinstance(child, wq.Term) and child.fieldname == ANYWHERE]
    mask = _nothing(segment)
    _scatter(mask, segment, "term", [column for term in plain if (column := segment.column(term)) is not None])
    for child in tree:
        if not (isinstance(child, wq.Term) and child.fieldname == ANYWHERE):
            mask |= match(child, segment)
    return mask


def _not(tree: Any, segment: Segment) -> Mask:
    return ~match(tree.query, segment)


def _term(tree: Any, segment: Segment) -> Mask:
    mask = _nothing(segment)
    column = segment.column(tree.text)
    if column is not None:
        _scatter(mask, segment, "term", [column], tree.fieldname)
    return mask


def _prefix(tree: Any, segment: Segment) -> Mask:
    return _any_word(words_with_prefix(segment.words, tree.text), tree.fieldname, segment)


def _near(tree: Any, segment: Segment) -> Mask:
    return _any_word(words_near(segment.words, tree.text), tree.fieldname, segment)


def _any_word(numbers: Sequence[int], fieldname: str, segment: Segment) -> Mask:
    mask = _nothing(segment)
    _scatter(mask, segment, "word", map(segment.word_column, numbers), fieldname)
    return mask


def _scatter(mask: Mask, segment: Segment, kind: str, columns: Iterable[slice], fieldname: str = ANYWHERE) -> None:
    """Set a mask at the documents of some columns, in one field or anywhere."""
    runs = list(columns)
    if not runs:
        return
    docs = segment.arrays[f"{kind}_docs"]
    starts = np.array([run.start for run in runs], dtype=np.int64)
    ends = np.array([run.stop for run in runs], dtype=np.int64)
    if fieldname == ANYWHERE:
        kernels.loops().scatter(mask, docs, starts, ends)
    else:
        bit = 1 << FIELDS.index(fieldname)
        kernels.loops().scatter_field(mask, docs, segment.arrays[f"{kind}_fields"], starts, ends, bit)


def _phrase(tree: Any, segment: Segment) -> Mask:
    """Documents where the terms follow each other at their typed distances; an empty term is any one word."""
    mask = _nothing(segment)
    wanted = np.array([segment.term_id(term) if term else -1 for term in tree.words], dtype=np.int32)
    terms = [term for term in tree.words if term]
    rows = _holding_all(terms, segment)
    if len(rows):
        field = -1 if tree.fieldname == ANYWHERE else FIELDS.index(tree.fieldname)
        arrays = segment.arrays
        found = kernels.loops().phrase_rows(
            arrays["stream"], arrays["stream_ptr"], arrays["field_ends"], rows, wanted, field
        )
        mask[found] = True
    return mask


def _holding_all(terms: Sequence[str], segment: Segment) -> Rows:
    """The documents that hold every one of some terms, ascending."""
    columns = [segment.column(term) for term in dict.fromkeys(terms)]
    docs = segment.arrays["term_docs"]
    postings = sorted((docs[column] for column in columns if column is not None), key=len)
    if len(postings) < len(columns) or not postings:
        return docs[:0]
    found: Rows = postings[0]
    for other in postings[1:]:
        found = kernels.loops().intersect(found, other)
    return found


_EVALUATORS: tuple[tuple[Any, Callable[[Any, Segment], Mask]], ...] = (
    (wq.And, _and),
    (wq.Or, _or),
    (wq.Not, _not),
    (GappedPhrase, _phrase),
    (NearWord, _near),
    (wq.Prefix, _prefix),
    (wq.Term, _term),
    (wq.Every, _every),
)
