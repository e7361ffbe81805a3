"""Accounts: signing in by password or by a one-time link, sessions that can be listed and revoked, API tokens.

Tokens have 256 bits and are kept as their SHA-256; passwords as argon2id hashes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from savoirs import organisations
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.models import Account, ApiToken, Role, SignInLink, SignInSession
from savoirs.models.base import utc_now
from savoirs.moments import aware

SESSION_IDLE = dt.timedelta(days=14)
SESSION_LIFE = dt.timedelta(days=30)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
"""Longer ones are refused unread, so that hashing costs no more than it should."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}", re.ASCII)
_HANDLE_LENGTH = 16


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
    *,
    password: str | None = None,
    name: str = "",
) -> Account:
    """Create an account; without a password it signs in by link.

    Raises:
        SavoirsError: ``bad_login``, ``login_taken``, ``member_needs_organisation`` or ``bad_password``
            (``minimum``, ``maximum``).
        NotFoundError: ``unknown_organisation``.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise SavoirsError("bad_login", login=login)
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise SavoirsError("login_taken", login=login)
    if role is Role.MEMBER and organisation_id is None:
        raise SavoirsError("member_needs_organisation", login=login)
    if organisation_id is not None:
        organisations.get(session, organisation_id)
    account = Account(
        id=secrets.token_hex(16),
        login=login,
        name=name or login,
        role=role,
        organisation_id=organisation_id,
        password_hash=_hashed(password) if password is not None else None,
    )
    session.add(account)
    session.flush()
    return account


def get(session: Session, login: str) -> Account:
    """The account of a login, open or closed.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    account = session.scalar(select(Account).where(Account.login == login.strip().lower()))
    if account is None:
        raise NotFoundError("unknown_login", login=login)
    return account


def listing(session: Session) -> tuple[Account, ...]:
    """All accounts, by login, with their organisations. One query."""
    return tuple(session.scalars(select(Account).options(joinedload(Account.organisation)).order_by(Account.login)))


def set_password(session: Session, login: str, password: str) -> None:
    """Change a password and close all sessions and links of the account.

    Raises:
        NotFoundError: ``unknown_login``.
        SavoirsError: ``bad_password`` (``minimum``, ``maximum``).
    """
    account = get(session, login)
    account.password_hash = _hashed(password)
    _close_all(session, account)


def disable(session: Session, login: str) -> None:
    """Close an account: its sessions, links and tokens open nothing any more.

    Raises:
        NotFoundError: ``unknown_login``.
    """
    account = get(session, login)
    account.disabled_at = utc_now()
    _close_all(session, account)
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=utc_now())
    )


def sign_in(session: Session, login: str, password: str, *, life: dt.timedelta = SESSION_LIFE) -> tuple[Account, str]:
    """Open a session by password; returns the account and the token for the cookie.

    Takes as long for an unknown login as for a wrong password.

    Raises:
        SavoirsError: ``bad_credentials``.
    """
    account = session.scalar(_open_accounts().where(Account.login == login.strip().lower()))
    known = account.password_hash if account else None
    right = _verified(known or _nobody(), password[:LONGEST_PASSWORD])
    if account is None or known is None or not right:
        raise SavoirsError("bad_credentials")
    if _hasher().check_needs_rehash(known):
        account.password_hash = _hasher().hash(password)
    return account, open_session(session, account, life=life)


def open_session(session: Session, account: Account, *, life: dt.timedelta = SESSION_LIFE) -> str:
    """Open a session; returns the token for the cookie."""
    token = _new_token()
    now = utc_now()
    account.seen_on = now.date().isoformat()
    session.add(
        SignInSession(
            token_hash=_hash(token), account_id=account.id, created_at=now, seen_at=now, expires_at=now + life
        )
    )
    session.flush()
    return token


def session_for(session: Session, token: str, *, idle: dt.timedelta = SESSION_IDLE) -> SignInSession | None:
    """The open session of a token, with its account and organisation loaded; None when there is none. One query."""
    now = utc_now()
    return session.scalar(
        select(SignInSession)
        .join(SignInSession.account)
        .where(
            SignInSession.token_hash == _hash(token),
            SignInSession.expires_at > now,
            SignInSession.seen_at > now - idle,
            Account.disabled_at.is_(None),
        )
        .options(joinedload(SignInSession.account).joinedload(Account.organisation))
    )


def account_for(session: Session, token: str, *, idle: dt.timedelta = SESSION_IDLE) -> Account | None:
    """The account signed in by a token, with its organisation loaded; None when there is none. One query."""
    opened = session_for(session, token, idle=idle)
    return opened.account if opened else None


def touch(session: Session, token: str) -> None:
    """Say that a session is in use. One statement; once an hour is enough."""
    session.execute(update(SignInSession).where(SignInSession.token_hash == _hash(token)).values(seen_at=utc_now()))


def is_new_day(account: Account) -> bool:
    """Whether a visit now is the account's first today, or one that it was warned to make. No query."""
    return account.seen_on != utc_now().date().isoformat() or account.warned_at is not None


def visit(session: Session, account_id: str) -> None:
    """Say that an account was used today: it is not to be removed as one that nobody uses. One statement."""
    today = utc_now().date().isoformat()
    session.execute(update(Account).where(Account.id == account_id).values(seen_on=today, warned_at=None))


