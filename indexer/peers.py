"""Peers: which entities lived what is nearest to a need, or to what another entity lived.

Peers come from documents, not from merged profiles: an entity is worth its few nearest documents (Balog, Azzopardi and
de Rijke 2006, model 2), so that a big contributor does not win by volume, and each suggestion can show its sentence.

From an entity, each of its documents looks for its nearest in the other, and the other way round; the two means count
the same (a both-way nearest-neighbour similarity of sets). It finds more peers than one merged query does: see
``savoirs evaluate peers``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Evidence, Peer, PeersRequest, Reason
from indexer.ranking import OTHERS, as_reasons
from indexer.segment import GROUPS
from indexer.similarity import OF_TERMS_OF_NEED, Asking, brought, candidates, likeness, of_document, reasons
from indexer.view import View

CLOSE, CLOSE_TO_NEED, CLOSE_BY_TERMS = 0.2, 0.03, 0.04
"""The least likeness of a document that makes a peer: of a document, of a need in words, and without word vectors."""

DISCOUNTS = (1.0, 0.5, 0.25)
"""What the best, second and third documents of an entity count for."""

_DISCOUNTS = np.array(DISCOUNTS) / sum(DISCOUNTS)

MAX_EVIDENCE = 5
"""Documents shown for one entity, at most."""

MAX_OWN_DOCUMENTS = 16
"""Documents of an asking entity that look for peers, the latest ones."""

HALF_LIFE_DAYS = 5 * 365.25
FLOOR = 0.5
"""A document's worth falls towards this by half every ``HALF_LIFE_DAYS``: an old one is still worth reading."""

OF_STANDING = 0.1
"""What readers made of a document multiplies its worth by 1 ± this at most."""

_TOLD = 12
"""Terms of each that asks that are told apart, at most."""

Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
Place = tuple[int, int]
"""A part and a row."""


@dataclass(frozen=True)
class Links:
    """The links of some documents, to entities that may be proposed, over all parts.

    Attributes:
        view: Where they are.
        entities: The number of each link's entity in ``view.entities``, shape (L,).
        groups: The number of its group in ``GROUPS``, shape (L,).
        parts: Its document's part, shape (L,).
        rows: Its document's row, shape (L,).
        weights: Its role × freshness × standing, shape (L,).
    """

    view: View
    entities: NDArray[np.int64]
    groups: NDArray[np.uint8]
    parts: NDArray[np.int64]
    rows: NDArray[np.int64]
    weights: Floats

    def values(self, asking: Asking) -> Floats:
        """Likeness × role × freshness × standing of every link's document, shape (L,)."""
        found = np.zeros(len(self.rows), dtype=np.float32)
        for number, part in enumerate(self.view.parts):
            here = slice(None) if len(self.view.parts) == 1 else self.parts == number
            rows = self.rows[here]
            starts = _starts(rows)  # links of one document follow one another
            near = likeness(asking, part, rows[starts].astype(np.int32), self.view).total
            found[here] = np.repeat(near, _counts(starts, len(rows)))
        return found * self.weights

    def ids_of(self, links: Sequence[int] | NDArray[np.int64]) -> list[str]:
        """The public ids of some links' documents."""
        ids = [part.segment.ids for part in self.view.parts]
        places = zip(self.parts[links].tolist(), self.rows[links].tolist(), strict=True)
        return [ids[part][row] for part, row in places]


@dataclass(frozen=True, slots=True)
class Pair:
    """What brings an entity nearer: what was asked, the link it met, and what the meeting is worth."""

    asking: Asking
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
            rows = np.unique(part.segment.rows_of(own))
            found += [(number, int(row)) for row in rows[part.alive[rows]]]
    return found


