"""Requests as pages and letters show them: no address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from savoirs.cards import Named
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.introductions.ending import close
from savoirs.introductions.locking import locked
from savoirs.models import Account, Introduction, IntroductionStatus, Note
from savoirs.models.base import utc_now
from savoirs.moments import iso_day
from savoirs.note_rights import require_editor
from savoirs.slugs import slugify

SETTLED = (IntroductionStatus.HANDLED, IntroductionStatus.DECLINED)


@dataclass(frozen=True, slots=True)
class IntroductionView:
    """A request without its addresses. ``passed_to`` is an organisation of ours, ``passed_to_name`` any other name."""

    id: int
    organisation: Named
    note: Named | None
    requester_name: str
    recipient_name: str
    need: str
    sentence: str
    context: str
    question: str
    availability: str
    preference: str
    status: IntroductionStatus
    answer: str
    passed_to: Named | None
    passed_to_name: str
    report_reason: str
    created: str
    confirmed: bool


def view(session: Session, introduction_id: int) -> IntroductionView:
    """A request. One query.

    Raises:
        NotFoundError: ``unknown_introduction``.
    """
    for one in _views(session, Introduction.id == introduction_id):
        return one
    raise NotFoundError("unknown_introduction", id=introduction_id)


def waiting(session: Session) -> tuple[IntroductionView, ...]:
    """Requests that wait for an editor, the oldest first. One query. For editors only."""
    return tuple(_views(session, Introduction.status == IntroductionStatus.WAITING))


def reported(session: Session) -> tuple[IntroductionView, ...]:
    """Requests that a recipient reported, and no editor has seen yet. One query. For editors only."""
    return tuple(_views(session, Introduction.status == IntroductionStatus.REPORTED, Introduction.closed_at.is_(None)))


def passed(session: Session) -> tuple[tuple[str, Named | None, int], ...]:
    """Whom recipients named instead of themselves: the name, the organisation when it is one of ours, how many times.

    The most named first. One query. For editors only.
    """
    rows = _views(session, Introduction.status == IntroductionStatus.PASSED)
    counts: dict[str, tuple[str, Named | None, int]] = {}
    for row in rows:
        name = row.passed_to.name if row.passed_to else row.passed_to_name
        if name:
            count = counts.get(slugify(name), ("", None, 0))[2]
            counts[slugify(name)] = (name, row.passed_to, count + 1)
    return tuple(sorted(counts.values(), key=lambda one: (-one[2], slugify(one[0]))))


def waiting_count(session: Session) -> int:
    """How many requests wait. One query."""
    return session.scalar(select(func.count()).where(Introduction.status == IntroductionStatus.WAITING)) or 0


def settle(
    session: Session, introduction_id: int, editor: Account, status: str = "handled", now: dt.datetime | None = None
) -> Introduction:
    """Say what became of a request: ``handled``, or ``declined``, which its sender is told.

    A reported one is ``handled`` when an editor has seen it. Twice is as once.

    Raises:
        NotFoundError: ``unknown_introduction``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``bad_status``.
    """
    require_editor(editor)
    if status not in SETTLED:
        raise SavoirsError("bad_status", field="status", allowed=SETTLED)
    now = now or utc_now()
    one = locked(session, introduction_id)
    if one.status == IntroductionStatus.REPORTED:
        one.closed_at = one.closed_at or now
    elif one.status == IntroductionStatus.WAITING and status == IntroductionStatus.DECLINED:
        close(session, one, "not_relayed", now)
    elif one.status == IntroductionStatus.WAITING:
        one.status, one.closed_at = IntroductionStatus.HANDLED, now
    return one


def _views(session: Session, *conditions: ColumnElement[bool]) -> Iterable[IntroductionView]:
    rows = session.execute(
        select(Introduction, Note.title)
        .outerjoin(Note, Note.id == Introduction.note_id)
        .where(*conditions)
        .options(
            joinedload(Introduction.organisation),
            joinedload(Introduction.requester),
            joinedload(Introduction.recipient),
            joinedload(Introduction.passed_to),
        )
        .order_by(Introduction.id)
    ).all()
    return (_view(one, title) for one, title in rows)


def _view(one: Introduction, title: str | None) -> IntroductionView:
    to = one.passed_to
    return IntroductionView(
        id=one.id,
        organisation=Named(one.organisation_id, one.organisation.name, slugify(one.organisation.name)),
        note=Named(one.note_id, title, slugify(title)) if one.note_id and title else None,
        requester_name=one.requester.name or "",
        recipient_name=(one.recipient.name or "") if one.recipient else "",
        need=one.need,
        sentence=one.sentence,
        context=one.context,
        question=one.question,
        availability=one.availability,
        preference=one.preference,
        status=IntroductionStatus(one.status),
        answer=one.answer,
        passed_to=Named(to.id, to.name, slugify(to.name)) if to else None,
        passed_to_name=one.passed_to_name,
        report_reason=one.report_reason,
        created=iso_day(one.created_at),
        confirmed=one.confirmed_at is not None,
    )
