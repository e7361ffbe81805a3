"""A feed kept in memory: real code, for tests that need documents to come, change and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indexer.engine import Document, Update


class MemoryFeed:
    """Implements ``indexer.engine.Feed`` over a dictionary and a list of changes.

    Args:
        documents: What there is at first, one change each.
    """

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._documents: dict[str, Document] = {}
        self._changed: list[str] = []
        for document in documents:
            self.put(document)

    def put(self, document: Document) -> None:
        """Add a document, or change the one of the same id."""
        self._documents[document.id] = document
        self._changed.append(document.id)

    def remove(self, id_: str) -> None:
        """Remove a document; it may be there or not."""
        self._documents.pop(id_, None)
        self._changed.append(id_)

    def last_seq(self) -> int:
        """How many changes there were."""
        return len(self._changed)

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """What changed, as it is now."""
        return [Update(id_, self._documents.get(id_)) for id_ in dict.fromkeys(self._changed[after:upto])]

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """Every document."""
        return self.last_seq(), iter(list(self._documents.values()))
