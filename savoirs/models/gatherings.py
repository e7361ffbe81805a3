"""Days: their aims, programme, workshops, and who took part."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, RecordId, text_enum
from savoirs.models.organisations import Organisation
from savoirs.models.sources import Source, Sourced
from savoirs.models.themes import Theme


class SlotKind(StrEnum):
    """What happens in a slot of the programme."""

    WELCOME = "welcome"
    PLENARY = "plenary"
    ICEBREAKER = "icebreaker"
    WORKSHOP = "workshop"
    MEAL = "meal"
    RESTITUTION = "restitution"


class WorkshopOutput(StrEnum):
    """What a workshop was to produce."""

    TOOLS = "tools"
    INDICATORS = "indicators"
    FRAMEWORK = "framework"


class ParticipationRole(StrEnum):
    """What an organisation did at a gathering."""

    ORGANISER = "organiser"
    FUNDER = "funder"
    FACILITATOR = "facilitator"
    TESTIMONY = "testimony"
    PARTICIPANT = "participant"


class Gathering(Base, Sourced):
    """A day. ``date`` is None when its source gives the year only."""

    __tablename__ = "gatherings"

    id: Mapped[RecordId]
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    date: Mapped[str | None] = mapped_column(String(10))
    place: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    participants_note: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))

    source: Mapped[Source | None] = relationship()
    themes: Mapped[list[GatheringTheme]] = relationship(
        cascade="all, delete-orphan", order_by="GatheringTheme.position", passive_deletes=True
    )
    objectives: Mapped[list[Objective]] = relationship(
        cascade="all, delete-orphan", order_by="Objective.position", passive_deletes=True
    )
    slots: Mapped[list[Slot]] = relationship(
        cascade="all, delete-orphan", order_by="Slot.position", passive_deletes=True
    )
    workshops: Mapped[list[Workshop]] = relationship(
        back_populates="gathering", cascade="all, delete-orphan", order_by="Workshop.number", passive_deletes=True
    )
    participations: Mapped[list[Participation]] = relationship(
        cascade="all, delete-orphan", order_by="Participation.position", passive_deletes=True
    )


class GatheringTheme(Base):
    """A theme of a gathering."""

    __tablename__ = "gathering_themes"

    gathering_id: Mapped[str] = mapped_column(ForeignKey("gatherings.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id"), primary_key=True)
    position: Mapped[int]

    theme: Mapped[Theme] = relationship()


class Objective(Base, Sourced):
    """An aim of a gathering, in the order of its source."""

    __tablename__ = "objectives"

    gathering_id: Mapped[str] = mapped_column(ForeignKey("gatherings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Slot(Base, Sourced):
    """A slot of the programme. ``start`` and ``end`` are local times, « 09:30 »; ``end`` is None when not given."""

    __tablename__ = "slots"

    gathering_id: Mapped[str] = mapped_column(ForeignKey("gatherings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str | None] = mapped_column(String(5))
    kind: Mapped[SlotKind] = mapped_column(text_enum(SlotKind))
    title: Mapped[str] = mapped_column(String(200))


class Workshop(Base, Sourced):
    """A workshop. Its key is ``<gathering key>/<number>``; ``full_notes`` is « announced » or « none »."""

    __tablename__ = "workshops"
    __table_args__ = (UniqueConstraint("gathering_id", "number"),)

    id: Mapped[RecordId]
    gathering_id: Mapped[str] = mapped_column(ForeignKey("gatherings.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"))
    question: Mapped[str] = mapped_column(Text)
    synthesis_title: Mapped[str] = mapped_column(Text)
    output: Mapped[WorkshopOutput] = mapped_column(text_enum(WorkshopOutput))
    full_notes: Mapped[str] = mapped_column(String(20), default="none")
    full_notes_note: Mapped[str] = mapped_column(Text, default="")

    gathering: Mapped[Gathering] = relationship(back_populates="workshops")
    theme: Mapped[Theme | None] = relationship()


class Participation(Base, Sourced):
    """An organisation at a gathering. Being named in a note does not make one."""

    __tablename__ = "participations"
    __table_args__ = (UniqueConstraint("gathering_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[str] = mapped_column(ForeignKey("gatherings.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[ParticipationRole] = mapped_column(text_enum(ParticipationRole))
    position: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship()