def links_of(view: View, rows: Sequence[Rows], request: PeersRequest, leave_out: Iterable[str] = ()) -> Links:
    """The links of some documents of each part.

    Args:
        view: Where they are.
        rows: The documents that count, for each part.
        request: Whom to leave out, and the day to count age from.
        leave_out: More entities to leave out.
    """
    columns: list[list[NDArray[Any]]] = []
    for number, (part, some, numbers) in enumerate(zip(view.parts, rows, view.entities[1], strict=True)):
        arrays = part.segment.arrays
        pointers = arrays["link_ptr"]
        counts = pointers[some + 1] - pointers[some]
        owners = np.repeat(some, counts)
        links = np.repeat(pointers[some] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        entities = arrays["link_entities"][links]
        away = [
            own for name in (*request.exclude, *leave_out) if (own := part.segment.entity_ids.get(name)) is not None
        ]
        kept = ~np.isin(entities, away) if away else np.ones(len(links), dtype=bool)
        links, owners = links[kept], owners[kept].astype(np.int64)
        weights = arrays["link_weights"][links] * freshness(arrays["days"][owners], request.today)
        weights *= 1 + np.float32(OF_STANDING) * arrays["standings"][owners]
        names = numbers[arrays["link_entities"][links]] if len(links) else np.zeros(0, dtype=np.int64)
        columns.append([names, arrays["link_groups"][links], np.full(len(links), number), owners, weights])
    return Links(view, *(np.concatenate(column) for column in zip(*columns, strict=True)))


def of_need(asking: Asking, view: View, masks: Sequence[Mask], request: PeersRequest) -> dict[str, tuple[Peer, ...]]:
    """For each group, the entities whose best documents are nearest to a need.

    An entity's score is ``Σ d_i v_i / Σ d_i`` over its best documents: v is likeness × role × freshness × standing, d
    are ``DISCOUNTS``, missing documents counting 0.

    Args:
        asking: The need.
        view: Where to look.
        masks: Which documents of each part count.
        request: How many to return, in which groups.
    """
    links = links_of(view, candidates(asking, view, masks), request)
    values = links.values(asking)
    floor = CLOSE_BY_TERMS
    if view.vectors is not None:
        floor = CLOSE_TO_NEED if asking.of_terms == OF_TERMS_OF_NEED else CLOSE
    found = {}
    for group in request.groups:
        close = np.flatnonzero((values >= floor) & (links.groups == GROUPS.index(group)))
        order = close[np.lexsort((close, -values[close], links.entities[close]))]
        starts = _starts(links.entities[order])
        places = np.arange(len(order)) - np.repeat(starts, _counts(starts, len(order)))
        first = places < len(DISCOUNTS)
        kept = order[first]
        worths = values[kept] * _DISCOUNTS[places[first]]
        chosen = _highest(_totals(links.entities[kept], worths), request.limit, view)
        found[group] = _met(links, asking, kept, worths, chosen)
    return found


def _met(
    links: Links, asking: Asking, kept: NDArray[np.int64], worths: NDArray[np.float64], chosen: Sequence[int]
) -> tuple[Peer, ...]:
    """Some entities with their evidence and what made them near, when one need met all.

    Args:
        links: Of documents to entities.
        asking: The need.
        kept: The links that count.
        worths: What each is worth, shape (len(kept),).
        chosen: The entities, in the order wanted.
    """
    at = {entity: place for place, entity in enumerate(chosen)}
    owners = np.array([at.get(entity, -1) for entity in links.entities[kept].tolist()], dtype=np.int64)
    order = np.argsort(owners, kind="stable")[np.count_nonzero(owners < 0) :]
    if not len(order):
        return ()
    owners, kept, worths = owners[order], kept[order], worths[order]
    shares = _brought_to(links, asking, kept) * worths.astype(np.float32)[:, None]
    why = reasons(np.add.reduceat(shares, _starts(owners)), asking, links.view)
    evidence: list[list[tuple[str, float]]] = [[] for _ in chosen]
    for owner, id_, worth in zip(owners.tolist(), links.ids_of(kept), worths.tolist(), strict=True):
        evidence[owner].append((id_, worth))
    names = links.view.entities[0]
    told = zip(chosen, evidence, why, strict=True)
    return tuple([_peer(names[entity], some, because) for entity, some, because in told])


def _brought_to(links: Links, asking: Asking, kept: NDArray[np.int64]) -> Floats:
    """The share of each term asked in the likeness of some links' documents, shape (len(kept), n)."""
    found = np.zeros((len(kept), len(asking.places)), dtype=np.float32)
    parts, rows = links.parts[kept], links.rows[kept].astype(np.int32)
    for number, part in enumerate(links.view.parts):
        here = np.flatnonzero(parts == number)
        if len(here):
            found[here] = brought(asking, part, rows[here], links.view)
    sums = found.sum(axis=1, keepdims=True)
    return (found / np.where(sums > 0, sums, 1)).astype(np.float32)


def of_entity(
    view: View, own: Sequence[Place], masks: Sequence[Mask], request: PeersRequest
) -> dict[str, tuple[Peer, ...]]:
    """For each group, the entities that lived most of what another did.

    The score is the mean of two means: over its own documents, of the nearest in the other entity; over the other's
    documents, of the nearest of its own.

    Args:
        view: Where to look.
        own: The documents of the asking entity; at least one.
        masks: Which documents of each part count.
        request: How many to return, in which groups; ``entity`` asks.
    """
    latest = sorted(own, key=lambda place: (-int(view.parts[place[0]].segment.arrays["days"][place[1]]), place))
    asking = [of_document(view.parts[number], row, view) for number, row in latest[:MAX_OWN_DOCUMENTS]]
    links = links_of(view, _of_same_entities(view, asking, masks), request, (request.entity or "",))
    values = np.stack([links.values(one) for one in asking])
    found = {}
    for group in request.groups:
        order = np.flatnonzero(links.groups == GROUPS.index(group))
        order = order[np.argsort(links.entities[order], kind="stable")]
        starts = _starts(links.entities[order])
        totals: dict[int, float] = {}
        if len(order):
            here = values[:, order]
            forward = np.maximum.reduceat(here, starts, axis=1).mean(axis=0)
            backward = np.add.reduceat(here.max(axis=0), starts) / _counts(starts, len(order))
            totals = dict(zip(links.entities[order[starts]].tolist(), ((forward + backward) / 2).tolist(), strict=True))
        chosen = _highest(totals, request.limit, view)
        found[group] = _peers(
            links, {entity: _both_ways(values, asking, order[links.entities[order] == entity]) for entity in chosen}
        )
    return found


def _of_same_entities(view: View, asking: Sequence[Asking], masks: Sequence[Mask]) -> list[Rows]:
    """All documents of the entities that have one near to what is asked: an entity is judged on all it lived."""
    every = PeersRequest()
    rows = [candidates(one, view, masks) for one in asking]
    together = [np.unique(np.concatenate(some)).astype(np.int32) for some in zip(*rows, strict=True)]
    if not len(view.model.centroids):
        return together
    names = {view.entities[0][number] for number in np.unique(links_of(view, together, every).entities).tolist()}
    found = []
    for part, mask in zip(view.parts, masks, strict=True):
        numbers = [own for name in names if (own := part.segment.entity_ids.get(name)) is not None]
        some = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *map(part.segment.rows_of, numbers)]))
        found.append(some[mask[some]].astype(np.int32))
    return found


