"""How near a document is to a need, or to another document, and the terms that say so; related documents.

The likeness of two documents is the cosine of their word vectors once the mean of all is taken away, + .4 × that of
their topics (the first components of the latent space), + .3 × their tf-idf, whose length is pivoted (Singhal, Buckley
and Mitra 1996). Where there are no word vectors, tf-idf counts alone. Weights were chosen with ``evaluate peers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer import fusion, kernels, ranking
from indexer.engine import Hit, Reason
from indexer.query import Query
from indexer.segment import BYTE, IMPACT, NO_CODES, NO_SCALES, TOPICS, Floats, Ints
from indexer.texts import frozen
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

BY_TERMS_OF_NEED = 100
"""The first of these for a need in words, whose terms count most."""

KEY_TERMS = 12
"""Terms of a document by which others are looked for."""

PROBED, LEAST_PROBED = 0.02, 32
"""Share of the clusters that are read, and how many at least: ``savoirs evaluate pruning`` says what that loses."""

_SPARE = 2
"""Hits looked at beyond the limit, times the limit, since copies stand behind one another."""

_RANKING = Ranking()
"""What a need in words is read by: all that can be known of it."""

Rows = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Asking:
    """What documents are compared with.

    Attributes:
        texts: Texts among which its terms are.
        places: Which of them they are, shape (n,).
        weights: Their weights in a tf-idf vector of length 1, shape (n,).
        idfs: Their inverse document frequencies, shape (n,).
        labels: Term → how to call it; absent, the view knows.
        vector: Its word vector less the mean of all, of length 1, shape (D,); (0,) for none.
        topics: Its place in the latent space, of length 1 over the topics and 0 beyond, shape (L,); (0,) for none.
        rows: The row of each term's word vector, -1 for none, shape (n,).
        of_terms: What tf-idf counts for beside word vectors' 1.
    """

    texts: Sequence[str]
    places: Ints
    weights: Floats
    idfs: Floats
    labels: Mapping[str, str]
    vector: Floats
    topics: Floats
    rows: NDArray[np.int64]
    of_terms: float = OF_TERMS
    _known: dict[int, Ints] = field(default_factory=dict, repr=False, compare=False)
    _named: dict[int, tuple[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def term(self, number: int) -> str:
        """One of its terms."""
        return self.texts[int(self.places[number])]

    def numbers(self, part: Part) -> Ints:
        """The numbers a part gives to its terms, -1 for those it has not, shape (n,); remembered, for one view."""
        if self.texts is part.segment.terms:
            return self.places
        key = id(part.segment)
        known = self._known.get(key)
        if known is None:
            terms = map(self.term, range(len(self.places)))
            known = self._known[key] = np.array(list(map(part.segment.term_id, terms)), dtype=np.int32)
        return known

    def named(self, numbers: Iterable[int], view: View) -> Mapping[int, tuple[str, str]]:
        """Some of its terms and what to call them, among others; remembered, for one view."""
        known = self._named
        missing = [number for number in numbers if number not in known]
        if not missing:
            return known
        places = self.places[missing].tolist()
        terms = [self.texts[place] for place in places]
        first = view.parts[0].segment  # what a term is called there is what the view calls it
        if self.texts is first.terms:
            known.update(zip(missing, zip(terms, first.texts["labels"].some(places), strict=True), strict=True))
        else:
            labels = [self.labels.get(term) or view.label(term) for term in terms]
            known.update(zip(missing, zip(terms, labels, strict=True), strict=True))
        return known


def of_document(part: Part, row: int, view: View) -> Asking:
    """A document."""
    segment, dense = part.segment, part.dense
    arrays = segment.arrays
    numbers, weights, idfs, rows, vector, topics = kernels.loops().described(
        row,
        *segment.of_rows,
        arrays["term_idf"],
        arrays["term_vectors"],
        arrays["note_vectors"],
        arrays["note_scales"],
        view.model.mean if view.vectors is not None else NO_SCALES,
        NO_CODES if dense is None else dense.latent,
        TOPICS,
    )
    return Asking(segment.terms, numbers, weights, idfs, {}, vector, topics, rows)


def of_words(query: Query, view: View) -> Asking:
    """What was understood of a need."""
    weights: dict[str, float] = {}
    told: dict[str, float] = {}
    labels: dict[str, str] = {}
    for one in query.scored:
        known = view.worth(one).told if one.kind == "term" else 0.0
        if known:
            weights[one.term] = max(weights.get(one.term, 0.0), one.weight * known)
            told[one.term] = known
            labels.setdefault(one.term, one.label)
    asked = fusion.ask(query, view, view.vectors, _RANKING)
    vector = _unit(asked.vector - view.model.mean) if len(asked.vector) else fusion.NO_VECTOR
    rows = np.array([view.vector_row(term) for term in weights], dtype=np.int64)
    values = _unit(np.array(list(weights.values()), dtype=np.float32))
    idfs = np.array(list(told.values()), dtype=np.float32)
    numbers = np.arange(len(weights), dtype=np.int32)
    return Asking(tuple(weights), numbers, values, idfs, labels, vector, _first(asked.latent), rows, OF_TERMS_OF_NEED)


def _unit(vector: Floats) -> Floats:
    length = np.float32(np.sqrt(vector @ vector))
    return (vector / length).astype(np.float32) if length > 0 else vector


def _first(latent: Floats) -> Floats:
    """The topics of a latent vector, the rest at 0."""
    if not len(latent):
        return fusion.NO_VECTOR
    topics = latent.copy()
    topics[TOPICS:] = 0
    return _unit(topics)


class Likeness(NamedTuple):
    """The likeness of some documents, in [0, 1], and its parts, which sum to it. Each has the shape (n,)."""

    total: Floats
    by_terms: Floats
    by_meaning: Floats


class _Scale(NamedTuple):
    """What the parts of a likeness count for, so that it is 1 at most."""

    terms: np.float32
    vectors: np.float32
    topics: np.float32


def _scale(view: View, of_terms: float) -> _Scale:
    return _scale_of(of_terms, view.vectors is not None, bool(view.model.components.shape[1]))


@lru_cache(maxsize=16)
def _scale_of(of_terms: float, by_vectors: bool, by_topics: bool) -> _Scale:
    vectors, topics = float(by_vectors), OF_TOPICS * by_topics
    terms = of_terms if by_vectors else 1.0
    total = terms + vectors + topics
    return _Scale(np.float32(terms / total), np.float32(vectors / total), np.float32(topics / total))


def likeness(asking: Asking, part: Part, rows: Rows, view: View) -> Likeness:
    """How near some documents of a part are."""
    dense, scale = part.dense, _scale(view, asking.of_terms)
    found = kernels.loops().compare(
        rows,
        *part.segment.of_likeness,
        NO_CODES if dense is None else dense.latent,
        NO_SCALES if dense is None else dense.topic_scales,
        asking.numbers(part),
        asking.weights,
        scale.terms / BYTE,
        asking.vector,
        view.model.mean,
        scale.vectors,
        asking.topics,
        scale.topics,
    )
    return Likeness(*found)


def candidates(asking: Asking, view: View, allowed: Sequence[Mask], *, times: int = 1) -> list[Rows]:
    """For each part, the documents of a mask that may be near: all when they are few.

    When they are not, those that share the terms that tell most, and those whose word vectors are nearest: as many
    whatever the parts, and ``times`` as many as for one document.
    """
    if not len(view.model.centroids):
        return [part.segment.numbers[mask] for part, mask in zip(view.parts, allowed, strict=True)]
    loops, clusters = kernels.loops(), fusion.probed(view, PROBED, LEAST_PROBED)
    most = times * (BY_TERMS_OF_NEED if asking.of_terms == OF_TERMS_OF_NEED else BY_TERMS)
    most_by_vectors = times * BY_VECTORS
    found = [
        loops.nearby(
            asking.numbers(part),
            asking.weights,
            asking.idfs,
            KEY_TERMS,
            IMPACT,
            ranking.depth_of(part, most) if mask is part.alive else -1,
            most,
            *part.segment.of_finding,
            mask,
            part.dead,
            part.segment.arrays["id_ranks"],
            *view.model.coded_centroids,
            clusters,
            *fusion.runs_of(part, view),
            asking.vector,
            most_by_vectors,
        )
        for part, mask in zip(view.parts, allowed, strict=True)
    ]
    if len(found) == 1:
        return [found[0][4]]
    by_terms = fusion.firsts([(rows, scores) for rows, scores, _, _, _ in found], view, most)
    by_vectors = fusion.firsts([(rows, close) for _, _, rows, close, _ in found], view, most_by_vectors)
    return [loops.joined(one, other) for one, other in zip(by_terms, by_vectors, strict=True)]


def bring(
    asking: Asking,
    part: Part,
    rows: Rows,
    near: Likeness,
    totals: Floats,
    *,
    owners: Longs,
    worths: Floats,
    view: View,
) -> None:
    """Add what each term asked brings to some documents to what it brings to their owners.

    A term brings its part of the tf-idf product. What vectors and topics bring is shared among the words asked, each
    by how near its own vector is to the document.

    Args:
        asking: What has these terms.
        part: Where the documents are.
        rows: The documents.
        near: Their likeness.
        totals: Added to, shape (owners, n).
        owners: Whose each document is.
        worths: What all terms together bring to its owner through each.
        view: Where words have vectors.
    """
    arrays = part.segment.arrays
    by_vectors = view.vectors is not None and len(asking.vector)
    kernels.loops().explain(
        rows,
        owners,
        worths,
        *part.segment.of_rows,
        arrays["term_idf"],
        asking.numbers(part),
        asking.weights,
        near.by_terms,
        arrays["note_vectors"],
        arrays["note_scales"],
        view.model.mean if by_vectors else NO_SCALES,
        view.vectors.table if view.vectors is not None else fusion.NO_TABLE,
        asking.rows,
        near.by_meaning,
        totals,
    )


def reasons(contributions: Floats, asking: Asking, view: View) -> list[tuple[Reason, ...]]:
    """The shares of the terms asked in each of some sums, the highest first, then all others as one.

    Args:
        contributions: What each term brought to each, shape (m, n).
        asking: What has these terms.
        view: Names them.
    """
    return ranking.shared_out(contributions, lambda places: asking.named(places, view))


def related(view: View, id_: str, limit: int, *, explain: bool) -> tuple[Hit, ...]:
    """The documents nearest to one, none that is not close; copies of one another stand behind the first."""
    place = view.locate(id_)
    if place is None or limit <= 0:
        return ()
    asking = of_document(view.parts[place[0]], place[1], view)
    floor = CLOSE if view.vectors is not None else CLOSE_BY_TERMS
    found, closest = [], kernels.loops().closest
    some = candidates(asking, view, [part.alive for part in view.parts])
    for number, (part, rows) in enumerate(zip(view.parts, some, strict=True)):
        near = likeness(asking, part, rows, view)
        without = place[1] if number == place[0] else -1
        ranks = part.segment.arrays["id_ranks"]
        kept, scores, by_terms = closest(rows, near.total, near.by_terms, without, floor, limit * _SPARE, ranks)
        found.append((scores, kept, by_terms))
    ranked = fusion.merged(found, view, limit * _SPARE)
    ids, copies = ranked.ids(view), dict[int, list[str]]()
    for at, first in enumerate(_originals(view, ranked, limit)):
        if first == at:
            copies[at] = []
        elif first >= 0:
            copies[first].append(ids[at])
    kept = list(copies)
    why = _why(view, asking, ranked[kept]) if explain else [()] * len(kept)
    totals = ranked.scores.tolist()
    told = zip(copies.items(), why, strict=True)
    return tuple([Hit(ids[at], totals[at], because, False, "", tuple(some)) for (at, some), because in told])


def _originals(view: View, ranked: fusion.Ranked, limit: int) -> list[int]:
    """For each document, the place of the first that is nearly the same text: its own for a new one, -1 for no more."""
    codes, scales = NO_CODES, NO_SCALES
    numbers = set(ranked.parts.tolist())
    if len(numbers) > 1:
        rows, of_rows, idf, codes, scales = _gathered(view, ranked)
    else:
        part = view.parts[min(numbers, default=0)].segment
        rows, of_rows, idf = ranked.rows, part.of_rows, part.arrays["term_idf"]
        if view.vectors is not None:
            codes, scales = part.arrays["note_vectors"], part.arrays["note_scales"]
    found: list[int] = kernels.loops().originals(rows, *of_rows, idf, codes, scales, COPY, limit).tolist()
    return found


def _gathered(
    view: View, ranked: fusion.Ranked
) -> tuple[Rows, tuple[NDArray[Any], ...], Floats, NDArray[np.int8], Floats]:
    """Documents of several parts, whose terms have other numbers in each, as if they were of one.

    Returns:
        Their rows; where each begins, its terms and impacts; the idf of terms; vectors and their scales.
    """
    places = [(view.parts[number].segment, row) for number, row in ranked.places()]
    codes, scales, looked_at = NO_CODES, NO_SCALES, np.ones(len(places), dtype=bool)
    if view.vectors is not None:
        codes = frozen(np.stack([segment.arrays["note_vectors"][row] for segment, row in places]))
        scales = frozen(np.array([segment.arrays["note_scales"][row] for segment, row in places], dtype=np.float32))
        vectors = codes * scales[:, None]
        looked_at = np.count_nonzero(vectors @ vectors.T >= COPY, axis=1) > 1  # few: naming their terms is long
    numbers, idfs = dict[str, int](), list[float]()
    sizes, terms, impacts = list[int](), list[int](), list[NDArray[np.uint8]]()
    for (segment, row), some in zip(places, looked_at.tolist(), strict=True):
        run = segment.row(row) if some else slice(0, 0)
        own = segment.arrays["row_terms"][run]
        for term, idf in zip(segment.terms.some(own.tolist()), segment.arrays["term_idf"][own].tolist(), strict=True):
            terms.append(numbers.setdefault(term, len(numbers)))
            if len(idfs) < len(numbers):
                idfs.append(idf)
        sizes.append(len(own))
        impacts.append(segment.arrays["row_impacts"][run])
    pointers, own_terms = np.cumsum([0, *sizes], dtype=np.int64), np.array(terms, dtype=np.int32)
    of_rows = (frozen(pointers), frozen(own_terms), frozen(np.concatenate(impacts)))
    rows = np.arange(len(places), dtype=np.int32)
    return rows, of_rows, frozen(np.array(idfs, dtype=np.float32)), codes, scales


def _why(view: View, asking: Asking, ranked: fusion.Ranked) -> list[tuple[Reason, ...]]:
    """The reasons of some likenesses; what words brought to them is known already."""
    contributions = np.zeros((len(ranked), len(asking.places)), dtype=np.float32)
    for number, part in enumerate(view.parts):
        here = np.flatnonzero(ranked.parts == number)
        if len(here):
            some = ranked[here]
            near = Likeness(some.scores, some.words, some.scores - some.words)
            bring(asking, part, some.rows, near, contributions, owners=here, worths=some.scores, view=view)
    return reasons(contributions, asking, view)
