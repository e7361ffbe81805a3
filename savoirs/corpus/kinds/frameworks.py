"""Evaluation frameworks: sections, and what each asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
from savoirs.models import Framework, FrameworkItem, FrameworkSection, Workshop

_OPTIONS = (
    joinedload(Framework.source),
    joinedload(Framework.workshop).joinedload(Workshop.gathering),
    selectinload(Framework.sections).selectinload(FrameworkSection.items),
)
_FLAGS = ("many", "signed", "points_to_expectation", "shareable_as_need")


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    for row in by_key(session, Framework, keys, *_OPTIONS):
        workshop: Workshop | None = row.workshop
        front = {
            "title": row.title,
            "source": source_of(row),
            "workshop": workshop and f"{workshop.gathering.key}/{workshop.number}",
            "sections": [
                {
                    "number": section.number,
                    "title": section.title,
                    "items": [_item_front(item) for item in section.items],
                }
                for section in row.sections
            ],
        }
        yield record("framework", row.key, front, row.description)


def _item_front(item: FrameworkItem) -> dict[str, Any]:
    flags = {flag: getattr(item, flag) for flag in _FLAGS}
    return {"key": item.key, "title": item.title, "help": item.help, **flags, "lines": lines(item)}


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Framework, batch.changed)
    for item in batch.records:
        row = rows.get(item.key) or Framework(id=batch.ids[item.key], key=item.key)
        row.title, row.description = item.front["title"], item.body
        row.workshop_id = batch.identities.find("workshop", item.front.get("workshop"))
        for name, value in source_values(item.front, batch.identities).items():
            setattr(row, name, value)
        row.sections = [_section(section) for section in item.front["sections"]]
        session.add(row)
    session.flush()


def _section(front: Mapping[str, Any]) -> FrameworkSection:
    items = [
        FrameworkItem(
            position=place,
            key=item["key"],
            title=item["title"],
            help=item.get("help", ""),
            **{flag: item[flag] for flag in _FLAGS},
            **line_values(item),
        )
        for place, item in enumerate(front["items"])
    ]
    return FrameworkSection(number=front["number"], title=front["title"], items=items)


SHELF = Shelf("framework", Framework, _fetch, _store)
