"""The page of a note, as a browser gets it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, database
from savoirs.models import Note, NoteKind, NoteStatus, Role, Stance
from tests.builders import (
    make_account,
    make_contact,
    make_gathering,
    make_note,
    make_organisation,
    make_source,
    make_theme,
)
from tests.web import make_client
from web.addresses import note_url
from web.identity import COOKIE

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]

PARTS = {
    "introduction": "Une introduction.",
    "context": "Douze bénévoles.",
    "action": "1. Inviter\n2. Accueillir",
    "worked": "- Le repas",
    "failed": "- Le message groupé",
}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A browser."""
    return make_client(session_factory, tmp_path)


def read(client: FlaskClient, note: Note) -> str:
    """A note's page, with plain spaces for the no-break ones."""
    answer = client.get(note_url(note.id, note.title))
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def sign_in(client: FlaskClient, sessions: Sessions, login: str) -> None:
    """Give the browser the session cookie of an account."""
    with database.transaction(sessions) as session:
        client.set_cookie(COOKIE, accounts.open_session(session, accounts.get(session, login)))


def test_a_note_is_told_in_the_fixed_order(client: FlaskClient, session_factory: Sessions) -> None:
    """Essentials, context, what was done, what worked and did not, tools, where it comes from: always in this order."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil")
        note = make_note(
            session,
            "Un repas",
            lived=[(organisation, Stance.SOLVED)],
            tools=["groupe de messages"],
            time_needed="2 h",
            **PARTS,
        )
    page = read(client, note)
    order = ["<h1>Un repas</h1>", "L’essentiel", "Une introduction.", "Le contexte", "Ce qui a été fait"]
    order += ["Ce qui a marché", "Ce qui n’a pas marché", "Outils cités", "D’où vient cette fiche"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)
    assert page.count("<h1") == 1
    assert "<li>Inviter</li>" in page


def test_heading_levels_never_jump(client: FlaskClient, session_factory: Sessions) -> None:
    """Whatever people wrote, levels go down one at a time."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session)
        note = make_note(
            session, lived=[(organisation, Stance.SOLVED)], context="# Un\n\n### Deux", action="##### Trois"
        )
    levels = [int(level) for level in re.findall(r"<h([1-6])", read(client, note))]
    assert levels[0] == 1
    assert max(after - before for before, after in itertools.pairwise(levels)) == 1


def test_a_wrong_slug_leads_to_the_right_one(client: FlaskClient, session_factory: Sessions) -> None:
    """The id is the address; the slug is for the eye, and follows the title for good."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Un repas d’accueil")
    for address in (f"/fiches/{note.id}", f"/fiches/{note.id}-ancien-titre"):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (301, f"/fiches/{note.id}-un-repas-d-accueil")


@pytest.mark.parametrize(
    "address", ["aaaaaaaaaa", "aaaaaaaaaa-titre", "court", "AAAAAAAAAA", "%00aaaaaaaaa", "../../etc"]
)
def test_an_unknown_id_is_not_found(client: FlaskClient, address: str) -> None:
    """404, with a page that helps."""
    answer = client.get(f"/fiches/{address}")
    assert answer.status_code == 404
    assert 'action="/recherche"' in answer.text


def test_what_is_not_published_is_not_found_but_by_who_may_edit_it(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """A visitor cannot tell a hidden note from none; an editor sees it, and sees that it is hidden."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Cachée", status=NoteStatus.PENDING)
        make_account(session, "relectrice", role=Role.EDITOR)
    assert client.get(note_url(note.id, note.title)).status_code == 404
    sign_in(client, session_factory, "relectrice")
    page = read(client, note)
    assert "en attente de relecture" in page
    assert f'href="/fiches/{note.id}/modifier"' in page


def test_the_source_is_named_with_its_lines_and_its_day(client: FlaskClient, session_factory: Sessions) -> None:
    """Where it comes from: the workshop of the day, the document, the lines, and that the document is not here."""
    with database.transaction(session_factory) as session:
        day = make_gathering(session, "Journée d’exemple")
        source = make_source(session, title="Synthèse")
        note = make_note(
            session, source=source, first_line=109, last_line=112, workshop_id=day.workshops[0].id, date="2017"
        )
    page = read(client, note)
    assert f'href="/journees/{day.id}-journee-d-exemple#atelier-' in page
    assert f'href="/sources/{source.id}' in page
    assert ">Synthèse</a> (2017), lignes 109 à 112." in page
    assert "n’est pas gardé ici" in page
    assert "citée en 2017, à revérifier" in page


