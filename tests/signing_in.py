"""A browser that is signed in, as a cookie would have it."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, database
from web.identity import COOKIE


def signed_in(client: FlaskClient, sessions: sessionmaker[Session], login: str) -> FlaskClient:
    """The same browser, with an open session of an account."""
    with database.transaction(sessions) as session:
        token = accounts.open_session(session, accounts.get(session, login))
    client.set_cookie(COOKIE, token)
    return client
