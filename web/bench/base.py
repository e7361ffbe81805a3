"""A real base for the one thing that needs it: a note committed in SQLite, then found among all the invented ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Document, Update
from savoirs import accounts, notes
from savoirs.config import Settings
from savoirs.database import reading, transaction
from savoirs.drafts import ExperienceDraft, NoteDraft
from savoirs.journal import JournalFeed, record_change
from savoirs.models import Account, Organisation, OrganisationKind, Role, Stance, Theme, record_id

MAX_SUMMARY_CHARS = 180


class BenchFeed:
    """The invented notes, then what the journal of a base tells.

    Args:
        invented: Notes that never change.
        journal: The feed of the base.
    """

    def __init__(self, invented: Iterable[Document], journal: JournalFeed) -> None:
        self._invented = invented
        self._journal = journal

    def last_seq(self) -> int:
        """The number of the journal's last change."""
        return self._journal.last_seq()

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """What the journal tells."""
        return self._journal.updates(after, upto)

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """All notes, invented and real."""
        seq, documents = self._journal.snapshot()
        return seq, chain(self._invented, documents)


@dataclass(frozen=True)
class Base:
    """An SQLite file with themes, words, one association, and an editor who writes."""

    sessions: sessionmaker[Session]
    author: Account
    organisation: str
    theme: str

    def feed(self, invented: Iterable[Document]) -> BenchFeed:
        """The feed that puts invented notes before this base's."""
        return BenchFeed(invented, JournalFeed(self.sessions))

    def add(self, note: Document) -> str:
        """Write a note as a page does, its commit on the disk; returns its id."""
        draft = NoteDraft(
            title=note.title,
            summary=note.title[:MAX_SUMMARY_CHARS],
            action=note.body,
            themes=(self.theme,),
            experiences=(ExperienceDraft(self.organisation, stance=Stance.SOLVED),),
        )
        with transaction(self.sessions) as session:
            return notes.add(session, draft, self.author).id


@contextmanager
def small_base() -> Iterator[Base]:
    """A base in a temporary folder, gone afterwards."""
    from web.cli.data import base  # noqa: PLC0415  (a command's modules, when a command asks for them)
    from web.cli.setting_up import load_words  # noqa: PLC0415

    settings = Settings.load()
    organisation = record_id("organisation", "mesure")
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        elsewhere = settings.model_copy(update={"data_dir": Path(folder), "database_url": "", "base_url": ""})
        with base(elsewhere) as sessions:
            load_words(elsewhere, sessions)
            with transaction(sessions) as session:
                accounts.create(session, "mesure", Role.EDITOR)
                session.add(
                    Organisation(
                        id=organisation,
                        key="mesure",
                        name="Association Exemple Mesure",
                        kind=OrganisationKind.ASSOCIATION,
                        fictional=True,
                    )
                )
                record_change(session, "organisation", organisation)
            with reading(sessions) as session:
                author = accounts.get(session, "mesure")
                theme = session.scalars(select(Theme.key).order_by(Theme.key).limit(1)).one()
            yield Base(sessions, author, organisation, theme)
