"""Where facts come from."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf, by_key, existing, record
from savoirs.models import Source


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    for row in by_key(session, Source, keys):
        front = {
            "title": row.title,
            "year": row.year,
            "origin": row.origin,
            "sha256": row.sha256,
            "lines": row.line_count,
        }
        yield record("source", row.key, front, row.description)


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Source, batch.changed)
    for item in batch.records:
        row = rows.get(item.key) or Source(id=batch.ids[item.key], key=item.key)
        row.title, row.year, row.origin = item.front["title"], item.front["year"], item.front["origin"]
        row.sha256, row.line_count = item.front["sha256"], item.front["lines"]
        row.description = item.body
        session.add(row)
    session.flush()


SHELF = Shelf("source", Source, _fetch, _store)
