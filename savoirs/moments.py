"""Moments and days: SQLite gives moments back without their zone, and people give dates as precise as they know."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def aware(moment: dt.datetime) -> dt.datetime:
    """The moment with its time zone; all that is kept without one is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def iso_day(moment: dt.datetime) -> str:
    """The ISO day of a moment, in UTC."""
    return aware(moment).astimezone(dt.UTC).date().isoformat()


def today_or(today: dt.date | None) -> dt.date:
    """The day given, else the present one, in UTC."""
    return today or dt.datetime.now(dt.UTC).date()


def first_day(date: str | None) -> dt.date | None:
    """The first day of « 2017 », « 2024-11 » or « 2026-03-12 »; None when it is none of these, or no day at all."""
    match = _DATE.fullmatch(date or "")
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
