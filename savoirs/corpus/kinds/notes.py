"""Notes: read through the models, written in bulk, since there may be many."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs.corpus import note_parts
from savoirs.corpus.kinds import note_revisions, note_rows, note_upkeep
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import CHUNK, Batch, Shelf, by_key, record, source_of
from savoirs.models import (
    Experience,
    Indicator,
    Note,
    NoteStatus,
    NoteTheme,
    Revision,
    Tool,
    Workshop,
)

_OPTIONS = (
    joinedload(Note.source),
    joinedload(Note.workshop).joinedload(Workshop.gathering),
    selectinload(Note.themes).joinedload(NoteTheme.theme),
    selectinload(Note.audiences),
    selectinload(Note.tools),
    selectinload(Note.experiences).joinedload(Experience.organisation),
    selectinload(Note.tool).options(joinedload(Tool.provider), selectinload(Tool.aliases)),
    selectinload(Note.indicator).selectinload(Indicator.examples),
    selectinload(Note.testimony),
)


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    said = note_upkeep.fronts(session, keys)
    for row in by_key(session, Note, keys, *_OPTIONS):
        yield _as_record(row, said.get(row.key, {}))


def _as_record(note: Note, said: Mapping[str, Any]) -> Record:
    workshop = note.workshop
    front = {
        "kind": note.kind.value,
        "title": note.title,
        "summary": note.summary,
        "themes": [link.theme.key for link in note.themes],
        "audiences": [link.audience for link in note.audiences],
        "date": note.date,
        "true_as_of": note.true_as_of,
        "essentials": {
            "for_whom": note.for_whom,
            "time": note.time_needed,
            "cost": note.cost,
            "requires": note.requires,
        },
        "experiences": [
            {
                "organisation": link.organisation.key,
                "role": link.role.value,
                "stance": link.stance and link.stance.value,
            }
            for link in note.experiences
        ],
        "source": source_of(note),
        "workshop": workshop and f"{workshop.gathering.key}/{workshop.number}",
        "tools": [tool.name for tool in note.tools],
        "tool": _tool_front(note.tool),
        "indicator": _indicator_front(note.indicator),
        "testimony": None if note.testimony is None else {"author": note.testimony.author},
        "anonymous": note.anonymous,
        **said,
    }
    parts = {part: getattr(note, part) for part in note_parts.PARTS}
    return record("note", note.key, front, note_parts.join(parts), note.folder)


def _tool_front(tool: Tool | None) -> dict[str, Any] | None:
    if tool is None:
        return None
    return {
        "provider": tool.provider and tool.provider.key,
        "category": tool.category,
        "as_written": tool.as_written,
        "aliases": [alias.name for alias in tool.aliases],
    }


def _indicator_front(indicator: Indicator | None) -> dict[str, Any] | None:
    if indicator is None:
        return None
    return {
        "dimension": indicator.dimension,
        "nature": indicator.nature,
        "measure": indicator.measure,
        "examples": [example.text for example in indicator.examples],
    }


def _store(session: Session, batch: Batch) -> None:
    """A note keeps its status when it changes: one that was withdrawn does not come back by a file.

    It gets a new version when its own text changes, not when more is said of it.
    """
    ids = batch.ids
    rewritten = [item for item in batch.changed if note_upkeep.is_rewritten(item, batch.held[item.key])]
    if batch.added:
        new = {"status": NoteStatus.PUBLISHED, "revision": 1, "published_at": batch.now}
        new |= {"created_at": batch.now, "updated_at": batch.now}
        rows = [{**note_rows.note(item, ids[item.key], batch.identities), **new} for item in batch.added]
        session.execute(insert(Note), rows)
    if rewritten:
        rows = [note_rows.note(item, ids[item.key], batch.identities) for item in rewritten]
        session.execute(update(Note), rows)
        _forget_details(session, [row["id"] for row in rows], batch)
    details = note_rows.Details()
    for item in (*batch.added, *rewritten):
        details.add(item, ids[item.key], batch.identities)
    for model, detail_rows in details.rows.items():
        if detail_rows:
            session.execute(insert(model), detail_rows)
    numbers = {item.key: 1 for item in batch.added} | _revisions(session, rewritten)
    versions = [
        note_revisions.row(item, ids[item.key], numbers[item.key], batch.identities, batch.now)
        for item in (*batch.added, *rewritten)
    ]
    if versions:
        session.execute(insert(Revision), versions)
    note_upkeep.store(session, batch)


def _revisions(session: Session, records: Sequence[Record]) -> dict[str, int]:
    """The number that each note has come to."""
    found: dict[str, int] = {}
    keys = [item.key for item in records]
    for start in range(0, len(keys), CHUNK):
        query = select(Note.key, Note.revision).where(Note.key.in_(keys[start : start + CHUNK]))
        found.update(session.execute(query).all())
    return found


def _forget_details(session: Session, ids: list[str], batch: Batch) -> None:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        for query in note_rows.deletions(chunk):
            session.execute(query)
        numbered = update(Note).where(Note.id.in_(chunk))
        session.execute(numbered.values(revision=Note.revision + 1, updated_at=batch.now))


SHELF = Shelf("note", Note, _fetch, _store, note_upkeep.met)
