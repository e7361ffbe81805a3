"""Writing a note: preview, publish, wait, edit; two people at once; nothing lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import database
from savoirs.models import Note, NoteStatus, Role, Stance
from tests.builders import make_account, make_note, make_organisation, make_theme
from tests.pages import text_of
from tests.signing_in import signed_in
from tests.web import make_app, make_client

Sessions = sessionmaker[Session]

STORY = {
    "kind": "practice",
    "title": "Rappeler le lundi qui suit",
    "context": "La moitié des nouveaux ne revenait pas.",
    "action": "Un appel de dix minutes.",
    "worked": "Deux sur trois reviennent.",
    "failed": "Le message groupé.",
    "themes": ["fidelisation"],
    "date": "novembre 2025",
    "organisation": "le fil",
    "stance": "solved",
    "token": "jeton-de-test",
}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser; one theme, two associations, a member and an editor."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Fidéliser", key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil", key="le-fil", aliases=["Le Fil"])
        make_organisation(session, "Association Exemple La Ruche", key="la-ruche")
        make_account(session, "membre", organisation=fil)
        make_account(session, "edition", role=Role.EDITOR)
    return make_client(session_factory, tmp_path)


def notes(sessions: Sessions) -> list[Note]:
    """All notes, with what their links say."""
    with database.reading(sessions) as session:
        found = list(session.scalars(select(Note).order_by(Note.title)))
        for note in found:
            _ = [link.organisation.name for link in note.experiences]
        session.expunge_all()
        return found


def send(client: FlaskClient, step: str, address: str = "/partager", **changes: Any) -> TestResponse:
    """Press a button of the page."""
    return client.post(address, data={**STORY, **changes, "step": step})


def test_a_preview_shows_the_note_and_keeps_nothing(client: FlaskClient, session_factory: Sessions) -> None:
    """Reading again writes nothing, and carries every answer to the next page."""
    page = send(client, "preview")
    assert page.status_code == 200
    assert notes(session_factory) == []
    shown = text_of(page)
    assert "Deux sur trois reviennent." in shown
    assert 'name="themes" value="fidelisation"' in shown
    assert 'name="title" value="Rappeler le lundi qui suit"' in shown


def test_a_visitors_note_waits_and_the_page_says_so(client: FlaskClient, session_factory: Sessions) -> None:
    """Sent without an account, a note is kept for an editor and shown to nobody else."""
    assert "attendra qu’une personne la relise" in text_of(send(client, "preview"))
    answer = send(client, "publish")
    assert answer.status_code == 303
    assert "attend qu’une personne la relise" in text_of(client.get(answer.location))
    (note,) = notes(session_factory)
    assert note.status is NoteStatus.PENDING
    assert client.get(f"/fiches/{note.id}-rappeler").status_code == 404


def test_a_member_publishes_at_once_and_a_search_finds_it(client: FlaskClient, session_factory: Sessions) -> None:
    """What a member's association lived needs no editor; an alias is enough to name it."""
    signed_in(client, session_factory, "membre")
    answer = send(client, "publish")
    assert answer.status_code == 303
    (note,) = notes(session_factory)
    assert note.status is NoteStatus.PUBLISHED
    assert [(link.organisation.name, link.stance) for link in note.experiences] == [
        ("Association Exemple Le Fil", Stance.SOLVED)
    ]
    assert note.date == "2025-11"
    assert "Fiche publiée" in text_of(client.get(answer.location))
    assert "Rappeler le lundi qui suit" in text_of(client.get("/recherche?q=rappeler+lundi"))


def test_a_double_send_makes_one_note(client: FlaskClient, session_factory: Sessions) -> None:
    """The same token twice leads to the same note."""
    signed_in(client, session_factory, "membre")
    first, second = send(client, "publish"), send(client, "publish")
    assert first.location == second.location
    assert len(notes(session_factory)) == 1
    send(client, "publish", token="un-autre")
    assert len(notes(session_factory)) == 2


def test_mistakes_are_told_on_top_and_beside_fields_and_nothing_is_lost(client: FlaskClient) -> None:
    """Each mistake is one sentence, linked from the summary; every other answer is still there."""
    answer = send(client, "preview", title="", date="hier", themes=[], stance="")
    assert answer.status_code == 422
    page = text_of(answer)
    for name in ("title", "date", "stance"):
        assert f'href="#f-{name}"' in page
        assert f'id="f-{name}-erreur"' in page
    assert 'role="alert"' in page
    assert "Un appel de dix minutes." in page
    assert 'value="hier"' in page


def test_a_text_far_too_long_is_given_back_whole(client: FlaskClient) -> None:
    """A text of more than a megabyte is refused with a sentence, not with an error page, and is still in its field."""
    story = "bénévole " * 150_000
    answer = send(client, "preview", action=story)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "La limite est de 20" in page
    assert page.count("bénévole ") >= 149_999


