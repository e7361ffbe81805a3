"""Answers to calls: notes that somebody writes for one. Each answers once published, and who asked is told then."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import Session, joinedload

from savoirs import outbox
from savoirs.journal import record_change
from savoirs.models import Call, CallAnswer, CallStatus, Contact, Note, NoteStatus
from savoirs.pieces import piece


def link(session: Session, call_id: str, note: Note, now: dt.datetime) -> bool:
    """Say that a note answers a call, published or not yet; returns whether there is such an open call."""
    call = session.get(Call, call_id)
    if call is None or call.status != CallStatus.OPEN:
        return False
    if session.get(CallAnswer, (call.id, note.id)) is None:
        session.add(CallAnswer(call_id=call.id, note_id=note.id, created_at=now))
        record_change(session, "note", note.id)
        record_change(session, "call", call.id)
    tell(session, now, note_id=note.id)
    return True


def tell(session: Session, now: dt.datetime, *, note_id: str | None = None) -> int:
    """Tell those who asked of the published answers that they do not know yet; returns how many letters were posted.

    Only at an address that they said was theirs; an answer to a call without one is on its page. Done twice, it is as
    done once.

    Args:
        session: The session.
        now: The present moment.
        note_id: Of this note's answers only.
    """
    untold = (
        select(CallAnswer, Call)
        .join(Call, Call.id == CallAnswer.call_id)
        .join(Note, Note.id == CallAnswer.note_id)
        .where(CallAnswer.told_at.is_(None), Call.status == CallStatus.OPEN, Note.status == NoteStatus.PUBLISHED)
        .options(joinedload(Call.asker))
        .order_by(CallAnswer.call_id, CallAnswer.note_id)
    )
    if note_id is not None:
        untold = untold.where(CallAnswer.note_id == note_id)
    posted = 0
    for answer, call in session.execute(untold).all():
        if call.asker is None or not _is_theirs(call.asker):
            continue
        answer.told_at = now
        key = f"call/{call.id}/answer/{answer.note_id}"
        outbox.post(session, "call.answer", call.asker, key, {"call": call.id, "note": answer.note_id}, now)
        posted += 1
    return posted


def published(session: Session, note_id: str, now: dt.datetime) -> None:
    """What follows when a note is published: calls that it answers change, and who asked is told."""
    for call_id in session.scalars(
        select(CallAnswer.call_id).where(CallAnswer.note_id == note_id).order_by(CallAnswer.call_id)
    ).all():
        record_change(session, "call", call_id)
    tell(session, now, note_id=note_id)


def answered_piece(note_id: Any) -> Select[Any]:
    """The calls that a note answers and that all may read, for the statement that reads it whole."""
    return (
        piece("call", CallAnswer.note_id, id=Call.id, text=Call.question, date=cast(Call.created_at, String))
        .join(Call, Call.id == CallAnswer.call_id)
        .where(CallAnswer.note_id == note_id, Call.status.in_((CallStatus.OPEN, CallStatus.CLOSED)))
    )


def _is_theirs(contact: Contact) -> bool:
    return contact.email is not None and contact.address_confirmed_at is not None and contact.bounced_at is None
