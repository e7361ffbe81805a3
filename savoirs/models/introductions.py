"""Requests to be put in touch, what came of them, and who does not want to be asked by whom."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, OptionalTimestamp, Timestamp, utc_now
from savoirs.models.contacts import Contact
from savoirs.models.organisations import Organisation


class IntroductionStatus(StrEnum):
    """Where a request stands.

    ``UNCONFIRMED``: its sender has not followed the link sent to their address. ``WAITING``: an editor must relay it,
    for the organisation has no address here. ``SENT``: the recipient has it. ``ACCEPTED``: addresses were exchanged.
    ``PASSED``: « pas moi, voyez… ». ``DECLINED``: « pas en ce moment ». ``CLOSED``: no answer, or no longer possible.
    ``CANCELLED``: by its sender. ``REPORTED``: by its recipient. ``HANDLED``: an editor relayed it by other means.
    """

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    SENT = "sent"
    ACCEPTED = "accepted"
    PASSED = "passed"
    DECLINED = "declined"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REPORTED = "reported"
    HANDLED = "handled"


class Introduction(Base):
    """A request to be put in touch. The requester's address is in their own closed contact.

    ``recipient_id`` is the contact it goes to, chosen when it is sent; ``passed_to_id`` or ``passed_to_name``, whom a
    recipient named instead; ``previous_id``, the request that this one follows. ``stripped_at`` is when its texts and
    names were removed: what remains is counted.
    """

    __tablename__ = "introductions"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    note_id: Mapped[str | None] = mapped_column(ForeignKey("notes.id", ondelete="SET NULL"))
    requester_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("introductions.id", ondelete="SET NULL"))
    need: Mapped[str] = mapped_column(Text, default="")
    sentence: Mapped[str] = mapped_column(Text, default="")
    context: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    availability: Mapped[str] = mapped_column(Text, default="")
    preference: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=IntroductionStatus.WAITING, index=True)
    answer: Mapped[str] = mapped_column(Text, default="")
    passed_to_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    passed_to_name: Mapped[str] = mapped_column(String(200), default="")
    report_reason: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now, index=True)
    confirmed_at: Mapped[OptionalTimestamp]
    sent_at: Mapped[OptionalTimestamp]
    reminded_at: Mapped[OptionalTimestamp]
    answered_at: Mapped[OptionalTimestamp]
    closed_at: Mapped[OptionalTimestamp]
    outcome_asked_at: Mapped[OptionalTimestamp]
    requester_outcome: Mapped[str] = mapped_column(String(20), default="")
    requester_line: Mapped[str] = mapped_column(String(300), default="")
    recipient_outcome: Mapped[str] = mapped_column(String(20), default="")
    recipient_line: Mapped[str] = mapped_column(String(300), default="")
    stripped_at: Mapped[OptionalTimestamp]

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    requester: Mapped[Contact] = relationship(foreign_keys=[requester_id])
    recipient: Mapped[Contact | None] = relationship(foreign_keys=[recipient_id])
    passed_to: Mapped[Organisation | None] = relationship(foreign_keys=[passed_to_id])


class Block(Base):
    """That a contact does not want to be asked by somebody: ``sender`` is the keyed digest of an address."""

    __tablename__ = "introduction_blocks"
    __table_args__ = (UniqueConstraint("contact_id", "sender"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    sender: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
