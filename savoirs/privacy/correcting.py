"""Correcting what is held of oneself: a name at once, an address once a letter sent to it was answered."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.errors import FieldError, InvalidError, NotFoundError
from savoirs.models import Contact, ContactMode, record_id
from savoirs.outbox import post
from savoirs.plaintext import holds_email, holds_telephone
from savoirs.privacy.persons import Person, of_address

LONGEST_NAME = 120

_KEY = "adresse"
"""Begins the key of a contact that waits for its address to be confirmed."""


def rename(session: Session, person: Person, name: str) -> None:
    """Give a person another name, wherever theirs is held.

    Raises:
        InvalidError: On ``name``: ``missing``, ``too_long``, ``holds_email`` or ``holds_telephone``.
    """
    code = next((code for code, wrong in _mistakes(name) if wrong), None)
    if code is not None:
        raise InvalidError((FieldError("name", code, {"max": LONGEST_NAME, "length": len(name)}),))
    if person.account is not None:
        person.account.name = name
    for contact in person.contacts:
        contact.name = name
    session.flush()


def ask_address(session: Session, person: Person, address: str, now: dt.datetime) -> Contact | None:
    """Send a letter to a new address; it becomes the person's when its link is followed.

    Returns:
        The contact that waits; None when the address is the person's already.
    """
    if address.casefold() in {one.casefold() for one in _confirmed(person)}:
        return None
    target = person.account.id if person.account else person.contacts[0].id
    for waiting in session.scalars(select(Contact).where(Contact.key.startswith(f"{_KEY}-{target}-"))).all():
        session.delete(waiting)  # the last one asked for counts
    session.flush()
    key = f"{_KEY}-{target}-{secrets.token_hex(6)}"
    waiting = Contact(id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, email=address)
    session.add(waiting)
    session.flush()
    post(session, "privacy.address", waiting, f"privacy/address/{waiting.id}", {}, now)
    return waiting


def find_waiting(session: Session, contact_id: str) -> Contact:
    """The contact that waits for its address to be confirmed.

    Raises:
        NotFoundError: ``address_done``: it was confirmed already, or another was asked for since.
    """
    waiting = session.get(Contact, contact_id)
    if waiting is None or not waiting.key.startswith(f"{_KEY}-"):
        raise NotFoundError("address_done")
    return waiting


def confirm_address(session: Session, contact_id: str, now: dt.datetime) -> None:
    """Make an address the person's, in place of the one before.

    Raises:
        NotFoundError: ``address_done``.
    """
    waiting = find_waiting(session, contact_id)
    address, target = waiting.email, waiting.key.split("-")[1]
    contacts = _of_target(session, target)
    if not contacts:
        waiting.key = f"compte-{target}"
        waiting.account_id = target
        contacts = [waiting]
    else:
        session.delete(waiting)
    for contact in contacts:
        contact.email = address
        contact.address_confirmed_at = now
        contact.bounced_at = None
    session.flush()


def _of_target(session: Session, target: str) -> list[Contact]:
    """The contacts whose address changes: those of the person whose address it was, or the account's own."""
    before = session.get(Contact, target)
    if before is not None:
        person = of_address(session, before.email) if before.email else None
        return list(person.contacts) if person else [before]
    own = select(Contact).where(Contact.account_id == target, Contact.organisation_id.is_(None)).order_by(Contact.id)
    return list(session.scalars(own))


def _confirmed(person: Person) -> tuple[str, ...]:
    if person.account is None:
        return person.addresses
    return tuple(one.email for one in person.contacts if one.email and one.address_confirmed_at is not None)


def _mistakes(name: str) -> tuple[tuple[str, bool], ...]:
    return (
        ("missing", not name),
        ("too_long", len(name) > LONGEST_NAME),
        ("holds_email", holds_email(name)),
        ("holds_telephone", holds_telephone(name)),
    )
