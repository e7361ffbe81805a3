"""The outbox by a real mail server: sent once, tried again, refused, taken by one process at a time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, outbox
from savoirs.models import Contact, Letter, LetterState
from savoirs.outbox import DELAYS, Fate, Outcome
from tests.builders import make_contact, make_organisation
from tests.post import NOW, MailServer, mail_server, make_round, text_of
from web.letters import LETTERS
from web.letters.unsubscribing import TOPICS

Sessions = sessionmaker[Session]
READER = "camille@example.org"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def letter(session_factory: Sessions) -> int:
    """A letter that asks Camille for an agreement."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil", fictional=False)
        contact = make_contact(session, organisation, consent=False, email=READER, name="Camille")
        return outbox.post(session, "consent.ask", contact, "contact/1/ask", {"scope": "relay"}, NOW).id


def read(sessions: Sessions, letter_id: int) -> Letter:
    """The letter as it is kept."""
    with database.reading(sessions) as session:
        return session.get_one(Letter, letter_id)


def test_a_letter_leaves_once_as_text_and_simple_html(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """With French accents, a stable Message-ID, and no address but its reader's."""
    settings = server.settings(tmp_path, mail_from="Savoirs d’essai <savoirs@example.org>")
    assert make_round(session_factory, settings)["sent"] == 1
    assert make_round(session_factory, settings) == {}
    (message,) = server.messages
    assert (message["To"], message["From"]) == (READER, "Savoirs d’essai <savoirs@example.org>")
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"].startswith("Voulez-vous être le contact")
    assert "d’autres associations" in text_of(message)
    html = message.get_body(("html",))
    assert html is not None
    content = html.get_content()
    assert "<blockquote>" in content
    assert not any(part in content for part in ("<img", "<script", "style=", "http-equiv"))
    assert READER not in content
    assert read(session_factory, letter).state == LetterState.SENT


def test_the_same_key_is_one_letter(session_factory: Sessions, letter: int) -> None:
    """However many times the same thing is told."""
    with database.transaction(session_factory) as session:
        contact = session.scalars(select(Contact)).one()
        assert outbox.post(session, "consent.ask", contact, "contact/1/ask").id == letter


def test_a_server_down_for_a_day_loses_nothing_and_sends_once(
    session_factory: Sessions, tmp_path: Path, letter: int
) -> None:
    """Tries grow further apart; when it is back, one message leaves."""
    with mail_server() as server:
        settings = server.settings(tmp_path)
    moment, tries = NOW, 0
    while moment < NOW + dt.timedelta(days=1):
        tries += make_round(session_factory, settings, moment)["down"]
        moment += dt.timedelta(minutes=1 if tries < 3 else 30)
    assert 5 <= tries <= 8
    kept = read(session_factory, letter)
    assert (kept.state, kept.attempts, kept.last_error) == (LetterState.PENDING, tries, "ConnectionRefusedError")
    with mail_server() as server:
        settings = server.settings(tmp_path)
        for hours in range(24, 72):
            make_round(session_factory, settings, NOW + dt.timedelta(hours=hours))
        assert len(server.messages) == 1
    assert read(session_factory, letter).state == LetterState.SENT


def test_tries_end_after_some_days(session_factory: Sessions, letter: int) -> None:
    """Between three days and five: then the letter has failed, and is kept."""
    moment = NOW
    for delay in (*DELAYS, dt.timedelta(0)):
        counts = outbox.run(
            session_factory,
            lambda _session, _letter: "written",
            lambda _written: Outcome(Fate.LATER, "smtp 451"),
            clock=lambda moment=moment: moment,  # type: ignore[misc]
        )
        assert counts == {"later": 1}
        moment += delay
    assert list(DELAYS) == sorted(DELAYS)
    assert dt.timedelta(days=3) <= moment - NOW <= dt.timedelta(days=5)
    kept = read(session_factory, letter)
    assert (kept.state, kept.last_error) == (LetterState.FAILED, "smtp 451")


def test_a_refused_address_gets_nothing_more(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """A 5xx for the reader is for good: the contact is marked, and later letters to them are dropped."""
    server.answers[READER] = "550 no such user"
    settings = server.settings(tmp_path)
    assert make_round(session_factory, settings) == {"refused": 1}
    kept = read(session_factory, letter)
    assert (kept.state, kept.last_error) == (LetterState.FAILED, "smtp 550")
    with database.transaction(session_factory) as session:
        contact = session.scalars(select(Contact)).one()
        assert contact.bounced_at == NOW
        outbox.post(session, "consent.ask", contact, "another", {"scope": "relay"}, NOW)
    assert make_round(session_factory, settings) == {"dropped": 1}
    assert server.messages == []


def test_a_full_mailbox_is_tried_later(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """A 4xx is for now: nobody is marked, and the message leaves when it can."""
    server.answers[READER] = "452 full"
    settings = server.settings(tmp_path)
    assert make_round(session_factory, settings) == {"later": 1}
    assert make_round(session_factory, settings) == {}
    server.answers.clear()
    assert make_round(session_factory, settings, NOW + DELAYS[0]) == {"sent": 1}
    assert len(server.messages) == 1


def test_a_rejected_message_says_nothing_of_its_reader(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """A 5xx for the message itself fails it, and the address stays good."""
    server.rejected.add(READER)
    assert make_round(session_factory, server.settings(tmp_path)) == {"rejected": 1}
    with database.reading(session_factory) as session:
        assert session.scalars(select(Contact.bounced_at)).one() is None


def test_a_process_killed_with_a_letter_in_hand_does_not_lose_it(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """Another takes it once the first one's time is over, under the same Message-ID."""
    settings = server.settings(tmp_path)

    def killed(_written: object) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.run(session_factory, lambda _session, _letter: "written", killed, clock=lambda: NOW)
    assert make_round(session_factory, settings, NOW + dt.timedelta(minutes=1)) == {}
    assert make_round(session_factory, settings, NOW + outbox.CLAIM) == {"sent": 1}
    first = server.messages[0]["Message-ID"]
    with database.transaction(session_factory) as session:  # as if it had been killed between sending and saying so
        session.get_one(Letter, letter).state = LetterState.PENDING
    make_round(session_factory, settings, NOW + dt.timedelta(hours=1))
    assert [message["Message-ID"] for message in server.messages] == [first, first]


def test_two_rounds_at_once_send_each_letter_once(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """Each letter is in one hand."""
    with database.transaction(session_factory) as session:
        contact = session.scalars(select(Contact)).one()
        for number in range(8):
            outbox.post(session, "consent.ask", contact, f"ask/{number}", {"scope": "relay"}, NOW)
    settings = server.settings(tmp_path)
    rounds = [threading.Thread(target=make_round, args=(session_factory, settings)) for _ in range(3)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join()
    assert len(server.messages) == 9
    assert len({message["Message-ID"] for message in server.messages}) == 9


def test_a_letter_that_breaks_holds_up_no_other(
    session_factory: Sessions, tmp_path: Path, server: MailServer, letter: int
) -> None:
    """A kind that nobody writes is tried again later; the letter after it leaves."""
    with database.transaction(session_factory) as session:
        contact = session.scalars(select(Contact)).one()
        earlier = NOW - dt.timedelta(hours=1)
        broken = outbox.post(session, "unknown.kind", contact, "broken", now=earlier).id
    assert make_round(session_factory, server.settings(tmp_path)) == {"later": 1, "sent": 1}
    assert read(session_factory, broken).last_error == "KeyError"


def test_every_kind_has_its_writer_and_every_topic_its_stop() -> None:
    """The names in the two registries are of functions that exist."""
    for place in (*LETTERS.values(), *(topic.stop for topic in TOPICS.values())):
        module, name = place.split(":")
        assert callable(getattr(import_module(module), name)), place
