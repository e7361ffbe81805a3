"""Dates as people read them, and how old what they date is. Dates of notes are as precise as is known: « 2024-11 »."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import current_app

from savoirs.cards import Said
from savoirs.models import Verdict
from savoirs.moments import first_day
from savoirs.upkeep import RECHECK_AFTER

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

AGEING_KINDS = frozenset({"practice", "tool"})
"""A principle, a testimony or a report tells what was; a tool or a practice may be true no more."""


SAID = {Verdict.CHANGED: "a changé", Verdict.ENDED: "n’existe plus"}
"""What was said of a note that does not hold as it is told."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether a note still holds.

    Attributes:
        words: « confirmée en mars 2026 », « citée en 2017, à revérifier », or « n’existe plus, dit en mars 2026 ».
        confirmed: Whether it is good news.
    """

    words: str
    confirmed: bool


def today() -> dt.date:
    """The present day, which tests may set (``SAVOIRS_TODAY``)."""
    day: dt.date | None = current_app.config.get("SAVOIRS_TODAY")
    return day or dt.date.today()


def date_in_words(date: str) -> str:
    """« 2017 », « novembre 2024 » or « 12 mars 2026 »; what is not such a date is returned as it is."""
    try:
        parts = [int(part) for part in date.split("-")]
        if len(parts) == 1:
            return date
        month = f"{MONTHS[parts[1] - 1]} {parts[0]}"
    except (ValueError, IndexError):
        return date
    if len(parts) == 2:
        return month
    day = "1er" if parts[2] == 1 else str(parts[2])
    return f"{day}\N{NO-BREAK SPACE}{month}"


def on_day(date: str) -> str:
    """« en 2017 », « en novembre 2024 » or « le 12 mars 2026 »."""
    return f"en {date_in_words(date)}" if len(date) < 10 else f"le {date_in_words(date)}"


def moment_in_words(moment: dt.datetime) -> str:
    """« 12 mars 2026 à 14:32 », in the machine's time."""
    local = moment.astimezone()
    return f"{date_in_words(local.date().isoformat())} à {local:%H:%M}"


def day_in_words(moment: dt.datetime) -> str:
    """« 12 mars 2026 »."""
    return date_in_words(moment.astimezone().date().isoformat())


def freshness(
    kind: str, date: str | None, true_as_of: str | None, *, lived: bool, said: Said | None = None
) -> Freshness | None:
    """What to say of a note's age; None when there is nothing to say.

    Args:
        kind: The note's kind.
        date: When it happened or was told.
        true_as_of: The last time somebody said it still holds.
        lived: Whether an organisation tells it as its own experience; otherwise it is only cited.
        said: That somebody said since that it has changed or is over.
    """
    if kind in AGEING_KINDS and said is not None:
        return Freshness(f"{SAID[said.verdict]}, dit {on_day(said.day)}", confirmed=False)
    if kind not in AGEING_KINDS or not (date or true_as_of):
        return None
    reference = true_as_of or date or ""
    since = first_day(reference)
    old = since is not None and since < today() - RECHECK_AFTER
    when = on_day(reference)
    feminine = "" if kind == "tool" else "e"
    if true_as_of:
        end = ", à revérifier" if old else ""
        return Freshness(f"confirmé{feminine} {when}{end}", confirmed=not old)
    if not old:
        return None
    verb = "raconté" if lived else "cité"
    return Freshness(f"{verb}{feminine} {when}, à revérifier", confirmed=False)
