"""Signing in, the one-time link, signing out, and one's own space."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import accounts, database
from savoirs.models import Role, Stance
from tests.builders import make_note, make_organisation
from tests.pages import text_of, words_of
from tests.signing_in import signed_in
from tests.web import make_app, make_client
from web.identity import COOKIE
from web.limits import limiter

Sessions = sessionmaker[Session]

PASSWORD = "une phrase assez longue"


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser; a member with a password, and one published note."""
    with database.transaction(session_factory) as session:
        fil = make_organisation(session, "Association Exemple Le Fil")
        accounts.create(session, "camille", Role.MEMBER, fil.id, password=PASSWORD, name="Camille")
        make_note(session, "Rappeler le lundi", lived=[(fil, Stance.SOLVED)])
    return make_client(session_factory, tmp_path)


@pytest.fixture(autouse=True)
def _no_tries_left_from_before(client: FlaskClient) -> None:
    """Each test begins with none of its tries used."""
    with client.application.app_context():
        limiter.reset()


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the form."""
    return client.post("/connexion", data={"login": "Camille", "password": password, **more})


def test_a_password_signs_in_and_comes_back_where_one_was(client: FlaskClient) -> None:
    """The cookie is not for scripts, and the next page is the one asked for."""
    assert 'value="/partager"' in text_of(client.get("/connexion?suite=/partager"))
    answer = sign_in(client, next="/partager")
    assert (answer.status_code, answer.location) == (303, "/partager")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Camille" in text_of(client.get("/mon-espace"))


@pytest.mark.parametrize("address", ["https://ailleurs.example.org/", "//ailleurs.example.org", "/\\ailleurs", "x"])
def test_signing_in_never_leads_to_another_site(client: FlaskClient, address: str) -> None:
    """Whatever the form says, one stays here."""
    assert sign_in(client, next=address).location == "/mon-espace"


def test_a_wrong_password_says_nothing_of_which_is_wrong(client: FlaskClient) -> None:
    """An unknown login and a wrong password give the same page, which keeps the login and not the password."""
    wrong = sign_in(client, "une autre phrase")
    unknown = sign_in(client, login="personne")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "ne vont pas ensemble" in text_of(wrong)
    assert "ne vont pas ensemble" in text_of(unknown)
    assert "une autre phrase" not in text_of(wrong)
    assert COOKIE not in wrong.headers.get("Set-Cookie", "")


def test_too_many_tries_have_to_wait(client: FlaskClient) -> None:
    """The eleventh try in a minute is refused, right or wrong."""
    for _ in range(10):
        assert sign_in(client, "non").status_code == 422
    assert sign_in(client).status_code == 429


def test_a_link_signs_in_once_and_only_by_its_button(client: FlaskClient, session_factory: Sessions) -> None:
    """Opening the address uses nothing up; the button does; afterwards it says that it has been used."""
    with database.transaction(session_factory) as session:
        token = accounts.make_link(session, "camille")
    address = f"/connexion/lien/{token}"
    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200
        assert "Camille" in text_of(page)
    assert client.post(address).location == "/mon-espace"
    assert client.get("/mon-espace").status_code == 200
    used = client.get(address)
    assert used.status_code == 404
    assert "Ce lien ne fonctionne plus" in text_of(used)
    assert client.post(address).status_code == 404


def test_signing_out_closes_the_session_on_the_server(client: FlaskClient) -> None:
    """A copy of the cookie opens nothing any more."""
    sign_in(client)
    kept = client.get_cookie(COOKIE)
    assert kept is not None
    assert client.post("/deconnexion").status_code == 303
    client.set_cookie(COOKIE, kept.value)
    assert client.get("/mon-espace").status_code == 403


def test_forms_without_a_token_are_refused(session_factory: Sessions, tmp_path: Path, client: FlaskClient) -> None:
    """Another site cannot send them."""
    app = make_app(session_factory, tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    strict = signed_in(app.test_client(), session_factory, "camille")
    for address in (
        "/connexion",
        "/deconnexion",
        "/mon-espace/jetons",
        "/mon-espace/fermer/abc",
        "/connexion/lien/abc",
    ):
        assert strict.post(address).status_code == 400, address


def test_ones_space_is_ones_own(client: FlaskClient) -> None:
    """A visitor is asked to sign in; a member sees what their association told, and may edit it."""
    assert "/connexion?suite=" in text_of(client.get("/mon-espace"))
    sign_in(client)
    page = text_of(client.get("/mon-espace"))
    assert "Rappeler le lundi" in page
    assert "/modifier" in page
    assert client.get("/mon-espace").headers["Cache-Control"] == "no-store"


def test_a_session_elsewhere_can_be_closed(client: FlaskClient, session_factory: Sessions, tmp_path: Path) -> None:
    """The other browser is signed out; one's own is not in the list of what can be closed."""
    elsewhere = signed_in(make_client(session_factory, tmp_path), session_factory, "camille")
    sign_in(client)
    handles = re.findall(r'action="(/mon-espace/fermer/[^"]+)"', text_of(client.get("/mon-espace")))
    assert len(handles) == 1
    assert client.post(handles[0]).status_code == 303
    assert elsewhere.get("/mon-espace").status_code == 403
    assert client.get("/mon-espace").status_code == 200


def test_a_token_is_shown_once_and_can_be_ended(client: FlaskClient, session_factory: Sessions) -> None:
    """Its text is in the answer that makes it and in no other page."""
    sign_in(client)
    assert client.post("/mon-espace/jetons", data={"label": ""}).status_code == 422
    made = client.post("/mon-espace/jetons", data={"label": "Notre tableur"})
    shown = re.search(r'<code class="jeton">([^<]+)</code>', text_of(made))
    assert shown is not None
    with database.reading(session_factory) as session:
        assert accounts.account_for_bearer(session, shown[1]) is not None
    page = text_of(client.get("/mon-espace"))
    assert "Notre tableur" in page
    assert shown[1] not in page
    handles = re.findall(r'action="(/mon-espace/fermer/[^"]+)"', page)
    client.post(handles[-1])
    with database.reading(session_factory) as session:
        assert accounts.account_for_bearer(session, shown[1]) is None
    assert "Notre tableur" not in words_of(client.get("/mon-espace"))
