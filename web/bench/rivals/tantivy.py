"""tantivy, through its Python package: one writing thread, French stop words and stems, BM25, title boosted."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from indexer.engine import Document
from web.bench.queries import TOP, Action, Actions, Questions
from web.bench.rivals import TITLE_BOOST, body_of

FIELDS = ["title", "body"]


class Tantivy:
    """An index in a folder.

    Texts are stored, since « more like this » reads them; ids come from a fast field, quicker than stored ones.

    Args:
        directory: Where its files are.
    """

    def __init__(self, directory: Path) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")
        builder = self._tantivy.SchemaBuilder()
        builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("place", fast=True)
        for field in FIELDS:
            builder.add_text_field(field, stored=True, tokenizer_name="french")
        self._schema = builder.build()
        self._index = self._tantivy.Index(self._schema, path=str(directory))
        self._index.register_tokenizer("french", self._analyser())
        self._ids: list[str] = []
        self._writer: Any = None
        self._searcher = self._index.searcher()

    def build(self, notes: Iterable[Document]) -> None:
        """Index notes; merges are waited for."""
        writer = self._index.writer(num_threads=1)
        for note in notes:
            writer.add_document(self._document(note))
        writer.commit()
        writer.wait_merging_threads()
        self._reload()

    def actions(self, questions: Questions) -> Actions:
        """Queries are typed, parsed and searched, as a program would with what a user typed."""
        typed = {
            "any_word": list(questions.any_word),
            "all_words": [" AND ".join(words) for words in questions.all_words],
            "boolean": [f"+({a} {b}) -{c}" for a, b, c in questions.boolean],
            "phrase": [f'"{" ".join(words)}"' for words in questions.phrase],
        }
        like: list[Action] = [partial(self._like, sample.id) for sample in questions.related]
        return {
            **{name: [partial(self._typed, text) for text in texts] for name, texts in typed.items()},
            "related": like,
            "peers": [partial(self._like_text, need) for need in questions.peers],
            "peers_note": like,
        }

    def added(self, note: Document, word: str) -> list[str]:
        """Add, commit, reload, search."""
        self._writer = self._writer or self._index.writer(num_threads=1)
        self._writer.add_document(self._document(note))
        self._writer.commit()
        self._reload()
        return self._typed(word)

    def close(self) -> None:
        """Let merges end."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _analyser(self) -> Any:
        makes = self._tantivy.Filter
        builder = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.simple())
        # Its list of stop words has accents, so it comes before they are folded.
        for made in (makes.lowercase(), makes.stopword("french"), makes.ascii_fold(), makes.stemmer("french")):
            builder = builder.filter(made)
        return builder.build()

    def _document(self, note: Document) -> Any:
        self._ids.append(note.id)
        return self._tantivy.Document(id=note.id, place=len(self._ids) - 1, title=note.title, body=body_of(note))

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _typed(self, text: str) -> list[str]:
        return self._best(self._index.parse_query(text, FIELDS, field_boosts={"title": TITLE_BOOST}))

    def _like(self, id_: str) -> list[str]:
        found = self._searcher.search(self._tantivy.Query.term_query(self._schema, "id", id_), 1, count=False).hits
        likes = self._tantivy.Query.more_like_this_query(found[0][1])
        return [other for other in self._best(likes, TOP + 1) if other != id_][:TOP]

    def _like_text(self, text: str) -> list[str]:
        likes = self._tantivy.Query.more_like_this_document_fields_query
        return self._best(likes(self._schema, {"body": [text]}, min_term_frequency=1))

    def _best(self, query: Any, limit: int = TOP) -> list[str]:
        """Without counting what else matches, which lets tantivy skip most of it."""
        hits: Sequence[Any] = self._searcher.search(query, limit, count=False).hits
        places = self._searcher.fast_field_values("place", [address for _, address in hits])
        return [self._ids[place] for place in places]
