"""The engines we are measured against, each used as its own documentation says, with its own idea of French.

All are given the same text: the title, and everything else of a note as one body. All answer with the ids of the best
ten notes. Where engines differ, the choice is the one that is quickest for the rival.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from indexer.engine import Document
from web.bench.queries import Actions, Questions

TITLE_BOOST = 3.0
"""What a word of the title is worth, where an engine can tell it."""

NEEDS = {"whoosh": "whoosh", "fts5": "", "tantivy": "tantivy", "bm25s": "bm25s", "bm25s-numba": "bm25s"}
"""Names of rivals, and the package that each comes in; SQLite is always there."""

_CLASSES = {
    "whoosh": "whoosh:Whoosh",
    "fts5": "fts5:FTS5",
    "tantivy": "tantivy:Tantivy",
    "bm25s": "bm25s:BM25S",
    "bm25s-numba": "bm25s:BM25SNumba",
}


class Contender(Protocol):
    """An engine that is measured. It keeps its files in a folder of its own."""

    def build(self, notes: Iterable[Document]) -> None:
        """Index notes, to the point where they can be searched."""
        ...

    def actions(self, questions: Questions) -> Actions:
        """One action a question for each measure that this engine has; what it is asked is made ready beforehand."""
        ...

    def added(self, note: Document, word: str) -> list[str] | None:
        """Add a note so that it survives a power cut, and search a word only it has; None when that is a rebuild."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def missing(names: Iterable[str]) -> list[str]:
    """The rivals among these whose package is not installed."""
    return [name for name in names if NEEDS[name] and importlib.util.find_spec(NEEDS[name]) is None]


def open_rival(name: str, directory: Path) -> Contender:
    """A rival over an empty folder.

    Args:
        name: One of ``NEEDS``.
        directory: An existing folder.
    """
    place, kind = _CLASSES[name].split(":")
    module: Any = importlib.import_module(f"web.bench.rivals.{place}")
    rival: Contender = getattr(module, kind)(directory)
    return rival


def body_of(note: Document) -> str:
    """All of a note but its title."""
    return "\n".join(text for text in note.texts()[1:] if text)
