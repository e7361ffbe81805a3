"""Guards on for every test, and the few things most tests need. Records are made by ``tests.builders``."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import Pool

from savoirs import database
from tests.made_once import keep_compiled

LOOPBACK = ("localhost", "127.", "::1")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")

_reverse = {"unordered": False}


@pytest.fixture(autouse=True, scope="session")
def _closed_sockets() -> Iterator[None]:
    """No test reaches another machine: only loopback addresses and local sockets open."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(LOOPBACK):
            raise RuntimeError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True, scope="session")
def _compiled_once() -> Iterator[None]:
    """Applications of the tests share what they would each compile again."""
    with pytest.MonkeyPatch.context() as patch:
        keep_compiled(patch)
        yield


@pytest.fixture(autouse=True)
def _unordered_selects(request: pytest.FixtureRequest) -> Iterator[None]:
    """In half of the tests, the same ones each time, SQLite gives rows without ORDER BY in the reverse order."""
    digest = hashlib.sha256(request.node.nodeid.encode()).digest()
    _reverse["unordered"] = digest[0] % 2 == 0
    yield
    _reverse["unordered"] = False


@event.listens_for(Pool, "connect")
def _set_order(connection: Any, _record: object) -> None:
    if _reverse["unordered"] and hasattr(connection, "execute") and "sqlite" in type(connection).__module__:
        connection.execute("PRAGMA reverse_unordered_selects = ON").close()


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside(request: pytest.FixtureRequest) -> Iterator[None]:
    """Settings of the person who runs the tests do not change them; word vectors are made once for all runs.

    For all that is made, be it for one test or for all: without it each data folder would hold vectors of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("SAVOIRS_")]:
            patch.delenv(name)
        patch.setenv("SAVOIRS_VECTORS_DIR", str(request.config.cache.mkdir("word-vectors")))
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Marks of ours."""
    config.addinivalue_line("markers", "engine_breaks: the search engine breaks in this test, and that is no failure")


@pytest.fixture(autouse=True)
def _unbroken_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """A search engine that breaks is replaced in silence for readers, never for tests: only those marked may see it."""
    told: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("savoirs.fallback")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    if request.node.get_closest_marker("engine_breaks") is None:
        assert not told, "\n".join(told)


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    engine = database.open_database(f"sqlite:///{path}")
    database.migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version")  # closes the log: the file alone is whole
    engine.dispose()
    return path


@pytest.fixture
def database_engine(_empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh migrated SQLite database in ``tmp_path``, as an SQLAlchemy engine."""
    path = tmp_path / "savoirs.sqlite3"
    shutil.copyfile(_empty_database, path)
    engine = database.open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def session_factory(database_engine: Engine) -> sessionmaker[Session]:
    """Sessions on a fresh migrated SQLite database."""
    return database.session_factory(database_engine)


@pytest.fixture
def session(session_factory: sessionmaker[Session]) -> Iterator[Session]:
    """A session of which nothing is kept, for tests that need only one."""
    with session_factory() as session:
        yield session


@pytest.fixture
def max_queries() -> Callable[[int], AbstractContextManager[list[str]]]:
    """Fails a ``with`` block that sends more SQL statements than this; transactions and pragmas do not count."""
    return _at_most


@contextmanager
def _at_most(limit: int) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(sent) <= limit, f"{len(sent)} statements, at most {limit} allowed:\n" + "\n".join(sent)
