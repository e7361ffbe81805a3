"""Days: their page, their programme as a calendar, and a new one prepared after an older one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from savoirs.availability import Availability, contacts_piece
from savoirs.calendars import icalendar
from savoirs.cards import Named, NoteLine
from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, InvalidError, NotFoundError
from savoirs.journal import record_change
from savoirs.models import (
    Account,
    Gathering,
    GatheringTheme,
    Note,
    NoteKind,
    NoteStatus,
    Objective,
    Organisation,
    Participation,
    ParticipationRole,
    Slot,
    SlotKind,
    Theme,
    Workshop,
    WorkshopOutput,
    record_id,
)
from savoirs.moments import first_day, today_or
from savoirs.note_lines import note_lines
from savoirs.note_rights import require_editor
from savoirs.note_views import SourceView, source_view
from savoirs.organisation_pieces import reach_of
from savoirs.pieces import piece, read_pieces
from savoirs.plaintext import masked
from savoirs.slugs import slugify

__all__ = [
    "GatheringLine",
    "GatheringView",
    "SlotView",
    "WorkshopView",
    "copy_programme",
    "icalendar",
    "listing",
    "view",
]

PARTICIPANT = ParticipationRole.PARTICIPANT
LONGEST_TITLE = 200


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
    """All that a day's page shows. Four queries.

    Raises:
        NotFoundError: ``unknown_gathering``.
    """
    day = session.scalar(_whole(gathering_id))
    if day is None:
        raise NotFoundError("unknown_gathering", id=gathering_id)
    workshops = session.scalars(_workshops(gathering_id)).all()
    pieces = read_pieces(session, _pieces_query(), gathering=gathering_id)
    notes = _notes(session, day, [workshop.id for workshop in workshops])
    roles = _roles(pieces.of("participation", day.id))
    there = {organisation.id for organisations in roles.values() for organisation in organisations}
    others = notes.get(None, ())
    return GatheringView(
        id=day.id,
        title=day.title,
        slug=slugify(day.title),
        year=day.year,
        date=day.date,
        place=day.place,
        description=masked(day.description),
        themes=tuple(Named(row.id, row.name) for row in pieces.of("theme", day.id)),
        objectives=tuple(row.text for row in pieces.of("objective", day.id)),
        slots=tuple(SlotView(slot.start, slot.end, slot.kind, slot.title) for slot in day.slots),
        workshops=tuple(_workshop(workshop, notes.get(workshop.id, ())) for workshop in workshops),
        roles={role: roles[role] for role in ParticipationRole if role in roles and role is not PARTICIPANT},
        participants=roles.get(PARTICIPANT, ()),
        participants_note=day.participants_note,
        testimonies=tuple(line for line in others if line.kind is NoteKind.TESTIMONY),
        other_notes=tuple(line for line in others if line.kind is not NoteKind.TESTIMONY),
        source=source_view(day.source, day.first_line, day.last_line),
        availabilities={id_: reach_of(pieces, id_, today_or(today)) for id_ in there},
    )


def listing(session: Session) -> tuple[GatheringLine, ...]:
    """All days, the latest first. One query."""
    workshops = select(func.count()).where(Workshop.gathering_id == Gathering.id).correlate(Gathering).scalar_subquery()
    notes = (
        select(func.count())
        .select_from(Note)
        .outerjoin(Workshop, Workshop.id == Note.workshop_id)
        .where(
            Note.status == NoteStatus.PUBLISHED,
            or_(Workshop.gathering_id == Gathering.id, Note.source_id == Gathering.source_id),
        )
        .correlate(Gathering)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Gathering.id, Gathering.title, Gathering.year, Gathering.date, workshops, notes).order_by(
            Gathering.year.desc(), func.coalesce(Gathering.date, "").desc(), Gathering.id
        )
    )
    return tuple(
        GatheringLine(id_, title, slugify(title), year, date, workshop_count or 0, note_count or 0)
        for id_, title, year, date, workshop_count, note_count in rows
    )


def copy_programme(session: Session, gathering_id: str, title: str, date: str, author: Account) -> Gathering:
    """A new day with the slots of another: its programme, none of its contents.

    Raises:
        NotFoundError: ``unknown_gathering``.
        ForbiddenError: ``editors_only``.
        InvalidError: The title is empty or too long, or the date is no full date.
    """
    require_editor(author)
    model = session.get(Gathering, gathering_id)
    if model is None:
        raise NotFoundError("unknown_gathering", id=gathering_id)
    title, day = clean_text(title), _full_date(date)
    errors = tuple(_mistakes(title, date, day))
    if errors or day is None:
        raise InvalidError(errors)
    key = _new_key(session, title, day)
    gathering = Gathering(id=record_id("gathering", key), key=key, title=title, year=day.year, date=day.isoformat())
    gathering.slots = [
        Slot(position=slot.position, start=slot.start, end=slot.end, kind=slot.kind, title=slot.title)
        for slot in model.slots
    ]
    session.add(gathering)
    record_change(session, "gathering", gathering.id)
    return gathering


def _mistakes(title: str, date: str, day: dt.date | None) -> Iterator[FieldError]:
    if not title:
        yield FieldError("title", "missing")
    if len(title) > LONGEST_TITLE:
        yield FieldError("title", "too_long", {"max": LONGEST_TITLE, "length": len(title)})
    if day is None:
        yield FieldError("date", "bad_date", {"value": date})


def _full_date(text: str) -> dt.date | None:
    return first_day(text) if len(text) == len("2026-03-12") else None


def _new_key(session: Session, title: str, day: dt.date) -> str:
    base = f"{slugify(title, max_length=80) or 'journee'}-{day.isoformat()}"
    taken = set(session.scalars(select(Gathering.key).where(Gathering.key.startswith(base, autoescape=True))))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _whole(gathering_id: str) -> Select[Gathering]:
    whole = (joinedload(Gathering.source), joinedload(Gathering.slots))
    return select(Gathering).where(Gathering.id == gathering_id).options(*whole)


def _workshops(gathering_id: str) -> Select[Workshop]:
    mine = select(Workshop).where(Workshop.gathering_id == gathering_id)
    return mine.order_by(Workshop.number).options(joinedload(Workshop.theme))


@cache
def _pieces_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: building it costs more than running it."""
    day: BindParameter[Any] = bindparam("gathering", type_=String())
    kept_id = func.coalesce(Organisation.merged_into_id, Organisation.id)
    there = (
        select(kept_id)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.gathering_id == day)
    )
    said, held = aliased(Organisation), aliased(Organisation)
    return union_all(
        piece(
            "theme", GatheringTheme.gathering_id, id=Theme.key, name=Theme.name, position=GatheringTheme.position
        )
        .join(GatheringTheme, GatheringTheme.theme_id == Theme.id)
        .where(GatheringTheme.gathering_id == day),
        piece("objective", Objective.gathering_id, text=Objective.text, position=Objective.position).where(
            Objective.gathering_id == day
        ),
        piece(
            "participation", Participation.gathering_id, id=held.id, name=held.name, role=Participation.role,
            position=Participation.position,
        )
        .join(said, said.id == Participation.organisation_id)
        .join(held, held.id == func.coalesce(said.merged_into_id, said.id))
        .where(Participation.gathering_id == day),
        contacts_piece(lambda column: column.in_(there)),
    )  # fmt: skip


