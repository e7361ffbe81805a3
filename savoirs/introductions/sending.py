"""What follows, for requests, when a letter has left, will not leave, or its address was refused."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from savoirs.introductions.ending import address_refused, close
from savoirs.models import Introduction, IntroductionStatus, Letter
from savoirs.outbox import Events


def events() -> Events:
    """For ``outbox.run``: a request counts its days from when it left; one that cannot leave closes, and is told."""
    return Events(sent=_sent, lost=_lost, refused=address_refused)


def _sent(session: Session, letter: Letter, now: dt.datetime) -> None:
    one = _asked_by(session, letter)
    if one is not None:
        one.sent_at = one.sent_at or now


def _lost(session: Session, letter: Letter, now: dt.datetime) -> None:
    """Nobody waits for the answer to a request that never left."""
    one = _asked_by(session, letter)
    if one is not None and one.status == IntroductionStatus.SENT and one.sent_at is None:
        close(session, one, "unreachable", now)


def _asked_by(session: Session, letter: Letter) -> Introduction | None:
    if letter.kind != "introduction.request":
        return None
    return session.get(Introduction, letter.params["introduction"], with_for_update=True)