def test_the_passage_is_shown_without_addresses(client: FlaskClient, session_factory: Sessions) -> None:
    """When the document is kept, its lines are there, masked."""
    with database.transaction(session_factory) as session:
        source = make_source(session, text="un\ndeux écrire à quelquun@example.org\ntrois")
        note = make_note(session, source=source, first_line=2, last_line=2)
    page = read(client, note)
    assert "deux écrire à" in page
    assert "quelquun@" not in page


def test_a_principle_is_on_every_tool_of_its_theme(client: FlaskClient, session_factory: Sessions) -> None:
    """What the 2017 day said first of digital tools is read before each of them, and on no other kind of note."""
    with database.transaction(session_factory) as session:
        digital = make_theme(session, "Numérique", key="numerique")
        make_note(
            session, "Un moyen", kind=NoteKind.PRINCIPLE, themes=[digital], summary="Il ne remplace pas la rencontre."
        )
        tool = make_note(session, kind=NoteKind.TOOL, themes=[digital], tool={"as_written": "Outil"})
        practice = make_note(session, themes=[digital])
    assert "Il ne remplace pas la rencontre." in read(client, tool)
    assert "Il ne remplace pas la rencontre." not in read(client, practice)


def test_who_lived_it_can_be_asked_only_when_they_agreed(client: FlaskClient, session_factory: Sessions) -> None:
    """The link to ask is there for who consented, and is not for the others; it names the note."""
    with database.transaction(session_factory) as session:
        open_one = make_organisation(session, "Association Exemple Ouverte")
        closed_one = make_organisation(session, "Association Exemple Fermée")
        make_contact(session, open_one)
        make_contact(session, closed_one, consent=False)
        note = make_note(session, lived=[(open_one, Stance.SOLVED), (closed_one, Stance.FAILED)])
    page = read(client, note)
    assert f"/pairs/demande?organisation={open_one.id}&amp;fiche={note.id}" in page
    assert f"/pairs/demande?organisation={closed_one.id}" not in page
    assert "En attente de son accord" in page
    assert f'href="/pairs?fiche={note.id}"' in page


def test_an_anonymous_note_names_nobody(client: FlaskClient, session_factory: Sessions) -> None:
    """Neither the page, nor its links, nor its panel tell who lived it."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Discrète")
        make_contact(session, organisation)
        note = make_note(session, lived=[(organisation, Stance.FAILED)], anonymous=True)
    page = read(client, note)
    assert "Discrète" not in page
    assert organisation.id not in page
    assert "anonyme" in page


def test_related_notes_say_by_which_words(client: FlaskClient, session_factory: Sessions) -> None:
    """Each near note shows the words it shares, marked."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Accueillir par un repas")
        make_note(session, "Le repas du dimanche")
    page = read(client, note)
    near = page[page.index("Fiches proches") :]
    assert "Le repas du dimanche" in near
    assert "<mark>repa</mark>" in near


def test_what_people_wrote_runs_nothing(client: FlaskClient, session_factory: Sessions) -> None:
    """Markup in any text of a note stays text."""
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, hostile)
        note = make_note(
            session,
            hostile,
            lived=[(organisation, Stance.SOLVED)],
            tools=[hostile],
            summary=hostile,
            for_whom=hostile,
            **dict.fromkeys(PARTS, hostile),
        )
    page = read(client, note)
    assert page.count("<script") == 1
    assert "<img" not in page


def test_a_page_asks_the_database_a_bounded_number_of_times(
    client: FlaskClient, session_factory: Sessions, max_queries: MaxQueries
) -> None:
    """However many notes are near and organisations lived it."""
    with database.transaction(session_factory) as session:
        organisations = [make_organisation(session) for _ in range(6)]
        note = make_note(session, "Un repas", lived=[(one, Stance.SOLVED) for one in organisations])
        for number in range(20):
            make_note(session, f"Un repas {number}", lived=[(organisations[number % 6], Stance.NEED)])
    read(client, note)
    with max_queries(4):
        read(client, note)
