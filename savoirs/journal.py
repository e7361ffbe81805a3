"""The change journal: what every index follows. A change is written in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Document, Update
from savoirs.models import ChangeAction


def record_change(session: Session, record: str, record_id: str, action: ChangeAction = ChangeAction.UPSERT) -> None:
    """Write in the journal that a record changed.

    Args:
        session: The session of the transaction that changes the record.
        record: ``note``, ``organisation``, ``gathering``, ``workshop`` or ``theme``.
        record_id: Its id.
        action: ``REMOVE`` when it is to be found no more.
    """
    raise NotImplementedError


def last_seq(session: Session) -> int:
    """The number of the last change; 0 when there is none. One query."""
    raise NotImplementedError


class JournalFeed:
    """The journal as the engines see it (``indexer.engine.Feed``). Opens its own short sessions.

    Args:
        sessions: Where sessions come from.
        batch: How many documents a snapshot reads at once.
    """

    def __init__(self, sessions: sessionmaker[Session], *, batch: int = 500) -> None:
        self._sessions = sessions
        self._batch = batch

    def last_seq(self) -> int:
        """The number of the last change."""
        raise NotImplementedError

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """Documents, as they are now, of all records that changed; a change of organisation brings its notes along."""
        raise NotImplementedError

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """The number of the last change and every document at that change, read in one transaction."""
        raise NotImplementedError
