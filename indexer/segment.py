"""One immutable segment of the index, in memory or mapped from a file: arrays over documents, terms and words.

A segment is one note × term matrix kept both ways (columns to search, rows to compare), the stream of term ids that
phrases are read from, the unstemmed words that prefixes and corrections run over, facets and links. Term ids are the
segment's own; what two segments share is the text of their terms, and the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.spelling import Trigrams
from indexer.texts import Texts

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

IMPACT = np.iinfo(np.uint16).max
"""A saturation of 1, as an impact is stored: sixteen bits lose nothing that a ranking shows."""

BAR_DEPTHS = (1, 10, 20, 50, 200)
"""For how many results a segment knows a score that as many documents of a term reach."""

FREQUENT = 32
"""A term of more than one document in so many is kept as a set of bits too."""

VECTOR_K = 1.5
"""Saturation of term frequencies in vectors: slower than BM25F's, so that titles and insistence tell."""

HALVES = 2
"""Weighted frequencies are kept in halves, which ``FIELD_BOOSTS`` are, up to 127.5."""

PIVOT_SLOPE = 0.4
"""How much a vector's own length counts in its normalisation (1: the cosine); chosen with ``evaluate peers``."""

GROUPS = ("solved", "same")

_FACET_SEPARATOR = "\x1f"

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]


def _saturations() -> Floats:
    frequencies = np.arange(256) / HALVES
    return (frequencies / (VECTOR_K + frequencies)).astype(np.float32)


SATURATIONS = _saturations()
"""What each stored weight is worth in a vector, before idf: ``tf / (VECTOR_K + tf)``."""


@dataclass(frozen=True)
class Model:
    """What was fitted on a set of documents, and stays until it is fitted again.

    Attributes:
        lengths: Mean length of each field of ``FIELDS`` in words, float64, shape (6,); an unused field counts 1.
        documents: How many documents it was fitted on.
        terms: Their terms, in code point order.
        frequencies: In how many of them each term was, shape (len(terms),).
        norm: The mean length of their vectors, the pivot of length normalisation.
    """

    lengths: NDArray[np.float64]
    documents: int
    terms: Texts
    frequencies: Ints
    norm: float = 1.0
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def idf_of(self, term: str) -> float:
        """Smoothed inverse document frequency, ``ln((1 + N) / (1 + df)) + 1`` as scikit-learn's TfidfTransformer.

        A term unknown when the model was fitted counts as found nowhere.
        """
        known = self._known.get(term)
        if known is None:
            place = self.terms.find(term)
            found = int(self.frequencies[place]) if place >= 0 else 0
            known = self._known[term] = math.log((1 + self.documents) / (1 + found)) + 1
        return known

    def idf(self, terms: Iterable[str]) -> Floats:
        """The idf of some terms, shape (len(terms),)."""
        return np.fromiter(map(self.idf_of, terms), dtype=np.float32)

    def idf_of_all(self, terms: Texts) -> Floats:
        """The same for a whole vocabulary; at once for the model's own."""
        if terms is self.terms:
            return (np.log((1 + self.documents) / (1 + self.frequencies.astype(np.float64))) + 1).astype(np.float32)
        return self.idf(terms.decoded())


@dataclass(frozen=True)
class Segment:
    """Arrays over N documents, T terms, W unstemmed words, P postings. None can be written to.

    Attributes:
        texts: ``terms`` and ``words`` (folded) in code point order, ``labels`` and ``shown`` (the commonest way each
            of them is written), ``ids``, ``titles`` (folded), ``values`` (of facets), ``entities``.
        arrays: By name, dtype and shape as built by ``indexer.building``.
    """

    texts: Mapping[str, Texts]
    arrays: Arrays = field(repr=False)

    def __post_init__(self) -> None:
        for array in self.arrays.values():
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.texts["ids"])

    @property
    def ids(self) -> Texts:
        """Public ids, shape (N,)."""
        return self.texts["ids"]

    @property
    def terms(self) -> Texts:
        """Terms, shape (T,)."""
        return self.texts["terms"]

    @property
    def words(self) -> Texts:
        """Folded words, shape (W,)."""
        return self.texts["words"]

    @property
    def entities(self) -> Texts:
        """Ids of linked entities."""
        return self.texts["entities"]

    @cached_property
    def pointers(self) -> memoryview:
        """``term_ptr``, quicker to read one by one."""
        return memoryview(self.arrays["term_ptr"])

    @cached_property
    def bit_rows(self) -> dict[int, int]:
        """The row of ``bits`` of each frequent term."""
        return {term: row for row, term in enumerate(self.arrays["bit_terms"].tolist())}

    @cached_property
    def bars(self) -> memoryview:
        """``term_bars``, the same."""
        return memoryview(self.arrays["term_bars"])

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """Values of facets, as (facet, value)."""
        return [_facet_value(text) for text in self.texts["values"].decoded()]

    @cached_property
    def value_ids(self) -> dict[tuple[str, str], int]:
        """(facet, value) → its number here."""
        return {value: number for number, value in enumerate(self.values)}

    @cached_property
    def entity_ids(self) -> dict[str, int]:
        """Entity → its number here."""
        return {entity: number for number, entity in enumerate(self.entities.decoded())}

    @cached_property
    def trigrams(self) -> Trigrams:
        """The words by their trigrams."""
        return Trigrams(self.words, self.arrays["gram_keys"], self.arrays["gram_words"])

    @cached_property
    def _term_ids(self) -> dict[str, int]:
        return {}

    def term_id(self, term: str) -> int:
        """The number of a term here, -1 for none."""
        known = self._term_ids.get(term)
        if known is None:
            if len(self._term_ids) > _REMEMBERED:
                self._term_ids.clear()
            known = self._term_ids[term] = self.terms.find(term)
        return known

    def word_id(self, word: str) -> int:
        """The number of a folded word here, -1 for none."""
        return self.words.find(word)

    def place(self, id_: str) -> int | None:
        """The row of a document, None when it is not here."""
        row = self.ids.find(id_, self.arrays["id_order"])
        return row if row >= 0 else None

    def column(self, term: str) -> slice | None:
        """Where a term's postings are in ``term_docs`` and beside it; None when it is not here."""
        number = self.term_id(term)
        if number < 0:
            return None
        return slice(self.pointers[number], self.pointers[number + 1])

    def word_column(self, number: int) -> slice:
        """Where a word's postings are in ``word_docs`` and beside it."""
        pointers = self.arrays["word_ptr"]
        return slice(int(pointers[number]), int(pointers[number + 1]))

    def row(self, place: int) -> slice:
        """Where a document's terms are in ``row_terms`` and ``row_weights``."""
        pointers = self.arrays["row_ptr"]
        return slice(int(pointers[place]), int(pointers[place + 1]))


_REMEMBERED = 50_000


def facet_text(name: str, value: str) -> str:
    """A value of a facet as one text."""
    return f"{name}{_FACET_SEPARATOR}{value}"


def _facet_value(text: str) -> tuple[str, str]:
    name, _, value = text.partition(_FACET_SEPARATOR)
    return name, value
