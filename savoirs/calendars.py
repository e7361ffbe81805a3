"""A day's programme as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from savoirs.moments import first_day
from savoirs.plaintext import plain_text

if TYPE_CHECKING:
    from savoirs.gatherings import GatheringView, SlotView

_LINE_BYTES = 75
_PRODUCT = "-//Savoirs//Journees//FR"
_DOMAIN = "savoirs.example.org"
"""What makes ids of events ours; it is no address to reach anything at."""


def icalendar(gathering: GatheringView, *, day: dt.date | None = None, now: dt.datetime | None = None) -> str:
    """The programme as an iCalendar file.

    With a day (the gathering's own, else the one given) each slot is an event at floating local time: a programme says
    « 9 h 30 » wherever it is held. A slot ends when it says, else when the next begins; the last one then has no end
    (3.6.1: it ends when it starts). Without a day nothing is invented: one journal entry without a start, which 3.6.3
    allows, tells the programme.

    Args:
        gathering: The day.
        day: The day to hold it, for a programme that has none.
        now: The moment the file is made (DTSTAMP).
    """
    held = _exact(gathering.date) or day
    stamp = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    content = _events(gathering, held, stamp) if held else _entry(gathering, stamp)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", *content, "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _events(gathering: GatheringView, day: dt.date, stamp: str) -> Iterator[str]:
    for place, slot in enumerate(gathering.slots):
        yield "BEGIN:VEVENT"
        yield f"UID:{gathering.id}-{place + 1}-{day:%Y%m%d}@{_DOMAIN}"
        yield f"DTSTAMP:{stamp}"
        yield f"DTSTART:{_at(day, slot.start)}"
        end = _end(gathering.slots, place)
        if end:
            yield f"DTEND:{_at(day, end)}"
        yield f"SUMMARY:{_escaped(slot.title)}"
        yield f"DESCRIPTION:{_escaped(gathering.title)}"
        if gathering.place:
            yield f"LOCATION:{_escaped(gathering.place)}"
        yield "END:VEVENT"


def _entry(gathering: GatheringView, stamp: str) -> Iterator[str]:
    programme = "\n".join(f"{slot.start} {slot.title}" for slot in gathering.slots)
    yield "BEGIN:VJOURNAL"
    yield f"UID:{gathering.id}@{_DOMAIN}"
    yield f"DTSTAMP:{stamp}"
    yield f"SUMMARY:{_escaped(gathering.title)}"
    description = f"{plain_text(gathering.description)}\n\n{programme}".strip()
    yield f"DESCRIPTION:{_escaped(description)}"
    yield "END:VJOURNAL"


def _exact(date: str | None) -> dt.date | None:
    return first_day(date) if date and len(date) == len("2026-03-12") else None


def _end(slots: Sequence[SlotView], place: int) -> str | None:
    following = slots[place + 1].start if place + 1 < len(slots) else None
    end = slots[place].end or following
    return end if end and end > slots[place].start else None


def _at(day: dt.date, time: str) -> str:
    return f"{day:%Y%m%d}T{time.replace(':', '')}00"


def _escaped(text: str) -> str:
    """3.3.11: backslash, semicolon, comma and line feed are escaped."""
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """3.1: lines of 75 octets at most, cut between characters, each continuation begun by a space."""
    current, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _LINE_BYTES:
            yield current
            current, size = " ", 1
        current, size = current + char, size + width
    yield current
