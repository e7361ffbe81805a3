"""The ranking of free text: BM25F finds, and what the query means re-ranks the best of it and adds a few notes.

The sum, over components in [0, 1] or cosines, of ``indexer.weights.Ranking``: its constants were searched for on half
of the queries of three collections and are few, so that they hold elsewhere; ``savoirs evaluate search --half held``
measures the other half. Each component is linear in the query's words: a word's share of a score is what it brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
from indexer.query import Query
from indexer.ranking import Known, known
from indexer.segment import IMPACT, LEAD, SHORT, WINDOW, Floats
from indexer.texts import frozen
from indexer.vectors import WordVectors
from indexer.view import Part, View
from indexer.weights import Ranking

CANDIDATES = 56
"""Notes that BM25F finds and that are re-ranked; ``tests/unit/test_similarity.py`` holds the recall of this pruning."""

BY_MEANING = 40
"""Notes nearest in meaning that are ranked beside them, at most.

More candidates (64 and 50) bring the collections of ``evaluate`` nothing; fewer (48 and 32) lose more than one in a
hundred of the first ten at 6,000 notes.
"""

FLOOR = 0.2
"""The least closeness of a note found by its meaning alone."""

PROBED = 0.02
"""Share of the clusters that are read for the nearest notes."""

LEAST_PROBED = 8

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Meant(NamedTuple):
    """A word of a query that has a vector: what it is called, what it weighs, its row in the table."""

    label: str
    weight: float
    row: int


@dataclass(frozen=True)
class Asked:
    """A query ready to rank.

    Attributes:
        terms: What scores, one entry a term: term, label and share of the query's weighted idf.
        meant: Its words that have vectors.
        vector: Their sum, of length 1, shape (D,); (0,) for none.
        latent: The query in the latent space, of length 1, shape (L,); (0,) for none.
    """

    terms: tuple[tuple[str, str, float], ...]
    meant: tuple[Meant, ...]
    vector: Floats
    latent: Floats


@dataclass(frozen=True, slots=True)
class Ranked:
    """Documents by falling score, ties by id: arrays of shape (n,).

    ``words`` is the part of words in each score: BM25F's, or that of tf-idf; 0 for a document found by its meaning.
    """

    scores: Floats
    parts: NDArray[np.int64]
    rows: Rows
    words: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, some: slice | Sequence[int] | NDArray[Any]) -> Ranked:
        return Ranked(self.scores[some], self.parts[some], self.rows[some], self.words[some])

    def places(self) -> Iterator[tuple[int, int]]:
        """The part and row of each."""
        return zip(self.parts.tolist(), self.rows.tolist(), strict=True)

    def then(self, others: Ranked) -> Ranked:
        """These, and others behind them."""
        return Ranked(
            np.concatenate([self.scores, others.scores]),
            np.concatenate([self.parts, others.parts]),
            np.concatenate([self.rows, others.rows]),
            np.concatenate([self.words, others.words]),
        )


_NOTHING = frozen(np.zeros(0, dtype=np.float32))
NO_VECTOR = np.zeros(0, dtype=np.float32)
"""No vector asked: what is asked is made, and loops are compiled for arrays that can be written to."""

_FIRST = np.zeros(1, dtype=np.int32)
NO_CODES = frozen(np.zeros((0, 0), dtype=np.int8))


def ask(query: Query, view: View, vectors: WordVectors | None, ranking: Ranking) -> Asked:
    """Weigh a query and find where it is among word vectors and in the latent space."""
    worths = [(one.term, one.label, one.weight * view.idf(one.term)) for one in query.scored]
    total = sum(worth for _, _, worth in worths) or 1.0
    terms = tuple((term, label, worth / total) for term, label, worth in worths)
    meant: tuple[Meant, ...] = ()
    vector = NO_VECTOR
    if vectors is not None and (ranking.vector or ranking.title_vector or ranking.passage_vector):
        meant = _meant(query, view, vectors)
        vector = _sum(meant, vectors)
    return Asked(terms, meant, vector, _latent(terms, view) if ranking.latent else NO_VECTOR)


def _meant(query: Query, view: View, vectors: WordVectors) -> tuple[Meant, ...]:
    """The words searched that have a vector. One that no note has is meant as typed, not as it is corrected."""
    form, idf_of = view.analyser.form, view.model.idf_of
    found: dict[tuple[str, int], float] = {}
    replaced: set[str] = set()
    for word in query.understanding.words:
        if word.corrected and (row := vectors.row(form(word.typed).word)) >= 0:
            found[word.typed, row] = idf_of("")
            replaced.update(word.used)
    for written in query.understanding.dropped:
        told = form(written)
        if told.term and (row := vectors.row(told.word)) >= 0:
            found[written.lower(), row] = idf_of("")
    for one in query.scored:
        worth = one.weight * idf_of(one.term)
        if worth > 0 and one.label not in replaced:
            for row in view.vector_rows(one.label, one.term):
                found[one.label, row] = max(found.get((one.label, row), 0.0), worth)
    return tuple(Meant(label, weight, row) for (label, row), weight in found.items())


def _sum(meant: Sequence[Meant], vectors: WordVectors) -> Floats:
    if not meant:
        return NO_VECTOR
    rows, weights = [one.row for one in meant], [one.weight for one in meant]
    return _weighted(vectors.table, rows, weights)


def _weighted(table: Floats, rows: Sequence[int], weights: Sequence[float]) -> Floats:
    found: Floats = kernels.loops().weighted(table, np.array(rows, dtype=np.int64), np.array(weights, dtype=np.float32))
    return found


def _latent(terms: Sequence[tuple[str, str, float]], view: View) -> Floats:
    components = view.model.components
    if not components.shape[1]:
        return NO_VECTOR
    known = [(place, share) for term, _, share in terms if (place := view.model.place(term)) >= 0]
    if not known:
        return NO_VECTOR
    return _weighted(components, [place for place, _ in known], [share for _, share in known])


def nearest(asked: Asked, view: View, allowed: Sequence[Mask]) -> list[Rows]:
    """For each part, those of its documents that are among the ``BY_MEANING`` nearest in meaning."""
    if not len(asked.vector):
        return [np.zeros(0, dtype=np.int32) for _ in view.parts]
    clusters = probed(asked.vector, view)
    found = [
        read_near(asked.vector, part, clusters, mask, FLOOR, BY_MEANING)
        for part, mask in zip(view.parts, allowed, strict=True)
    ]
    if len(found) == 1:
        return [found[0][0]]
    ranked = together([(near, rows, near) for rows, near in found], view, BY_MEANING)
    return [ranked.rows[ranked.parts == number] for number in range(len(view.parts))]


def read_near(
    vector: Floats, part: Part, clusters: Rows | None, allowed: Mask, floor: float, limit: int
) -> tuple[Rows, Floats]:
    """The documents of some clusters of a part, all of them for None, that are nearest to a vector."""
    limit = min(limit, len(part.segment))
    ranks = part.segment.arrays["id_ranks"]
    found: tuple[Rows, Floats] = kernels.loops().near(*runs_of(part, clusters), allowed, ranks, vector, floor, limit)
    return found


def runs_of(part: Part, clusters: Rows | None) -> tuple[NDArray[np.int8], Floats, Rows, Rows, NDArray[np.int64]]:
    """The vectors of some clusters of a part, all of them for None, as loops read them.

    Returns:
        Vectors, their scales, the document of each, which runs of them to read, and where runs begin.
    """
    dense, arrays = part.dense, part.segment.arrays
    if clusters is None or dense is None:
        pointers = np.array([0, len(part.segment)], dtype=np.int64)
        return arrays["note_vectors"], arrays["note_scales"], part.segment.numbers, _FIRST, frozen(pointers)
    return dense.cluster_vectors, dense.cluster_scales, dense.cluster_rows, clusters, dense.cluster_ptr


def together(found: Sequence[tuple[Floats, Rows, Floats]], view: View, limit: int) -> Ranked:
    """The first documents of all parts, in one order.

    Args:
        found: For each part, scores, rows and what words brought, in any order.
        view: Where they are.
        limit: How many, at most.
    """
    if len(found) == 1:
        scores, rows, words = found[0]
        order = np.lexsort((view.parts[0].segment.arrays["id_ranks"][rows], -scores))[:limit]
        return Ranked(scores[order], np.zeros(len(order), dtype=np.int64), rows[order], words[order])
    scores = np.concatenate([scores for scores, _, _ in found])
    rows = np.concatenate([rows for _, rows, _ in found])
    words = np.concatenate([words for _, _, words in found])
    parts = np.repeat(np.arange(len(found)), [len(rows) for _, rows, _ in found])
    order = np.argsort(-scores, kind="stable")
    if np.any(np.diff(scores[order]) == 0):
        ids = [view.parts[part].segment.ids[row] for part, row in zip(parts.tolist(), rows.tolist(), strict=True)]
        values = scores.tolist()
        order = np.array(sorted(range(len(ids)), key=lambda one: (-values[one], ids[one])), dtype=np.int64)
    return Ranked(scores, parts, rows, words)[order[:limit]]


def probed(vector: Floats, view: View, share: float = PROBED, least: int = LEAST_PROBED) -> Rows | None:
    """The clusters nearest to a vector, a share of all and some at least; None to read all documents."""
    centroids = view.model.centroids
    if not len(centroids):
        return None
    count = min(len(centroids), max(least, int(len(centroids) * share)))
    found: Rows = kernels.loops().probe(*view.model.coded_centroids, vector, count)
    return found


def merged(found: Sequence[tuple[Floats, Rows, Floats]], view: View, limit: int) -> Ranked:
    """The same, of parts whose documents are each in order already, ``limit`` at most."""
    if len(found) > 1:
        return together(found, view, limit)
    scores, rows, words = found[0]
    return Ranked(scores, np.zeros(len(rows), dtype=np.int64), rows, words)


class Features(NamedTuple):
    """Components of the scores of some documents, each of shape (n,); ``passages`` numbers the best passage of each."""

    words: Floats
    title_words: Floats
    title: Floats
    note: Floats
    passage: Floats
    latent: Floats
    passages: NDArray[np.int32]

    def told(self) -> dict[str, Floats]:
        """By the names of ``Ranking``'s weights; ``words`` counts for 1."""
        return {
            "words": self.words,
            "latent": self.latent,
            "passage": self.passage,
            "vector": np.maximum(self.title, self.note),
            "title_words": self.title_words,
            "title_vector": self.title,
        }


