"""How near a document is to a need, or to another document, and the terms that say so; related documents.

The likeness of two documents is the cosine of their word vectors once the mean of all is taken away, + .3 × that of
their topics (the first components of the latent space), + .2 × their tf-idf, whose length is pivoted (Singhal, Buckley
and Mitra 1996). Where there are no word vectors, tf-idf counts alone. Weights were chosen with ``evaluate peers``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer import fusion, kernels, ranking
from indexer.engine import Hit
from indexer.query import Query
from indexer.ranking import as_reasons
from indexer.segment import BYTE, TOPICS, Floats
from indexer.view import Part, View

OF_TOPICS, OF_TERMS = 0.3, 0.2
"""What topics and tf-idf count for beside word vectors' 1."""

CLOSE, CLOSE_BY_TERMS = 0.3, 0.1
"""The least likeness of a related document, with word vectors and without: under it, what is shared is chance."""

COPY = 0.9
"""From this cosine on, two documents are nearly the same text."""

CANDIDATES = 200
"""Documents compared in full, among those that share terms; as many clusters as ``PROBED`` says are read beside them."""

KEY_TERMS = 32
"""Terms of a document by which others are looked for."""

PROBED = 0.1

_SPARE = 3
"""Hits looked at beyond the limit, times the limit, since copies stand behind one another."""

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
_NOTHING = np.zeros(0, dtype=np.float32)


@dataclass(frozen=True)
class Asking:
    """What others are compared with.

    Attributes:
        weights: Term → weight of a tf-idf vector of length 1.
        labels: Term → how to call it; absent, the view knows.
        vector: Its word vector less the mean of all, of length 1, shape (D,); (0,) for none.
        topics: Its place in the latent space, of length 1 over the topics and 0 beyond, shape (L,); (0,) for none.
        words: Terms that have a vector: term, weight, row in the table.
    """

    weights: Mapping[str, float]
    labels: Mapping[str, str] = field(default_factory=dict)
    vector: Floats = field(default_factory=lambda: _NOTHING)
    topics: Floats = field(default_factory=lambda: _NOTHING)
    words: tuple[tuple[str, float, int], ...] = ()


def of_document(part: Part, row: int, view: View) -> Asking:
    """A document."""
    segment = part.segment
    weights = row_weights(part, row, view)
    vector, topics = _NOTHING, _NOTHING
    codes, mean = segment.arrays["note_vectors"], view.model.mean
    if view.vectors is not None and len(mean):
        vector = _unit(codes[row].astype(np.float32) * segment.arrays["note_scales"][row] - mean)
    if part.dense is not None and len(part.dense.latent_scales):
        topics = _first(part.dense.latent[row].astype(np.float32))
    return Asking(_normed(weights), {}, vector, topics, _words(weights, view))


def of_words(query: Query, view: View) -> Asking:
    """What was understood of a need."""
    weights: dict[str, float] = {}
    labels: dict[str, str] = {}
    for one in query.scored:
        worth = one.weight * view.model.idf_of(one.term) if one.kind == "term" else 0.0
        if worth:
            weights[one.term] = max(weights.get(one.term, 0.0), worth)
            labels.setdefault(one.term, one.label)
    asked = fusion.ask(query, view, view.vectors, fusion.Ranking())
    vector = _unit(asked.vector - view.model.mean) if len(asked.vector) else _NOTHING
    return Asking(_normed(weights), labels, vector, _first(asked.latent), _words(weights, view))


def row_weights(part: Part, row: int, view: View) -> dict[str, float]:
    """The tf-idf weights of a document's terms, its length not normalised."""
    segment = part.segment
    at = segment.row(row)
    terms = segment.terms.some(segment.arrays["row_terms"][at].tolist())
    weights = segment.arrays["row_impacts"][at] * view.model.idf(terms) / np.float32(BYTE)
    return {term: weight for term, weight in zip(terms, weights.tolist(), strict=True) if weight}


def _normed(weights: Mapping[str, float]) -> dict[str, float]:
    norm = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {term: weight / norm for term, weight in weights.items()} if norm else {}


def _words(weights: Mapping[str, float], view: View) -> tuple[tuple[str, float, int], ...]:
    if view.vectors is None:
        return ()
    rows = [(term, weight, view.vector_row(term)) for term, weight in weights.items()]
    return tuple((term, weight, row) for term, weight, row in rows if row >= 0)


def _unit(vector: Floats) -> Floats:
    length = float(np.sqrt(vector @ vector))
    return (vector / np.float32(length)).astype(np.float32) if length > 0 else _NOTHING


