"""What readers said of a note, in its file: trials and checks. Their organisation is there, their account never is.

People add to these lists meanwhile, so a file never takes from them, nor changes what they hold: it may add to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from savoirs.corpus import moments, schema
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, chunks
from savoirs.models import Check, Note, Organisation, Outcome, Trial, Verdict

KNOWN_BY = ("organisation", "moment")
"""What tells one trial, or one check, of a note from another."""

_LISTS: Mapping[str, tuple[type[Trial | Check], str, type[StrEnum]]] = {
    "trials": (Trial, "outcome", Outcome),
    "checks": (Check, "verdict", Verdict),
}


def fronts(session: Session, keys: Collection[str] | None) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    """The lists of each note, by its key, the oldest first. Two queries for a chunk of keys.

    Args:
        session: Where to read.
        keys: Of which notes; None for all.
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: {name: [] for name in _LISTS})
    for name, (table, value, _) in _LISTS.items():
        column: Any = getattr(table, value)
        query = (
            select(Note.key, Organisation.key.label("organisation"), column.label("said"), table.line, table.created_at)
            .join(Note, Note.id == table.note_id)
            .outerjoin(Organisation, Organisation.id == table.organisation_id)
            .order_by(table.created_at, table.id)
        )
        for chunk in chunks(keys):
            for row in session.execute(query if chunk is None else query.where(Note.key.in_(chunk))):
                said = {"organisation": row.organisation, value: row.said.value, "line": row.line}
                found[row.key][name].append(said | {"moment": moments.written(row.created_at)})
    return found


def met(record: Record, held: Record) -> Record:
    """The record of a file, with what was said of the note already."""
    lists = {name: moments.joined(_items(record, name), _items(held, name), KNOWN_BY) for name in _LISTS}
    return replace(record, front=schema.normal("note", {**record.front, **lists}))


def is_rewritten(record: Record, held: Record) -> bool:
    """Whether the note itself changes, beside what is said of it."""
    return _without(record) != _without(held)


def store(session: Session, batch: Batch) -> None:
    """Keep what is said of notes and is not there yet."""
    for name, (table, value, enum) in _LISTS.items():
        rows = [
            {
                "note_id": batch.ids[record.key],
                "organisation_id": batch.identities.find("organisation", item.get("organisation")),
                value: enum(item[value]),
                "line": item.get("line", ""),
                "created_at": moments.read(item["moment"]),
            }
            for record in batch.records
            for item in moments.added(_items(record, name), _items(batch.held.get(record.key), name), KNOWN_BY)
        ]
        if rows:
            session.execute(insert(table), rows)


def _items(record: Record | None, name: str) -> list[moments.Item]:
    return [] if record is None else record.front.get(name, [])


def _without(record: Record) -> Record:
    return replace(record, front={name: value for name, value in record.front.items() if name not in _LISTS})
