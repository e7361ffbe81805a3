"""Reading notes: the whole of one for its page, and lines of several. A bounded number of queries each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, load_only

from savoirs.availability import Availability
from savoirs.cards import Lived, Named, NoteLine, Said, kept, named
from savoirs.drafts import IndicatorDraft
from savoirs.errors import NotFoundError
from savoirs.models import (
    Account,
    Experience,
    ExperienceRole,
    Note,
    NoteKind,
    NoteStatus,
    Revision,
    Source,
    Stance,
    Workshop,
)
from savoirs.moments import iso_day, today_or
from savoirs.note_lines import note_lines
from savoirs.note_pieces import WholeNote, read_whole
from savoirs.note_rights import may_edit
from savoirs.note_writing import PLAIN
from savoirs.organisation_pieces import card_of, reach_of
from savoirs.pieces import Pieces
from savoirs.plaintext import masked
from savoirs.slugs import slugify
from savoirs.upkeep import Upkeep, held, is_to_recheck, upkeep_of

LATEST_FIRST = (Note.published_at.desc(), Note.date.desc(), Note.id)
"""The order of the last notes."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where a note comes from. ``passage`` is the masked text of its lines, None when the document is not kept here."""

    id: str
    title: str
    year: int | None
    origin: str
    description: str
    first_line: int | None
    last_line: int | None
    passage: str | None


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """A workshop, and the gathering it belongs to."""

    id: str
    number: int
    question: str
    synthesis_title: str
    gathering: Named


@dataclass(frozen=True, slots=True)
class ToolView:
    """What a tool note adds."""

    provider: Named | None
    category: str
    as_written: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrincipleLine:
    """A principle, as the tools of its themes recall it."""

    id: str
    kind: NoteKind
    title: str
    slug: str
    summary: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as its page shows it. Texts of the five parts are Markdown.

    An anonymous note has no organisation here, but for its editors (``anonymous_for_reader`` is then False).
    ``to_recheck`` says whether it is old, in which case ``true_as_of or date`` says since when; ``said``, that it was
    said since to have changed or be over. ``principles`` are shown on every tool of the same themes.
    """

    id: str
    kind: NoteKind
    status: NoteStatus
    title: str
    slug: str
    summary: str
    introduction: str
    context: str
    action: str
    worked: str
    failed: str
    date: str | None
    true_as_of: str | None
    said: Said | None
    to_recheck: bool
    upkeep: Upkeep
    calls: tuple[Named, ...]
    for_whom: str
    time_needed: str
    cost: str
    requires: str
    anonymous: bool
    anonymous_for_reader: bool
    fictional: bool
    themes: tuple[Named, ...]
    audiences: tuple[str, ...]
    tools: tuple[str, ...]
    lived: tuple[Lived, ...]
    cited: tuple[Lived, ...]
    participants: tuple[Lived, ...]
    stances: tuple[Stance, ...]
    availabilities: Mapping[str, Availability]
    source: SourceView | None
    workshop: WorkshopLine | None
    tool: ToolView | None
    indicator: IndicatorDraft | None
    testimony_author: str | None
    principles: tuple[PrincipleLine, ...]
    revision: int
    author_id: str | None
    lived_by: frozenset[str]
    created: str
    updated: str
    editable: bool


@dataclass(frozen=True, slots=True)
class PendingNote:
    """A note that waits for an editor, and the organisation a visitor says to be from, when it is not known."""

    note: NoteLine
    author: str | None
    organisation_name: str


def view(session: Session, note_id: str, viewer: Account | None = None, today: dt.date | None = None) -> NoteView:
    """All that a note's page shows. Two queries.

    Raises:
        NotFoundError: ``unknown_note``; or it is not published, and the viewer may not edit it.
    """
    whole = read_whole(session, note_id)
    editable = whole is not None and may_edit(viewer, whole)
    if whole is None or not (editable or whole.note.status is NoteStatus.PUBLISHED):
        raise NotFoundError("unknown_note", id=note_id)
    note, pieces, experiences, day = whole.note, whole.pieces, whole.experiences(), today_or(today)
    hidden = note.anonymous and not editable
    told = () if hidden else tuple(_told(pieces, experiences))
    upkeep = upkeep_of(note, pieces, viewer)
    true_as_of, said = held(note.true_as_of, upkeep.held)
    by_role = {role: tuple(one for one in told if one.role is role) for role in ExperienceRole}
    return NoteView(
        **_plain(note) | {"true_as_of": true_as_of},
        id=note.id,
        status=note.status,
        slug=slugify(note.title),
        said=said,
        to_recheck=is_to_recheck(note.kind, true_as_of or note.date, day),
        upkeep=upkeep,
        calls=tuple(Named(row.id, masked(row.text)) for row in pieces.of("call", note.id)),
        anonymous_for_reader=hidden,
        fictional=any(row.fictional for row in experiences if row.role == ExperienceRole.LIVED),
        themes=tuple(Named(row.id, row.name) for row in pieces.of("theme", note.id)),
        audiences=whole.names("audience"),
        tools=whole.names("tool"),
        lived=by_role[ExperienceRole.LIVED],
        cited=by_role[ExperienceRole.CITED],
        participants=by_role[ExperienceRole.PARTICIPANT],
        stances=tuple(dict.fromkeys(Stance(row.stance) for row in experiences if row.stance)),
        availabilities={one.organisation.id: reach_of(pieces, one.organisation.id, day) for one in told},
        source=source_view(note.source, note.first_line, note.last_line),
        workshop=workshop_line(note.workshop),
        tool=_tool(whole),
        indicator=whole.indicator(),
        testimony_author=note.testimony.author if note.testimony else None,
        principles=_principles(whole),
        revision=note.revision,
        author_id=None if hidden else note.author_id,
        lived_by=frozenset(one.organisation.id for one in by_role[ExperienceRole.LIVED]),
        created=iso_day(note.created_at),
        updated=iso_day(note.updated_at),
        editable=editable,
    )


def title(session: Session, note_id: str, viewer: Account | None = None) -> str:
    """A note's title alone. One query, one more for a note that is not published.

    Raises:
        NotFoundError: As ``view``.
    """
    note = session.scalar(
        select(Note).where(Note.id == note_id).options(load_only(Note.title, Note.status, Note.author_id))
    )
    if note is None or not (note.status is NoteStatus.PUBLISHED or may_edit(viewer, note)):
        raise NotFoundError("unknown_note", id=note_id)
    return note.title


def latest(session: Session, limit: int = 5) -> tuple[NoteLine, ...]:
    """The notes published last. One query."""
    published = select(Note).where(Note.status == NoteStatus.PUBLISHED)
    return note_lines(session, published.order_by(*LATEST_FIRST).limit(limit))


def pending(session: Session) -> tuple[PendingNote, ...]:
    """Notes that wait for an editor, the oldest first. Two queries."""
    waiting = select(Note).where(Note.status == NoteStatus.PENDING).order_by(Note.created_at, Note.id)
    lines = note_lines(session, waiting)
    told = session.execute(
        select(Note.id, Account.name, Account.login, Revision.draft)
        .outerjoin(Account, Account.id == Note.author_id)
        .outerjoin(Revision, Revision.note_id == Note.id)
        .where(Note.status == NoteStatus.PENDING)
        .order_by(Revision.id)
    )
    by_note = {
        note_id: (name or login, (draft or {}).get("organisation_name", "")) for note_id, name, login, draft in told
    }
    return tuple(PendingNote(line, *by_note[line.id]) for line in lines)


def written_by(session: Session, account: Account) -> tuple[NoteLine, ...]:
    """What an account may edit as a member: its notes and its organisation's, of any status, the latest first."""
    theirs = select(Experience.note_id).where(
        Experience.organisation_id == account.organisation_id, Experience.role == ExperienceRole.LIVED
    )
    mine = or_(Note.author_id == account.id, Note.id.in_(theirs))
    return note_lines(session, select(Note).where(mine).order_by(Note.updated_at.desc(), Note.id))


