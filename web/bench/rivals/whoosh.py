"""Whoosh as its manual shows it: two fields, its own French chain, its query parser and its BM25F, the top ten."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from whoosh.analysis import CharsetFilter, LowercaseFilter, RegexTokenizer, StemFilter, StopFilter
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.support.charset import accent_map

from indexer.engine import Document
from web.bench.queries import TOP, Actions, Questions
from web.bench.rivals import TITLE_BOOST, body_of


class Whoosh:
    """An index in a folder.

    Args:
        directory: Where its files are.
    """

    def __init__(self, directory: Path) -> None:
        analyser = (
            RegexTokenizer()
            | LowercaseFilter()
            | StopFilter(lang="fr")
            | CharsetFilter(accent_map)
            | StemFilter(lang="fr", cachesize=-1)
        )
        texts = {"title": TEXT(analyzer=analyser), "body": TEXT(analyzer=analyser)}
        self._index = create_in(str(directory), Schema(id=ID(stored=True, unique=True), **texts))
        boosts = {"title": TITLE_BOOST, "body": 1.0}
        self._any = MultifieldParser(list(texts), self._index.schema, fieldboosts=boosts, group=OrGroup)
        self._searcher: Any = self._index.searcher()

    def build(self, notes: Iterable[Document]) -> None:
        """Index notes in one commit."""
        writer = self._index.writer(limitmb=256)
        for note in notes:
            writer.add_document(**_fields(note))
        writer.commit()
        self._searcher = self._index.searcher()

    def actions(self, questions: Questions) -> Actions:
        """Queries are typed and parsed; others like a note are found by its key words."""
        asked = {
            "any_word": list(questions.any_word),
            "all_words": [" AND ".join(words) for words in questions.all_words],
            "boolean": [f"({a} OR {b}) AND NOT {c}" for a, b, c in questions.boolean],
            "phrase": [f'"{" ".join(words)}"' for words in questions.phrase],
            "peers": list(questions.peers),
        }
        like = [partial(self._like, sample.id, " ".join(sample.words)) for sample in questions.related]
        return {
            **{name: [partial(self._best, text) for text in texts] for name, texts in asked.items()},
            "related": [*like],
            "peers_note": [*like],
        }

    def added(self, note: Document, word: str) -> list[str]:
        """Add, commit, open, search. Its files are not synced to the disk, which is quicker and loses notes."""
        writer = self._index.writer()
        writer.add_document(**_fields(note))
        writer.commit()
        self._searcher.close()
        self._searcher = self._index.searcher()
        return self._best(word)

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()
        self._index.close()

    def _best(self, text: str, limit: int = TOP) -> list[str]:
        return [hit["id"] for hit in self._searcher.search(self._any.parse(text), limit=limit)]

    def _like(self, id_: str, text: str) -> list[str]:
        return [other for other in self._best(text, TOP + 1) if other != id_][:TOP]


def _fields(note: Document) -> dict[str, str]:
    return {"id": note.id, "title": note.title, "body": body_of(note)}
