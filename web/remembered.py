"""An answer kept in memory for as long as the journal stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_Answer = TypeVar("_Answer")


class Remembered(Generic[_Answer]):
    """The last answer to a question about the database, and the number of the journal at which it was asked.

    Never an old one: whatever changes an answer writes the journal. One read a little ahead of its number, because
    somebody wrote in between, is asked for again at the next number. Threads may share it: they replace it whole.
    """

    def __init__(self) -> None:
        self._kept: tuple[int, _Answer] | None = None

    def at(self, seq: int, ask: Callable[[], _Answer]) -> _Answer:
        """The answer at this number of the journal, asked for unless it is the one kept."""
        kept = self._kept
        if kept is None or kept[0] != seq:
            kept = self._kept = (seq, ask())
        return kept[1]
