"""The one place that opens a database: engine, pragmas, transactions. SQLite by default, any SQLAlchemy URL otherwise.

SQLite from 3.7.0 to 3.51.2 can corrupt a database in WAL mode with several writers, so a recent one is taken from the
``pysqlite3`` wheel where there is one; elsewhere, with an older SQLite, the journal mode is DELETE.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from savoirs.errors import SavoirsError

WRITE_OPTION = "savoirs_write"
"""Execution option of a connection whose transactions begin with the write lock."""

FIRST_SAFE_WAL = (3, 51, 3)


def sqlite_module() -> ModuleType:
    """The module that talks to SQLite: ``pysqlite3`` where its wheel is installed, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def sqlite_version() -> tuple[int, ...]:
    """The version of SQLite in use, for example ``(3, 51, 3)``."""
    version: tuple[int, ...] = sqlite_module().sqlite_version_info
    return version


def journal_mode(version: tuple[int, ...]) -> str:
    """The journal mode that is safe with a version of SQLite."""
    return "WAL" if version >= FIRST_SAFE_WAL else "DELETE"


def open_database(url: URL | str, *, busy_timeout_s: float = 5.0) -> Engine:
    """Open a database. Nothing is read or written before the first statement.

    On SQLite the engine, not the driver, begins transactions: ``BEGIN``, or ``BEGIN IMMEDIATE`` on a connection that
    has the option ``WRITE_OPTION``, so that two writers wait for each other instead of failing halfway.

    Args:
        url: Where it is; for SQLite the folder is made if it is missing.
        busy_timeout_s: How long a statement waits for somebody else's lock, in seconds.
    """
    url = make_url(url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True)
    _make_folder(url)
    engine = create_engine(url, module=sqlite_module(), hide_parameters=True)  # a log holds no person’s data
    pragmas = _pragmas(sqlite_version(), busy_timeout_s)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE_OPTION, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Make sessions on an engine. Objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session that writes: all of it is kept at the end, or none of it on an error.

    The write lock is taken at the first statement, not before: what is done ahead of it holds nobody up.

    Raises:
        SavoirsError: ``database_busy`` when somebody else held the lock for too long.
    """
    engine = factory.kw["bind"]
    try:
        with factory(bind=engine.execution_options(**{WRITE_OPTION: True})) as session, session.begin():
            yield session
    except OperationalError as error:
        if _is_busy(error):
            raise SavoirsError("database_busy") from error
        raise


@contextmanager
def reading(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session that reads one state of the database; what it would write is dropped at the end.

    What was read stays readable afterwards: closing rolls back, and unlike a rollback leaves objects as they are.
    """
    with factory() as session:
        yield session


def analyse(session: Session) -> None:
    """Tell the planner what the tables hold, after many rows were written.

    Without it, SQLite takes the index on a note's status, which nearly all notes share, before the one on its id. The
    samples that it keeps of indexed values are removed where these are a person's: an address is in one table only.
    """
    session.execute(text("ANALYZE"))
    if session.get_bind().dialect.name == "sqlite":
        samples = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'"
        if session.scalar(text(samples)) is not None:
            session.execute(text("DELETE FROM sqlite_stat4 WHERE tbl IN ('accounts', 'contacts')"))


def migrate(engine: Engine) -> None:
    """Bring the tables to the present version, from whichever older one; nothing to do is quick.

    Raises:
        SavoirsError: ``database_too_new`` when the database was written by a later Savoirs.
    """
    # Alembic takes 0.2 s to import, which reading commands need not pay.
    from savoirs.migrations import upgrade  # noqa: PLC0415

    upgrade(engine)


def _pragmas(version: tuple[int, ...], busy_timeout_s: float) -> tuple[str, ...]:
    return (
        f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}",  # first: changing the journal mode may wait too
        f"PRAGMA journal_mode = {journal_mode(version)}",
        "PRAGMA synchronous = FULL",  # NORMAL made no fsync in 50 commits
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",
    )


def _make_folder(url: URL) -> None:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _is_busy(error: OperationalError) -> bool:
    return "database is locked" in str(error.orig) or "database table is locked" in str(error.orig)
