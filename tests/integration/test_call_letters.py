"""Letters of a call, by a real mail server: to those who are near, and to who asked once the address is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import call_answers, call_recipients, calls, database
from savoirs.calls import CallDraft
from savoirs.config import Settings
from savoirs.models import Call, Contact, Role
from tests.builders import make_account, make_contact, make_note, make_organisation
from tests.post import NOW, MailServer, link_to, mail_server, make_round, text_of
from tests.web import make_client

Sessions = sessionmaker[Session]

NEAR, ASKER = "relais@example.org", "ana@example.org"
QUESTION = "Qui a organisé du covoiturage en zone rurale ?"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(server: MailServer, tmp_path: Path) -> Settings:
    """Settings that send by it."""
    return server.settings(tmp_path / "data", base_url="https://savoirs.example.org")


@pytest.fixture
def call(session_factory: Sessions, settings: Settings) -> str:
    """The id of an open call, of somebody who left an address, told to one association."""
    with database.transaction(session_factory) as session:
        editor = make_account(session, role=Role.EDITOR)
        near = make_organisation(session, "Association Exemple Grand Chemin")
        make_contact(session, near, email=NEAR)
        asked = calls.ask(session, CallDraft(QUESTION, "Un village.", email=ASKER, agreed=True), None, NOW)
        calls.open_call(session, asked.id, editor, [near.id], settings, NOW)
        return asked.id


def test_those_who_are_near_read_the_question_and_may_stop(
    session_factory: Sessions, server: MailServer, settings: Settings, call: str
) -> None:
    """The question, how to answer, one click to have no more; who asks is nowhere in it."""
    make_round(session_factory, settings)
    make_round(session_factory, settings)
    (message,) = server.to(NEAR)
    text = text_of(message)
    assert QUESTION in text
    assert "Un village." in text
    assert ASKER not in message.as_string()
    assert link_to(message, "/partager") == "/partager"
    assert f"/partager?appel={call}" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_stops_notices_of_calls(
    session_factory: Sessions, server: MailServer, settings: Settings, call: str, tmp_path: Path
) -> None:
    """A notice that waits does not leave, and the page that stops them changes nothing when it is only opened."""
    make_round(session_factory, settings)
    (message,) = server.to(NEAR)
    stop = message["List-Unsubscribe"].strip("<>").partition("example.org")[2]
    client = make_client(session_factory, tmp_path / "other")
    assert client.get(stop).status_code == 200
    with database.reading(session_factory) as session:
        assert not any(call_recipients.stopped(contact) for contact in session.query(Contact))
    for _ in range(2):
        assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code in (200, 303)
    with database.transaction(session_factory) as session:
        near = session.query(Contact).filter_by(email=NEAR).one()
        assert call_recipients.stopped(near)


def test_who_asked_confirms_and_is_told_of_the_answer(
    session_factory: Sessions, server: MailServer, settings: Settings, call: str, tmp_path: Path
) -> None:
    """One letter when it is published; the next ones only after a click."""
    make_round(session_factory, settings)
    (published,) = server.to(ASKER)
    with database.transaction(session_factory) as session:
        assert call_answers.link(session, call, make_note(session, "Le tableau des trajets"), NOW)
    make_round(session_factory, settings)
    assert len(server.to(ASKER)) == 1
    client = make_client(session_factory, tmp_path / "other")
    follow = link_to(published, "/appels/suivi/")
    assert client.get(follow).status_code == 200
    assert client.post(f"{follow}/confirmer").status_code == 303
    for _ in range(2):
        make_round(session_factory, settings)
    (_, answer) = server.to(ASKER)
    assert "Le tableau des trajets" in text_of(answer)


def test_a_letter_about_a_closed_call_does_not_leave(
    session_factory: Sessions, server: MailServer, settings: Settings, call: str
) -> None:
    """It has no reason to any more."""
    with database.transaction(session_factory) as session:
        calls.close(session, call, NOW)
        assert session.get_one(Call, call).asker is None
    make_round(session_factory, settings)
    assert server.messages == []
