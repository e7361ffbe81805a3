"""Peers: which entities lived what is nearest to a need, or to what another entity lived.

Peers come from documents, not from merged profiles: an entity is worth its few nearest documents (Balog, Azzopardi and
de Rijke 2006, model 2), so that a big contributor does not win by volume, and each suggestion can show its sentence.
Only the documents nearest to a need are heard (the first retrieved vote, Macdonald and Ounis 2006).

From an entity, each of its documents looks for its nearest in the other, and the other way round; the two means count
the same (a both-way nearest-neighbour similarity of sets). It finds more peers than one merged query does: see
``savoirs evaluate peers``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import kernels
from indexer.engine import Evidence, Peer, PeersRequest, Reason
from indexer.ranking import OTHERS, as_reasons
from indexer.segment import GROUPS
from indexer.similarity import OF_TERMS_OF_NEED, Asking, Likeness, bring, candidates, likeness, of_document, reasons
from indexer.view import Part, View

CLOSE, CLOSE_TO_NEED, CLOSE_BY_TERMS = 0.2, 0.03, 0.04
"""The least likeness of a document that makes a peer: of a document, of a need in words, and without word vectors."""

DISCOUNTS = (1.0, 0.5, 0.25)
"""What the best, second and third documents of an entity count for."""

_AS_FRESH = np.zeros(0, dtype=np.float32)
_DISCOUNTS = np.array(DISCOUNTS) / sum(DISCOUNTS)

HEARD = 30
"""Documents nearest to a need that speak for those who lived them, a few for each, however many peers are wanted: a
longer list begins as a shorter one does."""

MAX_EVIDENCE = 5
"""Documents shown for one entity, at most."""

TIMES = 2
"""How many times as many documents are looked at for each by which an entity asks, since others are judged on all they
lived, not on their nearest alone: ``savoirs evaluate pruning`` says .988 of its peers without, .999 with."""

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
Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]
Place = tuple[int, int]
"""A part and a row."""


@dataclass(frozen=True)
class Links:
    """The links of some documents, to entities that may be proposed, over all parts.

    Attributes:
        view: Where they are.
        documents: Of each part, the documents that have such links.
        places: Which of them all the document of each link is, shape (L,).
        entities: The number of each link's entity in ``view.entities``, shape (L,).
        groups: The number of its group in ``GROUPS``, shape (L,).
        weights: Its role × freshness × standing, shape (L,).
    """

    view: View
    documents: tuple[Rows, ...]
    places: NDArray[np.int64]
    entities: NDArray[np.int64]
    groups: NDArray[np.uint8]
    weights: Floats

    def near(self, asking: Asking) -> Likeness:
        """How near their documents are, shape (d,)."""
        found = [likeness(asking, part, rows, self.view) for part, rows in self.by_part()]
        return found[0] if len(found) == 1 else Likeness(*map(np.concatenate, zip(*found, strict=True)))

    def values(self, near: Likeness) -> Floats:
        """Likeness × role × freshness × standing of every link's document, shape (L,)."""
        return near.total[self.places] * self.weights

    def by_part(self) -> Iterator[tuple[Part, Rows]]:
        """Their documents."""
        return zip(self.view.parts, self.documents, strict=True)

    def ids_of(self, places: Iterable[int]) -> dict[int, str]:
        """The public ids of some of their documents, by their places among them."""
        wanted = sorted(set(places))
        if len(self.documents) == 1:
            rows = self.documents[0][wanted].tolist()
            return dict(zip(wanted, self.view.parts[0].segment.ids.some(rows), strict=True))
        found, first = dict[int, str](), 0
        for part, rows in self.by_part():
            here = [place for place in wanted if first <= place < first + len(rows)]
            ids = part.segment.ids.some(rows[[place - first for place in here]].tolist())
            found.update(zip(here, ids, strict=True))
            first += len(rows)
        return found


