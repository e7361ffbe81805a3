"""Letters to send: kept with what they are about in the same transaction, sent by whoever runs the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.models import Contact, Letter
from savoirs.models.base import utc_now


def post(
    session: Session,
    kind: str,
    contact: Contact,
    key: str,
    params: Mapping[str, Any] | None = None,
    now: dt.datetime | None = None,
) -> Letter:
    """Put a letter in the outbox; one that was already put there, by its ``key``, is not put twice.

    Args:
        session: In which what the letter is about is written too.
        kind: What ``web.letters`` writes it as.
        contact: To whom. The address is read when the letter leaves.
        key: What it is about, for example ``introduction/12/reminder``.
        params: Ids that its writer needs; never a person's data.
        now: The present moment.
    """
    kept = session.scalar(select(Letter).where(Letter.key == key))
    if kept is not None:
        return kept
    now = now or utc_now()
    letter = Letter(kind=kind, contact=contact, key=key, params=dict(params or {}), created_at=now, next_attempt_at=now)
    session.add(letter)
    session.flush()
    return letter
