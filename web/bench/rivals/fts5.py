"""SQLite's full text search: accents removed, no stems and no stop words, BM25 with a weight for the title."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from indexer.engine import Document
from savoirs.database import sqlite_module
from web.bench.queries import TOP, Actions, Questions
from web.bench.rivals import TITLE_BOOST, body_of

_SEARCH = "SELECT id FROM notes WHERE notes MATCH ? ORDER BY rank LIMIT ?"


class FTS5:
    """A table in a database file, as durable as ours: WAL, synchronous FULL.

    Args:
        directory: Where the file is.
    """

    def __init__(self, directory: Path) -> None:
        self._connection: Any = sqlite_module().connect(str(directory / "notes.sqlite3"), isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE VIRTUAL TABLE notes USING fts5(id UNINDEXED, title, body, "
            "tokenize = 'unicode61 remove_diacritics 2')",
        ):
            self._connection.execute(statement).close()
        weights = f"bm25(0.0, {TITLE_BOOST}, 1.0)"
        self._connection.execute("INSERT INTO notes(notes, rank) VALUES ('rank', ?)", (weights,)).close()

    def build(self, notes: Iterable[Document]) -> None:
        """Insert in one transaction, then merge."""
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO notes VALUES (?, ?, ?)", map(_row, notes))
        self._connection.execute("INSERT INTO notes(notes) VALUES ('optimize')")
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def actions(self, questions: Questions) -> Actions:
        """Words are quoted, so that none is taken for an operator."""
        asked = {
            "any_word": [_either(text.split()) for text in questions.any_word],
            "all_words": [" AND ".join(map(_quoted, words)) for words in questions.all_words],
            "boolean": [f"({_either([a, b])}) NOT {_quoted(c)}" for a, b, c in questions.boolean],
            "phrase": [_quoted(" ".join(words)) for words in questions.phrase],
            "peers": [_either(need.split()) for need in questions.peers],
        }
        like = [partial(self._like, sample.id, _either(sample.words)) for sample in questions.related]
        return {
            **{name: [partial(self._best, text) for text in texts] for name, texts in asked.items()},
            "related": [*like],
            "peers_note": [*like],
        }

    def added(self, note: Document, word: str) -> list[str]:
        """Insert, commit, search."""
        self._connection.execute("INSERT INTO notes VALUES (?, ?, ?)", _row(note)).close()
        return self._best(_quoted(word))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _best(self, text: str, limit: int = TOP) -> list[str]:
        return [id_ for (id_,) in self._connection.execute(_SEARCH, (text, limit))]

    def _like(self, id_: str, text: str) -> list[str]:
        return [other for other in self._best(text, TOP + 1) if other != id_][:TOP]


def _row(note: Document) -> tuple[str, str, str]:
    return note.id, note.title, body_of(note)


def _quoted(words: str) -> str:
    return f'"{words}"'


def _either(words: Iterable[str]) -> str:
    return " OR ".join(map(_quoted, words))
