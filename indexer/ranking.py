"""Which order: BM25F over a view, the best of it in one pass, and the share each word had in a score."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
from indexer.engine import Reason
from indexer.query import Scored
from indexer.segment import BAR_DEPTHS, IMPACT
from indexer.spelling import words_near, words_with_prefix
from indexer.view import Part, View

OTHERS = "autres mots"
"""Label of the last reason, which stands for all that is not listed."""

MAX_REASONS = 5
_MAX_EXPANSIONS = 64
_NOWHERE = slice(0, 0)
Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weighted:
    """One scored word, ready to score: its terms, the best of which counts.

    Attributes:
        label: What was typed.
        term: Its first term, for the reason.
        columns: Terms and what each is worth: weight × idf.
        best: The most it can bring, since saturation stays under 1.
    """

    label: str
    term: str
    columns: tuple[tuple[str, float], ...]
    best: float


def weigh(scored: Iterable[Scored], view: View) -> list[Weighted]:
    """Give each scored word its idf; see ``View.idf``."""
    found = []
    for one in scored:
        terms = [one.term] if one.kind == "term" else _expand(one, view)
        columns = tuple((term, one.weight * view.idf(term)) for term in terms)
        if columns:
            best = max(worth for _, worth in columns)
            found.append(Weighted(one.label, columns[0][0], columns, best))
    return found


def _expand(one: Scored, view: View) -> list[str]:
    """The terms of the commonest words a pattern stands for."""
    times: dict[str, int] = {}
    for part in view.parts:
        words, shown = part.segment.words, part.segment.texts["shown"]
        found = words_with_prefix(words, one.term) if one.kind == "prefix" else words_near(words, one.term)
        for number in found:
            term = view.analyser.form(shown[number]).term
            if term and term not in times:
                times[term] = view.frequency(term)
    return sorted((term for term, count in times.items() if count), key=lambda term: -times[term])[:_MAX_EXPANSIONS]


NO_MASK = np.zeros(0, dtype=bool)


class Known(NamedTuple):
    """The terms of a query that a part has.

    Attributes:
        numbers: Theirs in its segment, int32, shape (n,).
        units: What a unit of the impact of each is worth, so that a score is in [0, 1), float32, shape (n,).
    """

    numbers: Rows
    units: Scores


def worths_of(scored: Iterable[Scored], view: View) -> list[tuple[str, float]]:
    """Terms and what each is worth: weight × idf."""
    return [(one.term, one.weight * view.worth(one).idf) for one in scored]


def known(worths: Sequence[tuple[str, float]], part: Part) -> Known:
    """The terms of a query that a part has, each once.

    Args:
        worths: Terms and what each is worth: weight × idf.
        part: Where to look.
    """
    found: dict[int, float] = {}
    highest = 0.0
    term_id = part.segment.term_id
    for term, worth in worths:
        highest += worth
        number = term_id(term)
        if number >= 0:
            found[number] = found.get(number, 0.0) + worth
    scale = 1.0 / (highest * IMPACT) if highest else 0.0
    units = np.array([worth * scale for worth in found.values()], dtype=np.float32)
    return Known(np.array(list(found), dtype=np.int32), units)


def search(
    asked: Known,
    part: Part,
    allowed: Mask,
    limit: int,
    *,
    every: bool,
    mask: Mask = NO_MASK,
    counted: bool = True,
) -> tuple[Rows, Scores, int]:
    """The best documents of a part that hold one of some terms: BM25F divided by the most it could be, in [0, 1).

    Args:
        asked: The terms.
        part: Where to look.
        allowed: Which documents may be returned, shape (N,).
        limit: How many to return, at most.
        every: Whether all living documents are allowed, so that what is known of each term can be relied on.
        mask: Set to which living documents hold one, allowed or not; shape (N,), or (0,) not to be told.
        counted: Whether it matters how many hold one.

    Returns:
        Rows and scores, best first, ties by id; and how many living documents hold one, allowed or not, or 0.
    """
    ranked: tuple[Rows, Scores, int] = kernels.loops().find(
        asked.numbers,
        asked.units,
        depth_of(part, limit) if every else -1,
        limit,
        *part.segment.of_finding,
        allowed,
        part.dead,
        part.segment.arrays["id_ranks"],
        mask,
        counted,
    )
    return ranked


def depth_of(part: Part, limit: int) -> int:
    """The column of ``term_bars`` that tells a score reached by so many documents that count."""
    return bisect_left(BAR_DEPTHS, limit + len(part.dead))  # as many again as may be dead


def score_rows(weighted: Sequence[Weighted], part: Part, rows: Rows) -> Scores:
    """The scores of some rows, in [0, 1), shape (len(rows),); a word of several terms brings the best of them."""
    highest = sum(word.best for word in weighted)
    if not highest:
        return np.zeros(len(rows), dtype=np.float32)
    columns = [column for word in weighted for column in word.columns]
    worths = np.array([worth / highest for _, worth in columns], dtype=np.float32)
    values = impacts_of(part, [term for term, _ in columns], rows) * worths[:, None]
    if len(columns) > len(weighted):
        firsts = np.cumsum([0, *(len(word.columns) for word in weighted[:-1])])
        values = np.maximum.reduceat(values, firsts, axis=0)
    total: Scores = values.sum(axis=0)  # word after word, so that a score is the same among however many rows
    return total


def best_among(weighted: Sequence[Weighted], part: Part, rows: Rows, limit: int) -> tuple[Rows, Scores] | None:
    """The best of some rows by their scores, ties by id, and these; None when a word has several terms."""
    if any(len(word.columns) > 1 for word in weighted) or not weighted:
        return None
    highest, arrays = sum(word.best for word in weighted), part.segment.arrays
    columns = [part.segment.column(word.term) or _NOWHERE for word in weighted]
    found: tuple[Rows, Scores] = kernels.loops().best_among(
        rows,
        arrays["term_docs"],
        arrays["term_impacts"],
        np.array([column.start for column in columns], dtype=np.int64),
        np.array([column.stop for column in columns], dtype=np.int64),
        np.array([word.best / highest for word in weighted], dtype=np.float32),
        IMPACT,
        arrays["id_ranks"],
        limit,
    )
    return found


def contributions(weighted: Sequence[Weighted], part: Part, rows: Sequence[int]) -> list[list[tuple[str, str, float]]]:
    """What each word brought to some documents of a part: for each row, (term, label, part of the score) by word.

    The parts are not normalised; a word of several terms brings the best of them.
    """
    wanted = np.asarray(rows, dtype=np.int32)
    found: list[list[tuple[str, str, float]]] = [[] for _ in rows]
    for word in weighted:
        worths = np.array([worth for _, worth in word.columns], dtype=np.float32)
        values = impacts_of(part, [term for term, _ in word.columns], wanted) * worths[:, None]
        best = values.argmax(axis=0)
        for place, (number, value) in enumerate(zip(best.tolist(), values.max(axis=0).tolist(), strict=True)):
            found[place].append((word.columns[number][0], word.label, value))
    return found


def impacts_of(part: Part, terms: Sequence[str], rows: Rows) -> Scores:
    """The saturation of each term in some documents, 0 where it is not, shape (terms, rows)."""
    columns = [part.segment.column(term) or slice(0, 0) for term in terms]
    starts = np.array([column.start for column in columns], dtype=np.int64)
    ends = np.array([column.stop for column in columns], dtype=np.int64)
    found = np.empty((len(terms), len(rows)), dtype=np.float32)
    arrays = part.segment.arrays
    kernels.loops().look_up(arrays["term_docs"], arrays["term_impacts"], starts, ends, rows, found)
    return found / np.float32(IMPACT)


def shared_out(values: Scores, names: Callable[[set[int]], Mapping[int, tuple[str, str]]]) -> list[tuple[Reason, ...]]:
    """The shares of the highest of some columns in the positive values of each row, then all others as one.

    Args:
        values: What each column brought, shape (m, n); equal ones go by their order.
        names: The term and label of some columns, by their numbers.
    """
    count, size = values.shape
    order = np.empty((count, min(MAX_REASONS, size)), dtype=np.int64)
    shares: NDArray[np.float64] = np.empty(order.shape, dtype=np.float64)
    counts = np.empty(count, dtype=np.int64)
    kernels.loops().shares(values, order, shares, counts)
    positive = counts.tolist()
    places = [some[:most] for some, most in zip(order.tolist(), positive, strict=True)]
    named = names({place for some in places for place in some})
    found = []
    for some, parts, most in zip(places, shares.tolist(), positive, strict=True):
        why = [Reason(*named[place], share) for place, share in zip(some, parts, strict=False)]
        if most > len(why):
            why.append(Reason("", OTHERS, max(0.0, 1.0 - math.fsum(parts))))
        found.append(tuple(why))
    return found


def as_reasons(parts: Iterable[tuple[str, str, float]], limit: int = MAX_REASONS) -> tuple[Reason, ...]:
    """Shares of words whose parts sum to more than 0, the highest first, then by label; the rest as ``OTHERS``."""
    merged: dict[str, tuple[float, str]] = {}
    others = 0.0
    for term, label, value in parts:
        if label == OTHERS:
            others += value
            continue
        known = merged.get(label)
        merged[label] = (value, term) if known is None else (known[0] + value, known[1])
    ranked = sorted((-value, label, term) for label, (value, term) in merged.items() if value > 0)
    total = others - sum(value for value, _, _ in ranked)
    if not ranked or not total:
        return ()
    reasons = [Reason(term, label, -value / total) for value, label, term in ranked[:limit]]
    if len(ranked) > limit or others > 0:
        reasons.append(Reason("", OTHERS, max(0.0, 1.0 - sum(reason.share for reason in reasons))))
    return tuple(reasons)
