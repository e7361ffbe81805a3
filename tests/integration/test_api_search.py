"""Reading by the API: search, notes, related notes, suggestions, lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import NoteStatus, Stance, record_id
from tests.builders import make_note, make_organisation, make_theme
from tests.web import make_client

Sessions = sessionmaker[Session]
NOTE = record_id("note", "repas")


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A client over four notes, one of them waiting for an editor."""
    with database.transaction(session_factory) as session:
        parent = make_theme(session, "Bénévolat", key="benevolat")
        theme = make_theme(session, "Fidéliser", key="fidelisation", parent=parent)
        organisation = make_organisation(session, "Association Exemple Le Fil", key="le-fil", departement="59")
        make_note(
            session,
            "Accueillir par un repas",
            key="repas",
            themes=[theme],
            lived=[(organisation, Stance.SOLVED)],
            worked="Le repas partagé fait revenir <les> bénévoles.",
        )
        make_note(session, "Rappeler après le repas", lived=[(organisation, Stance.NEED)])
        make_note(session, "Programmer ses publications", date="2017")
        make_note(session, "Un repas à relire", key="attente", status=NoteStatus.PENDING)
    return make_client(session_factory, tmp_path)


def get(client: FlaskClient, address: str) -> Any:
    """The JSON of an address that answers 200."""
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.json


def problem(client: FlaskClient, address: str, status: int) -> Any:
    """The problem document of an address that refuses."""
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    return answer.json


def test_a_search_answers_in_the_agreed_shape(client: FlaskClient) -> None:
    """Every member of the contract is there, with its type."""
    answer = get(client, "/search?q=repas")
    assert answer["total"] == 2
    assert (answer["page"], answer["per_page"]) == (1, 20)
    assert set(answer["query"]) == {"text", "understood", "dropped", "suggestion"}
    assert set(answer["query"]["understood"][0]) >= {"typed", "used"}
    first = next(result for result in answer["results"] if result["id"] == NOTE)
    assert first["kind"] == "practice"
    assert first["url"].startswith(f"/fiches/{NOTE}-")
    assert first["themes"] == [{"id": "fidelisation", "name": "Fidéliser"}]
    assert first["organisations"] == [{"id": record_id("organisation", "le-fil"), "name": "Association Exemple Le Fil"}]
    assert 0 <= first["score"] <= 1
    assert sum(reason["share"] for reason in first["reasons"]) == pytest.approx(1)
    value = answer["facets"]["kind"][0]
    assert set(value) == {"value", "label", "count", "active"}
    assert value["label"] == "Pratiques"


def test_an_excerpt_is_safe_html_and_its_text_is_plain(client: FlaskClient) -> None:
    """Only ``<mark>`` is in the excerpt; what people wrote is escaped, and the text has no tag."""
    found = get(client, "/search?q=repas")["results"]
    excerpt = next(result for result in found if result["id"] == NOTE)
    assert "<les>" not in excerpt["excerpt"]
    assert "<mark>" in excerpt["excerpt"]
    assert "<mark>" not in excerpt["excerpt_text"]


@pytest.mark.parametrize(
    "query",
    ["", "?q=", "?q=%00%07%1b", "?q=((%22", "?q=ET+OU+SAUF", f"?q={'x' * 10_000}", "?q=a&q=b", "?unknown=1", "?q=%ff"],
)
def test_any_query_text_is_answered(client: FlaskClient, query: str) -> None:
    """Whatever ``q`` is, the answer is a page of results."""
    get(client, f"/search{query}")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=deux", "page"),
        ("page=-1", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=101", "per_page"),
        ("sort=hasard", "sort"),
        ("kind=bidule", "kind"),
        ("kind=tool&kind=bidule", "kind"),
        ("stance=bidule", "stance"),
        ("territory=nulle-part", "territory"),
    ],
)
def test_a_wrong_parameter_is_named(client: FlaskClient, query: str, field: str) -> None:
    """Only pages, sorts and enumerated values can be wrong; the problem document says which field."""
    errors = problem(client, f"/search?{query}", 422)["errors"]
    assert [error["field"] for error in errors] == [field]
    assert errors[0]["detail"]
    assert "'" not in errors[0]["detail"]
    assert "’relevance’" not in errors[0]["detail"]


