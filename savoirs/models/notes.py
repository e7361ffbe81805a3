"""Notes (fiches): what is told, by whom it was lived, and every state a note has been in."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, OptionalTimestamp, RecordId, Timestamp, text_enum, utc_now
from savoirs.models.gatherings import Workshop
from savoirs.models.organisations import Organisation
from savoirs.models.sources import Source, Sourced
from savoirs.models.themes import Theme


class NoteKind(StrEnum):
    """What sort of knowledge a note holds."""

    PRACTICE = "practice"
    TOOL = "tool"
    INDICATOR = "indicator"
    PRINCIPLE = "principle"
    TESTIMONY = "testimony"
    REPORT = "report"
    EVALUATION = "evaluation"


class NoteStatus(StrEnum):
    """Who may see a note: its author, an editor, or everybody. Only published notes enter an index."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ExperienceRole(StrEnum):
    """How an organisation is linked to a note. Only ``LIVED`` makes it a peer."""

    LIVED = "lived"
    CITED = "cited"
    PARTICIPANT = "participant"


class Stance(StrEnum):
    """Where an organisation that lived something stands."""

    NEED = "need"
    ONGOING = "ongoing"
    SOLVED = "solved"
    FAILED = "failed"


class RevisionState(StrEnum):
    """``APPLIED`` became the note; ``CONFLICTING`` was saved over a newer revision, and is kept apart."""

    APPLIED = "applied"
    CONFLICTING = "conflicting"


class Note(Base, Sourced):
    """One piece of knowledge.

    ``date`` and ``true_as_of`` are as precise as is known: « 2017 », « 2024-11 » or « 2026-03-12 ». The text is
    Markdown, in up to five parts. A note has no stance of its own: its experiences have. ``folder`` is where its file
    sits in a corpus, under ``notes/``. ``withdrawn_at`` is when a withdrawn note went in the bin.
    """

    __tablename__ = "notes"

    id: Mapped[RecordId]
    key: Mapped[Key]
    folder: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[NoteKind] = mapped_column(text_enum(NoteKind), index=True)
    status: Mapped[NoteStatus] = mapped_column(text_enum(NoteStatus), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(400), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    context: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    worked: Mapped[str] = mapped_column(Text, default="")
    failed: Mapped[str] = mapped_column(Text, default="")
    date: Mapped[str | None] = mapped_column(String(10), index=True)
    true_as_of: Mapped[str | None] = mapped_column(String(10))
    for_whom: Mapped[str] = mapped_column(String(300), default="")
    time_needed: Mapped[str] = mapped_column(String(300), default="")
    cost: Mapped[str] = mapped_column(String(300), default="")
    requires: Mapped[str] = mapped_column(String(300), default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"), index=True)
    workshop_id: Mapped[str | None] = mapped_column(ForeignKey("workshops.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    updated_at: Mapped[Timestamp] = mapped_column(default=utc_now, index=True)
    published_at: Mapped[OptionalTimestamp] = mapped_column(index=True)
    withdrawn_at: Mapped[OptionalTimestamp] = mapped_column(index=True)
    withdrawn_by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))

    source: Mapped[Source | None] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    themes: Mapped[list[NoteTheme]] = relationship(
        cascade="all, delete-orphan", order_by="NoteTheme.position", passive_deletes=True
    )
    audiences: Mapped[list[NoteAudience]] = relationship(
        cascade="all, delete-orphan", order_by="NoteAudience.position", passive_deletes=True
    )
    tools: Mapped[list[NoteTool]] = relationship(
        cascade="all, delete-orphan", order_by="NoteTool.position", passive_deletes=True
    )
    experiences: Mapped[list[Experience]] = relationship(
        back_populates="note", cascade="all, delete-orphan", order_by="Experience.position", passive_deletes=True
    )
    tool: Mapped[Tool | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    indicator: Mapped[Indicator | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    testimony: Mapped[Testimony | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    revisions: Mapped[list[Revision]] = relationship(
        cascade="all, delete-orphan", order_by="Revision.id", passive_deletes=True
    )


class NoteTheme(Base):
    """A theme of a note."""

    __tablename__ = "note_themes"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id"), primary_key=True, index=True)
    position: Mapped[int]

    theme: Mapped[Theme] = relationship()


class NoteAudience(Base):
    """A public that a note is about."""

    __tablename__ = "note_audiences"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(40), index=True)


class NoteTool(Base):
    """The name of a tool that a note tells the use of."""

    __tablename__ = "note_tools"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class Experience(Base):
    """Who lived, or is named for, what a note tells. ``stance`` is None unless the role is ``LIVED``."""

    __tablename__ = "experiences"
    __table_args__ = (UniqueConstraint("note_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[ExperienceRole] = mapped_column(text_enum(ExperienceRole))
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance))
    position: Mapped[int] = mapped_column(default=0)

    note: Mapped[Note] = relationship(back_populates="experiences")
    organisation: Mapped[Organisation] = relationship()


class Tool(Base):
    """What a note of kind ``tool`` adds: who offers it, and the name as its source wrote it."""

    __tablename__ = "tools"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    provider_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    category: Mapped[str] = mapped_column(String(120), default="")
    as_written: Mapped[str] = mapped_column(String(300), default="")

    provider: Mapped[Organisation | None] = relationship()
    aliases: Mapped[list[ToolAlias]] = relationship(
        cascade="all, delete-orphan", order_by="ToolAlias.position", passive_deletes=True
    )


class ToolAlias(Base):
    """Another name of a tool."""

    __tablename__ = "tool_aliases"

    note_id: Mapped[str] = mapped_column(ForeignKey("tools.note_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Indicator(Base):
    """What a note of kind ``indicator`` adds. ``measure`` is empty until somebody tells how they measure it."""

    __tablename__ = "indicators"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(200), default="")
    nature: Mapped[str] = mapped_column(String(20), default="")
    measure: Mapped[str] = mapped_column(Text, default="")

    examples: Mapped[list[IndicatorExample]] = relationship(
        cascade="all, delete-orphan", order_by="IndicatorExample.position", passive_deletes=True
    )


class IndicatorExample(Base):
    """An example of an indicator."""

    __tablename__ = "indicator_examples"

    note_id: Mapped[str] = mapped_column(ForeignKey("indicators.note_id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Testimony(Base):
    """What a note of kind ``testimony`` adds: its author's name, which can be removed and then is nowhere."""

    __tablename__ = "testimonies"

    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    author: Mapped[str | None] = mapped_column(String(200))


class Revision(Base):
    """One state of a note, whole, as a draft saved it. ``number`` is the revision it became, or was meant to follow."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[RevisionState] = mapped_column(text_enum(RevisionState))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
