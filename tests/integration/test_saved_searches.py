"""Kept searches and their weekly letter: one a week, about what is new, stopped by one click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, digests, saved_searches
from savoirs.config import Settings
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.journal import JournalFeed, record_change
from savoirs.models import Account, Contact, ContactMode, Letter, NoteKind, SavedSearch
from tests.builders import make_account, make_note, make_organisation
from tests.fakes import WordEngine
from tests.post import MailServer, link_to, mail_server, make_round, text_of
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
READER = "ana@example.org"


def member(session: Session, login: str = "membre", *, address: str | None = READER) -> Account:
    """An account, and its own confirmed address unless there is none."""
    account = make_account(session, login, organisation=make_organisation(session))
    if address:
        session.add(
            Contact(
                id=f"{login}xxxxxxxxxx"[:10], key=f"compte-{login}", account_id=account.id, email=address,
                mode=ContactMode.CLOSED, address_confirmed_at=NOW,
            )
        )  # fmt: skip
        session.flush()
    return account


def news(sessions: Sessions, now: dt.datetime) -> int:
    """A round of weekly letters at a moment."""
    return digests.run(sessions, WordEngine(), JournalFeed(sessions), now)


def publish(sessions: Sessions, title: str, at: dt.datetime) -> str:
    """A note published at a moment."""
    with database.transaction(sessions) as session:
        return make_note(session, title, published_at=at).id


def letters(sessions: Sessions) -> list[Letter]:
    """All letters, in order."""
    with database.reading(sessions) as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


@pytest.fixture
def kept(session_factory: Sessions) -> int:
    """The id of a search for « repas », kept by a member on a Monday; a note answered it already."""
    publish(session_factory, "Un vieux repas", NOW - 90 * DAY)
    with database.transaction(session_factory) as session:
        return saved_searches.keep(session, member(session), "repas", {}, now=NOW).id


def test_a_search_is_kept_once(session: Session) -> None:
    """Whatever the order of its filters, the spaces of its words, the number of clicks."""
    account = member(session)
    first = saved_searches.keep(session, account, " fidéliser  bénévoles", {"kind": ("tool", "practice")})
    again = saved_searches.keep(session, account, "fidéliser bénévoles", {"kind": ("practice", "tool")})
    assert first is again
    assert len(saved_searches.listing(session, account)) == 1


def test_an_empty_search_and_too_many_are_refused(session: Session) -> None:
    """With a sentence for each; a filter alone is a search."""
    account = member(session)
    with pytest.raises(SavoirsError, match="empty_search"):
        saved_searches.keep(session, account, "  ", {})
    saved_searches.keep(session, account, "", {"kind": ("tool",)})
    for number in range(saved_searches.MOST - 1):
        saved_searches.keep(session, account, f"recherche {number}", {})
    with pytest.raises(SavoirsError, match="too_many_searches"):
        saved_searches.keep(session, account, "une de trop", {})


def test_an_address_typed_in_a_search_is_not_kept(session: Session) -> None:
    """Addresses are in the contacts table only."""
    assert "@" not in saved_searches.keep(session, member(session), "écrire à ana@example.org", {}).text


def test_nobody_stops_the_searches_of_others(session: Session) -> None:
    """As if they were not there."""
    mine, other = member(session), member(session, "autre")
    one = saved_searches.keep(session, mine, "repas", {})
    saved_searches.remove(session, other, one.id)
    with pytest.raises(NotFoundError):
        saved_searches.send_news(session, other, one.id, wanted=False)
    assert len(saved_searches.listing(session, mine)) == 1


def test_only_what_is_new_makes_a_letter(session_factory: Sessions, kept: int) -> None:
    """A note published since that answers; nothing for what was there, nor for what does not answer."""
    assert news(session_factory, NOW + 7 * DAY) == 0
    publish(session_factory, "Un jardin", NOW + 8 * DAY)
    assert news(session_factory, NOW + 9 * DAY) == 0
    new = publish(session_factory, "Un repas du jeudi", NOW + 10 * DAY)
    assert [news(session_factory, NOW + 11 * DAY) for _ in range(3)] == [1, 0, 0]
    (letter,) = letters(session_factory)
    assert letter.params["searches"] == [[kept, [new]]]


def test_a_note_that_was_told_is_not_news_again(session_factory: Sessions, kept: int) -> None:
    """Corrected a week later, it is the same note."""
    new = publish(session_factory, "Un repas du jeudi", NOW + DAY)
    assert news(session_factory, NOW + 2 * DAY) == 1
    with database.transaction(session_factory) as session:
        record_change(session, "note", new)
    assert news(session_factory, NOW + 20 * DAY) == 0


def test_there_is_one_letter_a_week_at_most(session_factory: Sessions, kept: int) -> None:
    """With all the searches of an account; what came in between is in the next one."""
    with database.transaction(session_factory) as session:
        account = session.scalars(select(Account)).one()
        saved_searches.keep(session, account, "", {"kind": (NoteKind.PRACTICE.value,)}, now=NOW)
    publish(session_factory, "Un premier repas", NOW + DAY)
    assert news(session_factory, NOW + 2 * DAY) == 1
    second = publish(session_factory, "Un second repas", NOW + 3 * DAY)
    assert news(session_factory, NOW + 4 * DAY) == 0
    assert news(session_factory, NOW + 9 * DAY) == 1
    first_letter, second_letter = letters(session_factory)
    assert len(first_letter.params["searches"]) == 2
    assert {tuple(ids) for _, ids in second_letter.params["searches"]} == {(second,)}


def test_whoever_has_no_confirmed_address_gets_none(session_factory: Sessions) -> None:
    """Nor who does not want it, nor a closed account; the search is kept all the same."""
    with database.transaction(session_factory) as session:
        saved_searches.keep(session, member(session, address=None), "repas", {}, now=NOW)
        quiet = member(session, "autre", address="autre@example.org")
        saved_searches.keep(session, quiet, "repas", {}, by_email=False, now=NOW)
        gone = member(session, "partie", address="partie@example.org")
        saved_searches.keep(session, gone, "repas", {}, now=NOW)
        gone.disabled_at = NOW
    publish(session_factory, "Un repas", NOW + DAY)
    assert news(session_factory, NOW + 8 * DAY) == 0


def test_nothing_is_done_while_the_engine_is_not_ready(session_factory: Sessions, kept: int) -> None:
    """What is new waits for it."""

    class Away(WordEngine):
        def poll(self, feed: object) -> bool:  # noqa: ARG002
            return False

    publish(session_factory, "Un repas", NOW + DAY)
    assert digests.run(session_factory, Away(), JournalFeed(session_factory), NOW + 2 * DAY) == 0
    assert news(session_factory, NOW + 2 * DAY) == 1


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


def test_the_letter_names_the_notes_and_one_click_stops_it(
    session_factory: Sessions, server: MailServer, tmp_path: Path, kept: int
) -> None:
    """Stopped, the searches stay; no letter follows."""
    settings: Settings = server.settings(tmp_path / "data", base_url="https://savoirs.example.org")
    new = publish(session_factory, "Un repas du jeudi", NOW + DAY)
    news(session_factory, NOW + 2 * DAY)
    make_round(session_factory, settings, NOW + 2 * DAY)
    (message,) = server.to(READER)
    assert "« repas » : 1 fiche." in text_of(message)
    assert link_to(message, "/fiches/").startswith(f"/fiches/{new}")
    stop = message["List-Unsubscribe"].strip("<>").partition("example.org")[2]
    client = make_client(session_factory, tmp_path / "other")
    assert client.get(stop).status_code == 200
    assert client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code in (200, 303)
    publish(session_factory, "Encore un repas", NOW + 10 * DAY)
    assert news(session_factory, NOW + 20 * DAY) == 0
    with database.reading(session_factory) as session:
        assert [one.by_email for one in session.scalars(select(SavedSearch))] == [False]


def test_a_search_is_kept_from_its_page_and_stopped_from_ones_own(session_factory: Sessions, tmp_path: Path) -> None:
    """A visitor is asked to sign in; two clicks keep one."""
    with database.transaction(session_factory) as session:
        member(session)
        make_note(session, "Un repas")
    client = make_client(session_factory, tmp_path / "data")
    assert "Connectez-vous pour garder cette recherche" in client.get("/recherche?q=repas").text
    assert client.post("/mon-espace/recherches", data={"q": "repas"}).status_code == 403
    signed_in(client, session_factory, "membre")
    assert "Garder cette recherche" in client.get("/recherche?q=repas").text
    for _ in range(2):
        answer = client.post("/mon-espace/recherches", data={"q": "repas", "kind": "practice"})
        assert (answer.status_code, answer.location) == (303, "/recherche?q=repas&kind=practice")
    page = client.get("/mon-espace").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "« repas », avec 1 filtre (type de fiche)" in page
    with database.reading(session_factory) as session:
        (kept,) = session.scalars(select(SavedSearch.id)).all()
    assert client.post(f"/mon-espace/recherches/{kept}/courriel").status_code == 303
    assert "Me prévenir" in client.get("/mon-espace").text
    for _ in range(2):
        assert client.post(f"/mon-espace/recherches/{kept}/arreter").status_code == 303
    assert "avec 1 filtre" not in client.get("/mon-espace").text
