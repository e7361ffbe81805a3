"""How requests end without an answer: told kindly, once, with other peers to ask."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import outbox
from savoirs.models import Contact, Introduction, IntroductionStatus

REASONS = ("no_answer", "withdrawn", "paused", "bounced", "unreachable", "not_relayed")
"""Why a request closes; its sender's letter is told in these words."""


def close(session: Session, one: Introduction, reason: str, now: dt.datetime) -> None:
    """Close a request, and tell its sender."""
    one.status, one.closed_at = IntroductionStatus.CLOSED, now
    tell_closed(session, one, reason, now)


def tell_closed(session: Session, one: Introduction, reason: str, now: dt.datetime) -> None:
    """Tell the sender that there will be no answer."""
    params = {"introduction": one.id, "reason": reason}
    outbox.post(session, "introduction.closed", one.requester, f"introduction/{one.id}/closed", params, now)


def close_for(session: Session, contact: Contact, reason: str, now: dt.datetime) -> int:
    """Close what a contact has not answered yet: they withdrew, are away, or their address was refused.

    Returns:
        How many requests were closed.
    """
    waiting = select(Introduction).where(
        Introduction.recipient_id == contact.id, Introduction.status == IntroductionStatus.SENT
    )
    closed = session.scalars(waiting.order_by(Introduction.id).with_for_update()).all()
    for one in closed:
        close(session, one, reason, now)
    return len(closed)


def address_refused(session: Session, contact: Contact, now: dt.datetime) -> None:
    """An address was refused for good: nothing more goes there, and who waited for an answer is told.

    A request whose own sender cannot be written to closes in silence: nobody is there to be told.
    """
    contact.bounced_at = contact.bounced_at or now
    close_for(session, contact, "bounced", now)
    asked = select(Introduction).where(
        Introduction.requester_id == contact.id,
        Introduction.status.in_((IntroductionStatus.UNCONFIRMED, IntroductionStatus.SENT)),
    )
    for one in session.scalars(asked.order_by(Introduction.id)):
        one.status, one.closed_at = IntroductionStatus.CLOSED, now
