"""Reading calls: open ones, one with its answers, those that wait for an editor. No address, no name of a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from savoirs.cards import Named, NoteLine
from savoirs.errors import NotFoundError
from savoirs.models import (
    Account,
    Call,
    CallAnswer,
    CallNotice,
    CallStatus,
    Note,
    NoteStatus,
    Organisation,
    Theme,
)
from savoirs.moments import aware, iso_day
from savoirs.note_lines import note_lines
from savoirs.note_rights import is_editor
from savoirs.plaintext import masked
from savoirs.slugs import slugify

LISTED = 100
"""Most calls of a list."""

READ = (CallStatus.OPEN, CallStatus.CLOSED)
"""Calls that all may read."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as lists show it.

    Attributes:
        id: Its public id.
        question: Plain text.
        slug: The question as its address has it.
        status: Where it stands.
        organisation: Who asks, when they show it; None otherwise.
        theme: Its theme, by key, or None.
        day: ISO day on which it was let through, else asked.
        updated: The moment of its last change, for feeds.
        answers: How many published notes answer it.
    """

    id: str
    question: str
    slug: str
    status: CallStatus
    organisation: Named | None
    theme: Named | None
    day: str
    updated: dt.datetime
    answers: int

    @property
    def readable(self) -> bool:
        """Whether all may read it."""
        return self.status in READ


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as its page shows it.

    Attributes:
        line: As lists show it.
        context: Plain text.
        notes: The published notes that answer it.
        told: How many organisations were told.
        account_id: Who asked, when they had an account.
        address: Whether an address was left with it, and whether its owner confirmed it: None, False or True.
    """

    line: CallLine
    context: str
    notes: tuple[NoteLine, ...]
    told: int
    account_id: str | None
    address: bool | None


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A call that waits for an editor; ``author`` is the account's name, None for a visitor."""

    line: CallLine
    context: str
    search: str
    author: str | None
    has_address: bool


def listing(session: Session, limit: int = LISTED) -> tuple[CallLine, ...]:
    """Open calls, the newest first. One query."""
    query = _lines().where(Call.status == CallStatus.OPEN).order_by(Call.opened_at.desc(), Call.id).limit(limit)
    return tuple(_line(row) for row in session.execute(query))


def answered(session: Session, limit: int = 10) -> tuple[CallLine, ...]:
    """Closed calls that notes answer, the last closed first. One query."""
    query = _lines().where(Call.status == CallStatus.CLOSED, _answers() > 0)
    return tuple(_line(row) for row in session.execute(query.order_by(Call.closed_at.desc(), Call.id).limit(limit)))


def view(session: Session, call_id: str, viewer: Account | None = None) -> CallView:
    """A call and the notes that answer it. Two queries.

    Raises:
        NotFoundError: ``unknown_call``; or it is not let through, and the viewer neither edits nor asked it.
    """
    row = _row(session, call_id)
    if not (row.Call.status in READ or _theirs(row.Call, viewer)):
        raise NotFoundError("unknown_call", id=call_id)
    return _view(session, row)


def followed(session: Session, call_id: str) -> CallView:
    """A call of any status, for whoever holds the link to it. Two queries.

    Raises:
        NotFoundError: ``unknown_call``.
    """
    return _view(session, _row(session, call_id))


def _row(session: Session, call_id: str) -> Any:
    row = session.execute(_lines().options(joinedload(Call.asker)).where(Call.id == call_id)).one_or_none()
    if row is None:
        raise NotFoundError("unknown_call", id=call_id)
    return row


def _view(session: Session, row: Any) -> CallView:
    asker = row.Call.asker
    answering = select(CallAnswer.note_id).where(CallAnswer.call_id == row.Call.id)
    published = select(Note).where(Note.id.in_(answering), Note.status == NoteStatus.PUBLISHED)
    notes = note_lines(session, published.order_by(Note.published_at, Note.id))
    return CallView(
        line=_line(row),
        context=masked(row.Call.context),
        notes=notes,
        told=row.told,
        account_id=row.Call.account_id,
        address=None if asker is None else asker.address_confirmed_at is not None,
    )


