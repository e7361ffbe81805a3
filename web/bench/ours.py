"""Our engine as a contender: the default ranking, words alone, and all that a page asks for."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indexer import kernels
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, PeersRequest, Request, SearchEngine
from indexer.language import Language
from indexer.weights import Ranking
from savoirs.config import Settings
from web.bench.base import Base
from web.bench.queries import TOP, Actions, Questions
from web.bench.timing import Times
from web.wiring import build_engine

NAME = "embedded"


def bare(text: str) -> Request:
    """A search for the ids of the best notes, nothing more."""
    return Request(text=text, limit=TOP, facets=(), explain=False)


class Ours:
    """The default engine over a base whose first notes are invented.

    Args:
        directory: Where its files are.
        language: Its words.
        base: Where notes are added.

    Attributes:
        followed: For each addition, what came after the commit: following the journal and searching.
    """

    def __init__(self, directory: Path, language: Language, base: Base) -> None:
        kernels.prepare(wait=True)  # as in a server that has lived for some seconds
        self._directory, self._language, self._base = directory, language, base
        self._engine: SearchEngine = build_engine(NAME, directory, language, vectors=vectors_dir(directory))
        self._lexical: SearchEngine | None = None
        self._feed = base.feed(())
        self.followed = Times()

    def build_words(self, notes: Iterable[Document]) -> None:
        """Write another index, of words only, as rivals do; it is gone at the end."""
        with (
            TemporaryDirectory(prefix="savoirs-words-") as folder,
            closing(EmbeddedEngine(Path(folder), self._language)) as engine,
        ):
            engine.rebuild(self._base.feed(notes))

    def build(self, notes: Iterable[Document]) -> None:
        """Write the index, with word vectors of titles, notes and passages."""
        self._feed = self._base.feed(notes)
        self._engine.rebuild(self._feed)

    def fit(self) -> None:
        """Learn what is learnt, which can wait."""
        self._engine.maintain(self._feed)

    @property
    def seq(self) -> int:
        """The journal's number of what is indexed."""
        return self._engine.status().seq

    def actions(self, questions: Questions) -> Actions:
        """Searches in our own syntax."""
        self._lexical = words_alone(self._directory, self._language)
        self._lexical.catch_up(self._feed)
        search = self._engine.search
        asked = {
            "any_word": list(questions.any_word),
            "all_words": [" ET ".join(words) for words in questions.all_words],
            "boolean": [f"({a} OU {b}) SAUF {c}" for a, b, c in questions.boolean],
            "phrase": [f'"{" ".join(words)}"' for words in questions.phrase],
        }
        return {
            "any_word_lexical": [partial(_ids, self._lexical.search, bare(text)) for text in questions.any_word],
            **{name: [partial(_ids, search, bare(text)) for text in texts] for name, texts in asked.items()},
            "any_word_page": [partial(_ids, search, Request(text=text)) for text in questions.any_word],
            **{
                f"{name}{'_page' * explain}": [partial(ask, explain=explain) for ask in asked_of]
                for name, asked_of in self._alike(questions).items()
                for explain in (False, True)
            },
        }

    def _alike(self, questions: Questions) -> dict[str, list[Any]]:
        """What is asked of likeness, with reasons or without."""
        needs = [PeersRequest(need=need) for need in questions.peers]
        notes = [PeersRequest(document=sample.id) for sample in questions.related]
        return {
            "related": [partial(self._related, sample.id) for sample in questions.related],
            "peers": [partial(self._peers, request) for request in needs],
            "peers_note": [partial(self._peers, request) for request in notes],
        }

    def added(self, note: Document, word: str) -> list[str]:
        """Commit, follow the journal, search."""
        self._base.add(note)
        found: list[str] = self.followed.take(partial(self._followed, word))
        return found

    def close(self) -> None:
        """Let go of files."""
        for engine in (self._engine, self._lexical):
            if engine is not None:
                engine.close()

    def _followed(self, word: str) -> list[str]:
        """The engine's own part of an addition."""
        if not self._engine.poll(self._feed):
            self._engine.catch_up(self._feed)
        return _ids(self._engine.search, bare(word))

    def _related(self, id_: str, *, explain: bool) -> list[str]:
        return [hit.id for hit in self._engine.related(id_, TOP, explain=explain)]

    def _peers(self, request: PeersRequest, *, explain: bool) -> list[str]:
        groups = self._engine.peers(replace(request, explain=explain)).groups
        return [peer.entity for peers in groups.values() for peer in peers]


def words_alone(directory: Path, language: Language) -> SearchEngine:
    """The same index, ranked by BM25F alone."""
    return build_engine(NAME, directory, language, vectors=vectors_dir(directory), ranking=Ranking.lexical())


def vectors_dir(directory: Path) -> Path:
    """Where word vectors are: as the setting says, so that they are made once for all, else beside an index."""
    return Settings.load().vectors_dir or directory / "vectors"


def _ids(search: Any, request: Request) -> list[str]:
    return [hit.id for hit in search(request).hits]
