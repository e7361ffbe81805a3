"""Related documents and peers: cosines in the one space of terms, and the terms that made them.

A document is the vector of its terms, ``ln(1 + tf) × idf`` with field weights in ``tf``, of norm 1 (Salton and Buckley
1988). Peers come from documents, not from merged profiles: an entity is worth its few nearest documents (Balog,
Azzopardi and de Rijke 2006, model 2), so that a big contributor does not win by volume.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Evidence, Hit, Peer, PeersRequest
from indexer.query import Scored
from indexer.ranking import as_reasons, best_rows
from indexer.segment import GROUPS
from indexer.view import Part, View

CLOSE = 0.06
"""The least cosine of a related document: under it, what is shared is chance (see ``savoirs evaluate``)."""

CLOSE_PEER = 0.03
"""The least cosine of a document that makes a peer: needs are a few words, documents hundreds."""

BEST_DOCUMENTS = 3
"""How many documents of an entity count."""

HALF_LIFE_DAYS = 5 * 365.25
FLOOR = 0.5
"""A document's worth falls towards this by half every ``HALF_LIFE_DAYS``: an old one is still worth reading."""

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector of norm 1.

    Attributes:
        weights: Term → weight.
        labels: Term → how to call it; absent, the view knows.
    """

    weights: Mapping[str, float]
    labels: Mapping[str, str]


def _normed(weights: Mapping[str, float], labels: Mapping[str, str] | None = None) -> Vector:
    norm = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return Vector({term: weight / norm for term, weight in weights.items()} if norm else {}, labels or {})


def of_words(scored: Iterable[Scored], view: View) -> Vector:
    """The vector of what was understood of a need."""
    weights: dict[str, float] = {}
    labels: dict[str, str] = {}
    for one in scored:
        if one.kind == "term":
            weights[one.term] = max(weights.get(one.term, 0.0), one.weight)
            labels.setdefault(one.term, one.label)
    idfs = view.model.idf(weights)
    return _normed({term: weight * float(i) for (term, weight), i in zip(weights.items(), idfs, strict=True)}, labels)


def of_documents(places: Iterable[tuple[int, int]], view: View) -> Vector:
    """The mean direction of documents, given as part and row."""
    weights: dict[str, float] = {}
    for number, row in places:
        segment = view.parts[number].segment
        at = segment.row(row)
        for term, weight in zip(
            segment.arrays["row_terms"][at].tolist(), segment.arrays["row_weights"][at].tolist(), strict=True
        ):
            name = segment.terms[term]
            weights[name] = weights.get(name, 0.0) + weight
    return _normed(weights)


def cosines(vector: Vector, part: Part, view: View) -> Floats:
    """The cosine of every document of a part with a vector, shape (N,), in [0, 1]."""
    total = np.zeros(len(part.segment), dtype=np.float32)
    docs, values = part.segment.arrays["term_docs"], part.segment.arrays["term_weights"]
    idfs = view.model.idf(vector.weights)
    for (term, weight), idf in zip(vector.weights.items(), idfs, strict=True):
        column = part.segment.column(term)
        if column is not None:
            total[docs[column]] += values[column] * np.float32(weight * idf)
    norms: Floats = part.segment.arrays["inverse_norms"]
    return total * norms


def shared(vector: Vector, part: Part, row: int, view: View, scale: float = 1.0) -> list[tuple[str, str, float]]:
    """What each common term brings to a cosine: term, label, contribution; they sum to the cosine × scale."""
    segment = part.segment
    at = segment.row(row)
    terms, weights = segment.arrays["row_terms"][at].tolist(), segment.arrays["row_weights"][at].tolist()
    found = []
    for number, weight in zip(terms, weights, strict=True):
        term = segment.terms[number]
        other = vector.weights.get(term)
        if other:
            found.append((term, vector.labels.get(term) or view.label(term), other * weight * scale))
    return found


def related(view: View, id_: str, limit: int) -> tuple[Hit, ...]:
    """The documents nearest to one, none under ``CLOSE``."""
    place = view.locate(id_)
    if place is None:
        return ()
    vector = of_documents([place], view)
    found: list[tuple[float, str, int, int]] = []
    for number, part in enumerate(view.parts):
        values = cosines(vector, part, view)
        mask = part.alive & (values >= CLOSE)
        if number == place[0]:
            mask[place[1]] = False
        for row in best_rows(mask, values, part.segment.arrays["id_ranks"], limit):
            found.append((-float(values[row]), part.segment.ids[row], number, row))
    hits = []
    for value, other, number, row in sorted(found)[:limit]:
        reasons = as_reasons(shared(vector, view.parts[number], row, view))
        hits.append(Hit(other, min(1.0, -value), reasons))
    return tuple(hits)


def freshness(days: NDArray[np.int32], today: int) -> Floats:
    """What the age of documents leaves of their worth, in [FLOOR, 1]; 1 for an unknown date or ``today`` 0."""
    if not today:
        return np.ones(len(days), dtype=np.float32)
    ages = np.where(days > 0, np.maximum(today - days, 0), 0)
    return (FLOOR + (1 - FLOOR) * 0.5 ** (ages / HALF_LIFE_DAYS)).astype(np.float32)


def places_of(view: View, entity: str) -> list[tuple[int, int]]:
    """Parts and rows of the living documents an entity lived."""
    found = []
    for number, part in enumerate(view.parts):
        entities = part.segment.entities
        if entity in entities:
            arrays = part.segment.arrays
            rows = np.unique(arrays["link_docs"][arrays["link_entities"] == entities.index(entity)])
            found += [(number, int(row)) for row in rows[part.alive[rows]]]
    return found


def peers(
    view: View, vector: Vector, request: PeersRequest, masks: Sequence[Mask], leave_out: Iterable[str] = ()
) -> dict[str, tuple[Peer, ...]]:
    """For each group, the entities whose best documents are nearest to a vector.

    An entity's score is the mean over ``BEST_DOCUMENTS`` places of cosine × role × freshness, missing ones counting 0.

    Args:
        view: Where to look.
        vector: The need.
        request: Whom to leave out, how many to return.
        masks: Which documents of each part count.
        leave_out: More entities to leave out.
    """
    excluded = request.exclude | set(leave_out)
    values = [cosines(vector, part, view) for part in view.parts]
    links = _links(view, values, masks, request.today)
    return {
        group: _ranked(view, vector, links.get(GROUPS.index(group), {}), excluded, request.limit)
        for group in request.groups
        if group in GROUPS
    }


_Scored = list[tuple[float, str, int, int]]
"""Documents of an entity: minus its value, its id, part, row."""


def _links(view: View, values: Sequence[Floats], masks: Sequence[Mask], today: int) -> dict[int, dict[str, _Scored]]:
    """By group and entity, its documents that are near enough."""
    found: dict[int, dict[str, _Scored]] = {}
    for number, (part, cosine, mask) in enumerate(zip(view.parts, values, masks, strict=True)):
        arrays = part.segment.arrays
        docs = arrays["link_docs"]
        near = np.flatnonzero((cosine[docs] > CLOSE_PEER) & mask[docs] & part.alive[docs])
        rows = docs[near]
        worth = cosine[rows] * arrays["link_weights"][near] * freshness(arrays["days"][rows], today)
        for entity, group, value, row in zip(
            arrays["link_entities"][near].tolist(),
            arrays["link_groups"][near].tolist(),
            worth.tolist(),
            rows.tolist(),
            strict=True,
        ):
            by_entity = found.setdefault(group, {})
            name = part.segment.entities[entity]
            by_entity.setdefault(name, []).append((-value, part.segment.ids[row], number, row))
    return found


def _ranked(
    view: View, vector: Vector, by_entity: Mapping[str, _Scored], excluded: Iterable[str], limit: int
) -> tuple[Peer, ...]:
    left_out = set(excluded)
    best = {name: sorted(scored)[:BEST_DOCUMENTS] for name, scored in by_entity.items() if name not in left_out}
    totals = {name: -math.fsum(scored[0] for scored in kept) for name, kept in best.items()}
    ranked = sorted(totals, key=lambda name: (-totals[name], name))[:limit]
    return tuple(_peer(view, vector, name, best[name], totals[name]) for name in ranked)


def _peer(view: View, vector: Vector, name: str, scored: _Scored, total: float) -> Peer:
    evidence = tuple(Evidence(id_, -value / total) for value, id_, _, _ in scored)
    parts: list[tuple[str, str, float]] = []
    for value, _, number, row in scored:
        common = shared(vector, view.parts[number], row, view)
        cosine = math.fsum(one[2] for one in common)
        parts += [(term, label, part * -value / cosine) for term, label, part in common if cosine]
    return Peer(name, min(1.0, total / BEST_DOCUMENTS), evidence, as_reasons(parts))
