"""One immutable segment of the index, in memory or mapped from a file: arrays over documents, terms and words.

A segment is one note × term matrix kept both ways (columns to search, rows to compare), the stream of term ids that
phrases are read from, the unstemmed words that prefixes and corrections run over, facets and links. Term ids are the
segment's own; what two segments share is the text of their terms, and the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.spelling import Trigrams

STOP = -1
"""In the stream: a stop word, which keeps its place."""

EDGE = -2
"""In the stream: the end of a field, which no phrase crosses."""

FIELD_BOOSTS = np.array([3.0, 1.0, 2.0, 1.0, 1.5, 0.0], dtype=np.float64)
"""BM25F weights of ``FIELDS``; the words for ``type:`` never score."""

FIELD_B = np.array([0.3, 0.75, 0.3, 0.3, 0.3, 0.3], dtype=np.float64)
"""BM25F length normalisation of ``FIELDS``: a title's length says little."""

K1 = 1.2
"""BM25F saturation."""

VECTOR_K = 1.5
"""Saturation of term frequencies in vectors: slower than BM25F's, so that titles and insistence tell."""

PIVOT_SLOPE = 0.4
"""How much a vector's own length counts in its normalisation (1: the cosine); chosen with ``evaluate peers``."""

GROUPS = ("solved", "same")

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """What was fitted on a set of documents, and stays until it is fitted again.

    Attributes:
        lengths: Mean length of each field of ``FIELDS`` in words, float64, shape (6,); an unused field counts 1.
        documents: How many documents it was fitted on.
        frequencies: In how many of them each term was.
        norm: The mean length of their vectors, the pivot of length normalisation.
    """

    lengths: NDArray[np.float64]
    documents: int
    frequencies: Mapping[str, int]
    norm: float = 1.0

    def idf(self, terms: Iterable[str]) -> Floats:
        """Smoothed inverse document frequencies, ``ln((1 + N) / (1 + df)) + 1`` as scikit-learn's TfidfTransformer.

        Shape (len(terms),); a term unknown when the model was fitted counts as found nowhere.
        """
        found = np.fromiter((self.frequencies.get(term, 0) for term in terms), dtype=np.float64)
        return (np.log((1 + self.documents) / (1 + found)) + 1).astype(np.float32)


@dataclass(frozen=True)
class Segment:
    """Arrays over N documents, T terms, W unstemmed words.

    Attributes:
        terms: T terms in code point order.
        labels: The commonest way each term is written.
        words: W folded words in code point order.
        shown: The commonest way each word is written.
        ids: N public ids.
        titles: N folded titles, to order by.
        values: Values of facets, as (facet, value), in order.
        entities: Ids of linked entities.
        arrays: By name, dtype and shape as built by ``indexer.building``.
    """

    terms: Sequence[str]
    labels: Sequence[str]
    words: Sequence[str]
    shown: Sequence[str]
    ids: Sequence[str]
    titles: Sequence[str]
    values: Sequence[tuple[str, str]]
    entities: Sequence[str]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def term_ids(self) -> dict[str, int]:
        """Term → its id here."""
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def word_ids(self) -> dict[str, int]:
        """Folded word → its id here."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def trigrams(self) -> Trigrams:
        """The words by their trigrams."""
        return Trigrams(self.words)

    @cached_property
    def places(self) -> dict[str, int]:
        """Public id → row."""
        return {id_: row for row, id_ in enumerate(self.ids)}

    def column(self, term: str) -> slice | None:
        """Where a term's postings are in ``term_docs`` and beside it; None when it is not here."""
        number = self.term_ids.get(term)
        if number is None:
            return None
        pointers = self.arrays["term_ptr"]
        return slice(int(pointers[number]), int(pointers[number + 1]))

    def word_column(self, number: int) -> slice:
        """Where a word's postings are in ``word_docs`` and beside it."""
        pointers = self.arrays["word_ptr"]
        return slice(int(pointers[number]), int(pointers[number + 1]))

    def row(self, place: int) -> slice:
        """Where a document's terms are in ``row_terms`` and ``row_weights``."""
        pointers = self.arrays["row_ptr"]
        return slice(int(pointers[place]), int(pointers[place + 1]))
