"""Which order: BM25F over a view, the best of it in one pass, and the share each word had in a score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Reason
from indexer.query import Scored
from indexer.spelling import words_near, words_with_prefix
from indexer.view import Part, View

OTHERS = "autres mots"
"""Label of the last reason, which stands for all that is not listed."""

MAX_REASONS = 5
_MAX_EXPANSIONS = 64

Mask = NDArray[np.bool_]
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
    """Give each scored word its idf, ``ln(1 + (N - df + ½) / (df + ½))`` (Robertson and Zaragoza 2009, §3.1)."""
    found = []
    for one in scored:
        terms = [one.term] if one.kind == "term" else _expand(one, view)
        columns = tuple((term, one.weight * idf(view, term)) for term in terms)
        if columns:
            best = max(worth for _, worth in columns)
            found.append(Weighted(one.label, columns[0][0], columns, best))
    return found


def idf(view: View, term: str) -> float:
    """BM25's idf of a term, over the documents that count; positive even for a term of all."""
    found = view.frequency(term)
    return math.log1p((view.living - found + 0.5) / (found + 0.5))


def _expand(one: Scored, view: View) -> list[str]:
    """The terms of the commonest words a pattern stands for."""
    times: dict[str, int] = {}
    for part in view.parts:
        words = part.segment.words
        found = words_with_prefix(words, one.term) if one.kind == "prefix" else words_near(words, one.term)
        for number in found:
            term = view.analyser.form(part.segment.shown[number]).term
            if term and term not in times:
                times[term] = view.frequency(term)
    return sorted((term for term, count in times.items() if count), key=lambda term: -times[term])[:_MAX_EXPANSIONS]


def score(weighted: Sequence[Weighted], part: Part) -> Scores:
    """The BM25F score of every document of a part divided by the most it could be, shape (N,), in [0, 1)."""
    total = np.zeros(len(part.segment), dtype=np.float32)
    highest = sum(word.best for word in weighted)
    if not highest:
        return total
    docs, impacts = part.segment.arrays["term_docs"], part.segment.arrays["term_impacts"]
    for word in weighted:
        if len(word.columns) == 1:
            term, worth = word.columns[0]
            column = part.segment.column(term)
            if column is not None:
                total[docs[column]] += impacts[column] * np.float32(worth / highest)
            continue
        best = np.zeros_like(total)
        for term, worth in word.columns:
            column = part.segment.column(term)
            if column is not None:
                np.maximum.at(best, docs[column], impacts[column] * np.float32(worth / highest))
        total += best
    return total


def contributions(weighted: Sequence[Weighted], part: Part, rows: Sequence[int]) -> list[list[tuple[str, str, float]]]:
    """What each word brought to some documents of a part: for each row, (term, label, part of the score) by word.

    The parts are not normalised; a word of several terms brings the best of them.
    """
    wanted = np.asarray(rows, dtype=np.int64)
    found: list[list[tuple[str, str, float]]] = [[] for _ in rows]
    for word in weighted:
        values = np.stack([_impacts(part, term, wanted) * worth for term, worth in word.columns])
        best = values.argmax(axis=0)
        for place, (number, value) in enumerate(zip(best.tolist(), values.max(axis=0).tolist(), strict=True)):
            found[place].append((word.columns[number][0], word.label, value))
    return found


def _impacts(part: Part, term: str, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """A term's saturation in some documents, 0 where it is not."""
    column = part.segment.column(term)
    if column is None:
        return np.zeros(len(rows), dtype=np.float32)
    docs, impacts = part.segment.arrays["term_docs"][column], part.segment.arrays["term_impacts"][column]
    places = np.minimum(np.searchsorted(docs, rows), len(docs) - 1)
    return np.where(docs[places] == rows, impacts[places], np.float32(0.0))


def as_reasons(parts: Iterable[tuple[str, str, float]], limit: int = MAX_REASONS) -> tuple[Reason, ...]:
    """Shares of the positive parts, by falling share then label, one a label; the rest as ``OTHERS``. They sum to 1."""
    merged: dict[str, tuple[float, str]] = {}
    for term, label, value in parts:
        if value > 0:
            known = merged.get(label)
            merged[label] = (value, term) if known is None else (known[0] + value, known[1])
    total = sum(value for value, _ in merged.values())
    if not total:
        return ()
    ranked = sorted((-value, label, term) for label, (value, term) in merged.items())
    reasons = [Reason(term, label, -value / total) for value, label, term in ranked[:limit]]
    if len(ranked) > limit:
        reasons.append(Reason("", OTHERS, max(0.0, 1.0 - sum(reason.share for reason in reasons))))
    return tuple(reasons)


def best_rows(mask: NDArray[np.bool_], keys: NDArray[Any], ties: NDArray[np.int32], limit: int) -> list[int]:
    """The rows of a mask with the highest keys, ties by ``ties``: what a full sort would give, without one.

    Args:
        mask: Which rows count, shape (N,).
        keys: What to order by, highest first, shape (N,).
        ties: What to order equal keys by, lowest first, shape (N,).
        limit: How many.
    """
    if limit <= 0:
        return []
    rows = np.flatnonzero(mask)
    if len(rows) > limit:
        values = keys[rows]
        bar = np.partition(values, len(values) - limit)[len(values) - limit]
        above = rows[values > bar]
        level = rows[values == bar]
        wanted = limit - len(above)
        if len(level) > wanted:
            level = level[np.argpartition(ties[level], wanted - 1)[:wanted]] if wanted else level[:0]
        rows = np.concatenate([above, level])
    order = np.lexsort((ties[rows], -keys[rows].astype(np.float64)))
    return [int(row) for row in rows[order]]
