"""How near a document is to a need, or to another document, and the terms that say so; related documents.

The likeness of two documents is the cosine of their word vectors once the mean of all is taken away, + .4 × that of
their topics (the first components of the latent space), + .3 × their tf-idf, whose length is pivoted (Singhal, Buckley
and Mitra 1996). Where there are no word vectors, tf-idf counts alone. Weights were chosen with ``evaluate peers``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer import fusion, kernels, ranking
from indexer.engine import Hit, Reason
from indexer.query import Query
from indexer.ranking import MAX_REASONS, OTHERS
from indexer.segment import BYTE, TOPICS, Floats, Ints
from indexer.view import Part, View
from indexer.weights import Ranking

OF_TOPICS, OF_TERMS = 0.4, 0.3
"""What topics and tf-idf count for beside word vectors' 1."""

OF_TERMS_OF_NEED = 5.0
"""The same of a need in words: it has few, and each was chosen."""

CLOSE, CLOSE_BY_TERMS = 0.3, 0.1
"""The least likeness of a related document, with word vectors and without: under it, what is shared is chance."""

COPY = 0.9
"""From this cosine on, two documents are nearly the same text."""

BY_TERMS, BY_VECTORS = 50, 100
"""Documents compared in full: those that share the terms that tell most, and those of the nearest word vectors."""

KEY_TERMS = 12
"""Terms of a document by which others are looked for."""

PROBED = 0.02
"""Share of the clusters that are read."""

