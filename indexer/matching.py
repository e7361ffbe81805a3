"""Query tree × postings → which documents of a segment match, as a mask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from indexer.engine import FIELDS
from indexer.query import ANYWHERE, GappedPhrase, NearWord
from indexer.segment import EDGE, Segment
from indexer.spelling import words_near, words_with_prefix

Mask = NDArray[np.bool_]


def match(tree: Any, segment: Segment) -> Mask:
    """Which documents match, shape (N,). Removed documents are the caller's to leave out.

    Args:
        tree: A tree made by ``indexer.query.understand``.
        segment: The segment to look in.

    Raises:
        TypeError: For a node ``understand`` never makes.
    """
    for kind, evaluate in _EVALUATORS:
        if isinstance(tree, kind):
            return evaluate(tree, segment)
    if tree is wq.NullQuery:
        return _nothing(segment)
    raise TypeError(f"no way to match {type(tree).__name__}")


def _nothing(segment: Segment) -> Mask:
    return np.zeros(len(segment), dtype=bool)


def _every(_: Any, segment: Segment) -> Mask:
    return np.ones(len(segment), dtype=bool)


def _and(tree: Any, segment: Segment) -> Mask:
    mask = match(tree[0], segment)
    for child in tree[1:]:
        if not mask.any():
            break
        mask &= match(child, segment)
    return mask


def _or(tree: Any, segment: Segment) -> Mask:
    mask = match(tree[0], segment)
    for child in tree[1:]:
        mask |= match(child, segment)
    return mask


def _not(tree: Any, segment: Segment) -> Mask:
    return ~match(tree.query, segment)


def _term(tree: Any, segment: Segment) -> Mask:
    mask = _nothing(segment)
    column = segment.column(tree.text)
    if column is not None:
        docs, fields = segment.arrays["term_docs"][column], segment.arrays["term_fields"][column]
        mask[docs if tree.fieldname == ANYWHERE else docs[(fields & _bit(tree.fieldname)) > 0]] = True
    return mask


def _prefix(tree: Any, segment: Segment) -> Mask:
    return _any_word(words_with_prefix(segment.words, tree.text), tree.fieldname, segment)


def _near(tree: Any, segment: Segment) -> Mask:
    return _any_word(words_near(segment.words, tree.text), tree.fieldname, segment)


def _any_word(numbers: Sequence[int], fieldname: str, segment: Segment) -> Mask:
    mask = _nothing(segment)
    for number in numbers:
        column = segment.word_column(number)
        docs, fields = segment.arrays["word_docs"][column], segment.arrays["word_fields"][column]
        mask[docs if fieldname == ANYWHERE else docs[(fields & _bit(fieldname)) > 0]] = True
    return mask


def _bit(fieldname: str) -> np.uint8:
    return np.uint8(1 << FIELDS.index(fieldname))


def _phrase(tree: Any, segment: Segment) -> Mask:
    """Documents where the terms follow each other at their typed distances; an empty term is any one word."""
    mask = _nothing(segment)
    wanted = [(offset, segment.term_ids.get(term, -1)) for offset, term in enumerate(tree.words) if term]
    if any(number < 0 for _, number in wanted):
        return mask
    candidates = _holding_all([term for term in tree.words if term], segment)
    starts = segment.arrays["stream_ptr"][candidates]
    lengths = segment.arrays["stream_ptr"][candidates + 1] - starts
    # The places in the stream of every token of every candidate.
    places = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(lengths.sum())
    owners = np.repeat(candidates, lengths)
    stream = segment.arrays["stream"]
    room = places < len(stream) - len(tree.words) + 1
    places, owners = places[room], owners[room]
    gaps = [offset for offset, term in enumerate(tree.words) if not term]
    for offset, number in wanted:
        hit = stream[places + offset] == number
        places, owners = places[hit], owners[hit]
    for offset in gaps:
        hit = stream[places + offset] != EDGE
        places, owners = places[hit], owners[hit]
    if tree.fieldname != ANYWHERE:
        number = FIELDS.index(tree.fieldname)
        ends = segment.arrays["field_ends"]
        inside = places < ends[owners, number]
        if number:
            inside &= places > ends[owners, number - 1]
        owners = owners[inside]
    mask[owners] = True
    return mask


def _holding_all(terms: Sequence[str], segment: Segment) -> NDArray[np.int64]:
    columns = [segment.column(term) for term in dict.fromkeys(terms)]
    postings = sorted((segment.arrays["term_docs"][column] for column in columns if column is not None), key=len)
    found = postings[0]
    for docs in postings[1:]:
        found = np.intersect1d(found, docs, assume_unique=True)
    return found.astype(np.int64)


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
