"""« Toujours vrai ? »: an account says whether what a note tells still holds. Every answer is kept, the last counts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.journal import record_change
from savoirs.models import Account, Check, Verdict
from savoirs.models.base import utc_now
from savoirs.moments import iso_day
from savoirs.upkeep import checked_line, kept_note


def tell(
    session: Session, note_id: str, account: Account, verdict: Verdict, line: str = "", now: dt.datetime | None = None
) -> Check:
    """Say whether a note still holds. A second answer of the same day by the same account replaces its first.

    A confirmation makes the note young again, as ``upkeep.held`` reads it.

    Args:
        session: The session.
        note_id: A published practice or tool.
        account: Who says it; its organisation is shown, never the person.
        verdict: Whether it holds.
        line: One sentence; may be empty.
        now: The present moment.

    Raises:
        NotFoundError: ``unknown_note``.
        SavoirsError: ``nothing_to_try``.
        InvalidError: The sentence is too long, or holds an address.
    """
    line = checked_line(line)
    note = kept_note(session, note_id)
    now = now or utc_now()
    last = session.scalar(
        select(Check).where(Check.note_id == note_id).order_by(Check.created_at.desc(), Check.id.desc()).limit(1)
    )
    again = last is not None and last.account_id == account.id and iso_day(last.created_at) == iso_day(now)
    if last is not None and again:
        if (last.verdict, last.line) == (verdict, line or last.line):
            return last
        check = last
    else:
        check = Check(note_id=note.id, account_id=account.id)
        session.add(check)
    check.organisation_id = account.organisation_id
    check.verdict, check.line, check.created_at = verdict, line, now
    record_change(session, "note", note.id)
    return check
