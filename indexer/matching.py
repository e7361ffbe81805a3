"""Query tree × postings → which documents of a segment match, as a mask, or as rows where lists meet."""

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
from indexer.view import Part

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


def match_rows(tree: Any, segment: Segment) -> Rows | None:
    """The same as ascending rows, when they are known without a look at every document; None otherwise."""
    if tree is wq.NullQuery:
        return segment.arrays["term_docs"][:0]
    if isinstance(tree, wq.And):
        return _rows_of_all(tree, segment)
    if isinstance(tree, GappedPhrase):
        return _phrase_rows(tree, segment)
    return _holding_all([tree.text], segment) if _is_plain(tree) else None


def living_rows(tree: Any, part: Part) -> Rows | None:
    """What ``match_rows`` says, without removed documents."""
    rows = match_rows(tree, part.segment)
    return rows if rows is None or part.living == len(part.segment) else rows[part.alive[rows]]


def mask_of(rows: Rows, segment: Segment) -> Mask:
    """The same documents as a mask, shape (N,)."""
    mask = _nothing(segment)
    mask[rows] = True
    return mask


def _is_plain(tree: Any) -> bool:
    """Whether it is a word typed anywhere."""
    return isinstance(tree, wq.Term) and tree.fieldname == ANYWHERE


def _rows_of_all(tree: Any, segment: Segment) -> Rows | None:
    """Words typed anywhere meet as lists, the rarest first, then phrases; what is left narrows them."""
    plain = [child.text for child in tree if _is_plain(child)]
    phrases = [child for child in tree if isinstance(child, GappedPhrase)]
    if not plain and not phrases:
        return None
    found = _holding_all(plain, segment) if plain else _phrase_rows(phrases.pop(), segment)
    for child in phrases:
        found = kernels.loops().intersect(found, _phrase_rows(child, segment)) if len(found) else found
    for child in tree:
        if len(found) and not _is_plain(child) and not isinstance(child, GappedPhrase):
            found = found[match(child, segment)[found]]
    return found


def _and(tree: Any, segment: Segment) -> Mask:
    rows = _rows_of_all(tree, segment)
    if rows is not None:
        return mask_of(rows, segment)
    wanted = [child for child in tree if not isinstance(child, wq.Not)]
    mask = match(wanted[0], segment) if wanted else _every(tree, segment)
    for child in wanted[1:]:
        mask &= match(child, segment)
    for child in tree:
        if isinstance(child, wq.Not):
            _leave_out(mask, child.query, segment)
    return mask


def _leave_out(mask: Mask, tree: Any, segment: Segment) -> None:
    rows = match_rows(tree, segment)
    if rows is None:
        mask &= ~match(tree, segment)
    else:
        mask[rows] = False


def _or(tree: Any, segment: Segment) -> Mask:
    plain = [child.text for child in tree if _is_plain(child)]
    mask = _nothing(segment)
    _scatter(mask, segment, "term", [column for term in plain if (column := segment.column(term)) is not None])
    for child in tree:
        if not _is_plain(child):
            mask |= match(child, segment)
    return mask


def _not(tree: Any, segment: Segment) -> Mask:
    mask = _every(tree, segment)
    _leave_out(mask, tree.query, segment)
    return mask


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
    return mask_of(_phrase_rows(tree, segment), segment)


def _phrase_rows(tree: Any, segment: Segment) -> Rows:
    """Documents where the terms follow each other at their typed distances; an empty term is any one word."""
    rows = _holding_all([term for term in tree.words if term], segment)
    if not len(rows):
        return rows
    wanted = np.array([segment.term_id(term) if term else -1 for term in tree.words], dtype=np.int32)
    field = -1 if tree.fieldname == ANYWHERE else FIELDS.index(tree.fieldname)
    arrays = segment.arrays
    found: Rows = kernels.loops().phrase_rows(
        arrays["stream"], arrays["stream_ptr"], arrays["field_ends"], rows, wanted, field
    )
    return found


def _holding_all(terms: Sequence[str], segment: Segment) -> Rows:
    """The documents that hold every one of some terms, ascending."""
    columns = [segment.column(term) for term in dict.fromkeys(terms)]
    docs = segment.arrays["term_docs"]
    postings = sorted((docs[column] for column in columns if column is not None), key=len)
    if len(postings) < len(columns) or not postings:
        return docs[:0]
    found: Rows = postings[0].copy()  # the loops are compiled for arrays that can be written to
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
