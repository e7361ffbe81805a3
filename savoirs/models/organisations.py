"""Associations, foundations, public bodies, companies, platforms; also who bears several names."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, RecordId, text_enum
from savoirs.models.sources import Source, Sourced


class OrganisationKind(StrEnum):
    """What sort of organisation it is."""

    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    COMPANY = "company"
    PUBLIC = "public"
    PLATFORM = "platform"


class Organisation(Base, Sourced):
    """An organisation. ``departement`` is its code, as « 69 » or « 2A »; the region follows from it.

    Merging two organisations sets ``merged_into_id`` on one of them and touches nothing else, so it can be undone.
    """

    __tablename__ = "organisations"

    id: Mapped[RecordId]
    key: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    description: Mapped[str] = mapped_column(Text, default="")
    departement: Mapped[str | None] = mapped_column(String(3), index=True)
    website: Mapped[str | None] = mapped_column(String(300))
    volunteers: Mapped[int | None]
    employees: Mapped[int | None]
    fictional: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)

    source: Mapped[Source | None] = relationship()
    aliases: Mapped[list[OrganisationAlias]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationAlias.position", passive_deletes=True
    )
    audiences: Mapped[list[OrganisationAudience]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationAudience.position", passive_deletes=True
    )
    merged_into: Mapped[Organisation | None] = relationship(remote_side="Organisation.id")


class OrganisationAlias(Base):
    """Another name of an organisation, as people write it."""

    __tablename__ = "organisation_aliases"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)


class OrganisationAudience(Base):
    """A public that the organisation works with: a value of ``savoirs.audiences.AUDIENCES``."""

    __tablename__ = "organisation_audiences"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(40))
