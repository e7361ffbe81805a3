"""What every kind of record can do: be read from its tables, and be put there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.corpus import schema
from savoirs.corpus.identities import Identities, new_id
from savoirs.corpus.records import Record
from savoirs.models import Source

CHUNK = 500
"""Keys in one ``IN``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one kind to keep.

    Attributes:
        added: Those that the database does not hold.
        changed: Those that it holds otherwise, as they will be there.
        ids: The id of each, by key.
        identities: The ids of what they refer to.
        now: The moment to write on them.
        held: What the database holds, by key.
    """

    added: Sequence[Record]
    changed: Sequence[Record]
    ids: Mapping[str, str]
    identities: Identities
    now: dt.datetime
    held: Mapping[str, Record] = field(default_factory=dict)

    @property
    def records(self) -> list[Record]:
        """All of them."""
        return [*self.added, *self.changed]


def _as_in_file(record: Record, held: Record) -> Record:  # noqa: ARG001
    return record


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where records of one kind are kept.

    Attributes:
        kind: The kind of record.
        model: Its table.
        fetch: Reads records, all of them when keys is None, by key.
        store: Writes records.
        meet: What a record of a file becomes when the database holds one: what is said in the file, but for what
            belongs to the database.
    """

    kind: str
    model: Any
    fetch: Callable[[Session, Collection[str] | None], Iterator[Record]]
    store: Callable[[Session, Batch], None]
    meet: Callable[[Record, Record], Record] = _as_in_file


def chunks(keys: Collection[str] | None) -> Iterator[list[str] | None]:
    """Keys in order, ``CHUNK`` at a time; None once when keys is None: all of them."""
    if keys is None:
        yield None
        return
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def by_key(session: Session, model: Any, keys: Collection[str] | None, *options: Any) -> Iterator[Any]:
    """Rows of a table that has keys, by key; all of them, or those with these keys.

    Args:
        session: Where to read.
        model: The table's class.
        keys: Keys to look for; None for all.
        *options: How to load what hangs from the rows.
    """
    query = select(model).options(*options).order_by(model.key)
    for chunk in chunks(keys):
        yield from session.scalars(query if chunk is None else query.where(model.key.in_(chunk)))


def existing(session: Session, model: Any, records: Sequence[Record]) -> dict[str, Any]:
    """Rows that hold these records already, by key."""
    return {row.key: row for row in by_key(session, model, {record.key for record in records})}


def ids(session: Session, shelf: Shelf, records: Sequence[Record]) -> dict[str, str]:
    """The id of each record, by key: the one it has, else the one it gets."""
    keys = sorted(item.key for item in records)
    found = {key: new_id(shelf.kind, key) for key in keys}
    for start in range(0, len(keys), CHUNK):
        query = select(shelf.model.key, shelf.model.id).where(shelf.model.key.in_(keys[start : start + CHUNK]))
        found.update(session.execute(query).all())
    return found


def record(kind: str, key: str, front: Mapping[str, Any], body: str, folder: str = "") -> Record:
    """A record made of rows: what is empty is left out."""
    return Record(kind, key, schema.normal(kind, front), body, folder)


def lines(row: Any) -> list[int] | None:
    """The lines of a row in its source."""
    return None if row.first_line is None else [row.first_line, row.last_line]


def source_of(row: Any) -> dict[str, Any] | None:
    """The source of a row, and its lines there."""
    source: Source | None = row.source
    return None if source is None else {"id": source.key, "lines": lines(row)}


def line_values(item: Mapping[str, Any]) -> dict[str, int | None]:
    """The two columns of ``lines``."""
    first, last = item.get("lines") or (None, None)
    return {"first_line": first, "last_line": last}


def source_values(front: Mapping[str, Any], identities: Identities) -> dict[str, Any]:
    """The three columns of ``source``."""
    source = front.get("source", {})
    return {"source_id": identities.find("source", source.get("id")), **line_values(source)}
