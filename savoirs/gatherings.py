"""Days: their page, their programme as a calendar, and a new one prepared after an older one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.availability import Availability
from savoirs.cards import Named, NoteLine
from savoirs.models import Account, Gathering, ParticipationRole, SlotKind, WorkshopOutput
from savoirs.note_views import SourceView


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot; times are local, « 09:30 », ``end`` None when the source does not give it."""

    start: str
    end: str | None
    kind: SlotKind
    title: str


@dataclass(frozen=True, slots=True)
class WorkshopView:
    """A workshop and the notes made of it. ``full_notes`` is « announced » or « none »."""

    id: str
    number: int
    theme: Named | None
    question: str
    synthesis_title: str
    output: WorkshopOutput
    full_notes: str
    full_notes_note: str
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class GatheringView:
    """A day as its page shows it. ``participants`` are those of that role only; ``roles`` has the others."""

    id: str
    title: str
    slug: str
    year: int
    date: str | None
    place: str | None
    description: str
    themes: tuple[Named, ...]
    objectives: tuple[str, ...]
    slots: tuple[SlotView, ...]
    workshops: tuple[WorkshopView, ...]
    roles: Mapping[ParticipationRole, tuple[Named, ...]]
    participants: tuple[Named, ...]
    participants_note: str
    testimonies: tuple[NoteLine, ...]
    other_notes: tuple[NoteLine, ...]
    source: SourceView | None
    availabilities: Mapping[str, Availability]


@dataclass(frozen=True, slots=True)
class GatheringLine:
    """A day in the list."""

    id: str
    title: str
    slug: str
    year: int
    date: str | None
    workshops: int
    notes: int


def view(session: Session, gathering_id: str, today: dt.date | None = None) -> GatheringView:
    """All that a day's page shows. At most 12 queries.

    Raises:
        NotFoundError: ``unknown_gathering``.
    """
    raise NotImplementedError


def listing(session: Session) -> tuple[GatheringLine, ...]:
    """All days, the latest first. One query."""
    raise NotImplementedError


def icalendar(gathering: GatheringView, *, day: dt.date | None = None, now: dt.datetime | None = None) -> str:
    """The programme as an iCalendar file (RFC 5545).

    With a day (the gathering's own, else the one given) each slot is an event at floating local time. Without, nothing
    is invented: one journal entry without a start (3.6.3 allows it) tells the programme.

    Args:
        gathering: The day.
        day: The day to hold it, for a programme that has none or is used again.
        now: The moment the file is made (DTSTAMP).
    """
    raise NotImplementedError


def copy_programme(session: Session, gathering_id: str, title: str, date: str, author: Account) -> Gathering:
    """A new day with the slots of another: its programme, none of its contents.

    Raises:
        NotFoundError: ``unknown_gathering``.
        ForbiddenError: ``editors_only``.
        InvalidError: The title is empty or too long, or the date is no full date.
    """
    raise NotImplementedError
