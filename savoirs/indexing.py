"""From records to documents: what an index may know. What may not be found never leaves this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from indexer.engine import Document
from savoirs.indexed_notes import note_documents
from savoirs.indexed_records import gathering_documents, organisation_documents, workshop_documents
from savoirs.models import Gathering, Note, NoteStatus, Organisation, Workshop
from savoirs.theme_lineage import Lineage, read_lineage

BATCH = 500
"""Ids a query takes at once: well under SQLite's and PostgreSQL's limits on parameters."""


def documents(session: Session, ids: Iterable[str]) -> list[Document]:
    """The documents of published notes, organisations, gatherings and workshops among these ids, by id.

    Ids of anything else are left out. At most 20 queries for 500 ids.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return []
    lineage = read_lineage(session)
    found = []
    for start in range(0, len(wanted), BATCH):
        found += _documents(session, wanted[start : start + BATCH], lineage)
    return sorted(found, key=lambda document: document.id)


def all_documents(session: Session, *, batch: int = BATCH) -> Iterator[Document]:
    """Every document, by id, read by batches of ids."""
    lineage = read_lineage(session)
    ids = session.scalars(
        union_all(
            select(Note.id).where(Note.status == NoteStatus.PUBLISHED),
            select(Organisation.id).where(Organisation.merged_into_id.is_(None)),
            select(Gathering.id),
            select(Workshop.id),
        )
    ).all()
    ordered = sorted(ids)
    for start in range(0, len(ordered), batch):
        yield from sorted(
            _documents(session, ordered[start : start + batch], lineage), key=lambda document: document.id
        )


def _documents(session: Session, ids: list[str], lineage: Lineage) -> list[Document]:
    notes = note_documents(session, ids, lineage)
    found = {document.id for document in notes}
    others = [id_ for id_ in ids if id_ not in found]
    if not others:
        return notes
    return [
        *notes,
        *organisation_documents(session, others),
        *gathering_documents(session, others, lineage),
        *workshop_documents(session, others, lineage),
    ]
