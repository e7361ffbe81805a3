"""What keeps a note alive: who tried it, and whether it is still true."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, Timestamp, text_enum, utc_now


class Outcome(StrEnum):
    """What came of a trial: kept as it is, kept with changes, given up."""

    ADOPTED = "adopted"
    ADAPTED = "adapted"
    ABANDONED = "abandoned"


class Verdict(StrEnum):
    """Whether what a note tells is still true: yes, it has changed, it is over."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    ENDED = "ended"


class Trial(Base):
    """« J’ai essayé »: one a note and an account; saying it again replaces it. ``line`` is one sentence."""

    __tablename__ = "trials"
    __table_args__ = (UniqueConstraint("note_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome))
    line: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)


class Check(Base):
    """« Toujours vrai ? »: one answer. The last one counts; the others are its history."""

    __tablename__ = "checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    line: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
