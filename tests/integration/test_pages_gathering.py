"""The pages of days."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import Gathering, NoteKind, ParticipationRole, Role, SlotKind
from tests.builders import make_account, make_gathering, make_note, make_organisation
from tests.pages import text_of, words_of
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def day(session_factory: Sessions) -> tuple[str, str]:
    """The id of a day of 2017 without a date, and its address."""
    with database.transaction(session_factory) as session:
        organiser = make_organisation(session, "Fondation Exemple")
        made = make_gathering(
            session,
            "Journée d’exemple",
            year=2017,
            objectives=("Se relier.", "Mettre en commun."),
            slots=(("09:30", SlotKind.WELCOME, "Accueil"), ("14:00", SlotKind.WORKSHOP, "Suite des ateliers")),
            participations=[(organiser, ParticipationRole.ORGANISER)],
            participants_note="Non fournie dans la source.",
        )
        workshop = made.workshops[0]
        make_note(session, "Le numérique est un moyen", kind=NoteKind.PRINCIPLE, workshop_id=workshop.id)
        make_note(session, "Un agenda commun", kind=NoteKind.TOOL, date="2017", workshop_id=workshop.id)
        make_account(session, "edition", role=Role.EDITOR)
        return made.id, f"/journees/{made.id}-journee-d-exemple"


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path, day: tuple[str, str]) -> FlaskClient:
    """A visitor's browser."""
    return make_client(session_factory, tmp_path)


def test_the_list_leads_to_each_day(client: FlaskClient, day: tuple[str, str]) -> None:
    """Title, year, workshops and notes."""
    page = text_of(client.get("/journees"))
    assert day[1] in page
    assert "1 atelier" in page


def test_a_day_tells_what_its_source_gives_and_what_it_does_not(client: FlaskClient, day: tuple[str, str]) -> None:
    """Aims, programme, roles, question and synthesis; an empty list of participants says so."""
    page = words_of(client.get(day[1]))
    for words in (
        "Se relier.",
        "Mettre en commun.",
        "9 h 30 Accueil",
        "14 h Suite des ateliers",
        "Non fournie dans la source.",
        "Organisation Fondation Exemple",
        "Comment faire durer le lien ?",
        "Faire durer le lien",
        "Le numérique est un moyen",
        "Un agenda commun",
        "cité en 2017, à revérifier",
    ):
        assert words in page, words


def test_a_wrong_slug_leads_to_the_right_one(client: FlaskClient, day: tuple[str, str]) -> None:
    """The id decides; an unknown one is not found."""
    answer = client.get(f"/journees/{day[0]}-autre-chose")
    assert (answer.status_code, answer.location) == (301, day[1])
    assert client.get("/journees/inconnue22-rien").status_code == 404
    assert client.get("/journees/x").status_code == 404


def test_the_programme_goes_to_a_calendar(client: FlaskClient, day: tuple[str, str]) -> None:
    """An iCalendar file, with a day when one is given."""
    answer = client.get(f"{day[1]}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"BEGIN:VCALENDAR\r\n" in answer.data
    dated = client.get(f"{day[1]}.ics?jour=2027-03-12").get_data(as_text=True)
    assert "DTSTART:20270312T093000" in dated


def test_a_new_day_takes_the_slots_and_nothing_else(
    client: FlaskClient, session_factory: Sessions, day: tuple[str, str]
) -> None:
    """An editor prepares a day after another; a visitor cannot; mistakes are told."""
    address = f"/journees/{day[0]}/preparer"
    assert client.get(address).status_code == 403
    assert client.post(address, data={"title": "Suite", "date": "12 mars 2027"}).status_code == 403
    signed_in(client, session_factory, "edition")
    wrong = client.post(address, data={"title": "", "date": "mars"})
    assert wrong.status_code == 422
    assert 'href="#f-date"' in text_of(wrong)
    made = client.post(address, data={"title": "Journée 2027", "date": "12 mars 2027"})
    assert made.status_code == 303
    page = words_of(client.get(made.location))
    assert "9 h 30 Accueil" in page
    assert "Un agenda commun" not in page
    with database.reading(session_factory) as session:
        assert session.scalars(select(Gathering.date).order_by(Gathering.year)).all() == [None, "2027-03-12"]


def test_a_day_asks_the_database_a_bounded_number_of_times(
    client: FlaskClient, day: tuple[str, str], max_queries: MaxQueries
) -> None:
    """However many notes its workshops made."""
    with max_queries(4):
        client.get(day[1])
