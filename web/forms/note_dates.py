"""Dates as people type them, read as notes keep them: as precise as is known, « 2017 », « 2024-11 », « 2026-03-12 »."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from web.dates import MONTHS

EARLIEST_YEAR = 1900

_YEAR = re.compile(r"(\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/. -](\d{4})")
_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+)\.? (\d{4})")


def read_date(text: str, today: dt.date) -> str | None:
    """A date from « 2025 », « 11/2025 », « novembre 2025 », « 3 nov. 2025 », « 03/11/2025 » or an ISO date.

    Args:
        text: What was typed.
        today: The last day that a note may be about.

    Returns:
        The date as notes keep it; None when it is not one, or is not in the past.
    """
    parts = _parts(_folded(text))
    if parts is None or not _exists(parts):
        return None
    written = "-".join(f"{part:04d}" if at == 0 else f"{part:02d}" for at, part in enumerate(parts))
    return written if written <= today.isoformat()[: len(written)] else None


def read_day(text: str) -> str | None:
    """A whole day, past or to come, from the same wordings; None when it is not one."""
    parts = _parts(_folded(text))
    if parts is None or len(parts) != 3 or not _exists(parts):
        return None
    return dt.date(*parts).isoformat()


def _parts(text: str) -> tuple[int, ...] | None:
    """Year, then month and day when known."""
    for pattern in (_YEAR, _ISO_MONTH, _ISO_DAY):
        if match := pattern.fullmatch(text):
            return tuple(int(part) for part in match.groups())
    for pattern in (_MONTH, _DAY):
        if match := pattern.fullmatch(text):
            return tuple(int(part) for part in reversed(match.groups()))
    if match := _WORDS.fullmatch(text):
        month = _month_number(match[2])
        if month is None:
            return None
        return (int(match[3]), month, int(match[1])) if match[1] else (int(match[3]), month)
    return None


def _exists(parts: tuple[int, ...]) -> bool:
    year, month, day = (*parts, 1, 1)[:3]
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return year >= EARLIEST_YEAR


def _month_number(word: str) -> int | None:
    """The month that a word names or begins, « nov » for November; three letters at least, four for « juin »."""
    found = [at for at, month in enumerate(MONTHS, start=1) if len(word) >= 3 and _folded(month).startswith(word)]
    return found[0] if len(found) == 1 else None


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", " ".join(text.lower().split()))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
