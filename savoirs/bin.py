"""The bin: withdrawn notes wait there for a month, can be put back, and are then erased for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from savoirs.errors import ForbiddenError, NotFoundError
from savoirs.journal import record_change
from savoirs.models import (
    Account,
    ChangeAction,
    Experience,
    ExperienceRole,
    Note,
    NoteKind,
    NoteStatus,
)
from savoirs.note_rights import is_editor, may_edit, require_may_edit
from savoirs.slugs import slugify

KEEP_DAYS = 30
"""Between a withdrawal and the erasure."""


@dataclass(frozen=True, slots=True)
class BinLine:
    """A withdrawn note, the day from which it is erased, and whether its reader may put it back (``mine``)."""

    id: str
    kind: NoteKind
    title: str
    slug: str
    erased_on: dt.date
    mine: bool


def listing(session: Session, account: Account, now: dt.datetime) -> tuple[BinLine, ...]:
    """What is in the bin for an account: everything for an editor, else its own notes. The first to go first."""
    query = select(Note).where(Note.status == NoteStatus.WITHDRAWN).order_by(Note.withdrawn_at, Note.id)
    if not is_editor(account):
        query = query.where(_owned(account))
    return tuple(
        BinLine(note.id, note.kind, note.title, slugify(note.title), erased_on(note, now), may_put_back(account, note))
        for note in session.scalars(query).unique()
    )


def erased_on(note: Note, now: dt.datetime) -> dt.date:
    """The day from which a withdrawn note is erased."""
    return ((note.withdrawn_at or now) + dt.timedelta(days=KEEP_DAYS)).date()


def may_put_back(account: Account, note: Note) -> bool:
    """Whether an account may take a note out of the bin: an editor all, others what they put there themselves."""
    return is_editor(account) or (may_edit(account, note) and note.withdrawn_by_id == account.id)


def put_back(session: Session, note_id: str, account: Account) -> Note:
    """Take a note out of the bin: published again if it was, else waiting for an editor again.

    A note that is not in the bin is left as it is: a second click does nothing.

    Raises:
        NotFoundError: ``unknown_note``: it is erased, or never was.
        ForbiddenError: ``not_your_note``, or ``editors_only`` when an editor put it there.
    """
    note = session.get(Note, note_id, with_for_update=True, populate_existing=True)
    if note is None:
        raise NotFoundError("unknown_note", id=note_id)
    require_may_edit(account, note)
    if note.status is not NoteStatus.WITHDRAWN:
        return note
    if not may_put_back(account, note):
        raise ForbiddenError("editors_only")
    note.status = NoteStatus.PUBLISHED if note.published_at else NoteStatus.PENDING
    note.withdrawn_at = note.withdrawn_by_id = None
    record_change(session, "note", note.id)
    return note


def empty(session: Session, now: dt.datetime) -> int:
    """Erase for good what was withdrawn long enough ago, every version of it; returns how many notes.

    What was withdrawn before the bin was there begins its month now. Done twice, it is as done once.
    """
    undated = update(Note).where(Note.status == NoteStatus.WITHDRAWN, Note.withdrawn_at.is_(None))
    session.execute(undated.values(withdrawn_at=now))
    old = select(Note.id).where(
        Note.status == NoteStatus.WITHDRAWN, Note.withdrawn_at <= now - dt.timedelta(days=KEEP_DAYS)
    )
    ids = sorted(session.scalars(old))
    for id_ in ids:
        record_change(session, "note", id_, ChangeAction.REMOVE)
    session.execute(delete(Note).where(Note.id.in_(ids)))
    session.expire_all()
    return len(ids)


def _owned(account: Account) -> ColumnElement[bool]:
    lived = select(Experience.note_id).where(
        Experience.organisation_id == account.organisation_id, Experience.role == ExperienceRole.LIVED
    )
    return or_(Note.author_id == account.id, Note.id.in_(lived))