def test_a_form_token_too_old_keeps_the_text(session_factory: Sessions, tmp_path: Path) -> None:
    """An expired page is shown again with its text and a fresh token, and publishes nothing."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Fidéliser", key="fidelisation")
    app = make_app(session_factory, tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    answer = send(client, "publish", organisation="", stance="", csrf_token="périmé")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "restée ouverte longtemps" in page
    assert "Un appel de dix minutes." in page
    assert notes(session_factory) == []
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert fresh is not None
    again = send(client, "publish", organisation="", stance="", csrf_token=fresh[1])
    assert again.status_code == 303
    assert len(notes(session_factory)) == 1


def test_near_notes_are_shown_and_block_nothing(client: FlaskClient, session_factory: Sessions) -> None:
    """A note that looks like the draft is offered beside the button that sends all the same."""
    with database.transaction(session_factory) as session:
        make_note(session, "Rappeler les nouveaux le lundi", context="La moitié des nouveaux ne revenait pas.")
    page = text_of(send(client, "preview"))
    assert "Rappeler les nouveaux le lundi" in page
    assert "raconte déjà presque la même chose" in page
    assert "Compléter celle-ci" in page


def test_text_is_never_read_as_html(client: FlaskClient) -> None:
    """What a visitor writes cannot become a tag, in the preview as in the fields."""
    page = send(client, "preview", title="<script>alert(1)</script>", action="<img src=x onerror=alert(1)> **gras**")
    raw = page.get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    assert "<strong>gras</strong>" in raw


def test_who_may_not_edit_is_told_so(client: FlaskClient, session_factory: Sessions) -> None:
    """A visitor is asked to sign in; a member of another association is refused."""
    with database.transaction(session_factory) as session:
        other = make_organisation(session)
        note_id = make_note(session, "Le repas", lived=[(other, Stance.SOLVED)]).id
    assert client.get(f"/fiches/{note_id}/modifier").status_code == 403
    signed_in(client, session_factory, "membre")
    assert client.get(f"/fiches/{note_id}/modifier").status_code == 403
    assert send(client, "publish", f"/fiches/{note_id}/modifier").status_code == 403


def test_an_edit_keeps_what_the_page_does_not_ask(client: FlaskClient, session_factory: Sessions) -> None:
    """Other associations linked to a note, and its details, survive an edit."""
    with database.transaction(session_factory) as session:
        first, second = make_organisation(session, "Association Exemple Un"), make_organisation(session)
        note = make_note(session, "Le repas", lived=[(first, Stance.NEED)], cited=[second], tools=["agenda"])
        note_id, second_name = note.id, second.name
    signed_in(client, session_factory, "edition")
    page = text_of(client.get(f"/fiches/{note_id}/modifier"))
    assert 'value="Association Exemple Un"' in page
    assert 'value="agenda"' in page
    answer = send(
        client, "publish", f"/fiches/{note_id}/modifier", base_revision="1", organisation="Association Exemple Un"
    )
    assert answer.status_code == 303
    (kept,) = notes(session_factory)
    assert kept.title == STORY["title"]
    assert {link.organisation.name for link in kept.experiences} == {"Association Exemple Un", second_name}


def test_two_people_at_once_keep_both_versions(client: FlaskClient, session_factory: Sessions) -> None:
    """The second to save is shown the difference, field by field, and two choices; nothing is overwritten."""
    with database.transaction(session_factory) as session:
        note_id = make_note(session, "Le repas", action="Un repas.").id
    signed_in(client, session_factory, "edition")
    address = f"/fiches/{note_id}/modifier"
    send(client, "publish", address, base_revision="1", action="Un repas du soir.", token="premier")
    late = send(client, "publish", address, base_revision="1", action="Un repas de midi.", token="second")
    page = client.get(late.location)
    shown = text_of(page)
    assert "Une autre personne a changé cette fiche" in shown
    assert re.search(r"<del>.*?soir.*?</del>", shown)
    assert re.search(r"<ins>.*?midi.*?</ins>", shown)
    assert notes(session_factory)[0].action == "Un repas du soir."
    assert client.post(late.location).status_code == 303
    assert notes(session_factory)[0].action == "Un repas de midi."
    versions = text_of(client.get(f"/fiches/{note_id}/versions"))
    assert "gardée à part" in versions
    assert "en ligne" in versions


def test_versions_are_for_who_may_edit(client: FlaskClient, session_factory: Sessions) -> None:
    """Old versions may say what was taken away on purpose: readers do not see them."""
    with database.transaction(session_factory) as session:
        note_id = make_note(session, "Le repas").id
    assert client.get(f"/fiches/{note_id}/versions").status_code == 403
    signed_in(client, session_factory, "edition")
    assert client.get(f"/fiches/{note_id}/versions").status_code == 200
    assert client.get(f"/fiches/{note_id}/versions/999").status_code == 404


def test_an_editor_who_corrects_first_keeps_the_association_a_visitor_named(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """The name is not the note's yet, and yet an edit before publishing does not lose it."""
    send(client, "publish", organisation="Association Exemple Neuve")
    (note,) = notes(session_factory)
    signed_in(client, session_factory, "edition")
    address = f"/fiches/{note.id}/modifier"
    assert 'value="Association Exemple Neuve"' in text_of(client.get(address))
    send(
        client,
        "publish",
        address,
        base_revision="1",
        organisation="Association Exemple Neuve",
        token="autre",
        date="2025",
    )
    client.post(f"/moderation/fiches/{note.id}/publier", data={"create_organisation": "y"})
    (published,) = notes(session_factory)
    assert published.status is NoteStatus.PUBLISHED
    assert [link.organisation.name for link in published.experiences] == ["Association Exemple Neuve"]
