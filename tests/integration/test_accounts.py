"""Signing in, sessions, links and tokens."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, database
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.models import Role, SignInLink, SignInSession
from savoirs.models.base import utc_now
from tests.builders import make_organisation

PASSWORD = "une phrase de passe d’exemple"
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def test_the_right_password_opens_a_session(session: Session) -> None:
    """Whatever the case of the login; the password itself is nowhere."""
    accounts.create(session, "Editrice", Role.EDITOR, password=PASSWORD)
    account, token = accounts.sign_in(session, " EDITRICE ", PASSWORD)
    found = accounts.account_for(session, token)
    assert found is account
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash


@pytest.mark.parametrize(
    ("login", "password"), [("editrice", "x" * 20), ("inconnue", PASSWORD), ("sans", ""), ("", "")]
)
def test_nothing_else_does(session: Session, login: str, password: str) -> None:
    """One answer for an unknown login, a wrong password, and an account without one."""
    accounts.create(session, "editrice", Role.EDITOR, password=PASSWORD)
    accounts.create(session, "sans", Role.EDITOR)
    with pytest.raises(SavoirsError) as error:
        accounts.sign_in(session, login, password)
    assert error.value.code == "bad_credentials"


def test_tokens_are_kept_hashed(session: Session) -> None:
    """Who reads the table cannot sign in with it."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    token = accounts.open_session(session, account)
    (row,) = session.query(SignInSession).all()
    assert token not in (row.token_hash, "")
    assert accounts.account_for(session, row.token_hash) is None


def test_a_session_ends(session: Session) -> None:
    """After its life, or when it is not used."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    over = accounts.open_session(session, account, life=dt.timedelta(seconds=-1))
    assert accounts.account_for(session, over) is None
    idle = accounts.open_session(session, account)
    assert accounts.account_for(session, idle, idle=dt.timedelta(seconds=-1)) is None
    accounts.touch(session, idle)
    assert accounts.account_for(session, idle) is account
    accounts.sign_out(session, idle)
    assert accounts.account_for(session, idle) is None


def test_a_session_is_one_query(session_factory: sessionmaker[Session], max_queries: MaxQueries) -> None:
    """With the account and its organisation: the first of a page's four."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil")
        account = accounts.create(session, "membre", Role.MEMBER, organisation.id)
        token = accounts.open_session(session, account)
    with database.reading(session_factory) as session, max_queries(1):
        found = accounts.account_for(session, token)
        assert found is not None
        assert found.organisation is not None
        assert found.organisation.name == "Association Exemple Le Fil"


def test_a_link_signs_in_once(session: Session) -> None:
    """Looking at it does not use it."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    link = accounts.make_link(session, "editrice")
    assert accounts.peek_link(session, link) is account
    assert accounts.peek_link(session, link) is account
    found, token = accounts.use_link(session, link)
    assert found is account
    assert accounts.account_for(session, token) is account
    assert accounts.peek_link(session, link) is None
    with pytest.raises(SavoirsError) as error:
        accounts.use_link(session, link)
    assert error.value.code == "bad_link"


def test_a_link_expires(session: Session) -> None:
    """After its minutes it opens nothing."""
    accounts.create(session, "editrice", Role.EDITOR)
    link = accounts.make_link(session, "editrice", minutes=-1)
    assert accounts.peek_link(session, link) is None
    with pytest.raises(SavoirsError):
        accounts.use_link(session, link)


def test_an_api_token_can_be_revoked(session: Session) -> None:
    """By its handle, which opens nothing."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    token = accounts.make_token(session, "editrice", "mon script")
    (view,) = accounts.list_tokens(session, account)
    assert view.label == "mon script"
    assert accounts.account_for_bearer(session, token) is account
    assert accounts.account_for_bearer(session, view.handle) is None
    accounts.revoke(session, account, view.handle)
    assert accounts.account_for_bearer(session, token) is None
    with pytest.raises(NotFoundError):
        accounts.revoke(session, account, view.handle)


def test_a_cookie_is_no_bearer_token(session: Session) -> None:
    """Nor the reverse: each opens its own door."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    assert accounts.account_for_bearer(session, accounts.open_session(session, account)) is None
    assert accounts.account_for(session, accounts.make_token(session, "editrice")) is None


def test_sessions_can_be_listed_and_closed(session: Session) -> None:
    """By their owner only."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    other = accounts.create(session, "autre", Role.EDITOR)
    mine, lost = accounts.open_session(session, account), accounts.open_session(session, account)
    (handle,) = [one.handle for one in accounts.list_sessions(session, account, mine) if not one.current]
    with pytest.raises(NotFoundError):
        accounts.revoke(session, other, handle)
    for wrong in ("", "%", handle[:4], "_" * 16):
        with pytest.raises(NotFoundError):
            accounts.revoke(session, account, wrong)
    accounts.revoke(session, account, handle)
    assert accounts.account_for(session, lost) is None
    assert accounts.account_for(session, mine) is account


def test_a_disabled_account_opens_nothing(session: Session) -> None:
    """Not its sessions, links, tokens or password."""
    account = accounts.create(session, "editrice", Role.EDITOR, password=PASSWORD)
    cookie, bearer = accounts.open_session(session, account), accounts.make_token(session, "editrice")
    link = accounts.make_link(session, "editrice")
    accounts.disable(session, "editrice")
    assert accounts.account_for(session, cookie) is None
    assert accounts.account_for_bearer(session, bearer) is None
    assert accounts.peek_link(session, link) is None
    with pytest.raises(SavoirsError):
        accounts.sign_in(session, "editrice", PASSWORD)
    with pytest.raises(NotFoundError):
        accounts.make_link(session, "editrice")


def test_a_new_password_closes_sessions(session: Session) -> None:
    """Whoever knew the old one is out."""
    account = accounts.create(session, "editrice", Role.EDITOR, password=PASSWORD)
    token = accounts.open_session(session, account)
    accounts.set_password(session, "editrice", PASSWORD + "!")
    assert accounts.account_for(session, token) is None
    assert accounts.sign_in(session, "editrice", PASSWORD + "!")[0] is account


@pytest.mark.parametrize(
    ("login", "values", "code"),
    [
        ("a b", {}, "bad_login"),
        ("é", {}, "bad_login"),
        ("prise", {}, "login_taken"),
        ("neuve", {"password": "courte"}, "bad_password"),
        ("neuve", {"password": "x" * 1001}, "bad_password"),
        ("neuve", {"role": Role.MEMBER}, "member_needs_organisation"),
        ("neuve", {"organisation_id": "inconnue"}, "unknown_organisation"),
    ],
)
def test_an_account_needs_good_values(session: Session, login: str, values: dict[str, object], code: str) -> None:
    """Each mistake has its code."""
    accounts.create(session, "prise", Role.EDITOR)
    with pytest.raises(SavoirsError) as error:
        accounts.create(session, login, **({"role": Role.EDITOR} | values))  # type: ignore[arg-type]
    assert error.value.code == code


def test_what_is_over_can_be_purged(session: Session) -> None:
    """And only that."""
    account = accounts.create(session, "editrice", Role.EDITOR)
    accounts.open_session(session, account, life=dt.timedelta(seconds=-1))
    kept = accounts.open_session(session, account)
    accounts.make_link(session, "editrice", minutes=-1)
    session.add(SignInLink(token_hash="0" * 64, account_id=account.id, expires_at=utc_now() + dt.timedelta(hours=1)))
    session.flush()
    assert accounts.purge(session) == 2
    assert accounts.account_for(session, kept) is account
    assert session.query(SignInLink).count() == 1
