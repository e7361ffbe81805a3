"""Savoirs as a visitor meets it: the command ``serve`` in a process of its own, over the shipped corpus."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, consents, database, introductions, links, notes, outbox
from savoirs.config import Settings
from savoirs.drafts import NoteDraft
from savoirs.introductions import IntroductionDraft
from savoirs.models import (
    Contact,
    Gathering,
    IntroductionStatus,
    Letter,
    Note,
    NoteKind,
    NoteStatus,
    Organisation,
    Revision,
    Role,
)
from tests import cli
from tests.builders import make_introduction
from web.addresses import gathering_url, note_url, organisation_url
from web.cli import demo

EDITOR, OTHER_EDITOR, MEMBER = "edition", "relecture", "membre"
MEMBERS_ORGANISATION = "Association Exemple La Veillée"
WRITES_PER_HOUR = "100000"
"""One machine plays every visitor: the limit is another test's business."""

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it answers, its records, and what the server complained of."""

    address: str
    sessions: sessionmaker[Session]
    log: Path
    settings: Settings

    def session_token(self, login: str) -> str:
        """What a browser's cookie holds once an account has signed in."""
        with database.transaction(self.sessions) as session:
            return accounts.open_session(session, accounts.get(session, login))

    def one_time_link(self, login: str) -> str:
        """An address that signs an account in, once."""
        with database.transaction(self.sessions) as session:
            return f"{self.address}/connexion/lien/{accounts.make_link(session, login)}"

    def note(self, kind: NoteKind) -> str:
        """The path of a published note of a kind."""
        wanted = select(Note).where(Note.kind == kind, Note.status == NoteStatus.PUBLISHED).order_by(Note.title)
        with database.reading(self.sessions) as session:
            note = session.scalars(wanted.limit(1)).one()
            return note_url(note.id, note.title)

    def notes_titled(self, title: str) -> int:
        """How many notes have exactly this title, whatever their status."""
        with database.reading(self.sessions) as session:
            return len(session.scalars(select(Note.id).where(Note.title == title)).all())

    def write(self, draft: NoteDraft, login: str = "") -> str:
        """The id of a new note: an account's, or a visitor's that waits."""
        with database.transaction(self.sessions) as session:
            return notes.add(session, draft, accounts.get(session, login) if login else None).id

    def rewrite(self, note_id: str, draft: NoteDraft, login: str, base_revision: int) -> Revision | None:
        """Save a note over a revision; the version kept apart when somebody else saved in between."""
        with database.transaction(self.sessions) as session:
            return notes.edit(session, note_id, draft, accounts.get(session, login), base_revision).conflict

    def ask_introduction(self, draft: IntroductionDraft) -> None:
        """A request that waits for an editor, as where no letter can leave."""
        elsewhere = {"data_dir": self.settings.data_dir / "elsewhere", "requests_per_recipient_week": 100}
        settings = self.settings.model_copy(update=elsewhere)
        with database.transaction(self.sessions) as session:
            introductions.request(session, self.organisation_id(), draft, settings=settings)

    def request(self, status: str, email: str = "demande@example.org") -> tuple[int, str]:
        """A request to the member's association, and whom it went to: their ids."""
        with database.transaction(self.sessions) as session:
            contact = session.scalars(select(Contact).where(Contact.organisation_id == self.organisation_id())).one()
            assert contact.organisation is not None
            one = make_introduction(
                session, contact.organisation, recipient=contact, status=IntroductionStatus(status), email=email
            )
            outbox.post(session, "introduction.request", contact, f"request/{one.id}", {"introduction": one.id})
            return one.id, contact.id

    def letter_page(self, page: str, purpose: str, status: str, side: str = "") -> str:
        """The path of a page that a letter about a new request opens."""
        token = links.sign(self.settings.secret(), purpose, f"{self.request(status)[0]}{side}")
        return f"/mises-en-relation/{page}/{token}"

    def letter(self) -> int:
        """The id of a letter that waits, to the contact of an association."""
        self.request("sent")
        with database.reading(self.sessions) as session:
            return session.scalars(select(Letter.id).order_by(Letter.id.desc()).limit(1)).one()

    def agreement(self) -> str:
        """The path of the page where the contact of the member's association agreed."""
        with database.reading(self.sessions) as session:
            contact = session.scalars(select(Contact).where(Contact.organisation_id == self.organisation_id())).one()
            secret = self.settings.secret()
            return f"/accord/{links.sign(secret, 'consent', consents.handle(contact, secret))}"

    def unsubscribe(self) -> str:
        """The path of a page that stops letters."""
        contact_id = self.request("sent")[1]
        return f"/desabonnement/{links.sign(self.settings.secret(), 'unsubscribe', f'relay:{contact_id}')}"

    def organisation(self, name: str = MEMBERS_ORGANISATION) -> str:
        """The path of an organisation."""
        with database.reading(self.sessions) as session:
            found = session.scalars(select(Organisation).where(Organisation.name == name)).one()
            return organisation_url(found.id, found.name)

    def organisation_id(self, name: str = MEMBERS_ORGANISATION) -> str:
        """The id of an organisation."""
        with database.reading(self.sessions) as session:
            return session.scalars(select(Organisation.id).where(Organisation.name == name)).one()

    def gathering(self) -> str:
        """The path of the 2017 day."""
        with database.reading(self.sessions) as session:
            found = session.scalars(select(Gathering).order_by(Gathering.title).limit(1)).one()
            return gathering_url(found.id, found.title)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Load the shipped corpus in a folder, make three accounts, and serve it on a free loopback port.

    Args:
        folder: Where the data go; it need not exist.
    """
    settings = Settings.load(data_dir=folder)
    demo.prepare(settings)
    engine = database.open_database(settings.sqlalchemy_url)
    sessions = database.session_factory(engine)
    _make_accounts(sessions)
    log = folder.with_name("server.log")
    try:
        with log.open("w") as written, _serving(folder, written) as process:
            yield Site(_address(process), sessions, log, settings)
    finally:
        engine.dispose()


@contextmanager
def _serving(folder: Path, log: TextIO) -> Iterator[subprocess.Popen[str]]:
    environment = {"SAVOIRS_DATA_DIR": str(folder), "SAVOIRS_WRITES_PER_HOUR": WRITES_PER_HOUR}
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [*cli.COMMAND, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _make_accounts(sessions: sessionmaker[Session]) -> None:
    with database.transaction(sessions) as session:
        own = select(Organisation.id).where(Organisation.name == MEMBERS_ORGANISATION)
        accounts.create(session, EDITOR, Role.EDITOR)
        accounts.create(session, OTHER_EDITOR, Role.EDITOR)
        accounts.create(session, MEMBER, Role.MEMBER, organisation_id=session.scalars(own).one())


def _address(process: subprocess.Popen[str]) -> str:
    """The address that the command says it answers on; a command that says nothing in time is ended."""
    assert process.stdout is not None
    too_late = threading.Timer(START_TIMEOUT_S, process.kill)
    too_late.start()
    try:
        line = process.stdout.readline()
    finally:
        too_late.cancel()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, f"the server did not start: {line}"
    return found.group()
