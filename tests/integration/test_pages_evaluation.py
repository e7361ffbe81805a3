"""The page of the evaluation framework."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import NoteKind
from tests.builders import make_framework, make_gathering, make_note
from tests.pages import words_of
from tests.web import make_client

Sessions = sessionmaker[Session]


def test_the_framework_and_its_indicators_can_be_read(session_factory: Sessions, tmp_path: Path) -> None:
    """Parts, questions, indicators; an empty measure is to be completed; writing reports is said to come later."""
    with database.transaction(session_factory) as session:
        make_framework(session)
        workshop = make_gathering(session).workshops[0]
        make_note(
            session,
            "Des bénévoles autonomes",
            kind=NoteKind.INDICATOR,
            indicator={"dimension": "autonomie", "examples": ["boîte à outils"]},
            workshop_id=workshop.id,
        )
    page = words_of(make_client(session_factory, tmp_path).get("/evaluation"))
    for words in (
        "Ce qui était prévu",
        "Objectif général",
        "Des bénévoles autonomes",
        "autonomie",
        "à compléter",
        "boîte à outils",
        "n’est pas encore possible",
    ):
        assert words in page, words


def test_without_a_framework_the_page_says_so(session_factory: Sessions, tmp_path: Path) -> None:
    """An empty base is a normal state."""
    answer = make_client(session_factory, tmp_path).get("/evaluation")
    assert answer.status_code == 200
    assert "Aucun cadre d’évaluation" in words_of(answer)
