"""Names in testimonies: who is still named, so that an editor can remove the name when asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.models import Note, NoteStatus, Testimony


@dataclass(frozen=True, slots=True)
class NamedTestimony:
    """A testimony whose author's name is kept."""

    note_id: str
    title: str
    author: str
    status: NoteStatus


def named(session: Session) -> tuple[NamedTestimony, ...]:
    """Testimonies that keep a name, by title, of any status. One query. For editors only."""
    rows = session.execute(
        select(Note.id, Note.title, Testimony.author, Note.status)
        .join(Testimony, Testimony.note_id == Note.id)
        .where(Testimony.author.is_not(None), Testimony.author != "")
        .order_by(Note.title, Note.id)
    )
    return tuple(NamedTestimony(note_id, title, author or "", status) for note_id, title, author, status in rows)
