"""What makes an erasure true of files: the database without a trace, then the index written again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from indexer.engine import Feed, SearchEngine
from savoirs.documents import original_path
from savoirs.privacy.erasing import Erased

PATIENCE_S = 10.0
"""How long to wait for others who read or write the database."""

_PAUSE_S = 0.05


def finish(database: Engine, search_engine: SearchEngine, feed: Feed, *, journal: bool) -> bool:
    """Make an erasure that was committed true of the files.

    Args:
        database: The database.
        search_engine: Its index is written again: segments, vocabulary, completions and spelling.
        feed: What the index follows.
        journal: Whether the index holds something of what was erased.

    Returns:
        Whether the database's files are clean. When somebody read them all along, ``scour`` has to be tried again.
    """
    clean = scour(database)
    if journal:
        search_engine.rebuild(feed)
    return clean


def remove_originals(folder: Path, erased: Iterable[Erased]) -> None:
    """Remove from a data folder the files that only who was erased had sent."""
    for one in erased:
        for sha256 in one.originals:
            original_path(folder, sha256).unlink(missing_ok=True)


def scour(database: Engine, patience_s: float = PATIENCE_S) -> bool:
    """Write the database's file again without what was deleted, and empty its log; returns whether it was done.

    ``secure_delete`` overwrites rows; but pages that were split keep old copies, the log keeps old pages, and the
    planner's statistics keep samples of what is indexed, addresses among them. Other databases than SQLite look after
    themselves.
    """
    if database.dialect.name != "sqlite":
        return True
    until = time.monotonic() + patience_s
    return _until(until, database, _vacuumed) and _until(until, database, _emptied)


def _until(until: float, database: Engine, task: Callable[[Any], bool]) -> bool:
    """Try a task until it is done, or until it is too late."""
    while True:
        with database.connect() as connection:
            if _tried(connection.connection.driver_connection, task):
                return True
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE_S)


def _tried(driver: Any, task: Callable[[Any], bool]) -> bool:
    try:
        return task(driver)
    except Exception as error:  # of whichever module talks to SQLite
        if "locked" in str(error) or "busy" in str(error):
            return False
        raise


def _vacuumed(driver: Any) -> bool:
    if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'").fetchone() is not None:
        driver.execute("DELETE FROM sqlite_stat4").close()
    driver.execute("VACUUM").close()
    return True


def _emptied(driver: Any) -> bool:
    busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
