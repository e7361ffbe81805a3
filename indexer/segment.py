"""One immutable segment of the index, in memory or mapped from a file: arrays over documents, terms and words.

A segment is one note × term matrix kept both ways (columns to search, rows to compare), the stream of term ids that
phrases are read from, the unstemmed words that prefixes and corrections run over, facets and links. Term ids are the
segment's own; what two segments share is the text of their terms, and the model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import NEGATIONS
from indexer.spelling import Trigrams
from indexer.texts import Texts, frozen

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

BYTE = 255
"""A saturation of 1 in rows, where eight bits are enough."""

PIVOT_SLOPE = 0.4
"""How much a vector's own length counts in its normalisation (1: the cosine); chosen with ``evaluate peers``."""

WINDOW, SHORT, LEAD = 45, 18, 12
"""Words of a passage; of a last one that is too short, and becomes the last ``WINDOW`` words; of the body that stand
for a title that is empty."""

TOPICS = 20
"""The first components of the latent space, which tell what two notes are about."""

GROUPS = ("solved", "same")

_FACET_SEPARATOR = "\x1f"

NO_CODES = frozen(np.zeros((0, 0), dtype=np.int8))
NO_SCALES = frozen(np.zeros(0, dtype=np.float32))

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Model:
    """What was fitted on a set of documents, and stays until it is fitted again.

    Attributes:
        lengths: Mean length of each field of ``FIELDS`` in words, float64, shape (6,); an unused field counts 1.
        documents: How many documents it was fitted on.
        terms: Their terms, in code point order.
        frequencies: In how many of them each term was, shape (len(terms),).
        norm: The mean length of their vectors, the pivot of length normalisation.
        covered: How many documents there were in all when it was fitted.
        mean: The mean of the vectors of notes, float32, shape (D,); (0,) without word vectors.
        components: The latent space, float32, shape (len(terms), L); (0, 0) before it is fitted.
        centroids: Centres of clusters of the vectors of notes, float32, shape (C, D); (0, D) for none.
    """

    lengths: NDArray[np.float64]
    documents: int
    terms: Texts
    frequencies: Ints
    norm: float = 1.0
    covered: int = 0
    mean: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    components: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    centroids: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    _known: dict[str, float] = field(default_factory=dict, repr=False, compare=False)
    _places: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def coded_centroids(self) -> tuple[NDArray[np.int8], Floats]:
        """The centres of clusters in eight bits, a quarter of what is read to choose some, and their scales."""
        scales = (np.abs(self.centroids).max(axis=1, initial=1e-9) / 127).astype(np.float32)
        codes = np.rint(self.centroids / scales[:, None]).astype(np.int8)
        codes.flags.writeable = scales.flags.writeable = False
        return codes, scales

    def __post_init__(self) -> None:
        for name in ("lengths", "frequencies", "mean", "components", "centroids"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def idf_of(self, term: str) -> float:
        """Smoothed inverse document frequency, ``ln((1 + N) / (1 + df)) + 1`` as scikit-learn's TfidfTransformer.

        A term unknown when the model was fitted counts as found nowhere, and a negation for nothing: it makes no two
        notes nearer.
        """
        known = self._known.get(term)
        if known is None:
            place = self.place(term)
            found = int(self.frequencies[place]) if place >= 0 else 0
            worth = math.log((1 + self.documents) / (1 + found)) + 1
            known = self._known[term] = 0.0 if term in NEGATIONS else worth
        return known

    def frequencies_at(self, places: Longs) -> Ints:
        """The frequencies of terms given by their numbers, 0 for -1, shape (len(places),)."""
        found = np.zeros(len(places), dtype=np.int32)
        known = places >= 0
        found[known] = self.frequencies[places[known]]
        return found

    def place(self, term: str) -> int:
        """The number of a term among the model's, -1 for none."""
        known = self._places.get(term)
        if known is None:
            known = self._places[term] = self.terms.find(term)
        return known

    def idf_of_all(self, terms: Texts) -> Floats:
        """The same for a whole vocabulary at once, shape (len(terms),)."""
        known = self.frequencies if terms is self.terms else self.frequencies_at(self.terms.places_of(terms))
        worths = np.log((1 + self.documents) / (1 + known.astype(np.float64))) + 1
        for negation in NEGATIONS:
            place = terms.find(negation)
            if place >= 0:
                worths[place] = 0.0
        return worths.astype(np.float32)


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
        return self._ids

    @cached_property
    def _ids(self) -> Texts:
        return self.texts["ids"].loaded()

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
    def numbers(self) -> Ints:
        """The rows of its documents, all of them, shape (N,)."""
        numbers = np.arange(len(self), dtype=np.int32)
        numbers.flags.writeable = False
        return numbers

    @cached_property
    def pointers(self) -> memoryview:
        """``term_ptr``, quicker to read one by one."""
        return self.arrays["term_ptr"].data

    @cached_property
    def of_ranking(self) -> tuple[tuple[NDArray[Any], ...], tuple[NDArray[Any], ...], Floats]:
        """The arrays that the ranking's loop reads, in its order: postings, texts with their vectors, standings."""
        postings = ("term_docs", "term_impacts", "term_fields", "bits")
        texts = ("stream", "stream_ptr", "field_ends")
        vectors = [f"{name}_{what}" for name in ("title", "note", "passage") for what in ("vectors", "scales")]
        return (
            tuple(self.arrays[name] for name in postings),
            tuple(self.arrays[name] for name in (*texts, *vectors, "passage_ptr")),
            self.arrays["standings"],
        )

    @cached_property
    def of_finding(self) -> tuple[NDArray[Any], ...]:
        """The arrays that a search for terms reads, in its order."""
        names = ("term_docs", "term_impacts", "term_ptr", "term_bars", "bit_of", "bits")
        return tuple(self.arrays[name] for name in names)

    @cached_property
    def of_likeness(self) -> tuple[NDArray[Any], ...]:
        """The arrays that comparing documents in full reads, in its order."""
        names = ("inverse_norms", "term_idf", "note_vectors", "note_scales", "centred_scales")
        return (*self.of_rows, *(self.arrays[name] for name in names))

    @cached_property
    def one_run(self) -> tuple[NDArray[Any], ...]:
        """The vectors of all its documents as those of one cluster: vectors, scales, documents, where it begins."""
        pointers = frozen(np.array([0, len(self)], dtype=np.int64))
        return self.arrays["note_vectors"], self.arrays["note_scales"], self.numbers, pointers

    @cached_property
    def of_rows(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The arrays that comparing documents reads, in its order: where rows begin, their terms, their impacts."""
        return self.arrays["row_ptr"], self.arrays["row_terms"], self.arrays["row_impacts"]

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

    @cached_property
    def _by_entity(self) -> tuple[Ints, Longs]:
        owners = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.arrays["link_ptr"]))
        entities = self.arrays["link_entities"]
        counts = np.bincount(entities, minlength=len(self.entities))
        return owners[np.argsort(entities, kind="stable")], np.concatenate([[0], np.cumsum(counts)])

    def rows_of(self, entity: int) -> Ints:
        """The documents linked to an entity, given by its number, ascending."""
        rows, pointers = self._by_entity
        return rows[pointers[entity] : pointers[entity + 1]]

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
