"""Sessions: a new token at each sign-in, none left after signing out, links that work once; and never another site."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import accounts, database
from savoirs.models import Role, SignInLink, SignInSession
from savoirs.models.base import utc_now
from tests.builders import make_note, make_organisation
from tests.pages import text_of
from tests.web import make_client
from web.identity import COOKIE
from web.limits import limiter

Sessions = sessionmaker[Session]

PASSWORD = "une phrase assez longue"

ELSEWHERE = (
    "https://ailleurs.example.org/",
    "//ailleurs.example.org",
    "///ailleurs.example.org",
    "/\\ailleurs.example.org",
    "\\/ailleurs.example.org",
    "/\t/ailleurs.example.org",
    "/\n//ailleurs.example.org",
    "\u2028//ailleurs.example.org",
    " //ailleurs.example.org",
    "https:ailleurs.example.org",
    "javascript:alert(7331)",
    "data:text/html,x",
    "@ailleurs.example.org",
    "\x00//ailleurs.example.org",
)


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser, and an account with a password."""
    with database.transaction(session_factory) as session:
        fil = make_organisation(session, "Association Exemple Le Fil")
        accounts.create(session, "camille", Role.MEMBER, fil.id, password=PASSWORD)
        make_note(session, "Rappeler", key="rappeler")
    return make_client(session_factory, tmp_path)


@pytest.fixture(autouse=True)
def _no_tries_left_from_before(client: FlaskClient) -> None:
    """Each test begins with none of its tries used."""
    with client.application.app_context():
        limiter.reset()


def sign_in(client: FlaskClient, **more: str) -> TestResponse:
    """Send the form."""
    return client.post("/connexion", data={"login": "camille", "password": PASSWORD, **more})


def new_link(sessions: Sessions) -> str:
    """The address of a one-time link."""
    with database.transaction(sessions) as session:
        return f"/connexion/lien/{accounts.make_link(session, 'camille')}"


def token_of(client: FlaskClient) -> str:
    """The session token that a browser holds."""
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else ""


def open_sessions(sessions: Sessions) -> int:
    """How many sessions are open."""
    with database.reading(sessions) as session:
        return session.scalar(select(func.count()).select_from(SignInSession)) or 0


def stays_here(location: str | None) -> bool:
    """Whether a browser on this site, sent there, is still on it."""
    return location is not None and urlsplit(urljoin("http://localhost/x", location)).netloc == "localhost"


def test_a_token_from_before_signing_in_opens_nothing_after(client: FlaskClient) -> None:
    """Whoever puts a cookie in somebody's browser does not share the session that begins there."""
    client.set_cookie(COOKIE, "un-jeton-choisi-par-un-autre")
    assert sign_in(client).status_code == 303
    first = token_of(client)
    assert first != "un-jeton-choisi-par-un-autre"
    assert len(first) >= 40
    sign_in(client)
    assert token_of(client) not in ("", first)
    other = client.application.test_client()
    other.set_cookie(COOKIE, "un-jeton-choisi-par-un-autre")
    assert other.get("/mon-espace").status_code == 403


def test_form_tokens_of_before_signing_in_are_void_after(client: FlaskClient) -> None:
    """A page left open by a visitor sends nothing in the name of who signs in."""
    client.application.config["WTF_CSRF_ENABLED"] = True
    page = text_of(client.get("/connexion"))
    before = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    assert sign_in(client, csrf_token=before).status_code == 303
    assert client.get("/mon-espace").status_code == 200
    assert client.post("/mon-espace/jetons", data={"label": "essai", "csrf_token": before}).status_code == 400


def test_signing_out_closes_the_session_on_the_server(client: FlaskClient, session_factory: Sessions) -> None:
    """A copy of the cookie opens nothing; a GET does not sign out."""
    sign_in(client)
    token = token_of(client)
    assert client.get("/deconnexion").status_code == 405
    assert client.get("/mon-espace").status_code == 200
    assert client.post("/deconnexion").status_code == 303
    assert open_sessions(session_factory) == 0
    client.set_cookie(COOKIE, token)
    assert client.get("/mon-espace").status_code == 403


def test_the_cookie_is_for_our_pages_only(client: FlaskClient) -> None:
    """Not for scripts, nor for requests from elsewhere; the server keeps no token that could be used."""
    header = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Domain=" not in header


def test_a_session_that_is_over_opens_nothing(client: FlaskClient, session_factory: Sessions) -> None:
    """Too old, or unused for too long."""
    for stale in ({"expires_at": utc_now() - dt.timedelta(minutes=1)}, {"seen_at": utc_now() - dt.timedelta(days=15)}):
        sign_in(client)
        assert client.get("/mon-espace").status_code == 200
        with database.transaction(session_factory) as session:
            session.execute(update(SignInSession).values(**stale))
        assert client.get("/mon-espace").status_code == 403


def test_reading_a_link_does_not_sign_in(client: FlaskClient, session_factory: Sessions) -> None:
    """A mail reader that follows links, or looks at their heads, uses nothing up; the button works once."""
    link = new_link(session_factory)
    for _ in range(2):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert token_of(client) == ""
    assert open_sessions(session_factory) == 0
    assert client.post(link).status_code == 303
    assert client.get("/mon-espace").status_code == 200
    other = client.application.test_client()
    assert other.get(link).status_code == 404
    assert other.post(link).status_code == 404
    assert token_of(other) == ""
    assert open_sessions(session_factory) == 1


def test_a_link_that_is_too_old_or_wrong_is_refused(client: FlaskClient, session_factory: Sessions) -> None:
    """Nobody is named on the page, and nobody is signed in."""
    link = new_link(session_factory)
    with database.transaction(session_factory) as session:
        session.execute(update(SignInLink).values(expires_at=utc_now() - dt.timedelta(seconds=1)))
    for wrong in (link, f"{new_link(session_factory)}x", "/connexion/lien/x"):
        for answer in (client.get(wrong), client.post(wrong)):
            assert answer.status_code == 404
            assert "camille" not in answer.text
    assert open_sessions(session_factory) == 0


def test_no_form_and_no_address_leads_to_another_site(client: FlaskClient) -> None:
    """Signing in, already signed in, choosing light or dark: wherever one is sent is here."""
    for address in ELSEWHERE:
        page = client.application.test_client().get("/connexion", query_string={"suite": address})
        assert f'name="next" value="{address}"' not in text_of(page)
        answer = client.post("/affichage", data={"theme": "clair", "next": address})
        assert answer.status_code == 303
        assert stays_here(answer.location), address
    for address in ELSEWHERE[:4]:
        assert stays_here(sign_in(client, next=address).location), address
    for address in ELSEWHERE:
        answer = client.get("/connexion", query_string={"suite": address})
        assert answer.status_code == 303
        assert stays_here(answer.location), address


def test_a_wrong_slug_or_host_does_not_lead_to_another_site(client: FlaskClient, session_factory: Sessions) -> None:
    """A redirection is made of our own address alone."""
    shown = client.get("/api/v1/search?q=rappeler").json["results"][0]["url"]
    note = urlsplit(shown).path.rsplit("-", 1)[0]
    for odd in ("x", "/ailleurs.example.org", "%0d%0aX: 1", "@ailleurs.example.org"):
        answer = client.get(f"{note}-{odd}", headers={"Host": "ailleurs.example.org"})
        if answer.status_code == 301:
            assert answer.location.startswith("/fiches/")
        else:
            assert answer.status_code == 404