def _roles(rows: Iterable[Any]) -> dict[ParticipationRole, tuple[Named, ...]]:
    roles: dict[ParticipationRole, tuple[Named, ...]] = {}
    for row in rows:
        role = ParticipationRole(row.role)
        roles[role] = (*roles.get(role, ()), Named(row.id, row.name, slugify(row.name)))
    return roles


def _notes(session: Session, day: Gathering, workshops: list[str]) -> dict[str | None, tuple[NoteLine, ...]]:
    """Lines of the published notes made of a day, by workshop; None has those of the same source and no workshop."""
    from_source = and_(Note.source_id == day.source_id, Note.workshop_id.is_(None)) if day.source_id else false()
    made = select(Note).where(or_(Note.workshop_id.in_(workshops), from_source))
    notes: dict[str | None, tuple[NoteLine, ...]] = {}
    for line in note_lines(session, made.order_by(Note.first_line, Note.title, Note.id)):
        if line.status is NoteStatus.PUBLISHED:
            notes[line.workshop_id] = (*notes.get(line.workshop_id, ()), line)
    return notes


def _workshop(workshop: Workshop, notes: tuple[NoteLine, ...]) -> WorkshopView:
    return WorkshopView(
        id=workshop.id,
        number=workshop.number,
        theme=Named(workshop.theme.key, workshop.theme.name) if workshop.theme else None,
        question=workshop.question,
        synthesis_title=workshop.synthesis_title,
        output=workshop.output,
        full_notes=workshop.full_notes,
        full_notes_note=workshop.full_notes_note,
        notes=notes,
    )