def question(session: Session, call_id: str) -> str:
    """The question of a call that all may read. One query.

    Raises:
        NotFoundError: ``unknown_call``.
    """
    found = session.scalar(select(Call.question).where(Call.id == call_id, Call.status.in_(READ)))
    if found is None:
        raise NotFoundError("unknown_call", id=call_id)
    return masked(found)


def asking_organisation(session: Session, call_id: str) -> str | None:
    """The organisation of whoever asked, shown or not: it is never told of its own call. One query."""
    return session.scalar(
        select(func.coalesce(Call.organisation_id, Account.organisation_id))
        .outerjoin(Account, Account.id == Call.account_id)
        .where(Call.id == call_id)
    )


def search_of(session: Session, call_id: str) -> str:
    """The words that found nothing, from which a call was made; empty for a question asked by itself. One query."""
    return session.scalar(select(Call.search).where(Call.id == call_id)) or ""


def told_ids(session: Session, call_id: str) -> frozenset[str]:
    """Ids of the organisations that were told of a call. One query."""
    return frozenset(session.scalars(select(CallNotice.organisation_id).where(CallNotice.call_id == call_id)))


def waiting(session: Session) -> tuple[WaitingCall, ...]:
    """Calls that wait for an editor, the oldest first. One query. For editors only."""
    query = (
        _lines()
        .add_columns(Account.name, Account.login)
        .outerjoin(Account, Account.id == Call.account_id)
        .where(Call.status == CallStatus.WAITING)
        .order_by(Call.created_at, Call.id)
    )
    return tuple(
        WaitingCall(
            _line(row),
            masked(row.Call.context),
            masked(row.Call.search),
            row.name or row.login,
            row.Call.asker_id is not None,
        )
        for row in session.execute(query)
    )


def asked_by(session: Session, account: Account) -> tuple[CallLine, ...]:
    """The calls of an account, of any status, the latest first. One query."""
    query = _lines().where(Call.account_id == account.id).order_by(Call.created_at.desc(), Call.id).limit(LISTED)
    return tuple(_line(row) for row in session.execute(query))


def told_to(session: Session, account: Account) -> tuple[CallLine, ...]:
    """Open calls that the account's organisation was told of, the newest first. One query."""
    told = select(CallNotice.call_id).where(CallNotice.organisation_id == account.organisation_id)
    query = _lines().where(Call.status == CallStatus.OPEN, Call.id.in_(told))
    return tuple(_line(row) for row in session.execute(query.order_by(Call.opened_at.desc(), Call.id).limit(LISTED)))


def _theirs(call: Call, viewer: Account | None) -> bool:
    return viewer is not None and (is_editor(viewer) or viewer.id == call.account_id)


def _answers() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(CallAnswer)
        .join(Note, Note.id == CallAnswer.note_id)
        .where(CallAnswer.call_id == Call.id, Note.status == NoteStatus.PUBLISHED)
        .correlate(Call)
        .scalar_subquery()
    )


def _lines() -> Select[Any]:
    said, kept = aliased(Organisation), aliased(Organisation)
    told = select(func.count()).where(CallNotice.call_id == Call.id).correlate(Call).scalar_subquery()
    return (
        select(
            Call, kept.id.label("organisation"), kept.name.label("organisation_name"), Theme.key.label("theme"),
            Theme.name.label("theme_name"), _answers().label("answers"), told.label("told"),
        )
        .outerjoin(said, said.id == Call.organisation_id)
        .outerjoin(kept, or_(kept.id == said.merged_into_id, (kept.id == said.id) & said.merged_into_id.is_(None)))
        .outerjoin(Theme, Theme.id == Call.theme_id)
    )  # fmt: skip


def _line(row: Any) -> CallLine:
    call: Call = row.Call
    asked = masked(call.question)
    return CallLine(
        id=call.id,
        question=asked,
        slug=slugify(asked),
        status=CallStatus(call.status),
        organisation=Named(row.organisation, row.organisation_name, slugify(row.organisation_name))
        if row.organisation
        else None,
        theme=Named(row.theme, row.theme_name) if row.theme else None,
        day=iso_day(call.opened_at or call.created_at),
        updated=aware(call.closed_at or call.opened_at or call.created_at),
        answers=row.answers,
    )
