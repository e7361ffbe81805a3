"""What SQL says of the organisations and notes that the engine put near one another, in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, String, bindparam, func, type_coerce, union_all
from sqlalchemy.orm import Session

from savoirs.availability import Availability
from savoirs.cards import OrganisationCard
from savoirs.drafts import PARTS
from savoirs.models import Experience, Introduction, IntroductionStatus, Note, NoteStatus, Stance
from savoirs.models.base import UtcDateTime
from savoirs.organisation_pieces import card_of, organisation_pieces, reach_of
from savoirs.pieces import Pieces, piece, read_pieces

RECENT_DAYS = 7
"""Days over which requests are counted."""

UNSENT = (IntroductionStatus.UNCONFIRMED, IntroductionStatus.CANCELLED)
"""Requests that nobody received."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Organisations, who of them may be reached, and published notes."""

    pieces: Pieces
    today: dt.date

    def card(self, organisation_id: str) -> OrganisationCard | None:
        """An organisation, under the name of this id; None when it is unknown."""
        return card_of(self.pieces, organisation_id)

    def kept(self, organisation_id: str) -> str | None:
        """The id of the organisation that this one is another name of, else its own; None when it is unknown."""
        row = self.pieces.one("organisation", organisation_id)
        return (row.merged_into or row.id) if row else None

    def availability(self, organisation_id: str) -> Availability:
        """Whether an organisation may be reached."""
        return reach_of(self.pieces, organisation_id, self.today)

    def recent_requests(self, organisation_id: str) -> int:
        """How many requests an organisation has received in the last seven days."""
        row = self.pieces.one("asked", organisation_id)
        return int(row.position) if row else 0

    def note(self, note_id: str) -> Any:
        """A published note: ``id, name`` (its title), ``kind, date, anonymous``, ``text`` in Markdown; else None.

        Its status is looked at here and not in SQL, where SQLite may take its index and read every note.
        """
        row = self.pieces.one("note", note_id)
        return row if row and row.role == NoteStatus.PUBLISHED else None

    def stances(self, note_id: str) -> tuple[Stance, ...]:
        """Of those who lived a note, without repetition."""
        return tuple(dict.fromkeys(Stance(row.stance) for row in self.pieces.of("stance", note_id)))


def read_facts(session: Session, organisations: Collection[str], notes: Collection[str], today: dt.date) -> Facts:
    """Read what SQL says of these. One query."""
    wanted = {"organisations": sorted(organisations), "notes": sorted(notes)}
    if not any(wanted.values()):
        return Facts(Pieces(), today)
    since = dt.datetime.combine(today - dt.timedelta(days=RECENT_DAYS - 1), dt.time(), dt.UTC)
    return Facts(read_pieces(session, _query(), since=since, **wanted), today)


@cache
def _query() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: building it costs more than running it."""
    organisations: BindParameter[Any] = bindparam("organisations", expanding=True)
    notes: BindParameter[Any] = bindparam("notes", expanding=True)

    def chosen(column: Any) -> ColumnElement[bool]:
        condition: ColumnElement[bool] = column.in_(organisations)
        return condition

    return union_all(
        *organisation_pieces(chosen),
        piece(
            "note", Note.id, id=Note.id, name=Note.title, kind=Note.kind, role=Note.status, date=Note.date,
            anonymous=Note.anonymous, text=_text(),
        ).where(Note.id.in_(notes)),
        piece("asked", Introduction.organisation_id, position=func.count())
        .where(
            chosen(Introduction.organisation_id),
            Introduction.created_at >= bindparam("since", type_=UtcDateTime()),
            Introduction.status.not_in(UNSENT),
        )
        .group_by(Introduction.organisation_id),
        piece("stance", Experience.note_id, stance=Experience.stance, position=Experience.position).where(
            Experience.note_id.in_(notes), Experience.stance.is_not(None)
        ),
    )  # fmt: skip


def _text() -> ColumnElement[str]:
    """The summary and the five parts; a part that is empty leaves blank lines, which Markdown makes nothing of."""
    text: ColumnElement[str] = type_coerce(Note.summary, String)
    for part in PARTS:
        text = text + "\n\n" + getattr(Note, part)
    return text
