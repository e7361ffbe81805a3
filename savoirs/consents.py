"""What contacts agree to: given, confirmed each year, taken back at once. The only place that writes consents.

A contact agrees from their own address only: whoever types an address, its owner follows a link that was sent to it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from savoirs import links, outbox
from savoirs.availability import DEMONSTRATION, PUBLIC
from savoirs.config import Settings
from savoirs.errors import FieldError, InvalidError, NotFoundError, SavoirsError
from savoirs.introductions.ending import close_for
from savoirs.models import Consent, Contact, ContactMode, Letter, LetterState

WORDING = "2026-2"
"""The version of the sentences that contacts agree to; a new sentence is a new version."""

RELAY = "relay"
SCOPES = (RELAY, PUBLIC)
"""To be written to by the relay; to have one's address shown to everybody as well."""

GRACE = dt.timedelta(days=30)
"""How long a consent holds after it was asked again, without an answer."""

LONGEST_PAUSE = dt.timedelta(days=366)

_MARK_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Given:
    """A consent that holds: its scope, the version of its wording, who gave it and when, and when it was confirmed."""

    scope: str
    version: str
    by: str
    at: dt.datetime
    confirmed_at: dt.datetime | None


def wanted_scope(contact: Contact) -> str:
    """What a contact is asked to agree to, by its mode."""
    return PUBLIC if contact.mode is ContactMode.PUBLIC else RELAY


def given(contact: Contact) -> Given | None:
    """The consent of a contact that holds, the widest; None when there is none."""
    held = sorted(_held(contact), key=lambda one: (one.scope == PUBLIC, one.id))
    if not held:
        return None
    last = held[-1]
    return Given(last.scope, last.wording_version, last.given_by, last.granted_at, last.confirmed_at)


def handle(contact: Contact, secret: str) -> str:
    """What a signed link names a contact by: worth nothing once their address is another one."""
    return f"{contact.id}.{_mark(contact, secret)}"


def contact_of(session: Session, handle: str, secret: str) -> Contact:
    """The contact of a link, with their organisation and consents.

    Raises:
        NotFoundError: ``unknown_contact``, also when the address is no longer the one it was sent to.
    """
    id_, _, mark = handle.partition(".")
    contact = session.get(Contact, id_, options=[joinedload(Contact.organisation)], with_for_update={"of": Contact})
    if contact is None or not contact.email or mark != _mark(contact, secret):
        raise NotFoundError("unknown_contact")
    return contact


def ask(session: Session, contact: Contact, settings: Settings, now: dt.datetime) -> Letter:
    """Ask the owner of a contact's address whether they agree. Once a day at most, for one address and one scope."""
    mark, scope = _mark(contact, settings.secret()), wanted_scope(contact)
    key = f"contact/{contact.id}/ask/{mark}/{scope}/{now.date().isoformat()}"
    return outbox.post(session, "consent.ask", contact, key, {"scope": scope}, now)


def give(session: Session, contact: Contact, scope: str, now: dt.datetime, version: str = WORDING) -> None:
    """Keep that a contact agrees, from their own address. Twice is as once; another scope replaces the one before.

    Raises:
        SavoirsError: ``bad_scope``.
    """
    if scope not in SCOPES:
        raise SavoirsError("bad_scope")
    if scope == PUBLIC and contact.mode is not ContactMode.PUBLIC:
        raise SavoirsError("bad_scope")
    contact.address_confirmed_at = contact.address_confirmed_at or now
    contact.refused_at = None
    contact.mode = ContactMode.PUBLIC if scope == PUBLIC else ContactMode.RELAY
    if any((one.scope, one.wording_version) == (scope, version) for one in _held(contact)):
        return
    for one in _held(contact):
        one.withdrawn_at = now
    contact.consents.append(Consent(scope=scope, wording_version=version, given_by=contact.name or "", granted_at=now))
    session.flush()


