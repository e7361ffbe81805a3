"""What the index is at one change: its parts, which of their documents count, and sums over them. Immutable once made.

A search takes one view and keeps it to the end; catching up makes another. Parts are a snapshot mapped from disk and
the small segments of what came since. A changed document is dead in the part that had it and alive in a newer one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser, Form
from indexer.engine import FACETS, Document
from indexer.segment import Model, Segment
from indexer.spelling import Correction, choose, typing_distance, words_with_prefix

_RARE = 1
_FAR_COMMONER = 8


@dataclass(frozen=True)
class Part:
    """A segment and which of its documents count.

    Attributes:
        segment: The arrays.
        alive: Which documents count, shape (N,).
        documents: The documents it was made of, for the parts that are only in memory.
    """

    segment: Segment
    alive: NDArray[np.bool_]
    documents: tuple[Document, ...] = ()

    @classmethod
    def whole(cls, segment: Segment, documents: Sequence[Document] = ()) -> Part:
        """A part all of whose documents count."""
        return cls(segment, np.ones(len(segment), dtype=bool), tuple(documents))

    @cached_property
    def living(self) -> int:
        """How many documents count."""
        return int(np.count_nonzero(self.alive))

    def frequency(self, column: slice | None, kind: str = "term") -> int:
        """How many living documents a column of postings holds."""
        if column is None:
            return 0
        if self.living == len(self.segment):
            return int(column.stop - column.start)
        return int(np.count_nonzero(self.alive[self.segment.arrays[f"{kind}_docs"][column]]))

    def without(self, rows: Sequence[int]) -> Part:
        """The same part, with some documents dead."""
        alive = self.alive.copy()
        alive[list(rows)] = False
        return Part(self.segment, alive, self.documents)


@dataclass(frozen=True)
class View:
    """The index at one change.

    Attributes:
        parts: Oldest first.
        model: What was fitted.
        analyser: What made the terms.
        seq: The number of the last change it knows.
    """

    parts: tuple[Part, ...]
    model: Model
    analyser: Analyser
    seq: int
    _frequencies: dict[str, int] = field(default_factory=dict, repr=False)
    _corrections: dict[str, list[tuple[str, Form]]] = field(default_factory=dict, repr=False)
    _better: dict[str, tuple[str, Form] | None] = field(default_factory=dict, repr=False)

    @cached_property
    def living(self) -> int:
        """How many documents there are."""
        return sum(part.living for part in self.parts)

    @cached_property
    def facet_values(self) -> tuple[list[tuple[str, str]], list[NDArray[np.int64]]]:
        """All (facet, value) in order, and for each part the number each of its own has among them."""
        values = sorted({value for part in self.parts for value in part.segment.values})
        numbers = {value: number for number, value in enumerate(values)}
        maps = [np.array([numbers[value] for value in part.segment.values], dtype=np.int64) for part in self.parts]
        return values, maps

    @cached_property
    def facet_spans(self) -> dict[str, slice]:
        """Where each facet's values are among all."""
        names = [name for name, _ in self.facet_values[0]]
        return {name: slice(bisect_left(names, name), bisect_right(names, name)) for name in FACETS}

    def locate(self, id_: str) -> tuple[int, int] | None:
        """The part and row of a living document."""
        for number, part in enumerate(self.parts):
            row = part.segment.places.get(id_)
            if row is not None and part.alive[row]:
                return number, row
        return None

    # The vocabulary that understanding asks

    def frequency(self, term: str) -> int:
        """In how many living documents a term is."""
        known = self._frequencies.get(term)
        if known is None:
            known = sum(part.frequency(part.segment.column(term)) for part in self.parts)
            self._frequencies[term] = known
        return known

    def corrections(self, word: str, limit: int) -> list[tuple[str, Form]]:
        """The likeliest words for one found nowhere; one word a term."""
        if word not in self._corrections:
            self._corrections[word] = self._correct(word, limit)
        return self._corrections[word]

    def _correct(self, word: str, limit: int) -> list[tuple[str, Form]]:
        found: dict[str, tuple[str, Form]] = {}
        for correction in choose(self._neighbours(word, typing_distance(word)), limit * 4):
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
        best = choose([c for c in self._neighbours(word, 1) if c.word != word and c.frequency >= _FAR_COMMONER], 1)
        if not best:
            return None
        shown, form = self._shown(best[0].word)
        return (shown, form) if form.term and form.term != own else None

    def _neighbours(self, word: str, allowed: int) -> list[Correction]:
        if not allowed:
            return []
        found: dict[str, Correction] = {}
        for part in self.parts:
            for near in part.segment.trigrams.near(word, allowed, _WordFrequency(part)):
                before = found.get(near.word)
                times = near.frequency + (before.frequency if before else 0)
                found[near.word] = Correction(near.word, near.distance, times)
        return list(found.values())

    def _word_frequency(self, word: str) -> int:
        total = 0
        for part in self.parts:
            number = part.segment.word_ids.get(word)
            if number is not None:
                total += part.frequency(part.segment.word_column(number), "word")
        return total

    def _shown(self, word: str) -> tuple[str, Form]:
        for part in self.parts:
            number = part.segment.word_ids.get(word)
            if number is not None:
                shown = part.segment.shown[number]
                return shown, self.analyser.form(shown)
        return word, self.analyser.form(word)

    def complete(self, prefix: str, limit: int) -> list[str]:
        """The commonest words that begin like a folded prefix, as they are written."""
        found: dict[str, tuple[int, str]] = {}
        for part in self.parts:
            segment = part.segment
            for number in words_with_prefix(segment.words, prefix):
                times = part.frequency(segment.word_column(number), "word")
                if times:
                    word = segment.words[number]
                    found[word] = (found.get(word, (0, ""))[0] + times, segment.shown[number])
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
        return [shown for _, (_, shown) in ranked[:limit]]

    def label(self, term: str) -> str:
        """How a term is most often written."""
        for part in self.parts:
            number = part.segment.term_ids.get(term)
            if number is not None:
                return part.segment.labels[number]
        return term


@dataclass(frozen=True, slots=True)
class _WordFrequency:
    part: Part

    def __call__(self, number: int) -> int:
        return self.part.frequency(self.part.segment.word_column(number), "word")
