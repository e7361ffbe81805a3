"""What stands near a note: notes that resemble it, organisations that lived something like it. One query for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from indexer.engine import Feed, Hit, PeersRequest, Reason, SearchEngine, Understanding
from savoirs.cards import Named
from savoirs.fallback import answered
from savoirs.models import NoteKind, Stance
from savoirs.peer_facts import Facts, read_facts
from savoirs.peers import GROUPS, PeerResults, Wanted, ids_of, results_of
from savoirs.slugs import slugify

SPARE = 5
"""Documents asked beyond the limit, for those that are not notes, or no longer published."""


@dataclass(frozen=True, slots=True)
class NearNote:
    """A published note that resembles another, the words that they share, and others that are nearly the same text."""

    id: str
    kind: NoteKind
    title: str
    slug: str
    stances: tuple[Stance, ...]
    reasons: tuple[Reason, ...]
    copies: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearby:
    """What stands near a note, the nearest first."""

    notes: tuple[NearNote, ...]
    peers: PeerResults


def nearby(
    session: Session, engine: SearchEngine, feed: Feed, note_id: str, *, notes: int, peers: int, today: dt.date
) -> Nearby:
    """What stands near a published note; nothing when the engine cannot say. One query beside the journal's.

    Args:
        session: The session.
        engine: The search engine.
        feed: What it follows.
        note_id: The note.
        notes: How many notes, at most.
        peers: How many peers each list may have.
        today: The day from which notes grow old.
    """

    def ask() -> Nearby:
        hits = engine.related(note_id, notes + SPARE)
        lists = engine.peers(PeersRequest(document=note_id, limit=peers, today=today.toordinal(), groups=GROUPS))
        organisations, evidence = ids_of(lists)
        related = {id_ for hit in hits for id_ in (hit.id, *hit.copies)}
        facts = read_facts(session, organisations, evidence | related, today)
        return Nearby(tuple(_near_notes(hits, facts))[:notes], results_of(engine, lists, facts, Wanted(peers)))

    return answered(engine, feed, ask, lambda: _NOTHING)


_NOTHING = Nearby((), PeerResults((), (), Understanding(""), degraded=True))


def _near_notes(hits: tuple[Hit, ...], facts: Facts) -> Iterator[NearNote]:
    for hit in hits:
        if (row := facts.note(hit.id)) is not None:
            stances = facts.stances(row.id)
            copies = [copy for id_ in hit.copies if (copy := facts.note(id_)) is not None]
            named = tuple(Named(copy.id, copy.name, slugify(copy.name)) for copy in copies)
            yield NearNote(row.id, NoteKind(row.kind), row.name, slugify(row.name), stances, hit.reasons, named)
