"""What a load writes in the journal: only what an index must see again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch
from savoirs.models import CallStatus, ChangeAction, record_id


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the journal to write."""

    record: str
    record_id: str
    action: ChangeAction = ChangeAction.UPSERT

    def row(self, now: dt.datetime) -> dict[str, Any]:
        """The row."""
        return {"record": self.record, "record_id": self.record_id, "action": self.action, "at": now}


def lines(kind: str, batch: Batch) -> Iterator[Line]:
    """The journal of a batch. A new theme is told by what bears it; a changed one brings its records along."""
    if kind in {"note", "organisation", "gathering"}:
        for record in batch.records:
            yield Line(kind, batch.ids[record.key])
    if kind == "theme":
        for record in batch.changed:
            yield Line(kind, batch.ids[record.key])
    if kind == "gathering":
        for record in batch.records:
            yield from _workshops(record.key, record.front.get("workshops", ()), batch)
    if kind == "call":
        for record in batch.records:
            yield from _call(record, batch)


def _call(record: Record, batch: Batch) -> Iterator[Line]:
    """A call that is read by all, and the notes that answer it, which are found by its question."""
    if record.front["status"] in {CallStatus.OPEN, CallStatus.CLOSED}:
        yield Line("call", batch.ids[record.key])
        for answer in record.front.get("answers", ()):
            yield Line("note", batch.identities.get("note", answer["note"]))


def _workshops(gathering: str, workshops: Any, batch: Batch) -> Iterator[Line]:
    after = {f"{gathering}/{workshop['number']}" for workshop in workshops}
    for key in sorted(after):
        yield Line("workshop", batch.identities.get("workshop", key))
    for key in sorted(batch.identities.former_workshops(gathering) - after):
        yield Line("workshop", record_id("workshop", key), ChangeAction.REMOVE)
