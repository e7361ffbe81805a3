"""From records to documents: what an index may know. What may not be found never leaves this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from indexer.engine import Document


def documents(session: Session, ids: Iterable[str]) -> list[Document]:
    """The documents of published notes, organisations, gatherings and workshops among these ids.

    Ids of anything else are left out. A bounded number of queries, whatever the number of ids.
    """
    raise NotImplementedError


def all_documents(session: Session, *, batch: int = 500) -> Iterator[Document]:
    """Every document, read by batches of ids."""
    raise NotImplementedError
