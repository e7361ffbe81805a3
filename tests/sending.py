"""Files sent in tests, without a page: by an account, read at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, imports
from savoirs.documents import Limits
from savoirs.models import Account, Import
from savoirs.models.base import utc_now

TEXTS = Path(__file__).parent / "documents" / "texts"
DAY = TEXTS / "rencontre-exemple-2023.txt"
ADVICE = TEXTS / "conseils-exemple.md"
MEETING = TEXTS / "compte-rendu-exemple.txt"

LIMITS = Limits()


def send(sessions: sessionmaker[Session], folder: Path, path: Path, account: Account, *, name: str = "") -> str:
    """Put a file in the queue; the id of its import."""
    with path.open("rb") as file, database.transaction(sessions) as session:
        sent = imports.check(file, name or path.name, max_bytes=LIMITS.max_bytes)
        return imports.add(session, folder, file, sent, account, utc_now()).id


def read_all(sessions: sessionmaker[Session], folder: Path, now: dt.datetime | None = None) -> int:
    """Read what waits; how many files were taken."""
    count = 0
    while imports.read_next(sessions, folder, LIMITS, clock=lambda: now or utc_now()) is not None:
        count += 1
    return count


def send_and_read(sessions: sessionmaker[Session], folder: Path, path: Path, account: Account) -> Import:
    """Send a file, read it, and give its import."""
    id_ = send(sessions, folder, path, account)
    read_all(sessions, folder)
    return row_of(sessions, id_)


def row_of(sessions: sessionmaker[Session], id_: str) -> Import:
    """An import as it is now."""
    with database.reading(sessions) as session:
        return session.get_one(Import, id_)
