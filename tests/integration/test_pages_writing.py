"""While somebody writes: advice, drafts, questions by kind, lost sessions, undoing; all of it without a script too."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import database
from savoirs.models import Note, NoteStatus, Organisation, Role, Stance, WrittenDraft
from tests.builders import make_account, make_note, make_organisation, make_theme
from tests.pages import text_of, words_of
from tests.signing_in import signed_in
from tests.web import make_app, make_client

Sessions = sessionmaker[Session]

BIKES = (
    "Chaque samedi, un atelier répare les vélos du quartier avec les adolescents, des pneus et une clé de treize. "
    "La mairie prête un garage froid, et le mécanicien retraité montre comment régler les freins."
)
TITLE = "Réparer des vélos le samedi"
STORY: dict[str, Any] = {
    "kind": "practice",
    "title": TITLE,
    "action": BIKES,
    "themes": ["mobilite"],
    "organisation": "Association Exemple Le Fil",
    "stance": "solved",
    "token": "jeton-de-velo",
}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser; a member, an editor, a note about bikes that the member's association lived."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Mobilité", key="mobilite", synonyms=("vélos",))
        fil = make_organisation(session, "Association Exemple Le Fil", key="le-fil", aliases=["Fil de l’eau"])
        make_account(session, "membre", organisation=fil)
        make_account(session, "edition", role=Role.EDITOR)
        make_note(session, "Nos vélos", key="velos", action=BIKES, themes=[theme], lived=[(fil, Stance.SOLVED)])
    return make_client(session_factory, tmp_path)


def send(client: FlaskClient, step: str, address: str = "/partager", **changes: Any) -> TestResponse:
    """Press a button of the page."""
    return client.post(address, data={**STORY, **changes, "step": step})


def only_note(sessions: Sessions, title: str = TITLE) -> Note:
    """The note with a title."""
    with database.reading(sessions) as session:
        note = session.scalars(select(Note).where(Note.title == title)).one()
        session.expunge_all()
        return note


def drafts(sessions: Sessions) -> list[str]:
    """Titles of the drafts kept on the server."""
    with database.reading(sessions) as session:
        return list(session.scalars(select(WrittenDraft.title).order_by(WrittenDraft.title)))


def test_the_questions_follow_the_kind(client: FlaskClient) -> None:
    """By the address, and by the button that keeps what is typed."""
    assert "3. Ce que vous avez fait" in text_of(client.get("/partager"))
    assert "3. Comment vous l’utilisez" in text_of(client.get("/partager?genre=tool"))
    assert "3. Ce que vous avez fait" in text_of(client.get("/partager?genre=rien"))
    page = text_of(send(client, "write", kind="testimony"))
    assert "3. Ce qui s’est passé" in page
    assert "une clé de treize" in page


def test_tips_and_figures_are_sections_of_the_note_and_come_back_apart(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """Kept as headings at the end of two parts, so that files lose nothing; asked apart when the note is edited."""
    signed_in(client, session_factory, "membre")
    send(client, "publish", tips="Prévoir des gants.", figures="- 12 vélos", worked="On revient.")
    note = only_note(session_factory)
    assert note.action == f"{BIKES}\n\n### Conseils\n\nPrévoir des gants."
    assert note.worked == "On revient.\n\n### Chiffres\n\n- 12 vélos"
    page = text_of(client.get(f"/fiches/{note.id}/modifier"))
    assert re.search(r'name="tips"[^>]*>\s*Prévoir des gants.</textarea>', page)
    assert re.search(r'name="action"[^>]*>\s*Chaque samedi[^<#]*</textarea>', page)


def test_advice_comes_as_a_piece_of_page(client: FlaskClient) -> None:
    """The note that tells it already, the words in common, what would help: for a visitor, who has not signed in."""
    answer = client.post("/partager/conseils", data={**STORY, "themes": []})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<html" not in page
    assert "Nos vélos" in page
    assert "<mark>vélos</mark>" in page
    assert "Il manque une date." in page
    assert text_of(client.post("/partager/conseils", data={"title": "Un"})).strip()


def test_advice_is_given_on_the_preview_too(client: FlaskClient) -> None:
    """Without a script: the same, beside the buttons; a theme ticked there is sent with them."""
    page = text_of(send(client, "preview"))
    assert "raconte déjà presque la même chose" in page
    assert "Il manque une date." in page


def test_typing_does_not_use_up_what_may_be_written(session_factory: Sessions, tmp_path: Path) -> None:
    """Advice has its own limit; after it, a note can still be sent."""
    app = make_app(session_factory, tmp_path, writes_per_hour=2)
    client = app.test_client()
    codes = [client.post("/partager/conseils", data={"title": "Un"}).status_code for _ in range(95)]
    assert codes[:90] == [200] * 90
    assert codes[-1] == 429
    assert send(client, "preview", themes=[]).status_code == 422


def test_advice_costs_few_statements(
    client: FlaskClient, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """The theme tree, the journal's number twice, and two for what tells it already."""
    client.post("/partager/conseils", data=STORY)
    with max_queries(5):
        client.post("/partager/conseils", data=STORY)


