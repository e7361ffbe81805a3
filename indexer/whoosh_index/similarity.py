"""Which documents are close to which, and which entities that makes peers: TF-IDF cosines over the stored rows.

A weight is ``ln(1 + mass) × idf``, ``mass`` being the boosted count of a term, idf ``ln((1 + N) / (1 + df)) + 1``;
rows have norm 1, so that a cosine is a sum of products, one a term, and each term has its share of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from indexer.engine import Evidence, Hit, Link, Peer
from indexer.ranking import as_reasons
from indexer.whoosh_index.lexicon import Lexicon
from indexer.whoosh_index.schema import Row

CLOSE = 0.06
"""The least cosine of a related document: under it, what is shared is chance."""

CLOSE_PEER = 0.03
"""The least cosine of a document that makes a peer: needs are a few words, documents hundreds."""

BEST_DOCUMENTS = 3
"""How many documents of an entity count, so that the one with most does not win by volume."""

HALF_LIFE_DAYS = 5 * 365.25
"""A document's freshness comes half as near to ``FLOOR`` in so many days."""

FLOOR = 0.5
"""What freshness never falls under: an old document is still worth reading."""

Vector = NDArray[np.float64]


def freshness(day: int, today: int) -> float:
    """What a document's age leaves of its worth, in [``FLOOR``, 1]; 1 for an unknown date or ``today`` 0."""
    age = max(0, today - day) if today and day else 0
    return FLOOR + (1 - FLOOR) * math.pow(0.5, age / HALF_LIFE_DAYS)


@dataclass(frozen=True, slots=True)
class _Proof:
    """A document that speaks for an entity, and how loud."""

    place: int
    worth: float


class Space:
    """Documents as the rows of a matrix.

    Args:
        rows: The documents, in the order ties go by.
        lexicon: Frequencies of their terms.
    """

    def __init__(self, rows: Sequence[Row], lexicon: Lexicon) -> None:
        self.rows = rows
        self.places = {row.id: place for place, row in enumerate(rows)}
        self._lexicon = lexicon
        self._terms = sorted(lexicon.terms)
        self._numbers = {term: number for number, term in enumerate(self._terms)}
        found = np.array([lexicon.terms[term] for term in self._terms], dtype=np.float64)
        self._idf: Vector = np.log((1 + len(rows)) / (1 + found)) + 1
        self._matrix = self._make_matrix()

    def _make_matrix(self) -> csr_array:
        ends = np.cumsum([0, *(len(row.terms) for row in self.rows)])
        numbers = np.array([self._numbers[term] for row in self.rows for term in row.terms], dtype=np.int64)
        masses = np.array([mass for row in self.rows for mass in row.masses], dtype=np.float64)
        weights = np.log1p(masses) * self._idf[numbers]
        owners = np.repeat(np.arange(len(self.rows)), np.diff(ends))
        norms = np.sqrt(np.bincount(owners, weights=weights**2, minlength=len(self.rows)))
        weights /= np.where(norms > 0, norms, 1.0)[owners]
        return csr_array((weights, numbers, ends), shape=(len(self.rows), len(self._terms)))

    def lived_by(self, entity: str) -> list[int]:
        """The places of the documents an entity lived."""
        return [place for place, row in enumerate(self.rows) if any(link.entity == entity for link in row.links)]

    def vector_of(self, places: Iterable[int]) -> Vector:
        """The direction of some documents together, of norm 1; zeros when there are none."""
        chosen = list(places)
        return _normed(np.asarray(self._matrix[chosen].sum(axis=0), dtype=np.float64))

    def vector_of_words(self, weights: Mapping[str, float]) -> Vector:
        """The direction of weighted terms, of norm 1; unknown terms count for nothing."""
        vector = np.zeros(len(self._terms))
        for term, weight in weights.items():
            if term in self._numbers:
                vector[self._numbers[term]] = weight * self._idf[self._numbers[term]]
        return _normed(vector)

    def related(self, place: int, limit: int, *, explain: bool) -> tuple[Hit, ...]:
        """The documents nearest to one of them, with their reasons or without."""
        vector = self.vector_of([place])
        near = sorted((-closeness, other) for other, closeness in self.near(vector, CLOSE) if other != place)
        return tuple(
            Hit(
                self.rows[other].id,
                -closeness,
                as_reasons(self._shares(vector, [_Proof(other, 1.0)], {})) if explain else (),
            )
            for closeness, other in near[: max(0, limit)]
        )

    def near(self, vector: Vector, least: float) -> Iterator[tuple[int, float]]:
        """The documents close to a direction: place and cosine, rounded so that equal documents are equal."""
        closeness = np.clip(np.round(self._matrix @ vector, 9), 0.0, 1.0)
        return ((place, float(closeness[place])) for place in np.flatnonzero(closeness >= least).tolist())

    def peers(
        self,
        vector: Vector,
        group: str,
        limit: int,
        *,
        counts: Callable[[int], bool],
        proposed: Callable[[str], bool],
        today: int = 0,
        labels: Mapping[str, str] | None = None,
        explain: bool = True,
    ) -> tuple[Peer, ...]:
        """The entities of a group whose best documents are nearest to a direction.

        Args:
            vector: The need.
            group: The list to fill.
            limit: How many.
            counts: Whether the document at a place counts.
            proposed: Whether an entity may be proposed.
            today: See ``freshness``.
            labels: How to call terms, where not as the index writes them.
            explain: Whether to give reasons.
        """
        proofs: dict[str, list[_Proof]] = {}
        for place, closeness in self.near(vector, CLOSE_PEER):
            row = self.rows[place]
            worth = closeness * freshness(row.day, today)
            for entity, weight in _weights(row.links, group).items() if counts(place) else ():
                if proposed(entity) and weight > 0:
                    proofs.setdefault(entity, []).append(_Proof(place, worth * weight))
        found = [self._peer(entity, heard, vector, labels or {}) for entity, heard in proofs.items()]
        first = sorted(found, key=lambda peer: (-peer.score, peer.entity))[: max(0, limit)]
        return tuple(first if explain else [peer._replace(reasons=()) for peer in first])

    def _peer(self, entity: str, heard: list[_Proof], vector: Vector, labels: Mapping[str, str]) -> Peer:
        best = sorted(heard, key=lambda proof: (-proof.worth, proof.place))[:BEST_DOCUMENTS]
        worth = math.fsum(proof.worth for proof in best)
        evidence = tuple(Evidence(self.rows[proof.place].id, proof.worth / worth) for proof in best)
        score = min(1.0, round(worth / BEST_DOCUMENTS, 9))
        return Peer(entity, score, evidence, as_reasons(self._shares(vector, best, labels)))

    def _shares(
        self, vector: Vector, proofs: Iterable[_Proof], labels: Mapping[str, str]
    ) -> Iterator[tuple[str, str, float]]:
        """What each term brought to a sum of cosines, each scaled to what its document was worth."""
        for proof in proofs:
            row = self._matrix[[proof.place]]
            products = row.data * vector[row.indices]
            total = float(products.sum())
            for number, product in zip(row.indices.tolist(), products.tolist(), strict=True):
                if product > 0:
                    term = self._terms[number]
                    yield term, labels.get(term) or self._lexicon.label(term), proof.worth * product / total


def _weights(links: Sequence[Link], group: str) -> dict[str, float]:
    """Entity → the best weight of its links of a group."""
    weights: dict[str, float] = {}
    for link in links:
        if link.group == group:
            weights[link.entity] = max(weights.get(link.entity, 0.0), link.weight)
    return weights


def _normed(vector: Vector) -> Vector:
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
