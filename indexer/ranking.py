"""Which order: BM25F over a view, the best of it in one pass, and the share each word had in a score."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
from indexer.engine import Reason
from indexer.query import Scored
from indexer.segment import IMPACT
from indexer.spelling import words_near, words_with_prefix
from indexer.view import Part, View

OTHERS = "autres mots"
"""Label of the last reason, which stands for all that is not listed."""

MAX_REASONS = 5
_MAX_EXPANSIONS = 64
_LOOK_UP_COST = 12
"""Looking a document up in all runs costs about as much as reading this many postings."""

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


def top(weighted: Sequence[Weighted], part: Part, allowed: Mask, limit: int, total: int) -> tuple[Rows, Scores]:
    """The best documents of a part: BM25F divided by the most it could be, in [0, 1).

    Args:
        weighted: The words that score.
        part: Where to look.
        allowed: Which documents count, shape (N,).
        limit: How many to return, at most.
        total: How many of ``allowed`` are true.

    Returns:
        Rows and scores, best first, ties by id; documents that no word scores come last, with 0.
    """
    limit = min(limit, total)
    highest = sum(word.best for word in weighted)
    ranks = part.segment.arrays["id_ranks"]
    if limit <= 0:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
    if not highest:
        rows = np.flatnonzero(allowed).astype(np.int32)
        return kernels.loops().best_of(rows, np.zeros(len(rows), dtype=np.float32), ranks, limit)  # type: ignore[no-any-return]
    if all(len(word.columns) == 1 for word in weighted):
        runs = _runs(weighted, part, highest)
        if total * _LOOK_UP_COST > int((runs.ends - runs.starts).sum()):
            rows, scores = _read(runs, part, allowed, limit)
        else:
            rows = np.flatnonzero(allowed).astype(np.int32)
            rows, scores = kernels.loops().best_of(rows, _sums(runs, part, rows), ranks, limit)
    else:
        rows = np.flatnonzero(allowed).astype(np.int32)
        rows, scores = kernels.loops().best_of(rows, score_rows(weighted, part, rows), ranks, limit)
    return _filled(rows, scores, part, allowed, limit)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of postings, the one that can bring most first."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    worths: Scores
    bounds: Scores


def _runs(weighted: Sequence[Weighted], part: Part, highest: float) -> _Runs:
    segment = part.segment
    pointers, most = segment.arrays["term_ptr"], segment.arrays["term_max"]
    found: dict[int, float] = {}
    for word in weighted:
        term, worth = word.columns[0]
        number = segment.term_id(term)
        if number >= 0:
            found[number] = found.get(number, 0.0) + worth
    one_by_one = [
        (worth / highest / IMPACT * int(most[number]), number, worth / highest / IMPACT)
        for number, worth in found.items()
        if most[number]
    ]
    one_by_one.sort(key=lambda one: (-one[0], one[1]))
    return _Runs(
        np.array([pointers[number] for _, number, _ in one_by_one], dtype=np.int64),
        np.array([pointers[number + 1] for _, number, _ in one_by_one], dtype=np.int64),
        np.array([worth for _, _, worth in one_by_one], dtype=np.float32),
        np.array([bound for bound, _, _ in one_by_one], dtype=np.float32),
    )


def _read(runs: _Runs, part: Part, allowed: Mask, limit: int) -> tuple[Rows, Scores]:
    arrays = part.segment.arrays
    found: tuple[Rows, Scores] = kernels.loops().best(
        arrays["term_docs"], arrays["term_impacts"], runs.starts, runs.ends, runs.worths, runs.bounds,
        allowed, arrays["id_ranks"], _SCRATCH.sums(len(part.segment)), limit,
    )  # fmt: skip
    return found


def _sums(runs: _Runs, part: Part, rows: Rows) -> Scores:
    """The scores of some rows, each looked up."""
    total = np.zeros(len(rows), dtype=np.float32)
    if len(runs.starts) and len(rows):
        found = np.empty((len(runs.starts), len(rows)), dtype=np.float32)
        arrays = part.segment.arrays
        kernels.loops().look_up(arrays["term_docs"], arrays["term_impacts"], runs.starts, runs.ends, rows, found)
        for worth, impacts in zip(runs.worths, found, strict=True):
            total += worth * impacts
    return total


def score_rows(weighted: Sequence[Weighted], part: Part, rows: Rows) -> Scores:
    """The scores of some rows, in [0, 1), shape (len(rows),); a word of several terms brings the best of them."""
    total = np.zeros(len(rows), dtype=np.float32)
    highest = sum(word.best for word in weighted)
    if not highest:
        return total
    for word in weighted:
        values = _impacts(part, [term for term, _ in word.columns], rows)
        worths = np.array([worth / highest for _, worth in word.columns], dtype=np.float32)
        total += (values * worths[:, None]).max(axis=0)
    return total


def _filled(rows: Rows, scores: Scores, part: Part, allowed: Mask, limit: int) -> tuple[Rows, Scores]:
    """Documents that match by words that do not score, behind those that do."""
    missing = limit - len(rows)
    if missing <= 0:
        return rows, scores
    left = allowed.copy()
    left[rows] = False
    others = np.flatnonzero(left).astype(np.int32)
    ranks = part.segment.arrays["id_ranks"]
    more, nothing = kernels.loops().best_of(others, np.zeros(len(others), dtype=np.float32), ranks, missing)
    return np.concatenate([rows, more]), np.concatenate([scores, nothing])


class _Scratch(threading.local):
    """Zeros to add scores in, kept by each thread."""

    def __init__(self) -> None:
        self._sums = np.zeros(0, dtype=np.float32)

    def sums(self, size: int) -> Scores:
        if len(self._sums) < size:
            self._sums = np.zeros(size, dtype=np.float32)
        return self._sums[:size]


_SCRATCH = _Scratch()


def contributions(
    weighted: Sequence[Weighted], part: Part, rows: Sequence[int]
) -> list[list[tuple[str, str, float]]]:
    """What each word brought to some documents of a part: for each row, (term, label, part of the score) by word.

    The parts are not normalised; a word of several terms brings the best of them.
    """
    wanted = np.asarray(rows, dtype=np.int32)
    found: list[list[tuple[str, str, float]]] = [[] for _ in rows]
    for word in weighted:
        worths = np.array([worth for _, worth in word.columns], dtype=np.float32)
        values = _impacts(part, [term for term, _ in word.columns], wanted) * worths[:, None]
        best = values.argmax(axis=0)
        for place, (number, value) in enumerate(zip(best.tolist(), values.max(axis=0).tolist(), strict=True)):
            found[place].append((word.columns[number][0], word.label, value))
    return found


def _impacts(part: Part, terms: Sequence[str], rows: Rows) -> Scores:
    """The saturation of each term in some documents, 0 where it is not, shape (terms, rows)."""
    columns = [part.segment.column(term) or slice(0, 0) for term in terms]
    starts = np.array([column.start for column in columns], dtype=np.int64)
    ends = np.array([column.stop for column in columns], dtype=np.int64)
    found = np.empty((len(terms), len(rows)), dtype=np.float32)
    arrays = part.segment.arrays
    kernels.loops().look_up(arrays["term_docs"], arrays["term_impacts"], starts, ends, rows, found)
    return found / np.float32(IMPACT)


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