def test_a_preview_is_filtered_as_every_page(client: FlaskClient) -> None:
    """Markdown becomes safe HTML; nothing that is typed runs."""
    page = text_of(client.post("/partager/apercu", data={"title": "<b>T", "action": "**gras** <script>x()</script>"}))
    assert "<strong>gras</strong>" in page
    assert "&lt;b&gt;" not in page  # entities are read by text_of
    assert "<script>" not in client.post("/partager/apercu", data={"action": "<script>x()</script>"}).text
    assert "Rien à montrer" in text_of(client.post("/partager/apercu", data={}))


def test_a_member_s_draft_is_kept_resumed_and_gone_once_published(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """By the script's address; the same token all along."""
    signed_in(client, session_factory, "membre")
    assert client.post("/partager/brouillon", data={**STORY, "title": "Un début"}).json == {
        "kept": True,
        "signed_in": True,
    }
    assert drafts(session_factory) == ["Un début"]
    assert "Reprendre : Un début" in text_of(client.get("/partager"))
    assert "Un début" in text_of(client.get("/mon-espace"))
    page = text_of(client.get("/partager?brouillon=jeton-de-velo"))
    assert 'value="Un début"' in page
    assert 'name="token" value="jeton-de-velo"' in page
    assert 'value="mobilite" id="f-themes" checked' in page
    assert send(client, "publish").status_code == 303
    assert drafts(session_factory) == []
    late = client.post("/partager/brouillon", data=STORY)
    assert late.json == {"kept": False, "signed_in": True}
    assert drafts(session_factory) == []


def test_a_draft_is_kept_by_a_button_and_thrown_away(client: FlaskClient, session_factory: Sessions) -> None:
    """Without a script, mistakes and all; « Mon espace » lists it."""
    signed_in(client, session_factory, "membre")
    answer = send(client, "keep", title="", themes=[])
    assert answer.status_code == 303
    page = words_of(client.get(answer.location))
    assert "Brouillon gardé." in page
    assert "Sans titre" in page
    client.post("/mon-espace/brouillons/jeter", data={"slot": "jeton-de-velo"})
    assert drafts(session_factory) == []


def test_a_draft_of_a_change_is_resumed_on_its_note(client: FlaskClient, session_factory: Sessions) -> None:
    """With the revision it started from; another's note is refused."""
    signed_in(client, session_factory, "membre")
    note = only_note(session_factory, "Nos vélos")
    sent = {**STORY, "title": "Nos vélos, encore", "note": note.id, "base_revision": "1"}
    assert client.post("/partager/brouillon", data=sent).json["kept"]  # type: ignore[index]
    page = text_of(client.get(f"/fiches/{note.id}/modifier?brouillon="))
    assert "Nos vélos, encore" in page
    assert 'name="base_revision" value="1"' in page
    assert "Reprendre" in text_of(client.get(f"/fiches/{note.id}/modifier"))
    assert client.get("/partager?brouillon=" + note.id).status_code == 404
    with database.transaction(session_factory) as session:
        other = make_note(session, "À d’autres").id
    refused = client.post("/partager/brouillon", data={**sent, "note": other}).json
    assert refused is not None
    assert (refused["kept"], "autre association" in refused["problem"]) == (False, True)


def test_a_visitor_has_no_draft_on_the_server(client: FlaskClient, session_factory: Sessions) -> None:
    """The script is told so; a draft asked for by its address asks to sign in."""
    assert client.post("/partager/brouillon", data=STORY).json == {"kept": False, "signed_in": False}
    assert drafts(session_factory) == []
    assert client.get("/partager?brouillon=jeton-de-velo").status_code == 403


@pytest.mark.parametrize("step", ["preview", "publish", "write", "keep"])
def test_a_session_that_ended_loses_no_text(client: FlaskClient, session_factory: Sessions, step: str) -> None:
    """Whatever the button, the text is in the answer, nothing is published, and it can be sent again."""
    note = only_note(session_factory, "Nos vélos")
    for address in ("/partager", f"/fiches/{note.id}/modifier"):
        answer = send(client, step, address, writer="un-compte", base_revision="1")
        page = text_of(answer)
        assert answer.status_code == 403
        assert "Votre session est terminée" in page
        assert "une clé de treize" in page
        assert 'name="themes" value="mobilite"' in page
        assert "/connexion" in page
    with database.reading(session_factory) as session:
        assert session.scalars(select(Note.title)).all() == ["Nos vélos"]


def test_publishing_can_be_undone(client: FlaskClient, session_factory: Sessions) -> None:
    """« Annuler » is a button of the page that follows; the note is then in the bin, from where it can come back."""
    signed_in(client, session_factory, "membre")
    page = text_of(client.get(send(client, "publish").location))
    note = only_note(session_factory)
    assert f'action="/fiches/{note.id}/retirer"' in page
    assert 'data-forget="jeton-de-velo"' in page
    page = text_of(client.get(client.post(f"/fiches/{note.id}/retirer").location))
    assert f'action="/fiches/{note.id}/remettre"' in page
    assert "30 jours dans la corbeille" in page
    assert TITLE in text_of(client.get("/corbeille"))
    client.post(f"/fiches/{note.id}/remettre")
    assert only_note(session_factory).status is NoteStatus.PUBLISHED
    assert "La corbeille est vide" in text_of(client.get("/corbeille"))


def test_a_change_can_be_undone(client: FlaskClient, session_factory: Sessions) -> None:
    """« Annuler » puts the version before on line again, and can itself be undone."""
    signed_in(client, session_factory, "membre")
    note = only_note(session_factory, "Nos vélos")
    answer = send(client, "publish", f"/fiches/{note.id}/modifier", title="Nos vélos à nous", base_revision="1")
    page = text_of(client.get(answer.location))
    undo = re.search(rf'action="(/fiches/{note.id}/versions/\d+)"', page)
    assert undo
    page = text_of(client.get(client.post(undo[1]).location))
    assert "<h1>Nos vélos</h1>" in page or "Nos vélos" in page
    assert only_note(session_factory, "Nos vélos").revision == 3
    again = re.search(rf'action="(/fiches/{note.id}/versions/\d+)"', page)
    assert again
    client.post(again[1])
    assert only_note(session_factory, "Nos vélos à nous").revision == 4
    unchanged = send(
        client, "publish", f"/fiches/{note.id}/modifier", title="Nos vélos à nous", base_revision="4", token="b"
    )
    assert "/versions/" not in text_of(client.get(unchanged.location)).split("annonce")[1].split("</main>")[0][:600]


def test_a_conflict_shows_both_texts_and_lets_merge(client: FlaskClient, session_factory: Sessions) -> None:
    """Side by side, whole; and beside the form when one's own is taken up again."""
    signed_in(client, session_factory, "membre")
    note = only_note(session_factory, "Nos vélos")
    address = f"/fiches/{note.id}/modifier"
    send(client, "publish", address, title="Le premier titre", base_revision="1", token="un")
    answer = send(client, "publish", address, title="Le second titre", base_revision="1", token="deux")
    page = words_of(client.get(answer.location))
    assert "En ligne Le premier titre La vôtre Le second titre" in page
    version = answer.location.rsplit("/", 1)[1]
    page = text_of(client.get(f"{address}?version={version}"))
    assert 'value="Le second titre"' in page
    assert "Dans la version en ligne" in page
    assert "Le premier titre" in page


def test_organisations_are_completed_by_every_name(client: FlaskClient, session_factory: Sessions) -> None:
    """In the page, an alias with the name it means; by the script, names that begin like what is typed."""
    assert '<option value="Fil de l’eau" label="Association Exemple Le Fil">' in text_of(client.get("/partager"))
    found = client.get("/partager/organisations?q=fil+eau").json
    assert found == [{"name": "Association Exemple Le Fil", "known_as": "Fil de l’eau"}]
    assert client.get("/partager/organisations?q=").json == []
    with database.transaction(session_factory) as session:
        for number in range(205):
            make_organisation(session, f"Association Exemple Numéro {number}")
    page = text_of(client.get("/partager"))
    assert "data-names=" in page
    assert "Numéro 17" not in page
    assert client.get("/partager/organisations?q=numero+17").json[0]["name"] == "Association Exemple Numéro 17"  # type: ignore[index]


def test_two_names_of_one_organisation_are_put_together_and_apart(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """An editor sees likely pairs, merges one, and undoes it; nothing is moved."""
    with database.transaction(session_factory) as session:
        twin = make_organisation(session, "Le Fil", key="fil").id
        kept = only_id(session, "Association Exemple Le Fil")
    signed_in(client, session_factory, "edition")
    page = text_of(client.get("/moderation/organisations"))
    assert "Réunir sous le premier nom" in page
    assert page.count("Choisissez une organisation") == 2  # so that no name is chosen for whom looks elsewhere
    answer = client.post("/moderation/organisations/reunir", data={"organisation": twin, "into": ""})
    assert "choisissez deux organisations" in text_of(client.get(answer.location))
    answer = client.post("/moderation/organisations/reunir", data={"organisation": twin, "into": kept})
    page = text_of(client.get(answer.location))
    assert "« Le Fil » est réunie à « Association Exemple Le Fil »." in page
    assert "Séparer" in page
    assert "Annuler" in page
    client.post("/moderation/organisations/separer", data={"organisation": twin})
    assert "Déjà réunies" not in text_of(client.get("/moderation/organisations"))


def only_id(session: Session, name: str) -> str:
    """The id of an organisation."""
    return session.scalars(select(Organisation.id).where(Organisation.name == name)).one()


def test_the_script_is_small_and_only_on_the_form() -> None:
    """Six kilobytes at most as it travels."""
    script = Path(__file__).parents[2] / "web" / "static" / "ecrire.js"
    assert len(gzip.compress(script.read_bytes())) <= 6_000
