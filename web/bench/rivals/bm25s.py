"""bm25s: scores computed beforehand, one sparse matrix. It knows « any of these words » only.

It is measured as it comes (numpy), which is what is promised against, and with its option of compiled loops (numba).
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import Stemmer

from indexer.engine import Document
from web.bench.queries import TOP, Actions, Questions
from web.bench.rivals import body_of


class BM25S:
    """An index in memory, saved to a folder.

    Args:
        directory: Where it is saved.
    """

    backend = "numpy"

    def __init__(self, directory: Path) -> None:
        self._bm25s: Any = importlib.import_module("bm25s")
        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells each step otherwise
        tokenization: Any = importlib.import_module("bm25s.tokenization")
        self._directory = directory
        self._tokens = tokenization.Tokenizer(stopwords="french", stemmer=Stemmer.Stemmer("french"))
        self._index: Any = None
        self._ids: list[str] = []

    def build(self, notes: Iterable[Document]) -> None:
        """Cut, count, score and save."""
        tokens = self._tokens.tokenize(list(self._texts(notes)), show_progress=False, return_as="tuple")
        self._index = self._bm25s.BM25(backend=self.backend)
        self._index.index(tokens, show_progress=False)
        self._index.save(str(self._directory), show_progress=False)

    def actions(self, questions: Questions) -> Actions:
        """Searches, and others like a note by its key words."""
        like = [partial(self._like, sample.id, " ".join(sample.words)) for sample in questions.related]
        return {
            "any_word": [partial(self._best, text) for text in questions.any_word],
            "related": [*like],
            "peers": [partial(self._best, need) for need in questions.peers],
            "peers_note": [*like],
        }

    def added(self, note: Document, word: str) -> None:
        """A note more is another index."""

    def close(self) -> None:
        """There is nothing to close."""

    def _texts(self, notes: Iterable[Document]) -> Iterable[str]:
        for note in notes:
            self._ids.append(note.id)
            yield f"{note.title}\n{body_of(note)}"

    def _best(self, text: str, limit: int = TOP) -> list[str]:
        tokens = self._tokens.tokenize([text], update_vocab=False, show_progress=False)
        limit = min(limit, len(self._ids))
        found, scores = self._index.retrieve(tokens, k=limit, show_progress=False)
        places: Sequence[int] = found[0][scores[0] > 0].tolist()  # it fills up with notes that hold no word
        return [self._ids[place] for place in places]

    def _like(self, id_: str, text: str) -> list[str]:
        return [other for other in self._best(text, TOP + 1) if other != id_][:TOP]


class BM25SNumba(BM25S):
    """The same under compiled loops."""

    backend = "numba"