def sign_out(session: Session, token: str) -> None:
    """Close the session of a token, if it is open."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def make_link(session: Session, login: str, minutes: int = 30) -> str:
    """The token of a link that signs in once, within some minutes.

    Raises:
        NotFoundError: ``unknown_login``, also for a closed account.
    """
    account = _open(session, login)
    token = _new_token()
    expires_at = utc_now() + dt.timedelta(minutes=minutes)
    session.add(SignInLink(token_hash=_hash(token), account_id=account.id, expires_at=expires_at))
    session.flush()
    return token


def peek_link(session: Session, token: str) -> Account | None:
    """The account a link would sign in, without using it; None when it is used, expired or unknown."""
    return session.scalar(
        _open_accounts()
        .join(SignInLink, SignInLink.account_id == Account.id)
        .where(SignInLink.token_hash == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > utc_now())
    )


def use_link(session: Session, token: str, *, life: dt.timedelta = SESSION_LIFE) -> tuple[Account, str]:
    """Use a link, once: opens a session, returns the account and the token for the cookie.

    Raises:
        SavoirsError: ``bad_link``: used, expired or unknown.
    """
    now = utc_now()
    account_id = session.scalar(  # one statement: of two readers of a link, one gets in
        update(SignInLink)
        .where(SignInLink.token_hash == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.account_id)
    )
    account = session.scalar(_open_accounts().where(Account.id == account_id)) if account_id else None
    if account is None:
        raise SavoirsError("bad_link")
    return account, open_session(session, account, life=life)


def make_token(session: Session, login: str, label: str = "") -> str:
    """A new API token, to be shown once.

    Raises:
        NotFoundError: ``unknown_login``, also for a closed account.
    """
    account = _open(session, login)
    token = _new_token()
    session.add(ApiToken(token_hash=_hash(token), account_id=account.id, label=label[:120]))
    session.flush()
    return token


def account_for_bearer(session: Session, token: str) -> Account | None:
    """The account of an API token, with its organisation loaded; None when it is revoked or unknown. One query."""
    return session.scalar(
        _open_accounts()
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(ApiToken.token_hash == _hash(token), ApiToken.revoked_at.is_(None))
    )


def list_sessions(session: Session, account: Account, current: str = "") -> tuple[SessionView, ...]:
    """Open sessions of an account, the latest seen first; ``current`` is the token of the one that asks."""
    rows = session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.expires_at > utc_now())
        .order_by(SignInSession.seen_at.desc(), SignInSession.token_hash)
    )
    mine = _hash(current)
    return tuple(
        SessionView(
            handle=row.token_hash[:_HANDLE_LENGTH],
            created=aware(row.created_at),
            seen=aware(row.seen_at),
            expires=aware(row.expires_at),
            current=row.token_hash == mine,
        )
        for row in rows
    )


def list_tokens(session: Session, account: Account) -> tuple[TokenView, ...]:
    """API tokens of an account that are not revoked, the latest first."""
    rows = session.scalars(
        select(ApiToken)
        .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.created_at.desc(), ApiToken.token_hash)
    )
    return tuple(TokenView(row.token_hash[:_HANDLE_LENGTH], row.label, aware(row.created_at)) for row in rows)


def revoke(session: Session, account: Account, handle: str) -> None:
    """Close a session, or revoke an API token, of an account by its handle.

    Raises:
        NotFoundError: ``unknown_handle``.
    """
    if len(handle) == _HANDLE_LENGTH:
        closed = session.execute(
            delete(SignInSession)
            .where(SignInSession.account_id == account.id, SignInSession.token_hash.startswith(handle, autoescape=True))
            .returning(SignInSession.token_hash)
        ).all()
        revoked = session.execute(
            update(ApiToken)
            .where(
                ApiToken.account_id == account.id,
                ApiToken.token_hash.startswith(handle, autoescape=True),
                ApiToken.revoked_at.is_(None),
            )
            .values(revoked_at=utc_now())
            .returning(ApiToken.token_hash)
        ).all()
        if closed or revoked:
            return
    raise NotFoundError("unknown_handle", handle=handle)


def purge(session: Session, *, idle: dt.timedelta = SESSION_IDLE) -> int:
    """Delete sessions and links that are over; returns how many."""
    now = utc_now()
    over = or_(SignInSession.expires_at <= now, SignInSession.seen_at <= now - idle)
    used = or_(SignInLink.expires_at <= now, SignInLink.used_at.is_not(None))
    sessions = session.execute(delete(SignInSession).where(over).returning(SignInSession.token_hash)).all()
    links = session.execute(delete(SignInLink).where(used).returning(SignInLink.token_hash)).all()
    return len(sessions) + len(links)


def _open_accounts() -> Select[Account]:
    return select(Account).where(Account.disabled_at.is_(None)).options(joinedload(Account.organisation))


def _open(session: Session, login: str) -> Account:
    account = get(session, login)
    if account.disabled_at is not None:
        raise NotFoundError("unknown_login", login=login)
    return account


def _close_all(session: Session, account: Account) -> None:
    session.execute(delete(SignInSession).where(SignInSession.account_id == account.id))
    session.execute(delete(SignInLink).where(SignInLink.account_id == account.id))


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    """SHA-256 is enough for a random token of 256 bits: there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """What the password of an unknown login is compared with."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SavoirsError("bad_password", minimum=SHORTEST_PASSWORD, maximum=LONGEST_PASSWORD)
    return _hasher().hash(password)


def _verified(known: str, password: str) -> bool:
    try:
        return _hasher().verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
