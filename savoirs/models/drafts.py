"""Notes being written: what a member has typed so far, as it was typed. Nobody else reads it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, Timestamp, utc_now


class WrittenDraft(Base):
    """The fields of a form, as they were typed. One for each note that an account edits, and for each that it begins.

    ``slot`` is the note's id, or for a new note the token of its form: the same from its first word to its publication.
    """

    __tablename__ = "note_drafts"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(64), primary_key=True)
    note_id: Mapped[str | None] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[Timestamp] = mapped_column(default=utc_now, index=True)