@dataclass(frozen=True, slots=True)
class Pair:
    """What brings an entity nearer: what was asked, the link it met, and what the meeting is worth."""

    asking: Asking
    link: int
    worth: float


def freshness(days: NDArray[np.int32], today: int) -> Floats:
    """What the age of documents leaves of their worth, in [FLOOR, 1]; 1 for an unknown date."""
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
    loops, leave_out = kernels.loops(), (*request.exclude, *leave_out)
    documents: list[Rows] = []
    columns: list[tuple[NDArray[Any], ...]] = []
    first = 0
    for part, some, names in zip(view.parts, rows, view.entities[1], strict=True):
        arrays = part.segment.arrays
        away = [own for name in leave_out if (own := part.segment.entity_ids.get(name)) is not None]
        having, places, *others = loops.linked(
            some,
            arrays["standings"],
            OF_STANDING,
            freshness(arrays["days"][some], request.today) if request.today else _AS_FRESH,
            arrays["link_ptr"],
            arrays["link_entities"],
            arrays["link_groups"],
            arrays["link_weights"],
            names,
            np.array(away, dtype=np.int64),
        )
        columns.append((places + first, *others))
        documents.append(having)
        first += len(having)
    if len(columns) == 1:
        return Links(view, tuple(documents), *columns[0])
    return Links(view, tuple(documents), *(np.concatenate(column) for column in zip(*columns, strict=True)))


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
    near = links.near(asking)
    loops, whose = kernels.loops(), (links.entities, links.groups)
    values = loops.heard(links.places, *whose, links.weights, near.total, len(DISCOUNTS), HEARD)
    floor = CLOSE_BY_TERMS
    if view.vectors is not None:
        floor = CLOSE_TO_NEED if asking.of_terms == OF_TERMS_OF_NEED else CLOSE
    lists = [
        loops.proposed(*whose, values, GROUPS.index(group), floor, _DISCOUNTS, request.limit)
        for group in request.groups
    ]
    return dict(zip(request.groups, _met(links, asking, near, lists, request), strict=True))


def _met(
    links: Links,
    asking: Asking,
    near: Likeness,
    lists: Sequence[tuple[Longs, Doubles, Longs, Doubles]],
    request: PeersRequest,
) -> list[tuple[Peer, ...]]:
    """The first of some lists of entities with their evidence and what made them near, when one need met all.

    Args:
        links: Of documents to entities.
        asking: The need.
        near: How near their documents are.
        lists: Entities, what each is worth, its links by falling worth, -1 for none, and what each of these brings.
        request: How many of each list, and whether to explain.
    """
    names = links.view.entities[0]
    chosen: list[list[tuple[str, list[int], list[float]]]] = []
    for numbers, totals, own, worths in lists:
        called = map(names.__getitem__, numbers.tolist())
        places = links.places[own]
        places[own < 0] = -1
        ranked = sorted(zip((-totals).tolist(), called, places.tolist(), worths.tolist(), strict=True))
        chosen.append([(name, some, brought) for _, name, some, brought in ranked[: request.limit]])
    every = [(some, brought) for own in chosen for _, some, brought in own]
    why: Iterator[tuple[Reason, ...]] = repeat(())
    if request.explain and every:
        told = np.array([some for some, _ in every], dtype=np.int64)
        has = told >= 0
        owners, worth = np.nonzero(has)[0], np.array([brought for _, brought in every], dtype=np.float32)[has]
        why = iter(reasons(_brought_to(links, asking, near, told[has], owners, worth), asking, links.view))
    ids = links.ids_of({place for some, _ in every for place in some if place >= 0})
    found: list[tuple[Peer, ...]] = []
    for one in chosen:
        met = [[(ids[place], worth) for place, worth in zip(*both, strict=True) if place >= 0] for _, *both in one]
        found.append(tuple([_peer(name, some, next(why)) for (name, _, _), some in zip(one, met, strict=True)]))
    return found


