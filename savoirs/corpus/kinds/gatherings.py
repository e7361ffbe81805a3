"""Days: aims, programme, workshops, who took part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs.corpus.records import Record
from savoirs.corpus.shelves import (
    Batch,
    Shelf,
    by_key,
    existing,
    line_values,
    lines,
    record,
    source_of,
    source_values,
)
from savoirs.models import (
    Gathering,
    GatheringTheme,
    Objective,
    Participation,
    ParticipationRole,
    Slot,
    SlotKind,
    Workshop,
    WorkshopOutput,
)

_OPTIONS = (
    joinedload(Gathering.source),
    selectinload(Gathering.themes).joinedload(GatheringTheme.theme),
    selectinload(Gathering.objectives),
    selectinload(Gathering.slots),
    selectinload(Gathering.participations).joinedload(Participation.organisation),
    selectinload(Gathering.workshops).joinedload(Workshop.theme),
)


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    for row in by_key(session, Gathering, keys, *_OPTIONS):
        front = {
            "title": row.title,
            "year": row.year,
            "date": row.date,
            "place": row.place,
            "themes": [link.theme.key for link in row.themes],
            "source": source_of(row),
            "objectives": [{"text": item.text, "lines": lines(item)} for item in row.objectives],
            "slots": [
                {
                    "start": slot.start,
                    "end": slot.end,
                    "kind": slot.kind.value,
                    "title": slot.title,
                    "lines": lines(slot),
                }
                for slot in row.slots
            ],
            "participations": [
                {"organisation": item.organisation.key, "role": item.role.value, "lines": lines(item)}
                for item in row.participations
            ],
            "participants_note": row.participants_note,
            "workshops": [_workshop_front(item) for item in row.workshops],
        }
        yield record("gathering", row.key, front, row.description)


def _workshop_front(row: Workshop) -> dict[str, Any]:
    return {
        "number": row.number,
        "theme": row.theme and row.theme.key,
        "question": row.question,
        "synthesis_title": row.synthesis_title,
        "output": row.output.value,
        "full_notes": row.full_notes,
        "full_notes_note": row.full_notes_note,
        "lines": lines(row),
    }


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Gathering, batch.changed)
    for row in rows.values():
        row.themes, row.objectives, row.slots, row.participations = [], [], [], []
    session.flush()  # links go before the same ones come back, or a UNIQUE would refuse them
    for item in batch.records:
        key = item.key
        row = rows.get(key) or Gathering(id=batch.ids[item.key], key=key, workshops=[])
        for name, value in _values(item, batch).items():
            setattr(row, name, value)
        _hang(row, item, batch)
        session.add(row)
    session.flush()


def _values(item: Record, batch: Batch) -> dict[str, Any]:
    return {
        "title": item.front["title"],
        "year": item.front["year"],
        "date": item.front.get("date"),
        "place": item.front.get("place"),
        "description": item.body,
        "participants_note": item.front.get("participants_note", ""),
        **source_values(item.front, batch.identities),
    }


def _hang(row: Gathering, item: Record, batch: Batch) -> None:
    front, identities = item.front, batch.identities
    row.themes = [
        GatheringTheme(theme_id=identities.get("theme", key), position=place)
        for place, key in enumerate(front["themes"])
    ]
    row.objectives = [
        Objective(position=place, text=entry["text"], **line_values(entry))
        for place, entry in enumerate(front.get("objectives", ()))
    ]
    row.slots = [
        Slot(
            position=place,
            start=entry["start"],
            end=entry.get("end"),
            kind=SlotKind(entry["kind"]),
            title=entry["title"],
            **line_values(entry),
        )
        for place, entry in enumerate(front.get("slots", ()))
    ]
    row.participations = [
        Participation(
            organisation_id=identities.get("organisation", entry["organisation"]),
            role=ParticipationRole(entry["role"]),
            position=place,
            **line_values(entry),
        )
        for place, entry in enumerate(front.get("participations", ()))
    ]
    row.workshops = _workshops(row, item, batch)


def _workshops(row: Gathering, item: Record, batch: Batch) -> list[Workshop]:
    """The workshops of the file, on the rows they have already: notes hang from them. Others are deleted."""
    before = {workshop.number: workshop for workshop in row.workshops}
    after = []
    for entry in sorted(item.front.get("workshops", ()), key=lambda entry: int(entry["number"])):
        number = entry["number"]
        workshop = before.get(number) or Workshop(
            id=batch.identities.get("workshop", f"{item.key}/{number}"), number=number
        )
        workshop.theme_id = batch.identities.get("theme", entry["theme"])
        workshop.question = entry["question"]
        workshop.synthesis_title = entry.get("synthesis_title", "")
        workshop.output = WorkshopOutput(entry["output"])
        workshop.full_notes = entry["full_notes"]
        workshop.full_notes_note = entry.get("full_notes_note", "")
        workshop.first_line, workshop.last_line = entry.get("lines") or (None, None)
        after.append(workshop)
    return after


SHELF = Shelf("gathering", Gathering, _fetch, _store)
