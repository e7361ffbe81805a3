"""Accounts: signing in by password or by a one-time link, sessions that can be listed and revoked, API tokens.

Tokens have 256 bits and are kept as their SHA-256; passwords as argon2id hashes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.models import Account, Role, SignInSession

SESSION_IDLE = dt.timedelta(days=14)
SESSION_LIFE = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SessionView:
    """An open session. ``handle`` names it without opening it."""

    handle: str
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime
    current: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """An API token that is not revoked. ``handle`` names it without opening anything."""

    handle: str
    label: str
    created: dt.datetime


def create(
    session: Session,
    login: str,
    role: Role = Role.MEMBER,
    organisation_id: str | None = None,
    password: str | None = None,
    name: str = "",
) -> Account:
    """Create an account; without a password it signs in by link.

    Raises:
        SavoirsError: ``bad_login``, ``login_taken``, ``password_too_short`` (``minimum``) or ``member_needs_organisation``.
        NotFoundError: ``unknown_organisation``.
    """
    raise NotImplementedError


def get(session: Session, login: str) -> Account:
    """The account of a login.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    raise NotImplementedError


def listing(session: Session) -> tuple[Account, ...]:
    """All accounts, by login. One query."""
    raise NotImplementedError


def set_password(session: Session, login: str, password: str) -> None:
    """Change a password and close all sessions of the account.

    Raises:
        NotFoundError: ``unknown_login``.
        SavoirsError: ``password_too_short`` (``minimum``).
    """
    raise NotImplementedError


def disable(session: Session, login: str) -> None:
    """Close an account: its sessions, links and tokens open nothing any more.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    raise NotImplementedError


def sign_in(session: Session, login: str, password: str, *, life: dt.timedelta = SESSION_LIFE) -> tuple[Account, str]:
    """Open a session by password; returns the account and the token for the cookie.

    Takes as long for an unknown login as for a wrong password.

    Raises:
        SavoirsError: ``bad_credentials``.
    """
    raise NotImplementedError


def open_session(session: Session, account: Account, *, life: dt.timedelta = SESSION_LIFE) -> str:
    """Open a session; returns the token for the cookie."""
    raise NotImplementedError


def session_for(session: Session, token: str, *, idle: dt.timedelta = SESSION_IDLE) -> SignInSession | None:
    """The open session of a token, with its account and organisation loaded; None when there is none. One query."""
    raise NotImplementedError


def account_for(session: Session, token: str, *, idle: dt.timedelta = SESSION_IDLE) -> Account | None:
    """The account signed in by a token, with its organisation loaded; None when there is none. One query."""
    raise NotImplementedError


def touch(session: Session, token: str) -> None:
    """Say that a session is in use. One statement; once an hour is enough."""
    raise NotImplementedError


def sign_out(session: Session, token: str) -> None:
    """Close the session of a token, if it is open."""
    raise NotImplementedError


def make_link(session: Session, login: str, minutes: int = 30) -> str:
    """The token of a link that signs in once, within some minutes.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    raise NotImplementedError


def peek_link(session: Session, token: str) -> Account | None:
    """The account a link would sign in, without using it; None when it is used, expired or unknown."""
    raise NotImplementedError


def use_link(session: Session, token: str, *, life: dt.timedelta = SESSION_LIFE) -> tuple[Account, str]:
    """Use a link, once: opens a session, returns the account and the token for the cookie.

    Raises:
        SavoirsError: ``bad_link``: used, expired or unknown.
    """
    raise NotImplementedError


def make_token(session: Session, login: str, label: str = "") -> str:
    """A new API token, to be shown once.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    raise NotImplementedError


def account_for_bearer(session: Session, token: str) -> Account | None:
    """The account of an API token, with its organisation loaded; None when it is revoked or unknown. One query."""
    raise NotImplementedError


def list_sessions(session: Session, account: Account, current: str = "") -> tuple[SessionView, ...]:
    """Open sessions of an account, the latest seen first; ``current`` is the token of the one that asks."""
    raise NotImplementedError


def list_tokens(session: Session, account: Account) -> tuple[TokenView, ...]:
    """API tokens of an account that are not revoked, the latest first."""
    raise NotImplementedError


def revoke(session: Session, account: Account, handle: str) -> None:
    """Close a session, or revoke an API token, of an account by its handle.

    Raises:
        NotFoundError: ``unknown_handle``.
    """
    raise NotImplementedError


def purge(session: Session) -> int:
    """Delete sessions and links that are over; returns how many."""
    raise NotImplementedError
