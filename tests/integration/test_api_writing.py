"""The API's posts: adding a note with a bearer token, asking for peers; and its description of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import accounts, database
from savoirs.models import Role, Stance, record_id
from tests.builders import make_account, make_contact, make_note, make_organisation, make_theme
from tests.web import make_app

Sessions = sessionmaker[Session]
LE_FIL = record_id("organisation", "le-fil")


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A client over one association that solved something; forms do need their token here, as in real life."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Fidéliser", key="fidelisation")
        organisation = make_organisation(session, "Association Exemple Le Fil", key="le-fil", departement="59")
        make_contact(session, organisation, email="personne@example.org")
        make_note(
            session,
            "Animer ses bénévoles par un repas",
            lived=[(organisation, Stance.SOLVED)],
            worked="Le repas fait revenir les bénévoles.",
        )
        make_account(session, "membre", organisation=organisation)
        make_account(session, "edition", role=Role.EDITOR)
    app = make_app(session_factory, tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    return app.test_client()


def token(sessions: Sessions, login: str) -> str:
    """A new API token of an account."""
    with database.transaction(sessions) as session:
        return accounts.make_token(session, login)


def draft(**changes: Any) -> dict[str, Any]:
    """The body of a note that can be added."""
    note: dict[str, Any] = {
        "title": "Rappeler le lundi",
        "summary": "Un appel court le lundi suffit.",
        "action": "Nous appelons chaque personne le lundi qui suit.",
        "worked": "Une sur deux revient.",
        "themes": ["fidelisation"],
        "experiences": [{"organisation": LE_FIL, "stance": "solved"}],
    }
    return note | changes


def post(client: FlaskClient, body: Any, bearer: str | None = None) -> TestResponse:
    """Post a note."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return client.post("/api/v1/notes", json=body, headers=headers)


def errors(answer: TestResponse) -> dict[str, str]:
    """Fields at fault, with their codes."""
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    return {error["field"]: error["code"] for error in answer.json["errors"]}


def test_a_note_added_by_the_api_is_found_by_the_next_search(client: FlaskClient, session_factory: Sessions) -> None:
    """201 with the note and its address; the next search has it."""
    answer = post(client, draft(), token(session_factory, "membre"))
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    assert answer.json["status"] == "published"
    assert answer.headers["Location"].endswith(answer.json["url"])
    found = client.get("/api/v1/search?q=rappeler+lundi").json
    assert found is not None
    assert found["results"][0]["id"] == answer.json["id"]


def test_a_member_publishes_a_note_that_tells_of_no_organisation(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """What a member sends with the fewest fields is published, and found, at once."""
    body = {"title": "Rappeler le lundi", "action": "Un appel court.", "themes": ["fidelisation"]}
    answer = post(client, body, token(session_factory, "membre"))
    assert answer.json is not None
    assert answer.json["status"] == "published"
    found = client.get("/api/v1/search?q=rappeler+lundi").json
    assert found is not None
    assert found["results"][0]["id"] == answer.json["id"]


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer faux", "Basic abc", "faux"])
def test_without_a_good_token_nothing_is_added(client: FlaskClient, header: str | None) -> None:
    """401, with the way to authenticate, whatever the body is."""
    answer = client.post("/api/v1/notes", json={"x": 1}, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert errors(answer) == {"Authorization": "bearer_needed"}


def test_a_session_cookie_opens_nothing_in_the_api(client: FlaskClient, session_factory: Sessions) -> None:
    """The API never takes the cookie, so that another site cannot use it."""
    with database.transaction(session_factory) as session:
        cookie = accounts.open_session(session, accounts.get(session, "edition"))
    client.set_cookie("savoirs_session", cookie)
    assert post(client, draft()).status_code == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": 3}, "title"),
        ({"kind": "bidule"}, "kind"),
        ({"themes": ["inconnu"]}, "themes"),
        ({"themes": "fidelisation"}, "themes"),
        ({"date": "hier"}, "date"),
        ({"bidule": 1}, "bidule"),
        ({"experiences": [{"organisation": LE_FIL, "stance": "bidule"}]}, "experiences.0.stance"),
    ],
)
def test_a_mistake_names_its_field(
    client: FlaskClient, session_factory: Sessions, changes: dict[str, Any], field: str
) -> None:
    """422, and each field at fault with a French sentence."""
    answer = post(client, draft(**changes), token(session_factory, "edition"))
    assert answer.status_code == 422, answer.text
    assert field in errors(answer)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"texte"', "12"])
def test_a_body_that_is_no_object_is_a_problem_document(
    client: FlaskClient, session_factory: Sessions, body: str
) -> None:
    """400 or 422, never a traceback."""
    headers = {"Authorization": f"Bearer {token(session_factory, 'edition')}"}
    for address in ("/api/v1/notes", "/api/v1/peers"):
        answer = client.post(address, data=body, headers=headers, content_type="application/json")
        assert answer.status_code in (400, 422), answer.text
        assert errors(answer)


def test_peers_come_with_evidence_and_reasons(client: FlaskClient) -> None:
    """A read by POST: no session, no form token; shares sum to 1; no address anywhere."""
    answer = client.post("/api/v1/peers", json={"need": "animer mes bénévoles"})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    (peer,) = answer.json["solved"]
    assert answer.json["same"] == []
    assert peer["organisation"]["id"] == LE_FIL
    assert peer["organisation"]["territory"] == "Nord"
    assert peer["contactable"]
    assert set(peer["evidence"][0]) >= {"note_id", "title", "sentence"}
    assert "<" not in peer["evidence"][0]["sentence"]
    assert sum(reason["share"] for reason in peer["reasons"]) == pytest.approx(1)
    assert "@" not in answer.text


def test_who_asks_is_not_proposed(client: FlaskClient) -> None:
    """Given one's own organisation, it is left out."""
    answer = client.post("/api/v1/peers", json={"need": "animer mes bénévoles", "organisation": LE_FIL})
    assert answer.json == {"solved": [], "same": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "need"),
        ({"need": "  "}, "need"),
        ({"need": 3}, "need"),
        ({"need": "x", "limit": 0}, "limit"),
        ({"need": "x", "limit": 1000}, "limit"),
        ({"need": "x", "organisation": "inconnue"}, "organisation"),
        ({"need": "x", "bidule": 1}, "bidule"),
    ],
)
def test_a_need_that_cannot_be_read_names_its_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    """422, and the field at fault."""
    answer = client.post("/api/v1/peers", json=body)
    assert answer.status_code == 422, answer.text
    assert field in errors(answer)


@pytest.mark.parametrize("need", ["\x00\x07", "(((", "ET OU SAUF", "x" * 10_000])
def test_an_absurd_need_is_answered(client: FlaskClient, need: str) -> None:
    """Two lists, full or empty."""
    assert client.post("/api/v1/peers", json={"need": need}).status_code == 200


def test_the_api_describes_all_of_itself(client: FlaskClient) -> None:
    """OpenAPI 3.1: every route is there, no other machine is named, and each reference leads somewhere."""
    answer = client.get("/api/v1/openapi.json")
    document = answer.json
    assert document is not None
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        f"/api/v1{path}"
        for path in (
            "/search",
            "/suggest",
            "/themes",
            "/organisations",
            "/notes",
            "/notes/{note_id}",
            "/notes/{note_id}/related",
            "/peers",
        )
    }
    assert document["servers"] == [{"url": "/"}]
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(re.findall(r'"(#/components/schemas/[^"]+)"', answer.text)) <= names
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["summary"] and operation["operationId"] for operation in operations)
