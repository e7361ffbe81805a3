"""What the index is at one change: its parts, which of their documents count, and sums over them. Immutable once made.

A search takes one view and keeps it to the end; catching up makes another. Parts are a snapshot mapped from disk and
the small segments of what came since. A changed document is dead in the part that had it and alive in a newer one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser, Form
from indexer.dense import Dense
from indexer.engine import FACETS, Document
from indexer.query import Reading, Scored
from indexer.segment import Model, Segment
from indexer.spelling import Correction, choose, typing_distance, words_with_prefix
from indexer.vectors import WordVectors


class Worth(NamedTuple):
    """What a term that scores is worth in a view.

    Attributes:
        idf: BM25's; see ``View.idf``.
        told: That of the model; see ``Model.idf_of``.
        place: Its number among the model's terms, -1 for none.
        rows: The rows of the vectors of the words of its label that stand for it.
    """

    idf: float
    told: float
    place: int
    rows: tuple[int, ...]


_RARE = 1
_FAR_COMMONER = 8


@dataclass(frozen=True)
class Part:
    """A segment and which of its documents count.

    Attributes:
        segment: The arrays.
        alive: Which documents count, shape (N,).
        living: How many documents count.
        gone: In how many documents that no longer count each term is, shape (T,); None when all count.
        dense: Its vectors, None when there are none.
        documents: The documents it was made of, for the parts that are only in memory.
        name: Its folder's, empty for the parts that are only in memory.
    """

    segment: Segment
    alive: NDArray[np.bool_]
    living: int
    gone: NDArray[np.int64] | None = None
    dense: Dense | None = None
    documents: tuple[Document, ...] = ()
    name: str = ""
    _shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What is known of the segment: parts made of this one have it too."""

    @classmethod
    def whole(
        cls, segment: Segment, dense: Dense | None = None, documents: Sequence[Document] = (), name: str = ""
    ) -> Part:
        """A part all of whose documents count."""
        count = len(segment)
        return cls(segment, np.ones(count, dtype=bool), count, None, dense, tuple(documents), name)

    @property
    def facet_numbers(self) -> dict[str, NDArray[np.int64]]:
        """The numbers of each facet's values in its segment."""
        known: dict[str, NDArray[np.int64]] | None = self._shared.get("facet_numbers")
        if known is None:
            known = self._shared["facet_numbers"] = _by_facet(self.segment.values, 0)
        return known

    @cached_property
    def dead(self) -> NDArray[np.int32]:
        """The rows that count no more, ascending."""
        return np.flatnonzero(~self.alive).astype(np.int32)

    def frequency(self, number: int) -> int:
        """How many living documents have a term, given by its number; 0 for -1."""
        if number < 0:
            return 0
        pointers = self.segment.arrays["term_ptr"]
        found = int(pointers[number + 1] - pointers[number])
        return found if self.gone is None else found - int(self.gone[number])

    def word_frequency(self, number: int) -> int:
        """How many living documents have an unstemmed word, given by its number; 0 for -1."""
        if number < 0:
            return 0
        column = self.segment.word_column(number)
        if self.gone is None:
            return int(column.stop - column.start)
        return int(np.count_nonzero(self.alive[self.segment.arrays["word_docs"][column]]))

    def without(self, rows: Sequence[int] | NDArray[np.int32]) -> Part:
        """The same part, with some living documents dead."""
        if not len(rows):
            return self
        alive = self.alive.copy()
        alive[rows] = False
        terms = len(self.segment.terms)
        gone = np.zeros(terms, dtype=np.int64) if self.gone is None else self.gone.copy()
        arrays = self.segment.arrays
        for row in rows:
            gone[arrays["row_terms"][self.segment.row(int(row))]] += 1
        return replace(self, alive=alive, living=self.living - len(rows), gone=gone)


