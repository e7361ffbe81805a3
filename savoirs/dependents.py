"""Which records tell of which: when one changes, documents of others do too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from savoirs.models import Experience, GatheringTheme, NoteTheme, Organisation, Participation, Theme, Tool, Workshop

_BATCH = 500


def dependents(session: Session, changed: Mapping[str, Iterable[str]]) -> set[str]:
    """Ids of the records that changed and can be documents, and of those whose documents follow.

    Args:
        session: The session.
        changed: For a kind of record, its ids.
    """
    ids = set(chain.from_iterable(ids for record, ids in changed.items() if record != "theme"))
    ids |= _of_organisations(session, set(changed.get("organisation", ())))
    ids |= _of_themes(session, set(changed.get("theme", ())))
    gatherings = set(changed.get("gathering", ()))
    return ids | _found(session, select(Workshop.id), Workshop.gathering_id, gatherings)


def _of_organisations(session: Session, ids: set[str]) -> set[str]:
    """Both sides of a merge, then all that names one of them."""
    kept = _found(session, select(Organisation.merged_into_id), Organisation.id, ids)
    merged = _found(session, select(Organisation.id), Organisation.merged_into_id, ids | kept)
    every = ids | kept | merged
    return (
        every
        | _found(session, select(Experience.note_id), Experience.organisation_id, every)
        | _found(session, select(Tool.note_id), Tool.provider_id, every)
        | _found(session, select(Participation.gathering_id), Participation.organisation_id, every)
    )


def _of_themes(session: Session, ids: set[str]) -> set[str]:
    if not ids:
        return set()
    children = session.execute(select(Theme.id, Theme.parent_id)).all()
    grown = -1
    while grown != len(ids):
        grown = len(ids)
        ids = ids | {id_ for id_, parent in children if parent in ids}
    return (
        _found(session, select(NoteTheme.note_id), NoteTheme.theme_id, ids)
        | _found(session, select(GatheringTheme.gathering_id), GatheringTheme.theme_id, ids)
        | _found(session, select(Workshop.id), Workshop.theme_id, ids)
    )


def _found(session: Session, query: Select[Any], column: InstrumentedAttribute[Any], ids: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        found.update(session.scalars(query.where(column.in_(ordered[start : start + _BATCH]))))
    return found - {None}
