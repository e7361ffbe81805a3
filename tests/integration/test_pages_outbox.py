"""The outbox page: masked where persons are real, clickable in the demonstration; and the commands around it."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, outbox
from savoirs.config import DEMONSTRATION_FILE, Settings
from savoirs.models import Contact, Introduction, IntroductionStatus, Letter, LetterState, Organisation, Role
from tests import cli
from tests.builders import make_account, make_contact, make_introduction, make_organisation
from tests.pages import text_of, words_of
from tests.post import NOW, mail_server
from tests.signing_in import signed_in
from tests.web import make_app, make_client
from web.cli import demo
from web.cli.postman import Postman

Sessions = sessionmaker[Session]
ASKER, ASKED = "zohra@example.org", "camille@example.org"


@pytest.fixture
def editor(session_factory: Sessions, tmp_path: Path) -> FlaskClient:
    """An editor's browser, where a request was accepted and its letters wait."""
    with database.transaction(session_factory) as session:
        make_account(session, "edition", role=Role.EDITOR)
        contact = make_contact(session, make_organisation(session), email=ASKED, name="Ixchel Dupont")
        one = make_introduction(
            session,
            contact.organisation,  # type: ignore[arg-type]
            recipient=contact,
            email=ASKER,
            status=IntroductionStatus.ACCEPTED,
            answered_at=NOW,
        )
        waits = make_introduction(session, contact.organisation, recipient=contact, email="autre@example.org")  # type: ignore[arg-type]
        for kind, reader, number in (
            ("accepted", one.requester, one.id),
            ("exchanged", contact, one.id),
            ("request", contact, waits.id),
        ):
            outbox.post(session, f"introduction.{kind}", reader, f"{kind}/{number}", {"introduction": number}, NOW)
    return signed_in(make_client(session_factory, tmp_path), session_factory, "edition")


def test_addresses_names_and_links_are_masked(editor: FlaskClient) -> None:
    """What waits and why is said; nobody's address, no contact's name, no link that acts."""
    pages = [text_of(editor.get(f"/courriels{end}")) for end in ("", "/1", "/2", "/3")]
    assert "Aucun serveur de courriels n’est réglé" in pages[0]
    assert "D’accord : l’adresse, à qui demandait" in pages[0]
    assert "masqué : seul le destinataire le lit" in pages[1]
    assert "lien masqué" in pages[3]
    for page in pages:
        assert not re.search(r"\w@example\.org|Ixchel|/mises-en-relation/|/desabonnement/", page)


def test_in_the_demonstration_links_are_clickable(editor: FlaskClient, tmp_path: Path) -> None:
    """So that one can play the loop: nobody in it is real."""
    (tmp_path / DEMONSTRATION_FILE).write_text("{}")
    page = text_of(editor.get("/courriels/3"))
    assert ASKED in page
    link = page.partition('href="/mises-en-relation/reponse/')[2].partition('"')[0]
    assert editor.get(f"/mises-en-relation/reponse/{link}").status_code == 200
    assert "rien ne part d’ici" in words_of(editor.get("/courriels"))


def test_a_letter_without_an_object_says_so(editor: FlaskClient, session_factory: Sessions) -> None:
    """Its request was answered in between."""
    with database.transaction(session_factory) as session:
        session.get_one(Introduction, 2).status = IntroductionStatus.CANCELLED
    assert "n’a plus d’objet" in words_of(editor.get("/courriels/3"))


def test_the_demonstration_has_fictional_addresses_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For fictional organisations that may be reached; real ones have none, and nothing in an export."""
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(tmp_path / "data"))
    settings = Settings.load()
    demo.prepare(settings)
    engine = database.open_database(settings.sqlalchemy_url)
    with database.session_factory(engine)() as session:
        rows = session.execute(select(Contact.email, Organisation.fictional).join(Organisation)).all()
    engine.dispose()
    known = [row.email for row in rows if row.email]
    assert len(known) > 20
    assert all(email.endswith("@example.org") for email in known)
    assert all(row.fictional for row in rows if row.email)
    cli.run_well("export", str(tmp_path / "export"))
    assert not any(b"@example.org" in path.read_bytes() for path in (tmp_path / "export").rglob("*.md"))


def test_the_command_sends_what_waits_and_says_so(
    shipped_data: Path, monkeypatch: pytest.MonkeyPatch, session_factory: Sessions
) -> None:
    """Once; without a server, it says that nothing leaves."""
    settings = Settings.load()
    engine = database.open_database(settings.sqlalchemy_url)
    with database.transaction(database.session_factory(engine)) as session:
        contact = make_contact(session, make_organisation(session), consent=False, email=ASKED)
        outbox.post(session, "consent.ask", contact, "ask", {"scope": "relay"})
    engine.dispose()
    told = cli.run_well("outbox", "run").out.replace("\N{NO-BREAK SPACE}", " ")
    assert "Aucun serveur de courriels n’est réglé" in told
    assert "1 courriel attend." in told
    with mail_server() as server:
        monkeypatch.setenv("SAVOIRS_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SAVOIRS_SMTP_PORT", str(server.port))
        monkeypatch.setenv("SAVOIRS_SMTP_SECURITY", "none")
        assert cli.run_well("outbox", "run", "--json").json["sent"] == 1
        assert "Aucun courriel n’attend." in cli.run_well("outbox", "run").out
        assert len(server.messages) == 1
        assert server.messages[0]["To"] == ASKED


def test_a_server_sends_beside_its_pages(session_factory: Sessions, tmp_path: Path) -> None:
    """The thread of « serve » makes rounds, and a database that is busy does not end it."""
    with database.transaction(session_factory) as session:
        contact = make_contact(session, make_organisation(session), consent=False, email=ASKED)
        letter = outbox.post(session, "consent.ask", contact, "ask", {"scope": "relay"}).id
    with mail_server() as server:
        app = make_app(session_factory, tmp_path, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        postman = Postman(app.extensions["savoirs"], round_s=0.05)
        postman.start()
        until = time.monotonic() + 20
        while not server.messages and time.monotonic() < until:
            time.sleep(0.05)
        postman.stop()
        assert len(server.messages) == 1
    with database.reading(session_factory) as session:
        kept = session.get_one(Letter, letter)
        assert kept.state == LetterState.SENT
        assert kept.sent_at is not None
        assert dt.datetime.now(dt.UTC) - kept.sent_at < dt.timedelta(minutes=1)
