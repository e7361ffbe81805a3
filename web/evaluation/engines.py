"""Engines over one collection: those of one language share an index, so that changing a weight costs no indexing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer import kernels
from indexer.beir import Collection
from indexer.engine import SearchEngine
from indexer.language import Language
from indexer.measuring import learn
from indexer.weights import Ranking
from savoirs.config import Settings
from web.wiring import build_engine


class Engines:
    """Opens engines over a collection's documents, in folders that go when the measuring is over.

    Args:
        settings: The kind of engine, and where word vectors are when they are already somewhere.
        collection: Whose documents they know.
        folder: Where indexes are kept.
    """

    def __init__(self, settings: Settings, collection: Collection, folder: Path) -> None:
        self.collection = collection
        self._name = settings.engine
        self._folder = folder
        self._vectors = settings.vectors_dir or folder / "vectors"

    @classmethod
    @contextmanager
    def over(cls, settings: Settings, collection: Collection) -> Iterator[Engines]:
        """Engines over a collection, in a folder that is gone afterwards."""
        kernels.prepare(wait=True)
        with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
            yield cls(settings, collection, Path(folder))

    @contextmanager
    def open(self, language: Language, ranking: Ranking | None = None) -> Iterator[SearchEngine]:
        """An engine that knows the documents.

        Args:
            language: The words of its analyser.
            ranking: Its weights; None for the default.
        """
        folder = self._folder / language.fingerprint()
        engine = build_engine(self._name, folder, language, vectors=self._vectors, ranking=ranking)
        try:
            learn(engine, self.collection.documents)
            yield engine
        finally:
            engine.close()