def refuse(session: Session, contact: Contact, now: dt.datetime) -> None:
    """Keep that a contact does not agree. Twice is as once."""
    contact.address_confirmed_at = contact.address_confirmed_at or now
    contact.refused_at = contact.refused_at or now
    withdraw(session, contact, now)


def withdraw(session: Session, contact: Contact, now: dt.datetime) -> int:
    """Take back all that a contact agreed to; what they have not answered yet closes. Twice is as once.

    Returns:
        How many requests were closed.
    """
    for one in _held(contact):
        one.withdrawn_at = now
    return close_for(session, contact, "withdrawn", now)


def withdraw_by_id(session: Session, contact_id: str, now: dt.datetime) -> None:
    """Take back all that a contact agreed to, by one click in a letter.

    Raises:
        NotFoundError: ``unknown_contact``.
    """
    contact = session.get(Contact, contact_id, with_for_update=True)
    if contact is None:
        raise NotFoundError("unknown_contact")
    withdraw(session, contact, now)


def confirm(contact: Contact, now: dt.datetime) -> bool:
    """Keep that what a contact agreed to still holds; returns whether there was anything to confirm."""
    held = _held(contact)
    for one in held:
        one.confirmed_at, one.asked_at = now, None
    return bool(held)


def pause(session: Session, contact: Contact, until: str | None, now: dt.datetime) -> int:
    """Keep that a contact is away up to a day, that day included, or is back; what they have not answered closes.

    Args:
        session: A session that writes.
        contact: Who.
        until: An ISO day; None for not at all.
        now: The present moment.

    Returns:
        How many requests were closed.

    Raises:
        InvalidError: ``paused_until`` is past, or in more than a year.
    """
    if until is None:
        contact.paused_until = None
        return 0
    day, today = dt.date.fromisoformat(until), now.date()
    if day < today or day > today + LONGEST_PAUSE:
        raise InvalidError((FieldError("paused_until", "bad_pause"),))
    contact.paused_until = until
    return close_for(session, contact, "paused", now)


def follow_up(session: Session, now: dt.datetime, settings: Settings) -> int:
    """Ask again each year, and let end what nobody confirmed in a month. Done twice, it is as done once.

    Only a question that was really sent counts: a mail server that is down ends nobody's consent. The demonstration's
    are never asked again.

    Returns:
        How many were asked or ended.
    """
    old = now - dt.timedelta(days=settings.consent_days)
    query = (
        select(Consent, Contact)
        .join(Contact, Contact.id == Consent.contact_id)
        .where(
            Consent.withdrawn_at.is_(None),
            Consent.scope.in_(SCOPES),
            Consent.granted_at <= old,
            (Consent.confirmed_at.is_(None)) | (Consent.confirmed_at <= old),
            Contact.email.is_not(None),
            Contact.bounced_at.is_(None),
        )
        .order_by(Consent.id)
    )
    changed = 0
    for consent, contact in session.execute(query).all():
        since = (consent.confirmed_at or consent.granted_at).date().isoformat()
        key = f"contact/{contact.id}/renew/{consent.id}/{since}"
        if consent.asked_at is None:
            consent.asked_at = now
            outbox.post(session, "consent.renew", contact, key, {"consent": consent.id}, now)
            changed += 1
        elif consent.asked_at <= now - GRACE and _left(session, key, now - GRACE):
            withdraw(session, contact, now)
            changed += 1
    return changed


def _left(session: Session, key: str, before: dt.datetime) -> bool:
    query = select(Letter.id).where(Letter.key == key, Letter.state == LetterState.SENT, Letter.sent_at <= before)
    return session.scalar(query) is not None


def _held(contact: Contact) -> list[Consent]:
    scopes = (*SCOPES, DEMONSTRATION)
    return [one for one in contact.consents if one.withdrawn_at is None and one.scope in scopes]


def _mark(contact: Contact, secret: str) -> str:
    return links.mark(secret, contact.email or "")[:_MARK_LENGTH]
