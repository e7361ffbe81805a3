"""Whom a call is told to: those whose notes are nearest to it, who agreed to be reached, and not too often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from indexer.engine import Feed, SearchEngine
from savoirs import outbox, peers
from savoirs.availability import agreed
from savoirs.cards import OrganisationCard
from savoirs.config import Settings
from savoirs.models import Call, CallNotice, Consent, Contact, ContactMode, Organisation
from savoirs.peers import EvidenceView
from savoirs.slugs import slugify

WEEK = dt.timedelta(days=7)

LOOKED_AT = 12
"""Peers of each list among whom the nearest that may be told are looked for."""

NEAR_ENOUGH = 0.4
"""Share of the nearest one's score below which an organisation is not told: it would not know why."""

NO_NOTICES = "call_notices"
"""The scope of a withdrawn consent of a contact who wants no more calls by letter."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that would be told of a call, and the sentence that makes it the one."""

    organisation: OrganisationCard
    evidence: EvidenceView


def nearest(
    session: Session, engine: SearchEngine, feed: Feed, need: str, *, exclude: str | None, today: dt.date
) -> tuple[Recipient, ...]:
    """Organisations that may be reached and whose notes are near a need, the nearest first; none without the engine.

    Args:
        session: The session.
        engine: The search engine.
        feed: What it follows.
        need: The question.
        exclude: The organisation that asks.
        today: The present day.
    """
    if not need.strip():
        return ()
    found = peers.find(session, engine, feed, need=need, viewer_organisation_id=exclude, limit=LOOKED_AT, today=today)
    cards = sorted((*found.solved, *found.same), key=lambda card: (-card.score, card.organisation.id))
    each: dict[str, Recipient] = {}
    scores: dict[str, float] = {}
    for card in cards:
        if card.contactable:
            scores.setdefault(card.organisation.id, card.score)
            each.setdefault(card.organisation.id, Recipient(card.organisation, card.evidence[0]))
    least = NEAR_ENOUGH * cards[0].score if cards else 0.0
    return tuple(each[id_] for id_ in each if scores[id_] >= least)


def need_of(question: str, search: str) -> str:
    """By what the nearest are looked for: the search, while the question still says all its words, else the question.

    The words around a search (« Qui a déjà vécu… ») are near to everybody.
    """
    asked, words = set(slugify(question, 10**4).split("-")), set(slugify(search, 10**4).split("-")) - {""}
    return search if words and words <= asked else question


def foreseen(
    session: Session, found: Sequence[Recipient], settings: Settings, now: dt.datetime
) -> tuple[Recipient, ...]:
    """Those of them who would be told now. One query."""
    weary = told_enough(session, [one.organisation.id for one in found], settings, now)
    return tuple(one for one in found if one.organisation.id not in weary)[: settings.call_recipients]


def told_enough(session: Session, ids: Iterable[str], settings: Settings, now: dt.datetime) -> frozenset[str]:
    """Which of these organisations were told of as many calls as they may be in seven days. One query."""
    wanted = sorted(set(ids))
    if not wanted:
        return frozenset()
    return frozenset(
        session.scalars(
            select(CallNotice.organisation_id)
            .where(CallNotice.organisation_id.in_(wanted), CallNotice.created_at > now - WEEK)
            .group_by(CallNotice.organisation_id)
            .having(func.count() >= settings.call_notices_week)
        )
    )


def tell(session: Session, call: Call, ids: Sequence[str], settings: Settings, now: dt.datetime) -> tuple[str, ...]:
    """Tell the first of these organisations that may be told; returns their ids.

    By letter when a contact there has an address; their members read it in their own page in any case.
    """
    contacts = _contacts(session, ids, now.date())
    weary = told_enough(session, contacts, settings, now)
    told = [id_ for id_ in ids if id_ in contacts and id_ not in weary][: settings.call_recipients]
    for id_ in told:
        session.add(CallNotice(call_id=call.id, organisation_id=id_, created_at=now))
        contact = contacts[id_]
        if contact.email is not None and not stopped(contact):
            params = {"call": call.id, "organisation": id_}
            outbox.post(session, "call.notice", contact, f"call/{call.id}/notice/{id_}", params, now)
    return tuple(told)


def stop_notices(session: Session, contact_id: str, now: dt.datetime) -> None:
    """A contact wants no more calls by letter; a contact that is gone gets none anyway."""
    contact = session.get(Contact, contact_id)
    if contact is not None and not stopped(contact):
        contact.consents.append(
            Consent(scope=NO_NOTICES, wording_version="1", given_by="", granted_at=now, withdrawn_at=now)
        )


def stopped(contact: Contact) -> bool:
    """Whether a contact wants no more calls by letter."""
    return any(one.scope == NO_NOTICES for one in contact.consents)


def _contacts(session: Session, ids: Sequence[str], today: dt.date) -> dict[str, Contact]:
    """For each organisation, somebody there who agreed to be reached; one with an address first."""
    found = session.scalars(
        select(Contact)
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(
            Contact.organisation_id.in_(ids),
            Contact.mode != ContactMode.CLOSED,
            agreed(),
            or_(Contact.paused_until.is_(None), Contact.paused_until < today.isoformat()),
            Contact.bounced_at.is_(None),
        )
        .order_by(Contact.email.is_(None), Contact.id)
    )
    contacts: dict[str, Contact] = {}
    for contact in found:
        contacts.setdefault(contact.organisation_id or "", contact)
    return contacts