def _first(latent: Floats) -> Floats:
    """The topics of a latent vector, the rest at 0."""
    if not len(latent):
        return _NOTHING
    topics = latent.copy()
    topics[TOPICS:] = 0
    return _unit(topics)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of some documents, in [0, 1], and its parts, which sum to it. Each has the shape (n,)."""

    total: Floats
    by_terms: Floats
    by_vectors: Floats
    by_topics: Floats


def likeness(asking: Asking, part: Part, rows: Rows, view: View) -> Likeness:
    """How near some documents of a part are."""
    segment, arrays, loops = part.segment, part.segment.arrays, kernels.loops()
    with_vectors, with_topics = view.vectors is not None, bool(view.model.components.shape[1])
    of_terms = OF_TERMS if with_vectors else 1.0
    scale = np.float32(1.0 / (of_terms + (1.0 if with_vectors else 0.0) + (OF_TOPICS if with_topics else 0.0)))
    weights = np.zeros(len(segment.terms), dtype=np.float32)
    for term, weight in asking.weights.items():
        number = segment.term_id(term)
        if number >= 0:
            weights[number] = weight * view.model.idf_of(term) / BYTE
    by_terms, by_vectors, by_topics = (np.zeros(len(rows), dtype=np.float32) for _ in range(3))
    loops.similarities(
        rows, arrays["row_ptr"], arrays["row_terms"], arrays["row_impacts"], arrays["inverse_norms"], weights, by_terms
    )
    if len(asking.vector):
        loops.dots(arrays["note_vectors"], arrays["note_scales"], rows, asking.vector, by_vectors)
        by_vectors = (by_vectors - view.model.mean @ asking.vector) * arrays["centred_scales"][rows]
    if len(asking.topics) and part.dense is not None:
        loops.dots(part.dense.latent, part.dense.topic_scales, rows, asking.topics, by_topics)
    by_terms *= np.float32(of_terms) * scale
    by_vectors *= scale
    by_topics *= np.float32(OF_TOPICS) * scale
    return Likeness(np.clip(by_terms + by_vectors + by_topics, 0.0, 1.0), by_terms, by_vectors, by_topics)


def candidates(asking: Asking, part: Part, allowed: Mask, view: View, clusters: NDArray[np.int64] | None) -> Rows:
    """The documents of a part that may be near: all when they are few, else those of the nearest clusters and those
    that share the terms that tell most."""
    if not len(view.model.centroids):
        rows = np.arange(len(part.segment), dtype=np.int32)
        return rows[allowed]
    key = sorted(asking.weights.items(), key=lambda item: (-item[1], item[0]))[:KEY_TERMS]
    worths = [(term, weight * view.model.idf_of(term)) for term, weight in key]
    limit = min(CANDIDATES, len(part.segment))
    by_terms, _, _ = ranking.search(worths, part, allowed, limit, every=False)
    if not len(asking.vector):
        return by_terms
    near, _ = fusion.read_near(asking.vector, part, clusters, allowed, 0.0, limit)
    return np.union1d(by_terms, near).astype(np.int32)


def clusters_near(asking: Asking, view: View) -> NDArray[np.int64] | None:
    """The clusters nearest to what is asked; None when there are none."""
    return fusion.probed(asking.vector, view, PROBED) if len(asking.vector) else None


def shared(asking: Asking, part: Part, row: int, view: View) -> list[tuple[str, str, float]]:
    """What each term brings to a likeness: term, label, contribution.

    A term brings its part of the tf-idf product. What vectors and topics bring is what the words asked bring, each as
    much as its own vector is near to the document.
    """
    found = likeness(asking, part, np.array([row], dtype=np.int32), view)
    theirs = row_weights(part, row, view)
    common = {term: weight * theirs[term] for term, weight in asking.weights.items() if term in theirs}
    parts: dict[str, float] = {}
    _spread(parts, common, float(found.by_terms[0]))
    meaning = float(found.by_vectors[0] + found.by_topics[0])
    if asking.words and meaning > 0 and view.vectors is not None:
        arrays = part.segment.arrays
        vector = arrays["note_vectors"][row].astype(np.float32) * arrays["note_scales"][row] - view.model.mean
        near = view.vectors.table[[place for _, _, place in asking.words]] @ vector
        brought = {
            term: weight * max(0.0, value)
            for (term, weight, _), value in zip(asking.words, near.tolist(), strict=True)
        }
        _spread(parts, brought, meaning)
    return [(term, asking.labels.get(term) or view.label(term), value) for term, value in parts.items()]


def _spread(parts: dict[str, float], shares: Mapping[str, float], total: float) -> None:
    """Add a total to some terms, by their shares of it."""
    whole = math.fsum(shares.values())
    if whole > 0 and total > 0:
        for term, share in shares.items():
            parts[term] = parts.get(term, 0.0) + total * share / whole


def related(view: View, id_: str, limit: int) -> tuple[Hit, ...]:
    """The documents nearest to one, none that is not close; copies of one another stand behind the first."""
    place = view.locate(id_)
    if place is None or limit <= 0:
        return ()
    asking = of_document(view.parts[place[0]], place[1], view)
    floor, clusters = CLOSE if view.vectors is not None else CLOSE_BY_TERMS, clusters_near(asking, view)
    found: list[tuple[float, str, int, int]] = []
    for number, part in enumerate(view.parts):
        rows = candidates(asking, part, part.alive, view, clusters)
        if number == place[0]:
            rows = rows[rows != place[1]]
        near = likeness(asking, part, rows, view).total
        rows, near = kernels.loops().best_of(rows, near, part.segment.arrays["id_ranks"], min(limit * _SPARE, len(rows)))
        ids = part.segment.ids.some(rows.tolist())
        close = zip(near.tolist(), ids, rows.tolist(), strict=True)
        found += [(-value, other, number, row) for value, other, row in close if value >= floor]
    return tuple(_grouped(view, asking, sorted(found)[: limit * _SPARE], limit))


def _grouped(
    view: View, asking: Asking, found: Sequence[tuple[float, str, int, int]], limit: int
) -> list[Hit]:
    hits: list[Hit] = []
    vectors: list[dict[str, float]] = []
    for value, id_, number, row in found:
        vector = _normed(row_weights(view.parts[number], row, view))
        copied = next((place for place, other in enumerate(vectors) if _cosine(vector, other) >= COPY), None)
        if copied is not None:
            hits[copied] = hits[copied]._replace(copies=(*hits[copied].copies, id_))
        elif len(hits) < limit:
            vectors.append(vector)
            hits.append(Hit(id_, min(1.0, -value), as_reasons(shared(asking, view.parts[number], row, view))))
    return hits


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return math.fsum(weight * other.get(term, 0.0) for term, weight in one.items())
