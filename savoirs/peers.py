"""Finding peers: who solved what blocks somebody, who lives the same, with the sentences and words that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.engine import Feed, PeerLists, PeersRequest, Reason, SearchEngine, Understanding
from savoirs.cards import OrganisationCard
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.fallback import answered
from savoirs.filters import checked_filters
from savoirs.models import Organisation, OrganisationAudience
from savoirs.moments import today_or
from savoirs.peer_cards import Difference, EvidenceView, PeerCard, can_be_shown, peer_card
from savoirs.peer_choice import LOOKED_AT, choose
from savoirs.peer_facts import Facts, read_facts

__all__ = [
    "MOST",
    "Difference",
    "EvidenceView",
    "OrganisationCard",
    "PeerCard",
    "PeerResults",
    "Reason",
    "Wanted",
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
    audiences: Collection[str] = (),
    limit: int = 5,
    most_requests: int | None = None,
    today: dt.date | None = None,
) -> PeerResults:
    """Peers for a need in words, else for a note, else for an organisation.

    One query beside the journal's, and one more to keep to some publics. More are looked at than are shown: see
    ``savoirs.peer_choice``.

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
        audiences: Values of ``AUDIENCES``: only organisations that work with one of them.
        limit: Cards per list, 1 to ``MOST``.
        most_requests: Requests an organisation receives in a week, at most; one that has received as many is shown,
            and cannot be asked for now.
        today: The day from which notes grow old.

    Raises:
        SavoirsError: ``bad_filter`` or ``bad_limit``.
        NotFoundError: ``unknown_note`` or ``unknown_organisation``.
    """
    if not 1 <= limit <= MOST:
        raise SavoirsError("bad_limit", field="limit", most=MOST)
    checked = checked_filters(filters or {})
    asked = PeersRequest(
        need=need,
        document=None if need.strip() else note_id,
        entity=None if need.strip() or note_id else organisation_id or None,
        exclude=frozenset(_without(session, audiences)),
        filters=checked,
        limit=limit * LOOKED_AT,
        today=today_or(today).toordinal(),
        groups=GROUPS,
    )
    wanted = Wanted(limit, viewer_organisation_id, "territory" not in checked, most_requests)
    return answered(
        engine, feed, lambda: _found(session, engine, asked, wanted), lambda: _nobody(session, asked, wanted)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown of the peers found.

    Attributes:
        limit: Cards per list.
        viewer: From which organisation one looks.
        spread: Whether not all should be from one region.
        most_requests: Requests an organisation receives in a week, at most.
    """

    limit: int
    viewer: str | None = None
    spread: bool = True
    most_requests: int | None = None


def _found(session: Session, engine: SearchEngine, asked: PeersRequest, wanted: Wanted) -> PeerResults:
    """Whom the engine proposes. It knows organisations by the one kept of several; merged ones are few."""
    first = _excluding(asked, wanted.viewer)
    lists, facts = _answered(session, engine.peers(first), first, wanted.viewer)
    viewer = _kept(facts, wanted.viewer) if wanted.viewer else None
    entity = _kept(facts, asked.entity) if asked.entity else None
    kept = _excluding(replace(asked, entity=entity), viewer)
    if kept != first:
        lists, facts = _answered(session, engine.peers(kept), kept, viewer)
    _check_note(facts, kept)
    return results_of(engine, lists, facts, replace(wanted, viewer=viewer), need=kept.need)


def _excluding(asked: PeersRequest, organisation_id: str | None) -> PeersRequest:
    return replace(asked, exclude=asked.exclude | {organisation_id}) if organisation_id else asked


def _nobody(session: Session, asked: PeersRequest, wanted: Wanted) -> PeerResults:
    """The answer without the engine."""
    known = [one for one in (wanted.viewer, asked.entity) if one]
    _, facts = _answered(session, PeerLists({}, Understanding(asked.need)), asked, wanted.viewer)
    for one in known:
        _kept(facts, one)
    _check_note(facts, asked)
    return PeerResults((), (), Understanding(asked.need), degraded=True)


def results_of(engine: SearchEngine, lists: PeerLists, facts: Facts, wanted: Wanted, *, need: str = "") -> PeerResults:
    """Cards for some of the peers that an engine found."""
    solved, same = (
        tuple(
            peer_card(engine, facts, peer, need, wanted.viewer, wanted.most_requests)
            for peer in choose(
                [peer for peer in lists.groups.get(group, ()) if can_be_shown(facts, peer)],
                facts,
                wanted.limit,
                spread=wanted.spread,
            )
        )
        for group in GROUPS
    )
    return PeerResults(solved, same, lists.understanding)


def ids_of(lists: PeerLists) -> tuple[set[str], set[str]]:
    """Ids of the organisations that an engine found, and of the notes that speak for them."""
    peers = [peer for group in GROUPS for peer in lists.groups.get(group, ())]
    return {peer.entity for peer in peers}, {evidence.document for peer in peers for evidence in peer.evidence}


def _answered(session: Session, lists: PeerLists, request: PeersRequest, viewer: str | None) -> tuple[PeerLists, Facts]:
    """The engine's answer, and what SQL says of it and of what was asked. One query."""
    organisations, notes = ids_of(lists)
    organisations |= {one for one in (viewer, request.entity) if one}
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


def _without(session: Session, audiences: Collection[str]) -> list[str]:
    """Organisations that work with none of these publics; nobody when none is given. One query at most."""
    if not audiences:
        return []
    with_them = select(OrganisationAudience.organisation_id).where(OrganisationAudience.audience.in_(audiences))
    return list(session.scalars(select(Organisation.id).where(Organisation.id.not_in(with_them))))
