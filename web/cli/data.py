"""The data folder, for commands: opened for the time of a command, refused when it is not ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, sessionmaker

from savoirs.config import Settings
from savoirs.database import migrate, open_database, reading, session_factory
from savoirs.journal import last_seq
from web.cli.folder import ready_settings
from web.cli.output import progress
from web.wiring import Services, open_services

MANY_CHANGES = 200
"""From this many changes on, whoever wrote them also writes the index anew, so that no reader waits for it."""


@contextmanager
def base(settings: Settings) -> Iterator[sessionmaker[Session]]:
    """The database alone, made when missing: for what must be written before an engine can read its language."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.sqlalchemy_url, busy_timeout_s=settings.busy_timeout_s)
    try:
        migrate(database)
        yield session_factory(database)
    finally:
        database.dispose()


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Services]:
    """Open a data folder, by default the settings' own, which must be ready.

    Raises:
        click.ClickException: It is not.
    """
    services = open_services(settings or ready_settings())
    try:
        yield services
    finally:
        services.close()


def follow(settings: Settings, changes: int) -> None:
    """Bring the index up to the journal after a command that wrote.

    Args:
        settings: The settings.
        changes: How many changes it wrote.
    """
    with opened(settings) as services:
        if changes > MANY_CHANGES:
            progress("Construction de l’index…")
            services.search_engine.rebuild(services.feed)
        else:
            services.search_engine.catch_up(services.feed)


def seq_of(sessions: sessionmaker[Session]) -> int:
    """The number of the last change."""
    with reading(sessions) as session:
        return last_seq(session)
