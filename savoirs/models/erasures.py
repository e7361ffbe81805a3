"""Which erasures of the ledger this database has been through: one that was restored from a backup lacks the later."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from savoirs.models.base import Base, Timestamp, utc_now


class AppliedErasure(Base):
    """An erasure that was done here; ``id`` is that of its line in the ledger, which is outside the database."""

    __tablename__ = "applied_erasures"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    applied_at: Mapped[Timestamp] = mapped_column(default=utc_now)
