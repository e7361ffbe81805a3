"""Where parts are put together: settings, database and engine. The only module that names an engine's class."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Feed, SearchEngine
from indexer.language import Language
from savoirs import lexicon
from savoirs.config import Settings
from savoirs.database import migrate, open_database, reading, session_factory
from savoirs.journal import JournalFeed

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
    return Services(settings, database, sessions, _search_engine(settings, language), JournalFeed(sessions))


def current_services() -> Services:
    """The services of the application that answers."""
    services: Services = current_app.extensions[EXTENSION]
    return services


def _search_engine(settings: Settings, language: Language) -> SearchEngine:
    if settings.engine == "whoosh":
        from indexer.whoosh_index import WhooshEngine  # noqa: PLC0415  (only who chose it pays for its import)

        return WhooshEngine(settings.index_dir, language)
    from indexer.embedded import EmbeddedEngine  # noqa: PLC0415

    return EmbeddedEngine(settings.index_dir, language)
