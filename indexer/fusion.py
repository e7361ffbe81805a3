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
from indexer.segment import IMPACT, LEAD, NO_CODES, NO_SCALES, SHORT, WINDOW, Floats
from indexer.texts import frozen
from indexer.vectors import WordVectors
from indexer.view import Part, View, Worth
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


class Asked(NamedTuple):
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


@dataclass(slots=True)
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

    def ids(self, view: View) -> list[str]:
        """The public id of each."""
        rows = self.rows.tolist()
        if len(view.parts) == 1:
            return view.parts[0].segment.ids.some(rows)
        texts = [part.segment.ids for part in view.parts]
        return [texts[part][row] for part, row in zip(self.parts.tolist(), rows, strict=True)]

    def then(self, others: Ranked) -> Ranked:
        """These, and others behind them."""
        return Ranked(
            np.concatenate([self.scores, others.scores]),
            np.concatenate([self.parts, others.parts]),
            np.concatenate([self.rows, others.rows]),
            np.concatenate([self.words, others.words]),
        )


NO_VECTOR = np.zeros(0, dtype=np.float32)
"""No vector asked: what is asked is made, and loops are compiled for arrays that can be written to."""

NO_TABLE = frozen(np.zeros((0, 0), dtype=np.float32))


def ask(query: Query, view: View, vectors: WordVectors | None, ranking: Ranking) -> Asked:
    """Weigh a query and find where it is among word vectors and in the latent space."""
    worths = list(map(view.worth, query.scored))
    weights = [one.weight * worth.idf for one, worth in zip(query.scored, worths, strict=True)]
    total = sum(weights) or 1.0
    terms = tuple([(one.term, one.label, weight / total) for one, weight in zip(query.scored, weights, strict=True)])
    meant = _meant(query, view, vectors, worths) if vectors is not None and ranking.by_vectors else ()
    rows, counts = [one.row for one in meant], [one.weight for one in meant]
    if ranking.latent and view.model.components.shape[1]:
        for worth, weight in zip(worths, weights, strict=True):
            if worth.place >= 0:
                rows.append(worth.place)
                counts.append(weight / total)
    if not rows:
        return Asked(terms, meant, NO_VECTOR, NO_VECTOR)
    vector, latent = kernels.loops().meaning(
        vectors.table if vectors is not None else NO_TABLE,
        view.model.components,
        np.array(rows, dtype=np.int64),
        np.array(counts, dtype=np.float32),
        len(meant),
    )
    return Asked(terms, meant, vector, latent)


def _meant(query: Query, view: View, vectors: WordVectors, worths: Sequence[Worth]) -> tuple[Meant, ...]:
    """The words searched that have a vector. One that no note has is meant as typed, not as it is corrected."""
    form = view.analyser.form
    found: dict[tuple[str, int], float] = {}
    replaced: set[str] = set()
    for word in query.understanding.words:
        if word.corrected and (row := vectors.row(form(word.typed).word)) >= 0:
            found[word.typed, row] = view.model.idf_of("")
            replaced.update(word.used)
    for written in query.understanding.dropped:
        told = form(written)
        if told.term and (row := vectors.row(told.word)) >= 0:
            found[written.lower(), row] = view.model.idf_of("")
    for one, worth in zip(query.scored, worths, strict=True):
        weight = one.weight * worth.told
        if weight > 0 and one.label not in replaced:
            for row in worth.rows:
                found[one.label, row] = max(found.get((one.label, row), 0.0), weight)
    return tuple([Meant(label, weight, row) for (label, row), weight in found.items()])


def nearest(asked: Asked, view: View, allowed: Sequence[Mask], before: Sequence[Rows]) -> tuple[list[Rows], list[Rows]]:
    """For each part, those of its documents that are among the ``BY_MEANING`` nearest in meaning.

    Args:
        asked: The query.
        view: Where to look.
        allowed: Which documents of each part may be returned.
        before: Documents of each part found already.

    Returns:
        The nearest, and the documents found already with these behind them.
    """
    count = probed(view)
    found = [
        kernels.loops().nearest(
            *view.model.coded_centroids,
            count,
            *runs_of(part, view),
            mask,
            part.segment.arrays["id_ranks"],
            asked.vector,
            FLOOR,
            BY_MEANING,
            rows,
        )
        for part, mask, rows in zip(view.parts, allowed, before, strict=True)
    ]
    if len(found) == 1:
        return [found[0][0]], [found[0][2]]
    near = firsts([(rows, close) for rows, close, _ in found], view, BY_MEANING)
    return near, [kernels.loops().joined(some, others) for some, others in zip(before, near, strict=True)]


def runs_of(part: Part, view: View) -> tuple[NDArray[Any], ...]:
    """The vectors of a part by cluster, or as one cluster, as loops read them."""
    return part.segment.one_run if part.dense is None or not len(view.model.centroids) else part.dense.runs


def probed(view: View, share: float = PROBED, least: int = LEAST_PROBED) -> int:
    """How many clusters are read: a share of all, and some at least."""
    clusters = len(view.model.centroids)
    return min(clusters, max(least, int(clusters * share)))


def firsts(found: Sequence[tuple[Rows, Floats]], view: View, limit: int) -> list[Rows]:
    """The rows of the first documents over all parts, for each part; given are rows and scores of each."""
    if len(found) == 1:
        return [found[0][0]]
    ranked = together([(scores, rows, scores) for rows, scores in found], view, limit)
    return [ranked.rows[ranked.parts == number] for number in range(len(found))]


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
            NO_SCALES if dense is None else dense.latent_scales,
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
