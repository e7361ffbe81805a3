"""Where facts come from."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, Key, RecordId


class Source(Base):
    """A document that records were made from.

    ``text`` is its masked text, once the document itself has been imported; a corpus holds the description only.
    """

    __tablename__ = "sources"

    id: Mapped[RecordId]
    key: Mapped[Key]
    title: Mapped[str] = mapped_column(String(300))
    year: Mapped[int | None]
    origin: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    line_count: Mapped[int | None]
    description: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str | None] = mapped_column(Text)


class Sourced:
    """Mixed into records made from a source: which one, and its lines, counted from 1, both ends included."""

    first_line: Mapped[int | None]
    last_line: Mapped[int | None]
