"""Searches that found nothing: counted by month, without anybody's identity, and read from five on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from savoirs.draft_checks import clean_text
from savoirs.models import SearchMiss
from savoirs.plaintext import MASK, masked

LEAST = 5
"""Searches from which words are shown: before that, they may tell of somebody."""

WORDS_CHARS = 200
WAIT_MS = 50
"""How long counting waits for somebody else's write; a miss that is not counted costs nothing."""

_DIGITS = re.compile(r"\d(?:[\s.\u00a0/-]?\d){4,}")
"""Five digits or more: a postal code, a number of a person or of an account."""

_UPSERT = text(
    "INSERT INTO search_misses (words, month, count) VALUES (:words, :month, 1) "
    "ON CONFLICT (words, month) DO UPDATE SET count = search_misses.count + 1"
)


@dataclass(frozen=True, slots=True)
class Miss:
    """Words that found nothing, how many times in all, and the last month (« 2026-11 »)."""

    words: str
    count: int
    month: str


def counted_words(search: str) -> str:
    """What is kept of a search: its words in lower case, without address, number, or run of digits; may be empty."""
    words = masked(" ".join(clean_text(search).lower().split()))
    words = _DIGITS.sub(MASK, words)[:WORDS_CHARS].strip()
    return words if words.replace(MASK, "").strip() else ""


def count(sessions: sessionmaker[Session], search: str, now: dt.datetime) -> None:
    """Count a search that found nothing. Never raises, and hardly waits: nobody's page depends on it.

    Args:
        sessions: Where sessions come from.
        search: What was typed.
        now: The present moment.
    """
    words = counted_words(search)
    if not words:
        return
    engine = sessions.kw["bind"]
    try:
        with engine.connect() as connection, _impatient(connection), connection.begin():
            connection.execute(_UPSERT, {"words": words, "month": f"{now:%Y-%m}"})
    except SQLAlchemyError:
        return


def shown(session: Session, limit: int = 50) -> tuple[Miss, ...]:
    """Words that found nothing ``LEAST`` times or more, the most searched first. One query."""
    total = func.sum(SearchMiss.count)
    rows = session.execute(
        select(SearchMiss.words, total, func.max(SearchMiss.month))
        .group_by(SearchMiss.words)
        .having(total >= LEAST)
        .order_by(total.desc(), SearchMiss.words)
        .limit(limit)
    )
    return tuple(Miss(words, int(times), month) for words, times, month in rows)


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """On SQLite, a connection that gives up sooner than others; it is as it was afterwards."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    (before,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {WAIT_MS}").close()
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(before)}").close()
