"""The two questions on a note's page, as a browser gets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import Check, Note, NoteKind, Outcome, Stance, Trial, Verdict
from tests.builders import make_account, make_check, make_note, make_organisation, make_trial
from tests.signing_in import signed_in
from tests.web import make_client
from web.addresses import note_url

Sessions = sessionmaker[Session]


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A browser."""
    return make_client(session_factory, tmp_path / "data")


@pytest.fixture
def note(session_factory: Sessions) -> Note:
    """A practice of 2017, and an account that did not write it."""
    with database.transaction(session_factory) as session:
        own = make_organisation(session, "Association Exemple Le Fil")
        make_account(session, "membre", organisation=own)
        return make_note(session, "Un repas", date="2017", lived=[(make_organisation(session), Stance.SOLVED)])


def read(client: FlaskClient, note: Note) -> str:
    """The note's page, with plain spaces."""
    return client.get(note_url(note.id, note.title)).text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_visitor_reads_and_is_asked_to_sign_in(client: FlaskClient, note: Note) -> None:
    """The answers are for members; the way to become one who answers is there."""
    page = read(client, note)
    assert "Toujours vrai ?" in page
    assert "/toujours-vrai" not in page
    assert f"/connexion?suite=/fiches/{note.id}-un-repas" in page.replace("%2F", "/")
    for address in ("essai", "toujours-vrai", "essai/retirer"):
        assert client.post(f"/fiches/{note.id}/{address}").status_code == 403


def test_one_click_confirms(client: FlaskClient, session_factory: Sessions, note: Note) -> None:
    """And the page says so, by whom and when; a second click changes nothing."""
    signed_in(client, session_factory, "membre")
    for _ in range(2):
        answer = client.post(f"/fiches/{note.id}/toujours-vrai", data={"verdict": "confirmed"})
        assert (answer.status_code, answer.location) == (303, f"/fiches/{note.id}-un-repas#t-vrai")
    page = read(client, note)
    assert "Confirmée par <a" in page
    assert "Association Exemple Le Fil" in page
    assert "à revérifier" not in page
    with database.reading(session_factory) as session:
        assert len(session.scalars(select(Check)).all()) == 1


def test_trials_are_points_and_a_sentence(client: FlaskClient, session_factory: Sessions, note: Note) -> None:
    """« 4 essais : 2 gardés, 1 adapté, 1 abandonné »; the drawing says nothing more."""
    with database.transaction(session_factory) as session:
        for outcome in (Outcome.ADOPTED, Outcome.ADOPTED, Outcome.ADAPTED, Outcome.ABANDONED):
            make_trial(session, note, make_account(session, organisation=make_organisation(session)), outcome)
    page = read(client, note)
    assert "<strong>4 essais</strong> : 2 gardés, 1 adapté, 1 abandonné." in page
    assert (page.count("pt-oui"), page.count("pt-adapte"), page.count("pt-non")) == (2, 1, 1)


def test_a_trial_is_told_by_a_form_and_changed_by_it(
    client: FlaskClient, session_factory: Sessions, note: Note
) -> None:
    """Filled again with what one said; a choice is needed; a mistake keeps the sentence."""
    signed_in(client, session_factory, "membre")
    address = f"/fiches/{note.id}/essai"
    refused = client.post(address, data={"line": "Plus court."})
    assert refused.status_code == 422
    assert 'value="Plus court."' in refused.text
    refused = client.post(address, data={"outcome": "adapted", "line": "Écrire à fil@example.org"})
    assert refused.status_code == 422
    assert "adresse e-mail" in refused.text
    assert client.post(address, data={"outcome": "adapted", "line": "Plus court."}).status_code == 303
    page = client.get(address).text
    assert 'value="Plus court."' in page
    assert 'value="adapted" checked' in page
    assert client.post(f"{address}/retirer").status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalars(select(Trial)).all() == []


def test_what_is_over_says_so_in_results(client: FlaskClient, session_factory: Sessions, note: Note) -> None:
    """The search page warns before one opens the note."""
    with database.transaction(session_factory) as session:
        account = make_account(session, organisation=make_organisation(session))
        make_check(session, note, account, Verdict.ENDED, line="Le lieu a fermé.")
    assert "n’existe plus, dit le" in client.get("/recherche?q=repas").text
    page = read(client, note)
    assert "N’existe plus, dit par" in page
    assert "« Le lieu a fermé. »" in page


@pytest.mark.parametrize("kind", [NoteKind.TESTIMONY, NoteKind.PRINCIPLE])
def test_what_cannot_be_tried_is_not_asked_about(
    client: FlaskClient, session_factory: Sessions, kind: NoteKind
) -> None:
    """A testimony tells what was."""
    with database.transaction(session_factory) as session:
        make_account(session, "membre", organisation=make_organisation(session))
        other = make_note(session, kind=kind)
    signed_in(client, session_factory, "membre")
    assert "Toujours vrai ?" not in read(client, other)
    assert client.get(f"/fiches/{other.id}/essai").status_code == 404
