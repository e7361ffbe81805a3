"""Calls to the network, who was told of them, and the notes that answer. Who asked is in no file.

A call's key is its public id: its page keeps its address wherever it is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from savoirs.corpus import moments, schema
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf, chunks, existing, record
from savoirs.models import Call, CallAnswer, CallNotice, CallStatus, Note, Organisation, Theme

_STANDING = {"status": "status", "asked": "created_at", "opened": "opened_at", "closed": "closed_at"}
"""Keys that belong to the database once it holds the call, and their columns: a file opens and closes nothing."""

_LISTS: Mapping[str, tuple[type[CallNotice | CallAnswer], type[Organisation | Note], str]] = {
    "told": (CallNotice, Organisation, "organisation"),
    "answers": (CallAnswer, Note, "note"),
}
"""Lists that people add to: the rows, what they link a call with, and its kind."""


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    lists = {name: _linked(session, name, keys) for name in _LISTS}
    query = (
        select(Call, Theme.key.label("theme"), Organisation.key.label("organisation"))
        .outerjoin(Theme, Theme.id == Call.theme_id)
        .outerjoin(Organisation, Organisation.id == Call.organisation_id)
        .order_by(Call.id)
    )
    for chunk in chunks(keys):
        for row in session.execute(query if chunk is None else query.where(Call.id.in_(chunk))):
            call: Call = row.Call
            front = {
                "title": call.question,
                "theme": row.theme,
                "organisation": row.organisation,
                "status": str(call.status),
                "asked": moments.written(call.created_at),
                "opened": moments.written(call.opened_at or call.created_at),
                "closed": moments.written(call.closed_at) if call.status == CallStatus.CLOSED else None,
                **{name: linked.get(call.id, []) for name, linked in lists.items()},
            }
            yield record("call", call.id, front, call.context)


def _linked(session: Session, name: str, keys: Collection[str] | None) -> Mapping[str, list[dict[str, Any]]]:
    """One list of each call, by its id, the oldest first."""
    table, other, kind = _LISTS[name]
    column: Any = getattr(table, f"{kind}_id")
    query = (
        select(table.call_id, other.key, table.created_at)
        .join(other, other.id == column)
        .order_by(table.created_at, other.key)
    )
    found = defaultdict(list)
    for chunk in chunks(keys):
        for id_, key, moment in session.execute(query if chunk is None else query.where(table.call_id.in_(chunk))):
            found[id_].append({kind: key, "moment": moments.written(moment)})
    return found


def _meet(item: Record, held: Record) -> Record:
    front = {name: value for name, value in item.front.items() if name not in _STANDING}
    front |= {name: held.front.get(name) for name in _STANDING}
    front |= {
        name: moments.joined(item.front.get(name, ()), held.front.get(name, ()), (kind,))
        for name, (_, _, kind) in _LISTS.items()
    }
    return replace(item, front=schema.normal("call", front))


def _store(session: Session, batch: Batch) -> None:
    """Keep calls. Nobody is written to: they were, where the calls come from."""
    rows = existing(session, Call, batch.changed)
    for item in batch.records:
        row = rows.get(item.key) or Call(id=batch.ids[item.key], **_standing(item))
        row.question, row.context = item.front["title"], item.body
        row.theme_id = batch.identities.find("theme", item.front.get("theme"))
        row.organisation_id = batch.identities.find("organisation", item.front.get("organisation"))
        session.add(row)
    session.flush()
    for name in _LISTS:
        links = list(_links(batch, name))
        if links:
            session.execute(insert(_LISTS[name][0]), links)


def _standing(item: Record) -> dict[str, Any]:
    said = {column: item.front.get(name) for name, column in _STANDING.items()}
    return {
        column: value if column == "status" or value is None else moments.read(value) for column, value in said.items()
    }


def _links(batch: Batch, name: str) -> Iterator[dict[str, Any]]:
    _, _, kind = _LISTS[name]
    for item in batch.records:
        held = batch.held[item.key].front if item.key in batch.held else {}
        for link in moments.added(item.front.get(name, ()), held.get(name, ()), (kind,)):
            yield {
                "call_id": batch.ids[item.key],
                f"{kind}_id": batch.identities.get(kind, link[kind]),
                "created_at": moments.read(link["moment"]),
            }


SHELF = Shelf("call", Call, _fetch, _store, _meet)
