"""Persons who may be reached, and what they agreed to. The only table that holds an address."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, OptionalTimestamp, RecordId, Timestamp, text_enum, utc_now
from savoirs.models.organisations import Organisation
from savoirs.models.sources import Source, Sourced


class ContactMode(StrEnum):
    """How a contact may be reached: openly, by our relay only, or not at all."""

    PUBLIC = "public"
    RELAY = "relay"
    CLOSED = "closed"


class Contact(Base, Sourced):
    """A person who may be reached for an organisation. ``email`` and ``telephone`` leave this table with consent only.

    What a contact answered is read in this order: ``refused_at`` set, refused; a consent not withdrawn, given; only
    withdrawn ones, withdrawn; none, pending. An organisation whose corpus file says ``contact: {mode}`` has one whose
    key is ``organisation/<its key>``, without name or address; a fictional one has agreed, for the demonstration.

    A contact without an organisation is somebody who asked, or an account's own address (``account_id``): letters go
    there, and nobody else reaches it. ``address_confirmed_at`` is when a link sent to the address was followed;
    ``bounced_at``, when the address was refused for good.
    """

    __tablename__ = "contacts"

    id: Mapped[RecordId]
    key: Mapped[Key]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    mode: Mapped[ContactMode] = mapped_column(text_enum(ContactMode), default=ContactMode.RELAY)
    name: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    email: Mapped[str | None] = mapped_column(String(320), index=True)
    telephone: Mapped[str | None] = mapped_column(String(40))
    paused_until: Mapped[str | None] = mapped_column(String(10))
    refused_at: Mapped[OptionalTimestamp]
    address_confirmed_at: Mapped[OptionalTimestamp]
    bounced_at: Mapped[OptionalTimestamp]
    description: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))

    organisation: Mapped[Organisation | None] = relationship()
    source: Mapped[Source | None] = relationship()
    consents: Mapped[list[Consent]] = relationship(
        cascade="all, delete-orphan", order_by="Consent.id", passive_deletes=True
    )


class Consent(Base):
    """What a contact agreed to: when, in which wording, for what. Absent: « en attente de consentement ».

    ``confirmed_at`` is when they last said that it still holds; ``asked_at``, when they were last asked.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(String(40))
    wording_version: Mapped[str] = mapped_column(String(40))
    given_by: Mapped[str] = mapped_column(String(200), default="")
    granted_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    confirmed_at: Mapped[OptionalTimestamp]
    asked_at: Mapped[OptionalTimestamp]
    withdrawn_at: Mapped[OptionalTimestamp]
