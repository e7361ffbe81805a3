"""What an index is made with: an analyser and, when there are any, word vectors."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.vectors import WordVectors


@dataclass(frozen=True, slots=True)
class Recipe:
    """An analyser and word vectors; with others, the same documents make another index."""

    analyser: Analyser
    vectors: WordVectors | None = None

    @property
    def fingerprint(self) -> str:
        """Tells an index made with this from one made with anything else."""
        return f"{self.analyser.fingerprint}-{self.vectors.fingerprint if self.vectors is not None else 'none'}"

    def builder(self) -> Builder:
        """A builder of segments."""
        return Builder(self.analyser, self.vectors)