def source_view(source: Source | None, first_line: int | None, last_line: int | None) -> SourceView | None:
    """A source and the passage of it that a record was made from."""
    if source is None:
        return None
    passage = None
    if source.text is not None and first_line and last_line:
        passage = masked("\n".join(source.text.splitlines()[first_line - 1 : last_line]))
    return SourceView(
        source.id, source.title, source.year, source.origin, source.description, first_line, last_line, passage
    )


def workshop_line(workshop: Workshop | None) -> WorkshopLine | None:
    """A workshop whose gathering is loaded."""
    if workshop is None:
        return None
    day = workshop.gathering
    gathering = Named(day.id, day.title, slugify(day.title))
    return WorkshopLine(workshop.id, workshop.number, workshop.question, workshop.synthesis_title, gathering)


def _plain(note: Note) -> dict[str, Any]:
    values = {name: getattr(note, name) for name in PLAIN}
    return {name: masked(one) if isinstance(one, str) else one for name, one in values.items()}


def _told(pieces: Pieces, experiences: Iterable[Any]) -> Iterator[Lived]:
    for row in experiences:
        if (card := card_of(pieces, row.id)) is not None:
            yield Lived(card, ExperienceRole(row.role), Stance(row.stance) if row.stance else None)


def _tool(whole: WholeNote) -> ToolView | None:
    note = whole.note
    if note.tool is None:
        return None
    provider = named(kept(note.tool.provider)) if note.tool.provider and not note.anonymous else None
    return ToolView(provider, note.tool.category, note.tool.as_written, whole.names("alias"))


def _principles(whole: WholeNote) -> tuple[PrincipleLine, ...]:
    rows = [row for row in whole.pieces.of("principle", whole.note.id) if row.role == NoteStatus.PUBLISHED]
    return tuple(
        PrincipleLine(row.id, NoteKind(row.kind), row.name, slugify(row.name), masked(row.text))
        for row in sorted(rows, key=lambda row: (row.date or "", row.id))
    )