_SPARE = 2
"""Hits looked at beyond the limit, times the limit, since copies stand behind one another."""

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
_NOTHING = np.zeros(0, dtype=np.float32)
_NO_TABLE = np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True)
class Asking:
    """What documents are compared with.

    Attributes:
        texts: Texts among which its terms are.
        places: Which of them they are, shape (n,).
        weights: Their weights in a tf-idf vector of length 1, shape (n,).
        labels: Term → how to call it; absent, the view knows.
        vector: Its word vector less the mean of all, of length 1, shape (D,); (0,) for none.
        topics: Its place in the latent space, of length 1 over the topics and 0 beyond, shape (L,); (0,) for none.
        rows: The row of each term's word vector, -1 for none, shape (n,).
        of_terms: What tf-idf counts for beside word vectors' 1.
    """

    texts: Sequence[str]
    places: Ints
    weights: Floats
    labels: Mapping[str, str]
    vector: Floats
    topics: Floats
    rows: NDArray[np.int64]
    of_terms: float = OF_TERMS
    _known: dict[int, tuple[Ints, NDArray[np.int64]]] = field(default_factory=dict, repr=False, compare=False)
    _named: dict[int, tuple[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def term(self, number: int) -> str:
        """One of its terms."""
        return self.texts[int(self.places[number])]

    def numbers(self, part: Part) -> tuple[Ints, NDArray[np.int64]]:
        """The numbers a part gives to its terms, and which of them it has; remembered, for one view."""
        key = id(part.segment)
        if key not in self._known:
            if self.texts is part.segment.terms:
                numbers = self.places
            else:
                terms = [self.term(number) for number in range(len(self.places))]
                numbers = np.array([part.segment.term_id(term) for term in terms], dtype=np.int32)
            had = np.flatnonzero(numbers >= 0)
            self._known[key] = (numbers[had], had)
        return self._known[key]

    def named(self, number: int, view: View) -> tuple[str, str]:
        """One of its terms and what to call it."""
        known = self._named.get(number)
        if known is None:
            term = self.term(number)
            known = self._named[number] = (term, self.labels.get(term) or view.label(term))
        return known


def of_document(part: Part, row: int, view: View) -> Asking:
    """A document."""
    segment = part.segment
    at = segment.row(row)
    numbers = segment.arrays["row_terms"][at]
    weights = segment.arrays["row_impacts"][at] * segment.arrays["term_idf"][numbers]
    vector, topics = _NOTHING, _NOTHING
    codes, scales = segment.arrays["note_vectors"], segment.arrays["note_scales"]
    if view.vectors is not None and len(view.model.mean) and scales[row] > 0:
        vector = _unit(codes[row].astype(np.float32) * scales[row] - view.model.mean)
    if part.dense is not None and len(part.dense.latent_scales):
        topics = _first(part.dense.latent[row].astype(np.float32))
    rows = segment.arrays["term_vectors"][numbers].astype(np.int64)
    return Asking(segment.terms, numbers, _unit(weights.astype(np.float32)), {}, vector, topics, rows)


def of_words(query: Query, view: View) -> Asking:
    """What was understood of a need."""
    weights: dict[str, float] = {}
    labels: dict[str, str] = {}
    for one in query.scored:
        worth = one.weight * view.model.idf_of(one.term) if one.kind == "term" else 0.0
        if worth:
            weights[one.term] = max(weights.get(one.term, 0.0), worth)
            labels.setdefault(one.term, one.label)
    asked = fusion.ask(query, view, view.vectors, Ranking())
    vector = _unit(asked.vector - view.model.mean) if len(asked.vector) else _NOTHING
    rows = np.array([view.vector_row(term) for term in weights], dtype=np.int64)
    values = _unit(np.array(list(weights.values()), dtype=np.float32))
    numbers = np.arange(len(weights), dtype=np.int32)
    return Asking(tuple(weights), numbers, values, labels, vector, _first(asked.latent), rows, OF_TERMS_OF_NEED)


def _unit(vector: Floats) -> Floats:
    length = np.float32(np.sqrt(vector @ vector))
    return (vector / length).astype(np.float32) if length > 0 else vector


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
    by_meaning: Floats


@dataclass(frozen=True, slots=True)
class _Scale:
    """What the parts of a likeness count for, so that it is 1 at most."""

    terms: np.float32
    vectors: np.float32
    topics: np.float32

    @classmethod
    def of(cls, view: View, of_terms: float) -> _Scale:
        vectors = 0.0 if view.vectors is None else 1.0
        terms = of_terms if vectors else 1.0
        topics = OF_TOPICS if view.model.components.shape[1] else 0.0
        total = terms + vectors + topics
        return cls(np.float32(terms / total), np.float32(vectors / total), np.float32(topics / total))


def likeness(asking: Asking, part: Part, rows: Rows, view: View) -> Likeness:
    """How near some documents of a part are."""
    arrays, dense, scale = part.segment.arrays, part.dense, _Scale.of(view, asking.of_terms)
    by_terms, by_meaning = np.empty(len(rows), dtype=np.float32), np.empty(len(rows), dtype=np.float32)
    numbers, known = asking.numbers(part)
    kernels.loops().compare(
        rows,
        *part.segment.of_rows,
        arrays["inverse_norms"],
        numbers,
        asking.weights[known] * arrays["term_idf"][numbers] * (scale.terms / BYTE),
        arrays["note_vectors"],
        arrays["note_scales"],
        arrays["centred_scales"],
        asking.vector,
        view.model.mean,
        scale.vectors,
        fusion.NO_CODES if dense is None else dense.latent,
        _NOTHING if dense is None else dense.topic_scales,
        asking.topics,
        scale.topics,
        by_terms,
        by_meaning,
    )
    return Likeness(np.clip(by_terms + by_meaning, 0.0, 1.0), by_terms, by_meaning)


def candidates(asking: Asking, view: View, allowed: Sequence[Mask]) -> list[Rows]:
    """For each part, the documents of a mask that may be near: all when they are few.

    When they are not, those that share the terms that tell most, and those whose word vectors are nearest: as many
    whatever the parts.
    """
    if not len(view.model.centroids):
        return [part.segment.numbers[mask] for part, mask in zip(view.parts, allowed, strict=True)]
    key = np.argsort(-asking.weights, kind="stable")[:KEY_TERMS].tolist()
    terms = [(asking.term(place), float(asking.weights[place])) for place in key]
    worths = [(term, worth) for term, weight in terms if (worth := weight * view.model.idf_of(term)) > 0]
    clusters = fusion.probed(asking.vector, view, PROBED) if len(asking.vector) else None
    by_terms, by_vectors = [], []
    for part, mask in zip(view.parts, allowed, strict=True):
        asked = ranking.known(worths, part)
        rows, scores, _ = ranking.search(asked, part, mask, BY_TERMS, every=mask is part.alive, counted=False)
        by_terms.append((scores, rows, scores))
        if clusters is not None:
            rows, scores = fusion.read_near(asking.vector, part, clusters, mask, 0.0, BY_VECTORS)
            by_vectors.append((scores, rows, scores))
    first = _first_of(by_terms, view, BY_TERMS)
    second = _first_of(by_vectors, view, BY_VECTORS) if by_vectors else [rows[:0] for rows in first]
    both = zip(first, second, strict=True)
    return [kernels.loops().joined(one, other) for one, other in both]


def _first_of(found: Sequence[tuple[Floats, Rows, Floats]], view: View, limit: int) -> list[Rows]:
    """The rows of the first documents over all parts, by part."""
    if len(found) == 1:
        return [found[0][1]]
    ranked = fusion.together(found, view)[:limit]
    return [ranked.rows[ranked.parts == number] for number in range(len(found))]


def brought(asking: Asking, part: Part, rows: Rows, view: View) -> Floats:
    """What each term asked brings to the likeness of some documents, shape (len(rows), n).

    A term brings its part of the tf-idf product. What vectors and topics bring is shared among the words asked, each
    by how near its own vector is to the document. Rows sum to the likeness, but for what no word brings.
    """
    arrays, near = part.segment.arrays, likeness(asking, part, rows, view)
    numbers, known = asking.numbers(part)
    by_vectors = view.vectors is not None and len(asking.vector)
    total = np.zeros((len(rows), len(asking.places)), dtype=np.float32)
    kernels.loops().bring(
        rows,
        *part.segment.of_rows,
        numbers,
        known,
        asking.weights[known] * arrays["term_idf"][numbers],
        near.by_terms,
        arrays["note_vectors"],
        arrays["note_scales"],
        view.model.mean if by_vectors else _NOTHING,
        view.vectors.table if view.vectors is not None else _NO_TABLE,
        asking.rows,
        asking.weights,
        near.by_meaning,
        total,
    )
    return total


def reasons(contributions: Floats, asking: Asking, view: View) -> list[tuple[Reason, ...]]:
    """The shares of the terms asked in each of some likenesses, the highest first, then all others as one.

    Args:
        contributions: What each term brought to each, shape (m, n).
        asking: What has these terms.
        view: Names them.
    """
    count, size = contributions.shape
    order = np.empty((count, min(MAX_REASONS, size)), dtype=np.int64)
    shares: NDArray[np.float64] = np.empty(order.shape, dtype=np.float64)
    counts = np.empty(count, dtype=np.int64)
    kernels.loops().shares(contributions, order, shares, counts)
    named, found = asking.named, list[tuple[Reason, ...]]()
    for places, some, positive in zip(order.tolist(), shares.tolist(), counts.tolist(), strict=True):
        told = zip(places[:positive], some[:positive], strict=True)
        why = [Reason(*named(place, view), share) for place, share in told]
        if positive > len(why):
            why.append(Reason("", OTHERS, max(0.0, 1.0 - math.fsum(some))))
        found.append(tuple(why))
    return found


def related(view: View, id_: str, limit: int) -> tuple[Hit, ...]:
    """The documents nearest to one, none that is not close; copies of one another stand behind the first."""
    place = view.locate(id_)
    if place is None or limit <= 0:
        return ()
    asking = of_document(view.parts[place[0]], place[1], view)
    floor = CLOSE if view.vectors is not None else CLOSE_BY_TERMS
    found = []
    for number, (part, some) in enumerate(
        zip(view.parts, candidates(asking, view, [part.alive for part in view.parts]), strict=True)
    ):
        rows = some[some != place[1]] if number == place[0] else some
        near = likeness(asking, part, rows, view).total
        close = near >= floor
        found.append((near[close], rows[close], near[close]))
    ranked = fusion.together(found, view)[: limit * _SPARE]
    kept, copies = _grouped(view, ranked, limit)
    return _hits(view, asking, ranked[kept], copies)


def _grouped(view: View, ranked: fusion.Ranked, limit: int) -> tuple[list[int], list[tuple[str, ...]]]:
    """The places of the first documents that are no copies of one before them, and the copies of each."""
    close = _copies(view, ranked)
    kept: list[int]
    if not close.any():
        kept = list(range(min(limit, len(ranked))))
        return kept, [()] * len(kept)
    ids = [view.parts[part].segment.ids[row] for part, row in ranked.places()]
    kept, copies = [], list[list[str]]()
    for place in range(len(ids)):
        before = next((at for at, one in enumerate(kept) if close[one, place]), None)
        if before is not None:
            copies[before].append(ids[place])
        elif len(kept) < limit:
            kept.append(place)
            copies.append([])
    return kept, [tuple(some) for some in copies]


def _copies(view: View, ranked: fusion.Ranked) -> NDArray[np.bool_]:
    """Which of some documents are nearly the same text, shape (n, n)."""
    found = np.zeros((len(ranked), len(ranked)), dtype=bool)
    places = np.flatnonzero(_alike(view, ranked))  # few: comparing word by word is long
    if len(places) < 2:
        return found
    part = view.parts[int(ranked.parts[places[0]])]
    if len(set(ranked.parts[places].tolist())) == 1:
        arrays = part.segment.arrays
        values = np.zeros((len(places), len(places)), dtype=np.float32)
        rows, idf = ranked.rows[places], arrays["term_idf"]
        kernels.loops().cosines(rows, arrays["row_ptr"], arrays["row_terms"], arrays["row_impacts"], idf, values)
    else:
        values = _cosines([_weights(view.parts[number], row) for number, row in ranked[places].places()])
    found[np.ix_(places, places)] = values >= COPY
    return found


def _alike(view: View, ranked: fusion.Ranked) -> NDArray[np.bool_]:
    """Which of some documents have a vector as near to another's as a copy's must be; all without vectors."""
    if view.vectors is None or not len(ranked):
        return np.ones(len(ranked), dtype=bool)
    vectors = np.empty((len(ranked), view.vectors.table.shape[1]), dtype=np.float32)
    for number in set(ranked.parts.tolist()):
        here, arrays = ranked.parts == number, view.parts[number].segment.arrays
        rows = ranked.rows[here]
        vectors[here] = arrays["note_vectors"][rows] * arrays["note_scales"][rows, None]
    near = vectors @ vectors.T
    np.fill_diagonal(near, 0)
    alike: NDArray[np.bool_] = near.max(axis=1, initial=0) >= COPY
    return alike


def _weights(part: Part, row: int) -> dict[str, float]:
    """The tf-idf weights of a document's terms."""
    arrays, at = part.segment.arrays, part.segment.row(row)
    numbers = arrays["row_terms"][at]
    weights = arrays["row_impacts"][at] * arrays["term_idf"][numbers]
    return dict(zip(part.segment.terms.some(numbers.tolist()), weights.tolist(), strict=True))


def _cosines(documents: Sequence[Mapping[str, float]]) -> Floats:
    """Of some documents' weights, shape (n, n)."""
    dots = [
        [sum(weight * other.get(term, 0.0) for term, weight in one.items()) for other in documents] for one in documents
    ]
    values = np.array(dots, dtype=np.float32)
    lengths = np.sqrt(np.maximum(np.diag(values), np.float32(1e-15)))
    return (values / lengths[:, None] / lengths).astype(np.float32)


def _hits(view: View, asking: Asking, ranked: fusion.Ranked, copies: Sequence[tuple[str, ...]]) -> tuple[Hit, ...]:
    why: dict[int, tuple[Reason, ...]] = {}
    for number in set(ranked.parts.tolist()):
        places = np.flatnonzero(ranked.parts == number)
        contributions = brought(asking, view.parts[number], ranked.rows[places], view)
        why |= dict(zip(places.tolist(), reasons(contributions, asking, view), strict=True))
    ids = [part.segment.ids for part in view.parts]
    found = zip(ranked.places(), ranked.scores.tolist(), copies, strict=True)
    return tuple(
        [Hit(ids[part][row], score, why[at], copies=some) for at, ((part, row), score, some) in enumerate(found)]
    )
