"""Every page that reads the base sends four SQL statements at most, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.models import NoteKind, ParticipationRole, Stance
from tests.builders import (
    make_account,
    make_contact,
    make_framework,
    make_gathering,
    make_note,
    make_organisation,
    make_source,
    make_theme,
)
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]

NEED = "Un repas partagé"
PAGES = (
    "/",
    f"/recherche?q={NEED}",
    "/fiches/{note}-un-repas-partage",
    "/organisations",
    "/organisations/{organisation}-le-fil",
    f"/pairs?besoin={NEED}",
    "/pairs?fiche={note}",
    "/pairs?organisation={organisation}",
    f"/pairs/demande?organisation={{organisation}}&besoin={NEED}",
    "/pairs/demande?organisation={organisation}&fiche={note}",
    "/journees",
    "/journees/{day}-la-journee",
    "/evaluation",
    "/partager",
)


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A browser."""
    return make_client(session_factory, tmp_path / "data")


@pytest.fixture
def ids(session_factory: Sessions) -> dict[str, str]:
    """A base with a little of everything, and several of each."""
    with database.transaction(session_factory) as session:
        source = make_source(session)
        themes = [make_theme(session, parent=make_theme(session), synonyms=["a", "b"]) for _ in range(3)]
        organisations = [make_organisation(session, audiences=["jeunes", "familles"]) for _ in range(6)]
        main = make_organisation(session, "Le Fil", aliases=["Fil", "Filature"], audiences=["jeunes"])
        make_organisation(session, "L’ancien Fil").merged_into = main
        for organisation in (main, *organisations):
            make_contact(session, organisation)
        day = make_gathering(
            session, "La journée", themes=themes, workshops=3, source_id=source.id,
            participations=[(one, ParticipationRole.PARTICIPANT) for one in organisations],
        )  # fmt: skip
        for number, stance in enumerate((*Stance, *Stance, *Stance)):
            told = [(organisations[number % 6], stance), (main, stance)]
            make_note(session, f"{NEED} {number}", themes=themes, lived=told, source_id=source.id)
            make_note(session, kind=NoteKind.PRINCIPLE, themes=themes, workshop_id=day.workshops[number % 3].id)
            indicator = {"examples": ["a", "b"]}
            make_note(
                session, kind=NoteKind.INDICATOR, indicator=indicator, lived=told, workshop_id=day.workshops[0].id
            )
        note = make_note(
            session, NEED, kind=NoteKind.TOOL, themes=themes, audiences=["jeunes"], tools=["Carnet", "Tableau"],
            lived=[(one, Stance.SOLVED) for one in organisations], cited=[main], workshop_id=day.workshops[1].id,
            source_id=source.id, tool={"provider": main, "aliases": ["a", "b"]},
        )  # fmt: skip
        make_framework(session)
        make_account(session, "membre", organisation=organisations[0])
        return {"note": note.id, "organisation": main.id, "day": day.id}


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_costs_four_statements_at_most(
    client: FlaskClient, ids: dict[str, str], max_queries: MaxQueries, page: str
) -> None:
    """The first time as the next ones, once the index follows the journal."""
    client.get("/recherche")
    for _ in range(2):
        with max_queries(4):
            assert client.get(page.format(**ids)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_signed_in_costs_one_more(
    client: FlaskClient, session_factory: Sessions, ids: dict[str, str], max_queries: MaxQueries, page: str
) -> None:
    """Their session is one statement."""
    signed_in(client, session_factory, "membre").get("/recherche")
    with max_queries(5):
        assert client.get(page.format(**ids)).status_code == 200


def test_what_the_home_page_remembers_is_never_old(client: FlaskClient, session_factory: Sessions) -> None:
    """A note written later is counted and shown at once; so is its association in the list."""
    assert "Une fiche nouvelle" not in client.get("/").text
    client.get("/organisations")
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Bénévolat")
        teller = make_organisation(session, "Association Exemple Neuve")
        make_note(session, "Une fiche nouvelle", themes=[theme], lived=[(teller, Stance.NEED)])
    page = client.get("/").text
    assert page.count("Une fiche nouvelle") == 2
    assert "Bénévolat" in page
    assert "Association Exemple Neuve" in client.get("/organisations").text
