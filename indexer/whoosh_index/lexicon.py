"""The words of an index and in how many documents each is: what understanding, corrections and completion ask for.

Whoosh counts removed documents until it merges their segment, so frequencies are counted from the rows instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from indexer.analysis import Analyser, Form
from indexer.query import Reading
from indexer.spelling import Correction, Trigrams, choose, typing_distance, words_with_prefix
from indexer.whoosh_index.schema import Row

_LONG = 5
_RARE = 1
_FAR_COMMONER = 8


class Lexicon:
    """Implements ``indexer.query.Vocabulary``. Immutable.

    Attributes:
        terms: Document frequency of terms, in any field.
        words: The same of folded words.
        readings: What typed words came to.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self.terms: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.readings: dict[str, Reading] = {}
        self._written: Counter[str] = Counter()

    def after(self, removed: Iterable[Row], added: Iterable[Row]) -> Lexicon:
        """The lexicon once documents have gone and others come."""
        later = Lexicon(self._analyser)
        for counts, kept, name in (
            (later.terms, self.terms, "terms"),
            (later.words, self.words, "words"),
            (later._written, self._written, "written"),
        ):
            counts.update(kept)
            for row in added:
                counts.update(getattr(row, name))
            for row in removed:
                counts.subtract(getattr(row, name))
            for gone in [word for word, count in counts.items() if not count]:
                del counts[gone]
        return later

    def frequency(self, term: str) -> int:
        """In how many documents a term is, in any field."""
        return self.terms[term]

    def corrections(self, word: str, limit: int) -> Sequence[tuple[str, Form]]:
        """The likeliest words for a folded word found nowhere, one a term: as displayed, and their form."""
        found: dict[str, tuple[str, Form]] = {}
        for correction in choose(self._near(word, typing_distance(word)), limit * 4, word):
            shown, form = self._display(correction.word)
            if form.term:
                found.setdefault(form.term, (shown, form))
        return list(found.values())[:limit]

    def better(self, word: str) -> tuple[str, Form] | None:
        """A far commoner neighbour of a rare word, None for most words."""
        if len(word) < _LONG or word.isdigit() or self.words[word] > _RARE or word not in self.words:
            return None
        near = [found for found in self._near(word, 1) if found.word != word and found.frequency >= _FAR_COMMONER]
        best = choose(near, 1, word)
        if not best:
            return None
        shown, form = self._display(best[0].word)
        return (shown, form) if form.term and form.term != self._display(word)[1].term else None

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Words that begin like a folded prefix, as displayed, the commonest first, ties by word."""
        found = [self.in_order[number] for number in words_with_prefix(self.in_order, prefix)]
        ranked = sorted(found, key=lambda word: (-self.words[word], word))
        return tuple(self._shown[word] for word in ranked[:limit])

    def label(self, term: str) -> str:
        """How a term is most often written."""
        return self._labels.get(term, term)

    def _near(self, word: str, allowed: int) -> list[Correction]:
        if not allowed or not self.in_order:
            return []
        return self._trigrams.near(word, allowed, lambda number: self.words[self.in_order[number]])

    def _display(self, word: str) -> tuple[str, Form]:
        shown = self._shown[word]
        return shown, self._analyser.form(shown)

    @cached_property
    def in_order(self) -> list[str]:
        """Folded words in code point order."""
        return sorted(self.words)

    @cached_property
    def _trigrams(self) -> Trigrams:
        return Trigrams.of(self.in_order)

    @cached_property
    def _shown(self) -> dict[str, str]:
        """Folded word → how it is most often written."""
        return {self._analyser.form(written).word: written for written in self._commonest_last}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {self._analyser.form(written).term: written for written in self._commonest_last}

    @cached_property
    def _commonest_last(self) -> list[str]:
        return sorted(self._written, key=lambda written: (self._written[written], written))
