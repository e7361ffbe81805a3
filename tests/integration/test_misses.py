"""Searches that found nothing: counted without anybody's identity, never at the cost of a page."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, gaps, misses
from savoirs.models import Role, SearchMiss, Stance
from tests.builders import make_account, make_call, make_note, make_organisation, make_theme
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser."""
    return make_client(session_factory, tmp_path / "data")


def counts(sessions: Sessions) -> dict[tuple[str, str], int]:
    """What is counted, by words and month."""
    with database.reading(sessions) as session:
        rows = session.execute(select(SearchMiss.words, SearchMiss.month, SearchMiss.count))
        return {(words, month): times for words, month, times in rows}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Covoiturage  RURAL ", "covoiturage rural"),
        ("écrire à ana@example.org", "écrire à […]"),
        ("rappeler le 01 99 00 11 22", "rappeler le […]"),
        ("dossier 1 85 05 78 006 048", "dossier […]"),
        ("bilan 2024", "bilan 2024"),
        ("ana@example.org", ""),
        ("0199001122", ""),
        (" \x00 ", ""),
        ("x" * 500, "x" * 200),
    ],
)
def test_words_are_kept_without_what_tells_of_somebody(typed: str, kept: str) -> None:
    """No address, no number, no long run of digits; a search that was nothing else is not counted."""
    assert misses.counted_words(typed) == kept


def test_a_search_is_counted_by_month(session_factory: Sessions) -> None:
    """However it is written."""
    for typed, moment in (("Covoiturage", NOW), ("covoiturage ", NOW), ("covoiturage", LATER), ("  ", NOW)):
        misses.count(session_factory, typed, moment)
    assert counts(session_factory) == {("covoiturage", "2026-11"): 2, ("covoiturage", "2026-12"): 1}


def test_words_are_shown_from_five_searches_on(session_factory: Sessions) -> None:
    """Over all months; before that they may tell of somebody."""
    for words, times in (("covoiturage", 4), ("rare", 4)):
        for _ in range(times):
            misses.count(session_factory, words, NOW)
    misses.count(session_factory, "covoiturage", LATER)
    with database.reading(session_factory) as session:
        assert misses.shown(session) == (misses.Miss("covoiturage", 5, "2026-12"),)


def test_counting_never_waits_nor_breaks(session_factory: Sessions, database_engine: Engine) -> None:
    """With the database taken by somebody else, or without its table, nothing happens, at once."""
    with database.transaction(session_factory) as session:
        session.execute(text("DELETE FROM search_misses"))
        began = time.monotonic()
        misses.count(session_factory, "covoiturage", NOW)
        assert time.monotonic() - began < 2.0
    with database_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 5000
    with database.transaction(session_factory) as session:
        session.execute(text("DROP TABLE search_misses"))
    misses.count(session_factory, "covoiturage", NOW)


def test_the_search_page_counts_what_found_nothing_once_a_browser(
    client: FlaskClient, session_factory: Sessions
) -> None:
    """Not what found something, not a reload, not a filter; another browser's search is another."""
    with database.transaction(session_factory) as session:
        make_note(session, "Un repas")
    other = client.application.test_client()
    for browser in (client, client, other):
        browser.get("/recherche?q=covoiturage").close()
    client.get("/recherche?q=repas").close()
    client.get("/recherche?q=jardin&kind=tool").close()
    client.get("/recherche").close()
    assert [(words, times) for (words, _), times in counts(session_factory).items()] == [("covoiturage", 2)]
    with client.session_transaction() as kept:
        assert "covoiturage" not in str(dict(kept))


def test_the_map_of_gaps_sets_what_is_asked_beside_what_is_told(session: Session) -> None:
    """The theme where most is asked for what is told comes first; what has no theme is apart, at the end."""
    asked = make_theme(session, "Mobilité", key="mobilite")
    under = make_theme(session, "Trajets", parent=asked, synonyms=["covoiturage"])
    told = make_theme(session, "Repas", key="repas")
    lived = make_organisation(session)
    make_note(session, themes=[under], lived=[(lived, Stance.NEED)])
    for stance in (Stance.SOLVED, Stance.FAILED):
        make_note(session, themes=[told], lived=[(lived, stance)])
    make_call(session, theme_id=under.id)
    make_call(session)
    for words in ("le covoiturage", "brumiflex"):
        session.add(SearchMiss(words=words, month="2026-11", count=6))
    session.flush()
    assert [(gap.key, gap.needs, gap.solved, gap.failed, gap.calls, gap.searches) for gap in gaps.read(session)] == [
        ("mobilite", 1, 0, 0, 1, 6),
        ("repas", 0, 1, 1, 0, 0),
        ("", 0, 0, 0, 1, 6),
    ]


def test_programme_officers_read_both_and_take_them_away(client: FlaskClient, session_factory: Sessions) -> None:
    """As a page and as CSV that a spreadsheet runs nothing of; nobody else does."""
    with database.transaction(session_factory) as session:
        make_account(session, "relectrice", role=Role.EDITOR)
        make_theme(session, "Mobilité", key="mobilite")
        session.add(SearchMiss(words="=covoiturage;rural", month="2026-11", count=6))
        session.add(SearchMiss(words="rare", month="2026-11", count=4))
    addresses = ("/pilotage", "/pilotage/manques.csv", "/pilotage/recherches-vaines.csv")
    assert {client.get(address).status_code for address in addresses} == {403}
    signed_in(client, session_factory, "relectrice")
    page, map_csv, misses_csv = (client.get(address) for address in addresses)
    assert "=covoiturage;rural" in page.text
    assert "rare" not in page.text
    assert map_csv.text.startswith("\ufeffthème;besoins;solutions;échecs utiles;appels;recherches vaines\r\n")
    assert "Mobilité;0;0;0;0;0\r\n" in map_csv.text
    assert misses_csv.text.splitlines()[1] == '"\'=covoiturage;rural";6;2026-11'
    assert misses_csv.mimetype == "text/csv"


def test_the_page_costs_few_statements(session_factory: Sessions) -> None:
    """Three for the map, whatever the number of themes and searches."""
    with database.transaction(session_factory) as session:
        for number in range(20):
            make_theme(session)
            session.add(SearchMiss(words=f"mots {number}", month="2026-11", count=9))
        assert session.scalar(select(func.count()).select_from(SearchMiss)) == 20
        assert len(gaps.read(session)) == 21