def _brought_to(links: Links, asking: Asking, near: Likeness, places: Longs, owners: Longs, worths: Floats) -> Floats:
    """What each term asked brings to each owner of some of the links' documents, shape (owners, n).

    Args:
        links: Of documents to entities.
        asking: What has these terms.
        near: How near the links' documents are.
        places: Some of them.
        owners: Whose each of these is, from 0 on, ascending.
        worths: What it brings in all.
    """
    totals = np.zeros((int(owners[-1]) + 1, len(asking.places)), dtype=np.float32)
    first = 0
    for part, rows in links.by_part():
        here = np.flatnonzero((places >= first) & (places < first + len(rows)))
        if len(here):
            some = places[here]
            theirs = Likeness(*[values[some] for values in near])
            bring(
                asking,
                part,
                rows[some - first],
                theirs,
                totals,
                owners=owners[here],
                worths=worths[here],
                view=links.view,
            )
        first += len(rows)
    return totals


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
    values = np.stack([links.values(links.near(one)) for one in asking])
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
        pairs = {entity: _both_ways(values, asking, order[links.entities[order] == entity]) for entity in chosen}
        found[group] = _peers(links, pairs, explain=request.explain)
    return found


def _of_same_entities(view: View, asking: Sequence[Asking], masks: Sequence[Mask]) -> list[Rows]:
    """All documents of the entities that have one near to what is asked: an entity is judged on all it lived."""
    every = PeersRequest()
    rows = [candidates(one, view, masks, times=TIMES) for one in asking]
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


def _peers(links: Links, chosen: Mapping[int, Sequence[Pair]], *, explain: bool) -> tuple[Peer, ...]:
    """Entities with their evidence and the terms of all their meetings, in the order given."""
    shares = _shares(links, [pair for pairs in chosen.values() for pair in pairs]) if explain else {}
    names = links.view.entities[0]
    found = []
    for entity, pairs in chosen.items():
        why = _merged_reasons(list(_parts(pairs, shares).values()), links.view) if explain else ()
        places = links.places[[pair.link for pair in pairs]].tolist()
        ids = links.ids_of(places)
        met = [(ids[place], pair.worth) for place, pair in zip(places, pairs, strict=True)]
        found.append(_peer(names[entity], met, why))
    return tuple(found)


Shares = Mapping[tuple[int, int], Floats]
"""By asking and link: the share of each term asked in their likeness, shape (n,)."""


def _shares(links: Links, pairs: Sequence[Pair]) -> Shares:
    """What the terms of each meeting brought: all that one asked is reckoned at once."""
    found: dict[tuple[int, int], Floats] = {}
    for asking in {id(pair.asking): pair.asking for pair in pairs}.values():
        met = sorted({pair.link for pair in pairs if pair.asking is asking})
        numbers, ones = np.arange(len(met)), np.ones(len(met), dtype=np.float32)
        values = _brought_to(links, asking, links.near(asking), links.places[met], numbers, ones)
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
        places = np.argsort(-contributions)[:_TOLD].tolist()
        named = asking.named(places, view)
        for place in places:
            name = named[place]
            brought_by[name] = brought_by.get(name, 0.0) + float(contributions[place])
    left = math.fsum(float(some.sum()) for _, some in parts) - math.fsum(brought_by.values())
    told = [(*name, value) for name, value in brought_by.items()]
    return as_reasons([*told, ("", OTHERS, max(0.0, left))])


def _peer(name: str, met: Sequence[tuple[str, float]], why: tuple[Reason, ...]) -> Peer:
    """An entity, by the documents met and what each was worth."""
    worths: dict[str, float] = {}
    for id_, worth in met:
        worths[id_] = worths.get(id_, 0.0) + worth
    total = math.fsum(worths.values())
    ranked = sorted([(-worth, id_) for id_, worth in worths.items()])[:MAX_EVIDENCE]
    return Peer(name, min(1.0, total), tuple([Evidence(id_, -worth / total) for worth, id_ in ranked]), why)
