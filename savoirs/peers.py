"""Finding peers: who solved what blocks somebody, who lives the same, with the sentences and words that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.engine import Feed, PeersRequest, Reason, SearchEngine, Understanding
from savoirs import organisations
from savoirs.cards import OrganisationCard, kept
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.filters import checked_filters
from savoirs.models import Note, NoteStatus
from savoirs.moments import today_or
from savoirs.peer_cards import Difference, EvidenceView, PeerCard, peer_card, read_facts

__all__ = ["MOST", "Difference", "EvidenceView", "OrganisationCard", "PeerCard", "PeerResults", "Reason", "find"]

MOST = 20
"""Most cards of a list."""

GROUPS = ("solved", "same")


@dataclass(frozen=True, slots=True)
class PeerResults:
    """The two lists, kept apart: who solved it (or failed usefully), and who lives the same."""

    solved: tuple[PeerCard, ...]
    same: tuple[PeerCard, ...]
    understanding: Understanding


def find(
    session: Session,
    engine: SearchEngine,
    feed: Feed,
    *,
    need: str = "",
    note_id: str | None = None,
    organisation_id: str | None = None,
    viewer_organisation_id: str | None = None,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    limit: int = 5,
    today: dt.date | None = None,
) -> PeerResults:
    """Peers for a need in words, else for a note, else for an organisation.

    Args:
        session: To read cards with.
        engine: The search engine.
        feed: What the engine follows.
        need: In words; anything at all.
        note_id: A note to start from, when there is no need in words.
        organisation_id: An organisation to start from, when there is neither.
        viewer_organisation_id: From which organisation one looks: never proposed, and cards say how they differ.
        filters: As in a search.
        limit: Cards per list, 1 to ``MOST``.
        today: The day from which notes grow old.

    Raises:
        SavoirsError: ``bad_filter`` or ``bad_limit``.
        NotFoundError: ``unknown_note`` or ``unknown_organisation``.
    """
    if not 1 <= limit <= MOST:
        raise SavoirsError("bad_limit", field="limit", most=MOST)
    day = today_or(today)
    viewer = _kept(session, viewer_organisation_id) if viewer_organisation_id else None
    request = PeersRequest(
        need=need,
        document=None if need.strip() else note_id,
        entity=None if need.strip() or note_id or not organisation_id else _kept(session, organisation_id),
        exclude=frozenset([viewer] if viewer else []),
        filters=checked_filters(filters or {}),
        limit=limit,
        today=day.toordinal(),
        groups=GROUPS,
    )
    if request.document is not None:
        _require_published(session, request.document)
    engine.catch_up(feed)
    lists = engine.peers(request)
    peers = {group: lists.groups.get(group, ()) for group in GROUPS}
    facts = read_facts(session, [peer for group in GROUPS for peer in peers[group]], viewer, day)
    solved, same = (
        tuple(card for peer in peers[group] if (card := peer_card(engine, facts, peer, need, viewer)))
        for group in GROUPS
    )
    return PeerResults(solved, same, lists.understanding)


def _kept(session: Session, organisation_id: str) -> str:
    return kept(organisations.get(session, organisation_id)).id


def _require_published(session: Session, note_id: str) -> None:
    published = select(Note.id).where(Note.id == note_id, Note.status == NoteStatus.PUBLISHED)
    if session.scalar(published) is None:
        raise NotFoundError("unknown_note", id=note_id)
