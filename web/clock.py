"""The present moment of pages: on the day that tests may set."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from savoirs.models.base import utc_now


def now() -> dt.datetime:
    """The present moment; noon of ``SAVOIRS_TODAY`` where that is set."""
    day: dt.date | None = current_app.config.get("SAVOIRS_TODAY")
    return utc_now() if day is None else dt.datetime.combine(day, dt.time(12), dt.UTC)
