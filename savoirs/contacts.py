"""Whom an organisation lets others reach: its members say who, at which address, and until when they are away."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs import consents
from savoirs.availability import PUBLIC
from savoirs.config import Settings
from savoirs.consents import Given
from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, ForbiddenError, InvalidError, NotFoundError
from savoirs.introductions.drafts import is_address, person_free
from savoirs.models import Account, Contact, ContactMode, record_id
from savoirs.note_rights import is_editor

NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What a member says of their organisation's contact.

    An empty ``name`` or ``email`` leaves what is kept; ``forget`` removes both. ``paused_until`` is an ISO day or None.
    """

    mode: ContactMode = ContactMode.RELAY
    name: str = ""
    email: str = ""
    paused_until: str | None = None
    forget: bool = False


@dataclass(frozen=True, slots=True)
class ContactView:
    """The contact of an organisation, for its members: enough to know whom, and no address.

    Attributes:
        mode: How they may be reached.
        paused_until: An ISO day, or None.
        hint: « C. D., c…@e….org »; empty when neither a name nor an address is kept.
        has_address: Whether an address is kept.
        given: The consent that holds, or None.
        refused: Whether its owner said no.
        bounced: Whether the address was refused by its server.
    """

    mode: ContactMode
    paused_until: str | None
    hint: str
    has_address: bool
    given: Given | None
    refused: bool
    bounced: bool


def of_organisation(session: Session, organisation_id: str) -> ContactView | None:
    """The contact that members manage: the first one of the organisation. Two queries."""
    contact = _first(session, organisation_id)
    if contact is None:
        return None
    return ContactView(
        contact.mode,
        contact.paused_until,
        ", ".join(filter(None, (_initials(contact.name or ""), _hint(contact.email or "")))),
        contact.email is not None,
        consents.given(contact),
        refused=contact.refused_at is not None,
        bounced=contact.bounced_at is not None,
    )


def save(
    session: Session, organisation_id: str, draft: ContactDraft, account: Account, settings: Settings, now: dt.datetime
) -> bool:
    """Keep what a member says; an address that is new, or a wider mode, is asked to its owner by letter.

    A new address is a new person: what the one before agreed to ends.

    Returns:
        Whether a letter was posted.

    Raises:
        ForbiddenError: ``not_your_contact``.
        InvalidError: The draft has mistakes.
    """
    require_may_manage(account, organisation_id)
    contact = _first(session, organisation_id)
    name, email = " ".join(clean_text(draft.name).split()), clean_text(draft.email).lower()
    if contact is not None and not draft.forget:
        name, email = name or contact.name or "", email or contact.email or ""
    errors = _mistakes(draft.mode, name, email)
    if errors:
        raise InvalidError(errors)
    contact = contact or _new(session, organisation_id)
    if email != (contact.email or ""):
        consents.withdraw(session, contact, now)
        contact.email = email or None
        contact.address_confirmed_at = contact.bounced_at = contact.refused_at = None
    contact.name = name or None
    contact.mode = draft.mode
    consents.pause(session, contact, draft.paused_until, now)
    if draft.mode is ContactMode.CLOSED:
        consents.withdraw(session, contact, now)
        return False
    held = consents.given(contact)
    enough = held is not None and (draft.mode is ContactMode.RELAY or held.scope == PUBLIC)
    if not contact.email or contact.refused_at is not None or enough:
        return False
    consents.ask(session, contact, settings, now)
    return True


def withdraw(session: Session, organisation_id: str, account: Account, now: dt.datetime) -> None:
    """Take back what an organisation's contact agreed to, in one click of one of its members.

    Raises:
        ForbiddenError: ``not_your_contact``.
        NotFoundError: ``unknown_contact``.
    """
    require_may_manage(account, organisation_id)
    contact = _first(session, organisation_id)
    if contact is None:
        raise NotFoundError("unknown_contact")
    consents.withdraw(session, contact, now)


def ask_again(session: Session, organisation_id: str, account: Account, settings: Settings, now: dt.datetime) -> None:
    """Send the question to the contact's address again; a refusal is not asked about.

    Raises:
        ForbiddenError: ``not_your_contact``.
        NotFoundError: ``unknown_contact``: there is nobody to ask.
    """
    require_may_manage(account, organisation_id)
    contact = _first(session, organisation_id)
    if contact is None or not contact.email or contact.refused_at is not None:
        raise NotFoundError("unknown_contact")
    consents.ask(session, contact, settings, now)


def require_may_manage(account: Account, organisation_id: str) -> None:
    """Refuse whoever is not of the organisation.

    Raises:
        ForbiddenError: ``not_your_contact``.
    """
    if account.organisation_id != organisation_id and not is_editor(account):
        raise ForbiddenError("not_your_contact")


def _mistakes(mode: ContactMode, name: str, email: str) -> tuple[FieldError, ...]:
    errors = list(person_free("name", name))
    if len(name) > NAME_MAX:
        errors.append(FieldError("name", "too_long", {"max": NAME_MAX, "length": len(name)}))
    if email and not is_address(email):
        errors.append(FieldError("email", "bad_email"))
    if mode is not ContactMode.CLOSED:
        errors += [FieldError(field, "missing") for field, text in (("name", name), ("email", email)) if not text]
    return tuple(errors)


def _initials(name: str) -> str:
    return " ".join(f"{word[0].upper()}." for word in name.split()[:3])


def _hint(email: str) -> str:
    """« c…@e….org » for « camille@example.org »."""
    local, _, domain = email.partition("@")
    site, _, end = domain.rpartition(".")
    return f"{local[:1]}…@{site[:1]}….{end}" if email else ""


def _first(session: Session, organisation_id: str) -> Contact | None:
    return session.scalar(
        select(Contact)
        .where(Contact.organisation_id == organisation_id)
        .options(selectinload(Contact.consents), joinedload(Contact.organisation))
        .order_by(Contact.id)
        .limit(1)
    )


def _new(session: Session, organisation_id: str) -> Contact:
    key = f"contact-{secrets.token_hex(8)}"
    contact = Contact(id=record_id("contact", key), key=key, organisation_id=organisation_id, consents=[])
    session.add(contact)
    return contact
