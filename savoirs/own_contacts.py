"""Where letters to an account go: a contact of its own, of no organisation, that nobody else reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.models import Account, Contact


def own_contact(session: Session, account: Account | None) -> Contact | None:
    """The contact of an account; None when it has given no address, not confirmed it, or it was refused. One query."""
    return own_contacts(session, [account.id]).get(account.id) if account else None


def own_contacts(session: Session, account_ids: Iterable[str]) -> dict[str, Contact]:
    """Those of several accounts, by account. One query."""
    found = session.scalars(
        select(Contact)
        .where(
            Contact.account_id.in_(sorted(set(account_ids))),
            Contact.organisation_id.is_(None),
            Contact.email.is_not(None),
            Contact.address_confirmed_at.is_not(None),
            Contact.bounced_at.is_(None),
        )
        .order_by(Contact.id)
    )
    contacts: dict[str, Contact] = {}
    for contact in found:
        contacts.setdefault(contact.account_id or "", contact)
    return contacts
