"""Searches that somebody keeps, and words that found nothing, counted without anybody's identity."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, OptionalTimestamp, Timestamp, utc_now


class SavedSearch(Base):
    """A search that an account keeps. ``last_seq`` is the last change of the journal it was told of."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_email: Mapped[bool] = mapped_column(default=False)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_sent_at: Mapped[OptionalTimestamp]
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)


class SearchMiss(Base):
    """Words that found nothing in a month (« 2026-11 »), and how many times. Who searched is not kept."""

    __tablename__ = "search_misses"

    words: Mapped[str] = mapped_column(String(200), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
