"""Letters to send. A letter names a contact, never an address: that is read when it leaves, and may be gone by then."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, OptionalTimestamp, Timestamp, utc_now
from savoirs.models.contacts import Contact


class LetterState(StrEnum):
    """Where a letter stands. ``DROPPED``: it had no reason to leave any more."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Letter(Base):
    """A letter. It is written when it leaves, from its ``kind`` and ``params`` (ids, never a person's data).

    ``key`` says what it is about: two letters never have the same, so that nothing is sent twice. ``claimed_until`` is
    the moment to which a process has it in hand.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=LetterState.PENDING, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[Timestamp] = mapped_column(default=utc_now, index=True)
    claimed_until: Mapped[OptionalTimestamp]
    last_error: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    sent_at: Mapped[OptionalTimestamp]

    contact: Mapped[Contact] = relationship()
