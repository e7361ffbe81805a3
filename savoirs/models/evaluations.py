"""Evaluation frameworks: the shape of a report to a funder. Reports written with them come with the report builder."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, RecordId
from savoirs.models.gatherings import Workshop
from savoirs.models.sources import Source, Sourced


class Framework(Base, Sourced):
    """A framework in sections, each made of items."""

    __tablename__ = "frameworks"

    id: Mapped[RecordId]
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))
    workshop_id: Mapped[str | None] = mapped_column(ForeignKey("workshops.id"))

    source: Mapped[Source | None] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    sections: Mapped[list[FrameworkSection]] = relationship(
        cascade="all, delete-orphan", order_by="FrameworkSection.number", passive_deletes=True
    )


class FrameworkSection(Base):
    """A section; numbers count from 1."""

    __tablename__ = "framework_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[str] = mapped_column(ForeignKey("frameworks.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))

    items: Mapped[list[FrameworkItem]] = relationship(
        cascade="all, delete-orphan", order_by="FrameworkItem.position", passive_deletes=True
    )


class FrameworkItem(Base, Sourced):
    """What a section asks for.

    ``many``: several answers. ``signed``: each answer is positive or negative. ``points_to_expectation``: an answer
    may point to an expectation of section 1. ``shareable_as_need``: an answer can be published as a need.
    """

    __tablename__ = "framework_items"

    section_id: Mapped[int] = mapped_column(ForeignKey("framework_sections.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    help: Mapped[str] = mapped_column(Text, default="")
    many: Mapped[bool] = mapped_column(default=False)
    signed: Mapped[bool] = mapped_column(default=False)
    points_to_expectation: Mapped[bool] = mapped_column(default=False)
    shareable_as_need: Mapped[bool] = mapped_column(default=False)
