"""What each component of the ranking counts for: one default, the same for all collections."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ranking:
    """Weights of the sum that ranks free text, beside BM25F's 1; each component is in [0, 1] or a cosine.

    Attributes:
        latent: Cosine in the latent space.
        passage: The best passage: share of the query's idf that its words hold, and closeness of its vector.
        passage_vector: Within a passage, its vector beside its words' 1.
        vector: Cosine of word vectors with the title or with the whole note, the better.
        title_words: Share of the query's idf that the title holds.
        title_vector: Cosine of word vectors with the title, beside ``vector``.
        standing: What readers made of a document multiplies its score by 1 ± this at most. It moves what is nearly as
            good, and lets nothing through that does not answer.
    """

    latent: float = 0.3
    passage: float = 0.4
    passage_vector: float = 0.7
    vector: float = 0.3
    title_words: float = 0.15
    title_vector: float = 0.1
    standing: float = 0.1

    @classmethod
    def lexical(cls) -> Ranking:
        """BM25F alone: nothing else counts, and nothing is found by meaning."""
        return cls(
            latent=0.0, passage=0.0, passage_vector=0.0, vector=0.0, title_words=0.0, title_vector=0.0, standing=0.0
        )

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The weights in the order of their names, as compiled loops take them, shape (7,)."""
        return np.array(astuple(self), dtype=np.float32)

    @cached_property
    def most(self) -> float:
        """The most a sum can be: what scores are divided by."""
        inside = self.passage * (1 + self.passage_vector)
        return 1 + self.latent + inside + self.vector + self.title_words + self.title_vector

    @cached_property
    def by_vectors(self) -> bool:
        """Whether word vectors count for something."""
        return bool(self.vector or self.title_vector or self.passage_vector)

    @cached_property
    def is_lexical(self) -> bool:
        """Whether only BM25F counts."""
        return self.most <= 1
