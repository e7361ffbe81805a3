"""« J’ai essayé »: an account says what came of trying what a note tells. Saying it again replaces it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.journal import record_change
from savoirs.models import Account, Outcome, Trial
from savoirs.models.base import utc_now
from savoirs.upkeep import checked_line, kept_note


def tell(
    session: Session, note_id: str, account: Account, outcome: Outcome, line: str = "", now: dt.datetime | None = None
) -> Trial:
    """Say what came of a trial. The same thing said twice changes nothing.

    Args:
        session: The session.
        note_id: A published practice or tool.
        account: Who says it; its organisation is shown, never the person.
        outcome: What came of it.
        line: One sentence; may be empty.
        now: The present moment.

    Raises:
        NotFoundError: ``unknown_note``.
        SavoirsError: ``nothing_to_try``.
        InvalidError: The sentence is too long, or holds an address.
    """
    line = checked_line(line)
    note = kept_note(session, note_id)
    trial = _own(session, note_id, account)
    if trial is not None and (trial.outcome, trial.line) == (outcome, line):
        return trial
    if trial is None:
        trial = Trial(note_id=note.id, account_id=account.id)
        session.add(trial)
    trial.organisation_id = account.organisation_id
    trial.outcome, trial.line, trial.created_at = outcome, line, now or utc_now()
    record_change(session, "note", note.id)
    return trial


def take_back(session: Session, note_id: str, account: Account) -> None:
    """Take back what an account said of trying a note; nothing to take back is no mistake.

    Raises:
        NotFoundError: ``unknown_note``.
        SavoirsError: ``nothing_to_try``.
    """
    note = kept_note(session, note_id)
    trial = _own(session, note_id, account)
    if trial is not None:
        session.delete(trial)
        record_change(session, "note", note.id)


def _own(session: Session, note_id: str, account: Account) -> Trial | None:
    return session.scalar(select(Trial).where(Trial.note_id == note_id, Trial.account_id == account.id))