def _both_ways(values: Floats, asking: Sequence[Asking], theirs: NDArray[np.int64]) -> list[Pair]:
    """The meetings that made a score: each own document's nearest of theirs, each of theirs' nearest own."""
    here = values[:, theirs]
    worths: dict[tuple[int, int], float] = {}
    for mine, other in enumerate(here.argmax(axis=1).tolist()):
        worths[mine, other] = float(here[mine, other]) / (2 * len(asking))
    for other, mine in enumerate(here.argmax(axis=0).tolist()):
        worths[mine, other] = worths.get((mine, other), 0.0) + float(here[mine, other]) / (2 * len(theirs))
    return [Pair(asking[mine], int(theirs[other]), worth) for (mine, other), worth in worths.items() if worth > 0]


def _totals(entities: NDArray[np.int64], worths: NDArray[Any]) -> dict[int, float]:
    numbers, back = np.unique(entities, return_inverse=True)
    return dict(zip(numbers.tolist(), np.bincount(back, weights=worths, minlength=len(numbers)).tolist(), strict=True))


def _highest(totals: Mapping[int, float], limit: int, view: View) -> list[int]:
    """The entities of the highest positive totals, ties by id."""
    names = view.entities[0]
    ranked = sorted((-total, names[entity], entity) for entity, total in totals.items() if total > 0)
    return [entity for _, _, entity in ranked[: max(limit, 0)]]


