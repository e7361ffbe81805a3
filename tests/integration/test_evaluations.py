"""The evaluation framework and the library of indicators."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, evaluations
from savoirs.errors import NotFoundError
from savoirs.models import NoteKind, NoteStatus, Stance
from tests.builders import make_framework, make_gathering, make_note, make_organisation

MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def test_a_framework_is_read_whole(session_factory: sessionmaker[Session], max_queries: MaxQueries) -> None:
    """Sections, items, and the workshop it comes from, in four queries."""
    with database.transaction(session_factory) as session:
        workshop = make_gathering(session, "La journée").workshops[0]
        make_framework(session, key="cadre-b")
        make_framework(session, key="cadre-a", title="Le cadre", workshop_id=workshop.id)
    with database.reading(session_factory) as session, max_queries(2):
        view = evaluations.framework(session)
    assert view.title == "Le cadre"
    assert [(section.number, [item.title for item in section.items]) for section in view.sections] == [
        (1, ["Objectif général"])
    ]
    assert view.workshop is not None
    assert view.workshop.gathering.name == "La journée"


def test_a_framework_that_is_not_there(session: Session) -> None:
    """By key, or when there is none at all."""
    for key in (None, "inconnu"):
        with pytest.raises(NotFoundError) as error:
            evaluations.framework(session, key)
        assert error.value.code == "unknown_framework"


def test_indicators_are_a_library(session_factory: sessionmaker[Session], max_queries: MaxQueries) -> None:
    """Those of a workshop first; who uses them, but not who is only named or anonymous."""
    with database.transaction(session_factory) as session:
        workshop = make_gathering(session).workshops[0]
        user, named = make_organisation(session, "Utilisatrice"), make_organisation(session, "Citée")
        make_note(session, "Autre", kind=NoteKind.INDICATOR, cited=[named])
        make_note(session, "Secret", kind=NoteKind.INDICATOR, lived=[(user, Stance.SOLVED)], anonymous=True)
        make_note(
            session,
            "Réseau",
            kind=NoteKind.INDICATOR,
            workshop_id=workshop.id,
            lived=[(user, Stance.SOLVED)],
            indicator={"examples": ["un médecin"], "measure": ""},
        )
        make_note(session, "Attente", kind=NoteKind.INDICATOR, status=NoteStatus.PENDING)
    with database.reading(session_factory) as session, max_queries(2):
        library = evaluations.indicators(session)
    assert [(one.title, [user.name for user in one.used_by]) for one in library] == [
        ("Réseau", ["Utilisatrice"]),
        ("Autre", []),
        ("Secret", []),
    ]
    assert (library[0].examples, library[0].measure) == (("un médecin",), "")
    assert library[0].workshop is not None
