"""Where parts are put together: settings, database and engine. The only module that names an engine's class."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Feed, SearchEngine
from indexer.language import Language
from indexer.weights import Ranking
from savoirs import lexicon
from savoirs.call_views import CallLine
from savoirs.config import Settings
from savoirs.database import migrate, open_database, reading, session_factory
from savoirs.front import Front
from savoirs.journal import JournalFeed
from savoirs.organisation_views import OrganisationLine
from savoirs.overview import Overview
from web.remembered import Remembered

EXTENSION = "savoirs"
"""The key of the services in ``app.extensions``."""


@dataclass(frozen=True, slots=True)
class Services:
    """What pages, API and commands need to do their work."""

    settings: Settings
    database: Engine
    sessions: sessionmaker[Session]
    search_engine: SearchEngine
    feed: Feed
    overview: Remembered[Overview] = field(default_factory=Remembered)
    front: Remembered[Front] = field(default_factory=Remembered)
    open_calls: Remembered[tuple[CallLine, ...]] = field(default_factory=Remembered)
    organisation_lines: Remembered[tuple[OrganisationLine, ...]] = field(default_factory=Remembered)

    def close(self) -> None:
        """Let go of the engine's files and of the database's connections."""
        self.search_engine.close()
        self.database.dispose()


def open_services(settings: Settings) -> Services:
    """Open everything that the settings name; the data folder and the tables are made when missing."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.sqlalchemy_url, busy_timeout_s=settings.busy_timeout_s)
    migrate(database)
    sessions = session_factory(database)
    with reading(sessions) as session:
        language = lexicon.language(session)
    engine = build_engine(settings.engine, settings.index_dir, language, vectors=settings.word_vectors_dir)
    return Services(settings, database, sessions, engine, JournalFeed(sessions))


def compile_loops(settings: Settings) -> None:
    """Compile the engine's inner loops into the data folder, once an installation, and wait for them."""
    if settings.engine == "embedded":
        from indexer import kernels  # noqa: PLC0415

        kernels.prepare(settings.data_dir / "kernels", wait=True)


def load_loops(settings: Settings) -> bool:
    """Load the engine's inner loops if they have been compiled; returns whether nobody has to compile them."""
    if settings.engine != "embedded":
        return True
    from indexer import kernels  # noqa: PLC0415

    return kernels.load(settings.data_dir / "kernels")


def old_index_left(settings: Settings) -> bool:
    """Remove what is left of an index that was written again; returns whether a process still reads some of it."""
    if settings.engine != "embedded":
        return False
    from indexer import store  # noqa: PLC0415

    store.clean(settings.index_dir)
    return store.has_unused(settings.index_dir)


def current_services() -> Services:
    """The services of the application that answers."""
    services: Services = current_app.extensions[EXTENSION]
    return services


def build_engine(
    name: str, directory: Path, language: Language, *, vectors: Path | None = None, ranking: Ranking | None = None
) -> SearchEngine:
    """An engine over a folder, which it makes when missing.

    Args:
        name: A value of the setting ``engine``.
        directory: Where it keeps its files.
        language: The words its analyser is made of.
        vectors: Where word vectors are kept, made at the first call (some seconds); None for beside the index.
        ranking: What the ranking's components count for; None for the default.
    """
    if name == "whoosh":
        from indexer.whoosh_index import WhooshEngine  # noqa: PLC0415  (only who chose it pays for its import)

        return WhooshEngine(directory, language)
    from indexer.embedded import EmbeddedEngine  # noqa: PLC0415
    from indexer.vectors import open_vectors  # noqa: PLC0415

    found = open_vectors(vectors or directory / "vectors")
    return EmbeddedEngine(directory, language, ranking=ranking, vectors=found)
