"""The change journal: what every index follows. A change is written in the transaction of what it tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing

from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Document, Update
from savoirs.dependents import dependents
from savoirs.indexing import BATCH, all_documents, documents
from savoirs.models import Change, ChangeAction

_LOCK = 7_283_001
"""Names the journal among PostgreSQL's advisory locks; any constant does."""

_LAST = select(func.max(Change.seq))
_CHANGED = (
    select(Change.record, Change.record_id)
    .where(Change.seq > bindparam("after"), Change.seq <= bindparam("upto"))
    .distinct()
)


def record_change(session: Session, record: str, record_id: str, action: ChangeAction = ChangeAction.UPSERT) -> None:
    """Write in the journal that a record changed.

    On PostgreSQL, who writes the journal waits for who does already, until the end of the transaction: otherwise a
    change could appear behind one that a reader has followed, and be missed. SQLite has one writer at a time anyway.

    Args:
        session: The session of the transaction that changes the record.
        record: ``note``, ``organisation``, ``gathering``, ``workshop`` or ``theme``.
        record_id: Its id.
        action: ``REMOVE`` when it is to be found no more.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _LOCK})
    session.flush()
    session.execute(insert(Change).values(record=record, record_id=record_id, action=action))


def last_seq(session: Session) -> int:
    """The number of the last change; 0 when there is none. One query."""
    return session.scalar(_LAST) or 0


class JournalFeed:
    """The journal as the engines see it (``indexer.engine.Feed``). Opens its own short sessions.

    Args:
        sessions: Where sessions come from.
        batch: How many documents a snapshot reads at once.
    """

    def __init__(self, sessions: sessionmaker[Session], *, batch: int = BATCH) -> None:
        self._sessions = sessions
        self._batch = batch

    def last_seq(self) -> int:
        """The number of the last change."""
        with self._sessions() as session:
            return last_seq(session)

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """Documents, as they are now, of all records that changed and of those that tell of them, by id.

        The notes of an organisation follow its name, those of a theme its place in the tree, workshops their day.
        """
        with self._sessions() as session:
            changed: dict[str, set[str]] = defaultdict(set)
            for record, id_ in session.execute(_CHANGED, {"after": after, "upto": upto}):
                changed[record].add(id_)
            ids = dependents(session, changed)
            found = {document.id: document for document in documents(session, ids)}
        return [Update(id_, found.get(id_)) for id_ in sorted(ids)]

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """The number of the last change and every document at that change, read in one transaction.

        The iterator holds the transaction until it is exhausted or closed.
        """
        session = self._sessions()
        try:
            if session.get_bind().dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            seq = last_seq(session)
        except BaseException:
            session.close()
            raise
        return seq, self._documents(session)

    def _documents(self, session: Session) -> Iterator[Document]:
        with closing(session):
            yield from all_documents(session, batch=self._batch)
