"""The theme tree and the words people use for each theme."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, Key, RecordId


class Theme(Base):
    """A theme; ``parent`` is None for the roots of the tree."""

    __tablename__ = "themes"

    id: Mapped[RecordId]
    key: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(Text, default="")

    parent: Mapped[Theme | None] = relationship(remote_side="Theme.id", back_populates="children")
    children: Mapped[list[Theme]] = relationship(back_populates="parent", order_by="Theme.position, Theme.key")
    synonyms: Mapped[list[ThemeSynonym]] = relationship(
        cascade="all, delete-orphan", order_by="ThemeSynonym.position", passive_deletes=True
    )


class ThemeSynonym(Base):
    """A phrase people use for a theme."""

    __tablename__ = "theme_synonyms"

    theme_id: Mapped[str] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
