"""What follows, for requests, when a letter has left or its address was refused."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from savoirs.introductions.ending import address_refused
from savoirs.models import Introduction, Letter
from savoirs.outbox import Events


def events() -> Events:
    """For ``outbox.run``: a request counts its days from when it left; a refused address closes what waited on it."""
    return Events(sent=_sent, refused=address_refused)


def _sent(session: Session, letter: Letter, now: dt.datetime) -> None:
    if letter.kind == "introduction.request":
        one = session.get(Introduction, letter.params["introduction"], with_for_update=True)
        if one is not None:
            one.sent_at = one.sent_at or now
