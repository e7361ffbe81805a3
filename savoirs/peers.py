"""Finding peers: who solved what blocks somebody, who lives the same, with the sentences and words that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from indexer.engine import Feed, PeerLists, PeersRequest, Reason, SearchEngine, Understanding
from savoirs.cards import OrganisationCard
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.fallback import answered
from savoirs.filters import checked_filters
from savoirs.moments import today_or
from savoirs.peer_cards import Difference, EvidenceView, PeerCard, peer_card
from savoirs.peer_facts import Facts, read_facts

__all__ = [
    "MOST",
    "Difference",
    "EvidenceView",
    "OrganisationCard",
    "PeerCard",
    "PeerResults",
    "Reason",
    "find",
    "ids_of",
    "results_of",
]

MOST = 20
"""Most cards of a list."""

GROUPS = ("solved", "same")


@dataclass(frozen=True, slots=True)
class PeerResults:
    """The two lists, kept apart: who solved it (or failed usefully), and who lives the same.

    ``degraded``: both are empty because the engine could not answer.
    """

    solved: tuple[PeerCard, ...]
    same: tuple[PeerCard, ...]
    understanding: Understanding
    degraded: bool = False


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
    """Peers for a need in words, else for a note, else for an organisation. One query beside the journal's.

    Without the engine the lists are empty, and what is unknown is refused as ever.

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
    asked = PeersRequest(
        need=need,
        document=None if need.strip() else note_id,
        entity=None if need.strip() or note_id else organisation_id or None,
        exclude=frozenset([viewer_organisation_id] if viewer_organisation_id else []),
        filters=checked_filters(filters or {}),
        limit=limit,
        today=today_or(today).toordinal(),
        groups=GROUPS,
    )
    return answered(engine, feed, lambda: _found(session, engine, asked), lambda: _nobody(session, asked))


def _found(session: Session, engine: SearchEngine, asked: PeersRequest) -> PeerResults:
    """Whom the engine proposes."""
    lists, facts = _answered(session, engine.peers(asked), asked)
    kept = replace(
        asked,
        entity=_kept(facts, asked.entity) if asked.entity else None,
        exclude=frozenset(_kept(facts, one) for one in asked.exclude),
    )
    if kept != asked:  # the engine knows organisations by the one kept; merged ones are few
        lists, facts = _answered(session, engine.peers(kept), kept)
    _check_note(facts, kept)
    return results_of(engine, lists, facts, need=kept.need, viewer=next(iter(kept.exclude), None))


def _nobody(session: Session, asked: PeersRequest) -> PeerResults:
    """The answer without the engine."""
    _, facts = _answered(session, PeerLists({}, Understanding(asked.need)), asked)
    for one in {*asked.exclude, *((asked.entity,) if asked.entity else ())}:
        _kept(facts, one)
    _check_note(facts, asked)
    return PeerResults((), (), Understanding(asked.need), degraded=True)


def results_of(
    engine: SearchEngine, lists: PeerLists, facts: Facts, *, need: str = "", viewer: str | None = None
) -> PeerResults:
    """Cards for the peers that an engine found."""
    solved, same = (
        tuple(card for peer in lists.groups.get(group, ()) if (card := peer_card(engine, facts, peer, need, viewer)))
        for group in GROUPS
    )
    return PeerResults(solved, same, lists.understanding)


def ids_of(lists: PeerLists) -> tuple[set[str], set[str]]:
    """Ids of the organisations that an engine found, and of the notes that speak for them."""
    peers = [peer for group in GROUPS for peer in lists.groups.get(group, ())]
    return {peer.entity for peer in peers}, {evidence.document for peer in peers for evidence in peer.evidence}


def _answered(session: Session, lists: PeerLists, request: PeersRequest) -> tuple[PeerLists, Facts]:
    """The engine's answer, and what SQL says of it and of what was asked. One query."""
    organisations, notes = ids_of(lists)
    organisations |= {*request.exclude, *((request.entity,) if request.entity else ())}
    notes |= {request.document} if request.document else set()
    return lists, read_facts(session, organisations, notes, dt.date.fromordinal(request.today))


def _check_note(facts: Facts, request: PeersRequest) -> None:
    if request.document is not None and facts.note(request.document) is None:
        raise NotFoundError("unknown_note", id=request.document)


def _kept(facts: Facts, organisation_id: str) -> str:
    kept = facts.kept(organisation_id)
    if kept is None:
        raise NotFoundError("unknown_organisation", id=organisation_id)
    return kept
