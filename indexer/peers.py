"""Peers: which entities lived what is nearest to a need, or to what another entity lived.

Peers come from documents, not from merged profiles: an entity is worth its few nearest documents (Balog, Azzopardi and
de Rijke 2006, model 2), so that a big contributor does not win by volume, and each suggestion can show its sentence.

From an entity, each of its documents looks for its nearest in the other, and the other way round; the two means count
the same (a both-way nearest-neighbour similarity of sets). It finds more peers than one merged query does: see
``savoirs evaluate peers``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Evidence, Peer, PeersRequest
from indexer.ranking import as_reasons
from indexer.segment import GROUPS
from indexer.similarity import Vector, closeness, of_documents, shared
from indexer.view import Part, View

CLOSE = 0.04
"""The least closeness of a document that makes a peer of a need."""

DISCOUNTS = (1.0, 0.5, 0.25)
"""What the best, second and third documents of an entity count for."""

MAX_EVIDENCE = 5
"""Documents shown for one entity, at most."""

MAX_OWN_DOCUMENTS = 16
"""Documents of an asking entity that look for peers, the latest ones."""

HALF_LIFE_DAYS = 5 * 365.25
FLOOR = 0.5
"""A document's worth falls towards this by half every ``HALF_LIFE_DAYS``: an old one is still worth reading."""

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]
Place = tuple[int, int]
"""A part and a row."""


@dataclass(frozen=True)
class Links:
    """The links that count for a request, over all parts.

    Attributes:
        view: Where they are.
        names: Entities, in order.
        entities: The number of each link's entity in ``names``, shape (L,).
        groups: The number of its group in ``GROUPS``, shape (L,).
        parts: Its document's part, shape (L,).
        rows: Its document's row, shape (L,).
        weights: Its role × freshness, shape (L,).
    """

    view: View
    names: Sequence[str]
    entities: NDArray[np.int64]
    groups: NDArray[np.uint8]
    parts: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: Floats

    def values(self, vector: Vector) -> Floats:
        """Closeness × role × freshness of every link's document, shape (L,)."""
        found = np.zeros(len(self.rows), dtype=np.float32)
        for number, part in enumerate(self.view.parts):
            here = self.parts == number
            found[here] = closeness(vector, part, self.view)[self.rows[here]]
        return found * self.weights

    def id_of(self, link: int) -> str:
        """The public id of a link's document."""
        return str(self.view.parts[self.parts[link]].segment.ids[self.rows[link]])


@dataclass(frozen=True, slots=True)
class Pair:
    """What brings an entity nearer: a vector, the link it met, and what the meeting is worth."""

    vector: Vector
    link: int
    worth: float


def freshness(days: NDArray[np.int32], today: int) -> Floats:
    """What the age of documents leaves of their worth, in [FLOOR, 1]; 1 for an unknown date or ``today`` 0."""
    if not today:
        return np.ones(len(days), dtype=np.float32)
    ages = np.where(days > 0, np.maximum(today - days, 0), 0)
    return (FLOOR + (1 - FLOOR) * 0.5 ** (ages / HALF_LIFE_DAYS)).astype(np.float32)


def places_of(view: View, entity: str) -> list[Place]:
    """Parts and rows of the living documents an entity lived."""
    found = []
    for number, part in enumerate(view.parts):
        own = part.segment.entity_ids.get(entity)
        if own is not None:
            mine = np.flatnonzero(part.segment.arrays["link_entities"] == own)
            rows = np.unique(link_docs(part)[mine])
            found += [(number, int(row)) for row in rows[part.alive[rows]]]
    return found


def link_docs(part: Part) -> NDArray[np.int64]:
    """The row of each link's document, shape (L,)."""
    return np.repeat(np.arange(len(part.segment)), np.diff(part.segment.arrays["link_ptr"]))


def gather(view: View, request: PeersRequest, masks: Sequence[Mask], leave_out: Iterable[str] = ()) -> Links:
    """The links of documents that count, of entities that may be proposed.

    Args:
        view: Where to look.
        request: Whom to leave out, and the day to count age from.
        masks: Which documents of each part count.
        leave_out: More entities to leave out.
    """
    excluded = request.exclude | set(leave_out)
    names = sorted({name for part in view.parts for name in part.segment.entities} - excluded)
    numbers = {name: number for number, name in enumerate(names)}
    columns: list[list[NDArray[Any]]] = []
    for number, (part, mask) in enumerate(zip(view.parts, masks, strict=True)):
        arrays, docs = part.segment.arrays, link_docs(part)
        known = np.array([numbers.get(name, -1) for name in part.segment.entities], dtype=np.int64)
        entities = known[arrays["link_entities"]] if len(known) else np.zeros(0, dtype=np.int64)
        kept = np.flatnonzero((entities >= 0) & mask[docs] & part.alive[docs])
        rows = docs[kept]
        weights = arrays["link_weights"][kept] * freshness(arrays["days"][rows], request.today)
        columns.append([entities[kept], arrays["link_groups"][kept], np.full(len(kept), number), rows, weights])
    return Links(view, names, *(np.concatenate(column) for column in zip(*columns, strict=True)))