def _starts(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal numbers begins."""
    changed = np.ones(len(numbers), dtype=bool)
    np.not_equal(numbers[1:], numbers[:-1], out=changed[1:])
    return np.flatnonzero(changed)


def _counts(starts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How long each run is, when they begin there and the last one ends at ``size``."""
    ends = np.empty_like(starts)
    ends[:-1], ends[-1:] = starts[1:], size
    return ends - starts


def _peers(links: Links, chosen: Mapping[int, Sequence[Pair]]) -> tuple[Peer, ...]:
    """Entities with their evidence and the terms of all their meetings, in the order given."""
    shares = _shares(links, [pair for pairs in chosen.values() for pair in pairs])
    names = links.view.entities[0]
    found = []
    for entity, pairs in chosen.items():
        why = _merged_reasons(list(_parts(pairs, shares).values()), links.view)
        ids = links.ids_of([pair.link for pair in pairs])
        met = [(id_, pair.worth) for id_, pair in zip(ids, pairs, strict=True)]
        found.append(_peer(names[entity], met, why))
    return tuple(found)


Shares = Mapping[tuple[int, int], Floats]
"""By asking and link: the share of each term asked in their likeness, shape (n,)."""


def _shares(links: Links, pairs: Sequence[Pair]) -> Shares:
    """What the terms of each meeting brought: all that one asked is reckoned at once."""
    found: dict[tuple[int, int], Floats] = {}
    for asking in {id(pair.asking): pair.asking for pair in pairs}.values():
        met = sorted({pair.link for pair in pairs if pair.asking is asking})
        values = _brought_to(links, asking, np.array(met, dtype=np.int64))
        found |= {(id(asking), link): some for link, some in zip(met, values, strict=True)}
    return found


def _parts(pairs: Sequence[Pair], shares: Shares) -> dict[int, tuple[Asking, Floats]]:
    """What the terms of each that asks brought to an entity, over all their meetings."""
    parts: dict[int, tuple[Asking, Floats]] = {}
    for pair in pairs:
        key = id(pair.asking)
        brought_here = shares[key, pair.link] * np.float32(pair.worth)
        parts[key] = (pair.asking, parts[key][1] + brought_here if key in parts else brought_here)
    return parts


def _merged_reasons(parts: Sequence[tuple[Asking, Floats]], view: View) -> tuple[Reason, ...]:
    brought_by: dict[tuple[str, str], float] = {}
    for asking, contributions in parts:
        for place in np.argsort(-contributions)[:_TOLD].tolist():
            name = asking.named(place, view)
            brought_by[name] = brought_by.get(name, 0.0) + float(contributions[place])
    left = math.fsum(float(some.sum()) for _, some in parts) - math.fsum(brought_by.values())
    told = [(*name, value) for name, value in brought_by.items()]
    return as_reasons([*told, ("", OTHERS, max(0.0, left))])


def _peer(name: str, met: Sequence[tuple[str, float]], why: tuple[Reason, ...]) -> Peer:
    """An entity, by the documents met and what each was worth."""
    total = math.fsum([worth for _, worth in met])
    evidence: dict[str, float] = {}
    for id_, worth in met:
        evidence[id_] = evidence.get(id_, 0.0) + worth / total
    ranked = sorted(evidence.items(), key=lambda item: (-item[1], item[0]))[:MAX_EVIDENCE]
    return Peer(name, min(1.0, total), tuple([Evidence(id_, min(1.0, share)) for id_, share in ranked]), why)
