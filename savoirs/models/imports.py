"""Files that somebody sent, and what they are becoming: read, reviewed, accepted."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.accounts import Account
from savoirs.models.base import Base, OptionalTimestamp, RecordId, Timestamp, text_enum, utc_now


class ImportState(StrEnum):
    """Where a file is on its way."""

    QUEUED = "queued"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DONE = "done"


class Import(Base):
    """A file sent by an account; the same file sent again by them is the same import.

    ``text`` is its masked text, and ``pieces`` its proposals as their reader left them: no address is in either, for
    these are read again from the original file when a contact is accepted. ``found`` and ``kept`` count the pieces
    that were proposed, and those that became records.
    """

    __tablename__ = "imports"
    __table_args__ = (UniqueConstraint("account_id", "sha256"),)

    id: Mapped[RecordId]
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int]
    state: Mapped[ImportState] = mapped_column(text_enum(ImportState), default=ImportState.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[OptionalTimestamp]
    error_code: Mapped[str] = mapped_column(String(60), default="")
    error_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    format: Mapped[str] = mapped_column(String(20), default="")
    pages: Mapped[int | None]
    recognised: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    pieces: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    found: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    finished_at: Mapped[OptionalTimestamp]

    account: Mapped[Account] = relationship()