def of_need(links: Links, vector: Vector, request: PeersRequest) -> dict[str, tuple[Peer, ...]]:
    """For each group, the entities whose best documents are nearest to a need.

    An entity's score is ``Σ d_i v_i / Σ d_i`` over its best documents: v is closeness × role × freshness, d are
    ``DISCOUNTS``, missing documents counting 0.
    """
    values = links.values(vector)
    found = {}
    for group in request.groups:
        near = np.flatnonzero((values >= CLOSE) & (links.groups == GROUPS.index(group)))
        order = near[np.lexsort((near, -values[near], links.entities[near]))]
        starts = _starts(links.entities[order])
        places = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        kept = order[places < len(DISCOUNTS)]
        worths = values[kept] * np.array(DISCOUNTS)[places[places < len(DISCOUNTS)]] / sum(DISCOUNTS)
        pairs: dict[int, list[Pair]] = {}
        totals = np.bincount(links.entities[kept], weights=worths, minlength=len(links.names))
        chosen = _highest(totals, request.limit)
        for link, worth in zip(kept.tolist(), worths.tolist(), strict=True):
            if (entity := int(links.entities[link])) in chosen:
                pairs.setdefault(entity, []).append(Pair(vector, link, worth))
        found[group] = tuple(_peer(links, links.names[entity], pairs[entity]) for entity in chosen)
    return found


def of_entity(links: Links, own: Sequence[Place], request: PeersRequest) -> dict[str, tuple[Peer, ...]]:
    """For each group, the entities that lived most of what another did.

    The score is the mean of two means: over its own documents, of the nearest in the other entity; over the other's
    documents, of the nearest of its own.

    Args:
        links: The links that count.
        own: The documents of the asking entity; at least one.
        request: How many to return, in which groups.
    """
    parts = links.view.parts
    latest = sorted(own, key=lambda place: (-int(parts[place[0]].segment.arrays["days"][place[1]]), place))
    vectors = [of_documents([place], links.view) for place in latest[:MAX_OWN_DOCUMENTS]]
    values = np.stack([links.values(vector) for vector in vectors])
    found = {}
    for group in request.groups:
        order = np.flatnonzero(links.groups == GROUPS.index(group))
        order = order[np.argsort(links.entities[order], kind="stable")]
        starts = _starts(links.entities[order])
        totals = np.zeros(len(links.names))
        if len(order):
            here = values[:, order]
            forward = np.maximum.reduceat(here, starts, axis=1).mean(axis=0)
            backward = np.add.reduceat(here.max(axis=0), starts) / np.diff(np.append(starts, len(order)))
            totals[links.entities[order[starts]]] = (forward + backward) / 2
        found[group] = tuple(
            _peer(links, links.names[entity], _both_ways(values, vectors, order[links.entities[order] == entity]))
            for entity in _highest(totals, request.limit)
        )
    return found


def _both_ways(values: Floats, vectors: Sequence[Vector], theirs: NDArray[np.int64]) -> list[Pair]:
    """The meetings that made a score: each own document's nearest of theirs, each of theirs' nearest own."""
    here = values[:, theirs]
    worths: dict[tuple[int, int], float] = {}
    for mine, other in enumerate(here.argmax(axis=1).tolist()):
        worths[mine, other] = float(here[mine, other]) / (2 * len(vectors))
    for other, mine in enumerate(here.argmax(axis=0).tolist()):
        worths[mine, other] = worths.get((mine, other), 0.0) + float(here[mine, other]) / (2 * len(theirs))
    return [Pair(vectors[mine], int(theirs[other]), worth) for (mine, other), worth in worths.items() if worth > 0]


def _starts(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(numbers, prepend=-1))


def _highest(totals: NDArray[Any], limit: int) -> list[int]:
    """The numbers of the highest positive totals, ties by number."""
    order = np.lexsort((np.arange(len(totals)), -totals))[: max(limit, 0)]
    return [int(number) for number in order if totals[number] > 0]


def _peer(links: Links, name: str, pairs: Sequence[Pair]) -> Peer:
    """An entity with its evidence and the terms of all its meetings."""
    total = math.fsum(pair.worth for pair in pairs)
    shares: dict[str, float] = {}
    contributions: list[tuple[str, str, float]] = []
    for pair in pairs:
        id_ = links.id_of(pair.link)
        shares[id_] = shares.get(id_, 0.0) + pair.worth / total
        common = shared(pair.vector, links.view.parts[links.parts[pair.link]], int(links.rows[pair.link]), links.view)
        close = math.fsum(value for _, _, value in common)
        contributions += [(term, label, value * pair.worth / close) for term, label, value in common]
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:MAX_EVIDENCE]
    evidence = tuple(Evidence(id_, min(1.0, share)) for id_, share in ranked)
    return Peer(name, min(1.0, total), evidence, as_reasons(contributions))
