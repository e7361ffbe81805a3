"""Who a person is here: an account, and the contacts that are theirs because they read what is sent to the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from savoirs.errors import NotFoundError
from savoirs.models import Account, Contact


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom something is held; ``contacts`` are in the order of their ids."""

    account: Account | None
    contacts: tuple[Contact, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the person, each once."""
        return tuple(dict.fromkeys(one.email for one in self.contacts if one.email))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the person, each once."""
        named = (self.account.name if self.account else "", *(one.name or "" for one in self.contacts))
        return tuple(dict.fromkeys(name for name in named if name))


def of_account(session: Session, account_id: str) -> Person:
    """The person of an account: its own contacts, and all that have its address once the address is confirmed.

    An address that somebody merely wrote is no proof that it is theirs.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError("unknown_login")
    own = session.scalars(select(Contact).where(Contact.account_id == account_id)).all()
    proven = {one.email for one in own if one.email and one.address_confirmed_at is not None}
    return Person(account, _once((*own, *_with(session, proven))))


def of_address(session: Session, address: str) -> Person | None:
    """The person who reads an address, None when it is held nowhere.

    Their account is theirs to read here only if they confirmed the address for it.
    """
    contacts = _with(session, {address})
    if not contacts:
        return None
    owners = sorted({one.account_id for one in contacts if one.account_id and one.address_confirmed_at is not None})
    account = session.get(Account, owners[0]) if len(owners) == 1 else None
    return Person(account, _once(contacts))


def of_login(session: Session, login: str) -> Person:
    """The person of an account, by its login.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    account_id = session.scalar(select(Account.id).where(Account.login == login.strip().lower()))
    if account_id is None:
        raise NotFoundError("unknown_login", login=login)
    return of_account(session, account_id)


def _with(session: Session, addresses: Iterable[str]) -> tuple[Contact, ...]:
    folded = sorted({address.strip().lower() for address in addresses})
    if not folded:
        return ()
    return tuple(session.scalars(select(Contact).where(func.lower(func.trim(Contact.email)).in_(folded))))


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    return tuple(sorted({one.id: one for one in contacts}.values(), key=lambda one: one.id))
