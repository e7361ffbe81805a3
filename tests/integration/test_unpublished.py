"""What is not published is in no index, and nothing that an index offers comes from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import SearchEngine
from savoirs import database, notes
from savoirs.config import Settings
from savoirs.drafts import ExperienceDraft, NoteDraft
from savoirs.journal import JournalFeed
from savoirs.models import ExperienceRole, NoteStatus, Role, Stance
from tests.builders import make_account, make_contact, make_note, make_organisation, make_theme
from tests.canaries import byte_forms, holds
from tests.conformance.engines import LANGUAGE
from tests.web import make_app
from web.wiring import build_engine

Sessions = sessionmaker[Session]

HIDDEN = {"pending": "attendurelle", "draft": "brouillonarde", "withdrawn": "retirovance", "conflicting": "conflitude"}
"""A word of each note or version that nobody may find, unlike any other word."""

PUBLISHED = "publiquement"


@dataclass
class Hidden:
    """An application whose index knows one published note, and ids of the notes that it must not know."""

    client: FlaskClient
    engine: SearchEngine
    folder: Path
    ids: Mapping[str, str]
    organisation: str


@pytest.fixture(params=["embedded", "whoosh"])
def hidden(request: pytest.FixtureRequest, session_factory: Sessions, tmp_path: Path) -> Iterator[Hidden]:
    """The withdrawn note was published and found first; the index then followed."""
    engine = build_engine(request.param, tmp_path / "index", LANGUAGE, vectors=Settings.load().vectors_dir)
    client = make_app(session_factory, tmp_path, engine=engine).test_client()
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil")
        make_contact(session, organisation)
        member = make_account(session, "membre", organisation=organisation)
        editor = make_account(session, "edition", role=Role.EDITOR)
        theme = make_theme(session, key="fidelisation")
        lived = [(organisation, Stance.SOLVED)]
        shown = make_note(session, f"Rappeler {PUBLISHED}", lived=lived, themes=[theme])
        draft = make_note(session, f"Rappeler {HIDDEN['draft']}", status=NoteStatus.DRAFT, lived=lived, themes=[theme])
        withdrawn = make_note(session, f"Rappeler {HIDDEN['withdrawn']}", lived=lived, themes=[theme])
        pending = notes.add(session, _written("pending", organisation.id), None)
        notes.edit(session, shown.id, _written("", organisation.id), member, 1)
        assert notes.edit(session, shown.id, _written("conflicting", organisation.id), editor, 1).conflict is not None
        ids = {"pending": pending.id, "draft": draft.id, "withdrawn": withdrawn.id}
        known = Hidden(client, engine, tmp_path / "index", ids, organisation.id)
    assert found(client, HIDDEN["withdrawn"]) == [ids["withdrawn"]]
    with database.transaction(session_factory) as session:
        notes.withdraw(session, ids["withdrawn"], editor)
    yield known
    engine.close()


def _written(state: str, organisation_id: str) -> NoteDraft:
    return NoteDraft(
        title=f"Rappeler {HIDDEN.get(state, PUBLISHED)}",
        action="Nous appelons le lundi.",
        themes=("fidelisation",),
        experiences=(ExperienceDraft(organisation_id, ExperienceRole.LIVED, Stance.SOLVED),),
    )


def found(client: FlaskClient, text: str) -> list[str]:
    """Ids of the notes that a search gives, by words or by meaning."""
    results = client.get("/api/v1/search", query_string={"q": text, "per_page": 100}).json["results"]
    return [result["id"] for result in results if result["kind"] not in ("organisation", "gathering", "workshop")]


def test_a_search_gives_only_what_is_published(hidden: Hidden) -> None:
    """By its word, by words it shares, by everything there is: the one published note, and never another."""
    client = hidden.client
    assert len(found(client, "rappeler")) == len(found(client, "")) == 1
    counts = client.get("/api/v1/search").json["facets"]
    assert {value["count"] for value in counts["stance"]} == {1}
    for word in HIDDEN.values():
        assert found(client, f"{word[:6]}*") == []
        answer = client.get("/api/v1/search", query_string={"q": word}).json
        assert [one for one in answer["results"] if not one["by_meaning"]] == []
        assert answer["query"]["understood"] == []
        assert word not in client.get("/recherche", query_string={"q": "rappeler"}).text


def test_no_word_is_offered_that_only_a_hidden_note_has(hidden: Hidden) -> None:
    """Neither to complete what is typed, nor to correct it."""
    client = hidden.client
    found(client, "")
    for word in HIDDEN.values():
        for prefix in (word[:3], word[:6], word):
            assert client.get("/api/v1/suggest", query_string={"q": prefix}).json["completions"] == []
        misspelt = word.replace("r", "rr", 1) if "r" in word else f"{word}e"
        query = client.get("/api/v1/search", query_string={"q": misspelt}).json["query"]
        assert word not in {used for one in query["understood"] for used in one["used"]}
        assert misspelt in query["dropped"]


def test_a_hidden_note_is_not_there_for_who_asks_by_its_id(hidden: Hidden) -> None:
    """404, as for an id that nobody gave; on pages and in the API."""
    for state, id_ in hidden.ids.items():
        for address in (
            f"/fiches/{id_}",
            f"/fiches/{id_}-rappeler",
            f"/pairs?fiche={id_}",
            f"/api/v1/notes/{id_}",
            f"/api/v1/notes/{id_}/related",
        ):
            answer = hidden.client.get(address)
            assert answer.status_code == 404, address
            assert HIDDEN[state] not in answer.text


def test_a_peer_is_proposed_for_what_is_published_only(hidden: Hidden) -> None:
    """Evidence, related notes, the organisation's page and lists: the hidden notes are in none of them."""
    texts = [hidden.client.post("/api/v1/peers", json={"need": f"rappeler {word}"}).text for word in HIDDEN.values()]
    shown = found(hidden.client, "")[0]
    for address in (
        "/",
        "/recherche",
        "/pairs?besoin=rappeler",
        f"/pairs?fiche={shown}",
        f"/organisations/{hidden.organisation}",
        f"/fiches/{shown}",
        f"/api/v1/notes/{shown}/related",
        "/api/v1/organisations",
        "/api/v1/themes",
    ):
        answer = hidden.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        texts.append(answer.text)
    assert PUBLISHED in "".join(texts)
    asked = hidden.client.get(f"/pairs/demande?organisation={hidden.organisation}&fiche={hidden.ids['draft']}").text
    assert [word for word in HIDDEN.values() if any(word in text for text in (*texts, asked))] == []
    assert [id_ for id_ in hidden.ids.values() if any(id_ in text for text in texts)] == []


def test_no_index_file_holds_a_hidden_word(hidden: Hidden, session_factory: Sessions) -> None:
    """Written anew, an index holds the published word in its bytes, and no other."""
    hidden.engine.rebuild(JournalFeed(session_factory))
    found(hidden.client, "")
    content = b"\0".join(path.read_bytes() for path in sorted(hidden.folder.rglob("*")) if path.is_file())
    assert holds(content, byte_forms(PUBLISHED[:7]))
    assert [word for word in HIDDEN.values() if holds(content, byte_forms(word, word[:7]))] == []
