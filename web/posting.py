"""A round of the post: what the days bring is put in the outbox, then what is due leaves by the mail server."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from savoirs import calls, consents, introductions, outbox
from savoirs.config import Settings
from savoirs.database import transaction
from savoirs.introductions.sending import events
from savoirs.models import Letter
from savoirs.models.base import utc_now
from web.letters.writing import Desk
from web.mail import SmtpTransport, compose

DAILY: tuple[Callable[[Session, dt.datetime, Settings], int], ...] = (
    introductions.follow_up,
    consents.follow_up,
    calls.follow_up,
)
"""What the days bring; each, done twice, is as done once."""


def follow_up(sessions: sessionmaker[Session], settings: Settings, now: dt.datetime) -> int:
    """Do what is due today; returns how much there was."""
    done = 0
    for job in DAILY:
        with transaction(sessions) as session:
            done += job(session, now, settings)
    return done


def send(
    sessions: sessionmaker[Session], settings: Settings, *, clock: Callable[[], dt.datetime] = utc_now
) -> Counter[str]:
    """Send what is due; nothing without a mail server in the settings."""
    if not settings.smtp_host:
        return Counter()
    transport = SmtpTransport(settings)
    try:
        return outbox.run(
            sessions, partial(_composed, settings, clock), transport.deliver, events=events(), clock=clock
        )
    finally:
        transport.close()


def _composed(
    settings: Settings, clock: Callable[[], dt.datetime], session: Session, letter: Letter
) -> EmailMessage | None:
    return compose(letter, Desk(session, settings, clock()))