@dataclass(frozen=True)
class View:
    """The index at one change.

    Attributes:
        parts: Oldest first.
        model: What was fitted.
        analyser: What made the terms.
        seq: The number of the last change it knows.
        vectors: Those of words; None for none.
    """

    parts: tuple[Part, ...]
    model: Model
    analyser: Analyser
    seq: int
    vectors: WordVectors | None = None
    readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    """What typed words came to; see ``indexer.query.Vocabulary``."""
    _frequencies: dict[str, int] = field(default_factory=dict, repr=False)
    _worths: dict[Scored, Worth] = field(default_factory=dict, repr=False)
    _idfs: dict[str, float] = field(default_factory=dict, repr=False)
    _labels: dict[str, str] = field(default_factory=dict, repr=False)
    _rows: dict[str, int] = field(default_factory=dict, repr=False)
    _corrections: dict[str, list[tuple[str, Form]]] = field(default_factory=dict, repr=False)
    _better: dict[str, tuple[str, Form] | None] = field(default_factory=dict, repr=False)

    def after(self, parts: Sequence[Part], seq: int) -> View:
        """Another view under the same model."""
        return View(tuple(parts), self.model, self.analyser, seq, self.vectors)

    @cached_property
    def living(self) -> int:
        """How many documents there are."""
        return sum(part.living for part in self.parts)

    @cached_property
    def facet_values(self) -> tuple[list[tuple[str, str]], list[NDArray[np.int64]]]:
        """All (facet, value), and for each part the number each of its own has among them.

        Those of the largest part come first, in its order, so that a new view costs what its small parts hold.
        """
        return _joined([part.segment.values for part in self.parts], [part.segment.value_ids for part in self.parts])

    @cached_property
    def facet_numbers(self) -> dict[str, NDArray[np.int64]]:
        """The numbers of each facet's values among all."""
        if not self.parts:
            return _by_facet([], 0)
        largest = max(self.parts, key=lambda part: len(part.segment.values))
        first = len(largest.segment.values)
        added = _by_facet(self.facet_values[0][first:], first)
        return {name: np.concatenate([largest.facet_numbers[name], added[name]]) for name in FACETS}

    @cached_property
    def entities(self) -> tuple[list[str], list[NDArray[np.int64]]]:
        """All entities, and for each part the number each of its own has among them."""
        ids = [part.segment.entity_ids for part in self.parts]
        return _joined([list(one) for one in ids], ids)

    def locate(self, id_: str) -> tuple[int, int] | None:
        """The part and row of a living document."""
        for number, part in enumerate(self.parts):
            row = part.segment.place(id_)
            if row is not None and part.alive[row]:
                return number, row
        return None

    def idf(self, term: str) -> float:
        """BM25's idf of a term over living documents; positive even for a term of all.

        It is ``ln(1 + (N - df + ½) / (df + ½))`` (Robertson and Zaragoza 2009, §3.1).
        """
        known = self._idfs.get(term)
        if known is None:
            found = self.frequency(term)
            known = self._idfs[term] = math.log1p((self.living - found + 0.5) / (found + 0.5))
        return known

    # The vocabulary that understanding asks

    def frequency(self, term: str) -> int:
        """In how many living documents a term is."""
        known = self._frequencies.get(term)
        if known is None:
            known = sum(part.frequency(part.segment.term_id(term)) for part in self.parts)
            self._frequencies[term] = known
        return known

    def corrections(self, word: str, limit: int) -> list[tuple[str, Form]]:
        """The likeliest words for one found nowhere; one word a term."""
        if word not in self._corrections:
            self._corrections[word] = self._correct(word, limit)
        return self._corrections[word]

    def _correct(self, word: str, limit: int) -> list[tuple[str, Form]]:
        found: dict[str, tuple[str, Form]] = {}
        for correction in choose(self._neighbours(word, typing_distance(word)), limit * 4, word):
            shown, form = self._shown(correction.word)
            if form.term:
                found.setdefault(form.term, (shown, form))
        return list(found.values())[:limit]

    def better(self, word: str) -> tuple[str, Form] | None:
        """A neighbour far commoner than a rare word, None for most words."""
        if word not in self._better:
            self._better[word] = self._improve(word)
        return self._better[word]

    def _improve(self, word: str) -> tuple[str, Form] | None:
        frequency = self._word_frequency(word)
        if len(word) < 5 or word.isdigit() or frequency > _RARE:
            return None
        own = self._shown(word)[1].term
        near = [c for c in self._neighbours(word, 1) if c.word != word and c.frequency >= _FAR_COMMONER]
        best = choose(near, 1, word)
        if not best:
            return None
        shown, form = self._shown(best[0].word)
        return (shown, form) if form.term and form.term != own else None

    def _neighbours(self, word: str, allowed: int) -> list[Correction]:
        if not allowed:
            return []
        found: dict[str, Correction] = {}
        for part in self.parts:
            for near in part.segment.trigrams.near(word, allowed, part.word_frequency):
                before = found.get(near.word)
                times = near.frequency + (before.frequency if before else 0)
                found[near.word] = Correction(near.word, near.distance, times)
        return list(found.values())

    def _word_frequency(self, word: str) -> int:
        return sum(part.word_frequency(part.segment.word_id(word)) for part in self.parts)

    def _shown(self, word: str) -> tuple[str, Form]:
        for part in self.parts:
            number = part.segment.word_id(word)
            if number >= 0:
                shown = part.segment.texts["shown"][number]
                return shown, self.analyser.form(shown)
        return word, self.analyser.form(word)

    def complete(self, prefix: str, limit: int) -> list[str]:
        """The commonest words that begin like a folded prefix, as they are written."""
        found: dict[str, tuple[int, str]] = {}
        for part in self.parts:
            segment = part.segment
            for number in words_with_prefix(segment.words, prefix):
                times = part.word_frequency(number)
                if times:
                    word = segment.words[number]
                    found[word] = (found.get(word, (0, ""))[0] + times, segment.texts["shown"][number])
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
        return [shown for _, (_, shown) in ranked[:limit]]

    def vector_row(self, term: str) -> int:
        """The row of a term's vector, that of the word it is most often written as; -1 for none."""
        if self.vectors is None:
            return -1
        known = self._rows.get(term)
        if known is None:
            known = self._rows[term] = self.vectors.row(self.analyser.form(self.label(term)).word)
        return known

    def worth(self, one: Scored) -> Worth:
        """What is known of a term that scores."""
        known = self._worths.get(one)
        if known is None:
            term, model = one.term, self.model
            rows = self._vector_rows(one.label, term)
            known = self._worths[one] = Worth(self.idf(term), model.idf_of(term), model.place(term), rows)
        return known

    def _vector_rows(self, label: str, term: str) -> tuple[int, ...]:
        analyser, vectors = self.analyser, self.vectors
        forms = [form for word in analyser.cut(label) if (form := analyser.form(word)).term == term]
        rows = [vectors.row(form.word) for form in forms] if vectors is not None else []
        return tuple([row for row in rows if row >= 0])

    def label(self, term: str) -> str:
        """How a term is most often written."""
        known = self._labels.get(term)
        if known is None:
            numbers = ((part, part.segment.term_id(term)) for part in self.parts)
            labels = (part.segment.texts["labels"][number] for part, number in numbers if number >= 0)
            known = self._labels[term] = next(labels, term)
        return known


def _by_facet(values: Sequence[tuple[str, str]], first: int) -> dict[str, NDArray[np.int64]]:
    """Numbers of values by their facet, when the first of them has a number."""
    found: dict[str, list[int]] = {name: [] for name in FACETS}
    for number, (name, _) in enumerate(values, start=first):
        found[name].append(number)
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in found.items()}


def _joined(
    lists: Sequence[Sequence[Any]], numbers: Sequence[dict[Any, int]]
) -> tuple[list[Any], list[NDArray[np.int64]]]:
    """Lists of keys joined, the longest first; and where the keys of each went."""
    if not lists:
        return [], []
    largest = max(range(len(lists)), key=lambda one: len(lists[one]))
    joined, known = list(lists[largest]), numbers[largest]
    added: dict[Any, int] = {}
    maps = []
    for keys in lists:
        if keys is lists[largest]:
            maps.append(np.arange(len(keys)))
            continue
        places = []
        for key in keys:
            place = known.get(key)
            if place is None and (place := added.get(key)) is None:
                place = added[key] = len(joined)
                joined.append(key)
            places.append(place)
        maps.append(np.array(places, dtype=np.int64))
    return joined, maps
