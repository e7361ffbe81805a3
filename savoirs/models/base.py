"""What all tables share: the declarative base, names of constraints, and how a record gets its public id."""

import base64
import datetime as dt
import hashlib
from enum import StrEnum
from typing import Annotated

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

ID_LENGTH = 10

RecordId = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True)]
"""A record's public id: also its primary key."""

Key = Annotated[str, mapped_column(String(120), unique=True)]
"""The readable name of a record in the corpus folder, unique within its kind of record."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, always aware and in UTC: SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Convert to UTC; a naive moment is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be kept: {value}")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Say that it is UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


Timestamp = Annotated[dt.datetime, mapped_column(UtcDateTime)]
OptionalTimestamp = Annotated[dt.datetime | None, mapped_column(UtcDateTime)]


def utc_now() -> dt.datetime:
    """The present moment, in UTC and aware of it."""
    return dt.datetime.now(dt.UTC)


def record_id(record: str, key: str) -> str:
    """The public id of a record: ten characters of ``a-z2-7``, the same wherever the record is loaded.

    Ids are drawn from the record's kind and key, so that a corpus loaded twice, or exported and loaded elsewhere,
    keeps its addresses, and no two kinds of record share one (50 bits: a clash, at 1,000,000 records, is one in two
    thousand, and is refused by the primary key, not overwritten).

    Args:
        record: The kind of record, for example ``note``.
        key: Its key in the corpus folder.
    """
    digest = hashlib.blake2b(f"{record}/{key}".encode(), digest_size=7).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:ID_LENGTH]


def text_enum(enum: type[StrEnum]) -> Enum:
    """A column type that keeps an enum by its value, as text with a CHECK, the same on SQLite and PostgreSQL."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
