"""What the days bring: one reminder, a kind end, and a month later the question of what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from savoirs import outbox
from savoirs.config import Settings
from savoirs.introductions.ending import close
from savoirs.models import Contact, Introduction, IntroductionStatus


def follow_up(session: Session, now: dt.datetime, settings: Settings) -> int:
    """Do what is due; done twice, it is as done once.

    Delays count from when the letter really left: nobody is hurried about what they never received.

    Returns:
        How many letters were posted.
    """
    wait = dt.timedelta(days=settings.reminder_days)
    unanswered = Introduction.status == IntroductionStatus.SENT
    ended = _due(session, unanswered, Introduction.reminded_at <= now - wait)
    for one in ended:
        close(session, one, "no_answer", now)
    reminded = _due(session, unanswered, Introduction.sent_at <= now - wait, Introduction.reminded_at.is_(None))
    for one in reminded:
        one.reminded_at = now
        _post(session, one, "reminder", one.recipient, now)
    return len(ended) + len(reminded) + _ask_outcomes(session, now, dt.timedelta(days=settings.outcome_days))


def _ask_outcomes(session: Session, now: dt.datetime, wait: dt.timedelta) -> int:
    met = _due(
        session,
        Introduction.status == IntroductionStatus.ACCEPTED,
        Introduction.answered_at <= now - wait,
        Introduction.outcome_asked_at.is_(None),
        Introduction.stripped_at.is_(None),
    )
    for one in met:
        one.outcome_asked_at = now
        for side, contact in (("requester", one.requester), ("recipient", one.recipient)):
            _post(session, one, "outcome", contact, now, side)
    return 2 * len(met)


def _post(
    session: Session, one: Introduction, kind: str, contact: Contact | None, now: dt.datetime, side: str = ""
) -> None:
    if contact is None:
        return
    params = {"introduction": one.id} | ({"side": side} if side else {})
    key = "/".join(part for part in ("introduction", str(one.id), kind, side) if part)
    outbox.post(session, f"introduction.{kind}", contact, key, params, now)


def _due(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Introduction]:
    query = select(Introduction).where(*conditions).order_by(Introduction.id)
    return session.scalars(query.with_for_update()).all()
