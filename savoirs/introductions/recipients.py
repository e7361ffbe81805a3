"""To whom a request goes, and how many are too many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from savoirs import links
from savoirs.availability import agreed
from savoirs.config import Settings
from savoirs.errors import SavoirsError
from savoirs.models import Block, Contact, ContactMode, Introduction, IntroductionStatus, Organisation
from savoirs.moments import aware

WEEK = dt.timedelta(days=7)

_NOT_RECEIVED = (IntroductionStatus.UNCONFIRMED, IntroductionStatus.CANCELLED)


def sender_mark(settings: Settings, email: str) -> str:
    """What stands for a sender in blocks: the same for « ana+essai@example.org » and « Ana@example.org »."""
    local, _, domain = email.strip().lower().partition("@")
    return links.mark(settings.secret(), f"{local.partition('+')[0]}@{domain}")


def recipient(session: Session, organisation_id: str, sender: str, today: dt.date) -> Contact | None:
    """Whom a request to an organisation is sent to; None when nobody there can be written to. One query.

    Somebody who agreed, is not away, has an address that was not refused, and did not block the sender.
    """
    blocked = select(Block.id).where(Block.contact_id == Contact.id, Block.sender == sender).exists()
    return session.scalar(
        select(Contact)
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(
            Contact.organisation_id == organisation_id,
            Contact.mode != ContactMode.CLOSED,
            agreed(),
            or_(Contact.paused_until.is_(None), Contact.paused_until < today.isoformat()),
            Contact.email.is_not(None),
            Contact.bounced_at.is_(None),
            ~blocked,
        )
        .order_by(Contact.id)
        .limit(1)
    )


def is_blocked(session: Session, organisation_id: str, sender: str) -> bool:
    """Whether somebody of an organisation does not want to be asked by a sender. One query."""
    query = (
        select(Block.id)
        .join(Contact, Contact.id == Block.contact_id)
        .where(Contact.organisation_id == organisation_id, Block.sender == sender)
    )
    return session.scalar(query.limit(1)) is not None


def require_not_again(
    session: Session, organisation_id: str, email: str, settings: Settings, now: dt.datetime, *, but: int = 0
) -> None:
    """Refuse a second request to the same organisation within some days.

    Args:
        session: A session.
        organisation_id: To whom.
        email: By whom.
        settings: How many days.
        now: The present moment.
        but: The request that is about to leave, which does not count.

    Raises:
        SavoirsError: ``asked_recently``, with the ``day`` from which it is possible.
    """
    pause = dt.timedelta(days=settings.request_repeat_days)
    last = _last(
        session.scalars(
            select(_moment())
            .join(Contact, Contact.id == Introduction.requester_id)
            .where(
                Introduction.organisation_id == organisation_id,
                Introduction.status.not_in(_NOT_RECEIVED),
                Introduction.id != but,
                Contact.email == email,
                _moment() > now - pause,
            )
        ).all()
    )
    if last is not None:
        raise SavoirsError("asked_recently", day=_day(last + pause), days=settings.request_repeat_days)


def require_room(session: Session, organisation_id: str, settings: Settings, now: dt.datetime, *, but: int = 0) -> None:
    """Refuse a request to an organisation that has received enough of them this week.

    Raises:
        SavoirsError: ``asked_enough``, with the ``day`` from which it is possible.
    """
    moments = session.scalars(
        select(_moment()).where(
            Introduction.organisation_id == organisation_id,
            Introduction.status.not_in(_NOT_RECEIVED),
            Introduction.id != but,
            _moment() > now - WEEK,
        )
    ).all()
    _require_fewer(moments, settings.requests_per_recipient_week, "asked_enough")


def require_few_sent(session: Session, email: str, settings: Settings, now: dt.datetime) -> None:
    """Refuse a request of somebody who sent enough of them this week, confirmed or not.

    Raises:
        SavoirsError: ``sent_enough``, with the ``day`` from which it is possible.
    """
    moments = session.scalars(
        select(Introduction.created_at)
        .join(Contact, Contact.id == Introduction.requester_id)
        .where(Contact.email == email, Introduction.created_at > now - WEEK)
    ).all()
    _require_fewer(moments, settings.requests_per_sender_week, "sent_enough")


def _require_fewer(moments: Sequence[dt.datetime], most: int, code: str) -> None:
    if len(moments) >= most:
        leaves = sorted(map(aware, moments))[-most]
        raise SavoirsError(code, day=_day(leaves + WEEK), most=most)


def _moment() -> ColumnElement[dt.datetime]:
    return func.coalesce(Introduction.confirmed_at, Introduction.created_at)


def _last(moments: Sequence[dt.datetime]) -> dt.datetime | None:
    return max(map(aware, moments), default=None)


def _day(moment: dt.datetime) -> str:
    """The day from which it is possible: the one after, unless it falls on midnight sharp."""
    return (aware(moment) + dt.timedelta(days=1) - dt.timedelta(microseconds=1)).date().isoformat()
