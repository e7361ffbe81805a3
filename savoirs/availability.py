"""Who may be reached: the one place that reads consents. No address passes here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from savoirs.models import Consent, Contact, ContactMode, Organisation
from savoirs.pieces import Chosen, piece

DEMONSTRATION = "demonstration"
"""The scope of the consents that fictional organisations are loaded with."""

PUBLIC = "public"
"""The scope of a consent to have one's address shown to everybody."""


class State(StrEnum):
    """Whether an organisation may be reached, and if not, why.

    ``RELAY`` is the only one that can. ``PENDING``: a contact is known, who has not agreed. ``CLOSED``: does not wish
    to be reached. ``PAUSED``: not before a day. ``NONE``: no contact is known, or its address was refused.
    """

    RELAY = "relay"
    PENDING = "pending"
    CLOSED = "closed"
    PAUSED = "paused"
    NONE = "none"


_EASE = (State.RELAY, State.PAUSED, State.PENDING, State.CLOSED, State.NONE)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an organisation may be reached; ``paused_until`` is an ISO day, only when paused."""

    state: State
    paused_until: str | None = None

    @property
    def contactable(self) -> bool:
        """Whether a request can be sent to it."""
        return self.state is State.RELAY


def availabilities(session: Session, organisation_ids: Iterable[str], today: dt.date) -> Mapping[str, Availability]:
    """The availability of each of these organisations. One query."""
    ids = sorted(set(organisation_ids))
    rows: Sequence[Any] = session.execute(contacts_piece(lambda column: column.in_(ids))).all()
    return {id_: availability_of([row for row in rows if row.owner == id_], today) for id_ in ids}


def contacts_piece(chosen: Chosen) -> Select[Any]:
    """The contacts of organisations, without name or address, as ``availability_of`` reads them."""
    return (
        piece(
            "contact",
            Contact.organisation_id,
            id=Contact.id,
            kind=Contact.mode,
            date=Contact.paused_until,
            agreed=agreed(),
        )
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(chosen(Contact.organisation_id), Contact.bounced_at.is_(None))
    )


def agreed() -> ColumnElement[bool]:
    """Whether a contact has agreed and not changed their mind, in a query on contacts joined to their organisations."""
    return (
        select(Consent.contact_id)
        .where(
            Consent.contact_id == Contact.id,
            Consent.withdrawn_at.is_(None),
            or_(Organisation.fictional.is_(True), Consent.scope != DEMONSTRATION),
        )
        .exists()
    )


def has_agreed(session: Session, contact: Contact) -> bool:
    """Whether a contact of an organisation has agreed and not changed their mind. One query."""
    query = (
        select(Contact.id)
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.id == contact.id, Contact.mode != ContactMode.CLOSED, agreed())
    )
    return session.scalar(query) is not None


def public_address(session: Session, organisation_id: str, today: dt.date) -> str | None:
    """The address that an organisation shows to everybody; None unless its contact agreed to exactly that. One query.

    For the organisation's own page: never for an index, a list or an export.
    """
    query = (
        select(Contact.email)
        .join(Consent, Consent.contact_id == Contact.id)
        .where(
            Contact.organisation_id == organisation_id,
            Contact.mode == ContactMode.PUBLIC,
            Contact.email.is_not(None),
            Contact.bounced_at.is_(None),
            or_(Contact.paused_until.is_(None), Contact.paused_until < today.isoformat()),
            Consent.scope == PUBLIC,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Contact.id)
        .limit(1)
    )
    return session.scalar(query)


def availability_of(contacts: Iterable[Any], today: dt.date) -> Availability:
    """Whether an organisation may be reached, from the rows of its contacts.

    A request can be sent when a contact is reached openly or by relay, has agreed and not changed their mind, and is
    not away. What was agreed « for the demonstration » counts for fictional organisations only. With several contacts,
    the easiest to reach decides.
    """
    each = [
        _availability(ContactMode(row.kind), row.date, row.agreed, today)
        for row in sorted(contacts, key=lambda row: row.id)
    ]
    return min(each, key=lambda one: _EASE.index(one.state), default=Availability(State.NONE))


def _availability(mode: ContactMode, paused_until: str | None, consent: bool, today: dt.date) -> Availability:
    if mode is ContactMode.CLOSED:
        return Availability(State.CLOSED)
    if not consent:
        return Availability(State.PENDING)
    if paused_until and paused_until >= today.isoformat():
        return Availability(State.PAUSED, paused_until)
    return Availability(State.RELAY)
