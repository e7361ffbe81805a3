"""The theme tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf, by_key, existing, record
from savoirs.models import Theme, ThemeSynonym


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    for row in by_key(session, Theme, keys, joinedload(Theme.parent), selectinload(Theme.synonyms)):
        front = {
            "name": row.name,
            "parent": row.parent and row.parent.key,
            "order": row.position,
            "synonyms": [synonym.text for synonym in row.synonyms],
        }
        yield record("theme", row.key, front, row.description)


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Theme, batch.changed)
    for item in _parents_first(batch.records):
        row = rows.get(item.key) or Theme(id=batch.ids[item.key], key=item.key)
        row.name, row.position = item.front["name"], item.front["order"]
        row.parent_id = batch.identities.find("theme", item.front.get("parent"))
        row.description = item.body
        row.synonyms = [ThemeSynonym(position=place, text=text) for place, text in enumerate(item.front["synonyms"])]
        session.add(row)
        session.flush()


def _parents_first(records: Sequence[Record]) -> list[Record]:
    """A theme after its parent: a foreign key holds at each statement."""
    parents = {record.key: record.front.get("parent") for record in records}

    def depth(key: str | None) -> int:
        return 0 if key is None or key not in parents else 1 + depth(parents[key])

    return sorted(records, key=lambda record: depth(record.key))


SHELF = Shelf("theme", Theme, _fetch, _store)
