"""Notes being written, kept for the account that writes them: resumed on another device, listed, thrown away."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from savoirs.draft_checks import clean_text
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.models import Account, Note, WrittenDraft
from savoirs.models.base import utc_now
from savoirs.plaintext import masked_within

MOST = 20
"""Drafts of an account: more is not writing any more."""

MAX_CHARS = 200_000
"""Of all the fields of a draft: ten times the longest part of a note."""

KEEP_DAYS = 180
"""After this long without a word, a draft is thrown away."""

Fields = Mapping[str, str | Sequence[str]]
"""Values of a form by name of field, as they were typed."""

_SLOT = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as lists show it. ``note_id`` is the note that it changes, None for one that begins."""

    slot: str
    note_id: str | None
    title: str
    updated_at: dt.datetime


def keep(
    session: Session,
    account: Account,
    slot: str,
    fields: Fields,
    *,
    note_id: str | None = None,
    now: dt.datetime | None = None,
) -> dt.datetime:
    """Keep what somebody has typed so far, in the place of what they had; returns the moment it is kept at.

    Args:
        session: The session.
        account: Who writes; nobody else reads it.
        slot: The note's id, or the token of a form that begins one.
        fields: What is typed. Nothing is checked: a draft may have mistakes. Addresses and numbers are masked: they
            are kept nowhere but where they belong, and no note may have one.
        note_id: The note that is changed.
        now: The present moment.

    Raises:
        SavoirsError: ``bad_draft``, ``draft_too_long`` (``max``) or ``too_many_drafts`` (``max``).
    """
    if not _SLOT.fullmatch(slot):
        raise SavoirsError("bad_draft")
    if sum(len(text) for value in fields.values() for text in _texts(value)) > MAX_CHARS:
        raise SavoirsError("draft_too_long", max=MAX_CHARS)
    now = now or utc_now()
    draft = session.get(WrittenDraft, (account.id, slot), with_for_update=True)
    if draft is None:
        count = select(func.count()).where(WrittenDraft.account_id == account.id)
        if (session.scalar(count) or 0) >= MOST:
            raise SavoirsError("too_many_drafts", max=MOST)
        draft = WrittenDraft(account_id=account.id, slot=slot, note_id=note_id)
        session.add(draft)
    kept = {name: value if isinstance(value, str) else list(value) for name, value in fields.items()}
    draft.fields = masked_within(kept)
    draft.title = _title(draft.fields)
    draft.updated_at = now
    session.flush()
    return now


def fields_of(session: Session, account: Account, slot: str) -> dict[str, str | list[str]]:
    """What an account had typed.

    Raises:
        NotFoundError: ``unknown_draft``: it has no such draft.
    """
    draft = find(session, account, slot)
    if draft is None:
        raise NotFoundError("unknown_draft")
    return dict(draft.fields)


def find(session: Session, account: Account, slot: str) -> WrittenDraft | None:
    """A draft of an account, None when it has no such draft."""
    return session.get(WrittenDraft, (account.id, slot))


def listing(session: Session, account: Account) -> tuple[DraftLine, ...]:
    """The drafts of an account, the latest first. One query."""
    rows = session.execute(
        select(WrittenDraft.slot, WrittenDraft.note_id, WrittenDraft.title, WrittenDraft.updated_at, Note.title)
        .outerjoin(Note, Note.id == WrittenDraft.note_id)
        .where(WrittenDraft.account_id == account.id)
        .order_by(WrittenDraft.updated_at.desc(), WrittenDraft.slot)
    )
    return tuple(DraftLine(slot, note_id, title or of_note or "", at) for slot, note_id, title, at, of_note in rows)


def discard(session: Session, account: Account | None, slot: str) -> None:
    """Throw away a draft; one that is not there is thrown away already."""
    if account is not None:
        session.execute(delete(WrittenDraft).where(WrittenDraft.account_id == account.id, WrittenDraft.slot == slot))


def forget_old(session: Session, now: dt.datetime) -> int:
    """Throw away drafts to which nobody came back; returns how many."""
    before = now - dt.timedelta(days=KEEP_DAYS)
    gone = delete(WrittenDraft).where(WrittenDraft.updated_at < before).returning(WrittenDraft.slot)
    return len(session.execute(gone).all())


def _title(fields: Fields) -> str:
    value = fields.get("title", "")
    return clean_text(value)[:200] if isinstance(value, str) else ""


def _texts(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value
