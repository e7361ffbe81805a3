"""What programme officers see: numbers that tell of nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.introductions.figures import figures, without_small
from savoirs.models import IntroductionStatus, Organisation, Role
from tests.builders import make_account, make_contact, make_introduction, make_organisation
from tests.pages import words_of
from tests.post import NOW
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]


def received(session: Session, organisation: Organisation, status: str, days_ago: int = 10, **values: Any) -> None:
    """A request that an organisation received, answered two days later when it is an answer."""
    at = NOW - dt.timedelta(days=days_ago)
    recipient = make_contact(session, organisation)
    answered = at + dt.timedelta(days=2) if status in ("accepted", "passed", "declined") else None
    moments = {"created_at": at, "confirmed_at": at, "sent_at": at, "answered_at": answered}
    make_introduction(session, organisation, recipient=recipient, status=status, **moments | values)


def test_rate_delay_and_load(session: Session, max_queries: Callable[[int], AbstractContextManager[list[str]]]) -> None:
    """Over those that had their time; half of the answers came within two days. One query."""
    organisations = [make_organisation(session) for _ in range(8)]
    for organisation in organisations:
        received(session, organisation, "accepted", requester_outcome="helped")
    for organisation in organisations[:6]:
        received(session, organisation, "closed")
        received(session, organisation, "sent")
    received(session, organisations[0], "accepted", days_ago=400)
    received(session, organisations[0], IntroductionStatus.UNCONFIRMED)
    session.expunge_all()
    with max_queries(1):
        found = figures(session, NOW)
    assert (found.received, found.organisations) == (20, 8)
    assert found.answer_rate == pytest.approx(8 / 14)
    assert found.delay_days == pytest.approx(2)
    assert found.load == pytest.approx(20 / 8)
    assert found.ends == {"accepted": 8, "passed": 0, "declined": 0, "sent": 6, "closed": 6}
    assert found.outcomes["helped"] == 8


def test_a_few_organisations_are_hidden(session: Session) -> None:
    """Many requests to four organisations: neither what they became, nor how fast."""
    for organisation in [make_organisation(session) for _ in range(4)]:
        for _ in range(3):
            received(session, organisation, "accepted", requester_outcome="helped")
    found = figures(session, NOW)
    assert (found.received, found.organisations) == (12, None)
    assert (found.answer_rate, found.delay_days, found.load) == (None, None, None)
    assert (found.ends["accepted"], found.ends["passed"], found.outcomes["helped"]) == (None, 0, None)


def test_a_small_number_cannot_be_worked_out_from_the_others() -> None:
    """One alone would be the total less the others: the next smallest goes too."""
    assert without_small({"a": 2, "b": 9, "c": 20, "d": 0}) == {"a": None, "b": None, "c": 20, "d": 0}
    assert without_small({"a": 2, "b": 3, "c": 20}) == {"a": None, "b": None, "c": 20}
    assert without_small({"a": 6, "b": 9}) == {"a": 6, "b": 9}


@pytest.fixture
def client(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """A visitor's browser."""
    return make_client(session_factory, tmp_path)


def test_the_page_is_for_editors_and_names_nobody(client: FlaskClient, session_factory: Sessions) -> None:
    """A visitor and a member do not read it; it holds no name of an organisation or a person."""
    with database.transaction(session_factory) as session:
        organisations = [make_organisation(session, f"Association Exemple Nom{number}") for number in range(6)]
        for organisation in organisations:
            received(session, organisation, "accepted")
        make_account(session, "edition", role=Role.EDITOR)
        make_account(session, "membre", organisation=organisations[0])
    assert client.get("/pilotage").status_code == 403
    assert signed_in(client, session_factory, "membre").get("/pilotage").status_code == 403
    page = words_of(signed_in(client, session_factory, "edition").get("/pilotage"))
    assert "6, par 6 associations" in page
    assert "100 %" in page
    assert "la moitié en moins de 2 jours" in page
    for name in ("Nom1", "Zohra"):
        assert name not in page


def test_the_page_of_an_empty_base(client: FlaskClient, session_factory: Sessions) -> None:
    """Nothing yet, said in words."""
    with database.transaction(session_factory) as session:
        make_account(session, "edition", role=Role.EDITOR)
    assert "Aucune demande reçue" in words_of(signed_in(client, session_factory, "edition").get("/pilotage"))
