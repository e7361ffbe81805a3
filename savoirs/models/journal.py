"""The change journal, which every index follows, and the words of the language that the analyser is made of."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, Timestamp, text_enum, utc_now


class ChangeAction(StrEnum):
    """What an index must do about a record."""

    UPSERT = "upsert"
    REMOVE = "remove"


class Change(Base):
    """One row of the journal, written in the transaction of what changed. ``seq`` only grows, and is never reused."""

    __tablename__ = "changes"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (SQLAlchemy reads it as it is)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    record: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[str] = mapped_column(String(40))
    action: Mapped[ChangeAction] = mapped_column(text_enum(ChangeAction))
    at: Mapped[Timestamp] = mapped_column(default=utc_now)


class LexiconLine(Base):
    """A line of one of the language files (``stopwords``, ``families``, ``synonyms``), comments and all."""

    __tablename__ = "lexicon_lines"

    file: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