def features(asked: Asked, part: Part, rows: Rows, ranking: Ranking) -> Features:
    """The components of the scores of some documents of a part."""
    loops, dense, pointers = kernels.loops(), part.dense, part.segment.arrays["term_ptr"]
    terms = known([(term, share) for term, _, share in asked.terms], part)
    latent = np.zeros(len(rows), dtype=np.float32)
    if len(asked.latent) and dense is not None:
        loops.dots(dense.latent, dense.latent_scales, rows, asked.latent, latent)
    found = np.empty((len(rows), 5), dtype=np.float32)
    passages = np.zeros(len(rows), dtype=np.int32)
    postings, texts, standings = part.segment.of_ranking
    loops.features(
        rows,
        *postings,
        pointers[terms.numbers],
        pointers[terms.numbers + 1],
        part.segment.arrays["bit_of"][terms.numbers],
        terms.numbers,
        terms.units,
        terms.units * np.float32(IMPACT),
        *texts,
        asked.vector,
        latent,
        standings,
        ranking.weights,
        WINDOW,
        SHORT,
        LEAD,
        max(1, len(rows)),
        found,
        passages,
    )
    words, title_words, title, note, passage = np.ascontiguousarray(found.T)
    return Features(words, title_words, title, note, passage, latent, passages)


def rank(
    asked: Asked, terms: Sequence[Known], view: View, rows: Sequence[Rows], ranking: Ranking, need: int
) -> tuple[Ranked, list[Rows]]:
    """The first of some documents of each part, by all that ranks; and which of them all hold none of the words."""
    best, alone = [], []
    rerank, weights, most = kernels.loops().rerank, ranking.weights, ranking.most
    for part, some, own in zip(view.parts, rows, terms, strict=True):
        postings, texts, standings = part.segment.of_ranking
        dense = part.dense
        kept, scores, words, others = rerank(
            some,
            own.numbers,
            own.units,
            IMPACT,
            part.segment.arrays["term_ptr"],
            part.segment.arrays["bit_of"],
            *postings,
            *texts,
            asked.vector,
            NO_CODES if dense is None else dense.latent,
            _NOTHING if dense is None else dense.latent_scales,
            asked.latent,
            standings,
            weights,
            most,
            part.segment.arrays["id_ranks"],
            WINDOW,
            SHORT,
            LEAD,
            max(1, min(need, len(some))),
        )
        best.append((scores, kept, words))
        alone.append(others)
    return merged(best, view, need), alone