@pytest.mark.parametrize("query", ["theme=inconnu", "organisation=inconnue"])
def test_a_filter_that_nothing_passes_finds_nothing(client: FlaskClient, query: str) -> None:
    """Names that are not enumerated are no mistake."""
    assert get(client, f"/search?{query}")["total"] == 0


def test_filters_may_be_repeated(client: FlaskClient) -> None:
    """Two stances are one or the other."""
    assert get(client, "/search?stance=need&stance=solved&kind=practice")["total"] == 2


def test_a_page_past_the_last_is_empty(client: FlaskClient) -> None:
    """There is nothing there, which is no mistake."""
    answer = get(client, "/search?q=repas&page=9")
    assert (answer["total"], answer["results"]) == (2, [])


def test_a_note_is_read_whole(client: FlaskClient) -> None:
    """Its parts are Markdown; who lived it is named."""
    note = get(client, f"/notes/{NOTE}")
    assert note["title"] == "Accueillir par un repas"
    assert note["worked"].startswith("Le repas")
    assert note["experiences"][0]["stance"] == "solved"


@pytest.mark.parametrize(
    "address", ["/notes/zzzzzzzzzz", f"/notes/{record_id('note', 'attente')}", "/notes/zzzzzzzzzz/related"]
)
def test_what_is_unknown_or_not_published_is_not_there(client: FlaskClient, address: str) -> None:
    """The same 404 for both, as a problem document."""
    assert problem(client, address, 404)["code"] == "unknown_note"


def test_related_notes_come_with_reasons(client: FlaskClient) -> None:
    """The other note about meals is near; the note itself is not listed."""
    related = get(client, f"/notes/{NOTE}/related")["results"]
    assert related
    assert NOTE not in {result["id"] for result in related}
    assert all(result["reasons"] for result in related)
    assert problem(client, f"/notes/{NOTE}/related?limit=0", 422)["errors"][0]["field"] == "limit"


def test_a_word_is_completed(client: FlaskClient) -> None:
    """Completions begin like the last word."""
    assert get(client, "/suggest?q=repa")["completions"]
    assert get(client, "/suggest")["completions"] == []


def test_themes_come_parents_first(client: FlaskClient) -> None:
    """The tree can be built in one reading."""
    parents = {theme["id"]: theme["parent"] for theme in get(client, "/themes")["themes"]}
    assert parents["benevolat"] is None
    assert parents["fidelisation"] == "benevolat"
    assert list(parents).index("benevolat") < list(parents).index("fidelisation")


def test_organisations_are_listed(client: FlaskClient) -> None:
    """By name, with how many notes they lived and no address of anybody."""
    organisations = get(client, "/organisations")["organisations"]
    assert [(one["name"], one["territory"], one["notes"]) for one in organisations] == [
        ("Association Exemple Le Fil", "Nord", 2)
    ]


def test_head_and_options_are_answered(client: FlaskClient) -> None:
    """HEAD is GET without a body; OPTIONS says what may be done."""
    assert client.head("/api/v1/search?q=repas").status_code == 200
    options = client.options("/api/v1/search")
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))


def test_a_wrong_method_or_address_is_a_problem_document(client: FlaskClient) -> None:
    """405 says what may be done; 404 is not a page."""
    answer = client.delete("/api/v1/search")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]
    problem(client, "/rien", 404)


def test_health_is_told_to_whoever_watches(client: FlaskClient) -> None:
    """``/healthz`` says the process lives, ``/readyz`` that it can answer; neither is kept by a cache."""
    for address in ("/healthz", "/readyz"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
