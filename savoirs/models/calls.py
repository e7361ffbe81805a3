"""Calls (appels à expérience): a search that found nothing, turned into a question to the network."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from savoirs.models.base import Base, OptionalTimestamp, RecordId, Timestamp, utc_now
from savoirs.models.contacts import Contact
from savoirs.models.notes import Note


class CallStatus(StrEnum):
    """Where a call stands: an editor has to let it through; it is read by all; it is over; it was not let through."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    DECLINED = "declined"


class Call(Base):
    """A question to the network. Nobody reads who asks: ``asker_id`` is where the answer is told, when they wish so."""

    __tablename__ = "calls"

    id: Mapped[RecordId]
    question: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text, default="")
    search: Mapped[str] = mapped_column(Text, default="")
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))
    status: Mapped[str] = mapped_column(String(20), default=CallStatus.WAITING, index=True)
    asker_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    opened_at: Mapped[OptionalTimestamp]
    closed_at: Mapped[OptionalTimestamp]

    key: Mapped[str] = synonym("id")  # nobody names a call: its file in a corpus bears its id

    asker: Mapped[Contact | None] = relationship()
    answers: Mapped[list[CallAnswer]] = relationship(
        cascade="all, delete-orphan", order_by="CallAnswer.created_at", passive_deletes=True
    )


class CallNotice(Base):
    """That an organisation was told of a call, whose notes are near it."""

    __tablename__ = "call_notices"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)


class CallAnswer(Base):
    """A note that answers a call. ``told_at`` is when the asker was told."""

    __tablename__ = "call_answers"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    told_at: Mapped[OptionalTimestamp]

    note: Mapped[Note] = relationship()
