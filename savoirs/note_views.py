"""Reading notes: the whole of one for its page, and lines of several. A bounded number of queries each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.availability import Availability
from savoirs.cards import Lived, Named, NoteLine
from savoirs.drafts import IndicatorDraft
from savoirs.models import Account, NoteKind, NoteStatus, Stance


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
class NoteView:
    """A note as its page shows it. Texts of the five parts are Markdown.

    An anonymous note has no organisation here, but for its editors (``anonymous_for_reader`` is then False).
    ``to_recheck`` says whether it is old, in which case ``true_as_of or date`` says since when. ``principles`` are notes
    shown on every tool of the same themes. ``availabilities`` is by id of organisation.
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
    to_recheck: bool
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
    principles: tuple[NoteLine, ...]
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
    """All that a note's page shows. At most 12 queries.

    Raises:
        NotFoundError: ``unknown_note``; or it is not published, and the viewer may not edit it.
    """
    raise NotImplementedError


def latest(session: Session, limit: int = 5) -> tuple[NoteLine, ...]:
    """The notes published last. Two queries."""
    raise NotImplementedError


def pending(session: Session) -> tuple[PendingNote, ...]:
    """Notes that wait for an editor, the oldest first. Three queries."""
    raise NotImplementedError


def written_by(session: Session, account: Account) -> tuple[NoteLine, ...]:
    """What an account may edit as a member: its notes and its organisation's, of any status, the latest first."""
    raise NotImplementedError
