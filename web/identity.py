"""Who asks: the session cookie, the account it stands for, and the doors that ask for one."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from flask import Flask, flash, g, request
from flask import session as form_session
from werkzeug.wrappers import Response

from savoirs import accounts
from savoirs.database import reading, transaction
from savoirs.errors import ForbiddenError, SavoirsError
from savoirs.models import Account, Role
from web.wiring import current_services

COOKIE = "savoirs_session"

TOUCH_AFTER = dt.timedelta(hours=1)
"""A session in use is said to be so this often, not at each request."""

STAYS = "Votre compte allait être supprimé, faute de visite. Vous voilà : il est gardé."


class SignInNeededError(ForbiddenError):
    """The page is for somebody signed in; the error page offers to sign in and come back."""

    def __init__(self) -> None:
        super().__init__("sign_in_needed")


def session_token() -> str | None:
    """The token that the browser sent, None without a session cookie."""
    return request.cookies.get(COOKIE) or None


def current_account() -> Account | None:
    """The account signed in, None for a visitor. Asks the database once a request, and never without a cookie."""
    if "account" not in g:
        g.account = None  # first: an error page drawn because the next line failed asks again
        token = session_token()
        g.account = _account_of(token) if token is not None else None
    account: Account | None = g.account
    return account


def signed_in() -> bool:
    """Whether the request came with a session cookie, good or not: such an answer is not for a cache."""
    return session_token() is not None


def required_account() -> Account:
    """The account signed in.

    Raises:
        SignInNeededError: For a visitor.
    """
    account = current_account()
    if account is None:
        raise SignInNeededError
    return account


def is_editor(account: Account | None) -> bool:
    """Whether the account may edit everything."""
    return account is not None and account.role in (Role.EDITOR, Role.ADMIN)


def required_editor() -> Account:
    """The account signed in, which is an editor's.

    Raises:
        SignInNeededError: For a visitor.
        ForbiddenError: For a member.
    """
    account = required_account()
    if not is_editor(account):
        raise ForbiddenError("editors_only")
    return account


def remember(response: Response, token: str) -> None:
    """Give the browser its session cookie, and new form tokens with it."""
    form_session.clear()
    settings = current_services().settings
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_days * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.base_url.startswith("https://"),
        path="/",
    )


def forget(response: Response) -> None:
    """Take the session cookie back."""
    form_session.clear()
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")


def offer_identity(app: Flask) -> None:
    """Let templates ask who reads."""
    app.jinja_env.globals.update(current_account=current_account, is_editor=is_editor)


def _account_of(token: str) -> Account | None:
    services = current_services()
    idle = dt.timedelta(days=services.settings.session_idle_days)
    with reading(services.sessions) as session:
        opened = accounts.session_for(session, token, idle=idle)
        account = opened.account if opened is not None else None
        session.expunge_all()  # readable when the session is over
        stale = opened is not None and dt.datetime.now(dt.UTC) - opened.seen_at > TOUCH_AFTER
    if stale:
        with suppress(SavoirsError), transaction(services.sessions) as session:
            accounts.touch(session, token)
    if account is not None and visited(account) and account.warned_at is not None:
        flash(STAYS, "message")
    return account


def visited(account: Account) -> bool:
    """Keep that an account was used today, at its first request of the day; returns whether this was it."""
    if not accounts.is_new_day(account):
        return False
    with suppress(SavoirsError), transaction(current_services().sessions) as session:
        accounts.visit(session, account.id)
        return True
    return False
