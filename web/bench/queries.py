"""What engines are asked: the same questions for all, drawn from the notes, so that there is something to find."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from indexer.engine import Document
from web.bench.notes import BLOCK, Notes

TOP = 10
"""How many notes an engine is asked for."""

KEY_WORDS = 20
"""Words that stand for a note, where an engine has no « more like this » of its own."""

COUNTED = 10_000
"""Notes read to tell rare words from common ones."""

BLOCKS_READ = 12
LENGTHS, CHANCES = (1, 2, 3, 4, 5), (0.15, 0.3, 0.25, 0.2, 0.1)
"""Words of a search, and how often."""

WITH_STOP_WORD = 0.15
TYPED_STOP_WORDS = ("de", "pour", "les", "dans", "avec")
NEED_WORDS = (12, 24)

COMMONER = 0.5
"""A word is typed by its frequency to this power."""

UNKNOWN = "atelier"
"""What is asked for where a corpus has too few words to ask for."""

_WORD = re.compile(r"[^\W\d_]{2,}")

Words = tuple[str, ...]
Action = Callable[[], Any]
Actions = dict[str, list[Action]]
"""What an engine does, by measure: one action a question, each giving the ids of the best ``TOP`` notes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A note to find others like it: its id, and its words of highest tf-idf."""

    id: str
    words: Words


@dataclass(frozen=True, slots=True)
class Questions:
    """All that is asked, in order; each list is as long as the others.

    Attributes:
        any_word: Free searches of one to five words; a few have a stop word.
        all_words: Words that a note has together.
        boolean: a, b and c of « (a OU b) SAUF c ».
        phrase: Two or three words that follow one another in a note; the one in the middle may be a stop word.
        related: Notes to find others like.
        peers: Needs of one or two sentences.
    """

    any_word: tuple[str, ...]
    all_words: tuple[Words, ...]
    boolean: tuple[Words, ...]
    phrase: tuple[Words, ...]
    related: tuple[Sample, ...]
    peers: tuple[str, ...]


def questions(notes: Notes, count: int) -> Questions:
    """Draw ``count`` questions of each kind; the same notes and count give the same ones."""
    random = np.random.default_rng((notes.seed, count, 1))
    drawn = _Drawn(random, notes.stop_words, _frequencies(notes))
    sample = _sample(notes, count, random)
    return Questions(
        any_word=tuple(drawn.search(note) for note in sample),
        all_words=tuple(drawn.words(note, 2 + at % 2) for at, note in enumerate(sample)),
        boolean=tuple(drawn.words(note, 3) for note in sample),
        phrase=tuple(drawn.passage(note, 2 + at % 2) for at, note in enumerate(sample)),
        related=tuple(Sample(note.id, drawn.key_words(note)) for note in sample),
        peers=tuple(drawn.need(note) for note in sample),
    )


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def _sample(notes: Notes, count: int, random: np.random.Generator) -> list[Document]:
    """Some notes, from few blocks: drawing a block to read one note of it would be long."""
    blocks = random.permutation(-(-notes.count // BLOCK))[:BLOCKS_READ]
    numbers = [int(random.choice(blocks)) * BLOCK + int(random.integers(BLOCK)) for _ in range(count)]
    return notes.some([number % notes.count for number in numbers])


def _frequencies(notes: Notes) -> Counter[str]:
    """In how many of the first ``COUNTED`` notes each word is."""
    found: Counter[str] = Counter()
    for note in islice(notes, COUNTED):
        found.update(set(words_of(f"{note.title} {note.body}")))
    return found


class _Drawn:
    """Draws of words from one note."""

    def __init__(self, random: np.random.Generator, stop_words: frozenset[str], frequencies: Counter[str]) -> None:
        self._random = random
        self._stop_words = stop_words
        self._frequencies = frequencies
        self._common = max(frequencies.values(), default=1)

    def search(self, note: Document) -> str:
        """A free search."""
        words = list(self.words(note, int(self._random.choice(LENGTHS, p=CHANCES))))
        if self._random.random() < WITH_STOP_WORD:
            words.insert(int(self._random.integers(1, len(words) + 1)), str(self._random.choice(TYPED_STOP_WORDS)))
        return " ".join(words)

    def words(self, note: Document, count: int) -> Words:
        """Distinct words that mean something: one of the note's key words, others as they come."""
        first = self.key_words(note)[int(self._random.integers(5)) :][:1]
        others = [word for word in self._content(note) if word not in first]
        return self._some([*first], others, count)

    def key_words(self, note: Document) -> Words:
        """The words of highest tf-idf, the best first."""
        times = Counter(word for word in words_of(f"{note.title} {note.body}") if self._means(word))
        worth = {word: count * math.log(COUNTED / (1 + self._frequencies[word])) for word, count in times.items()}
        return tuple(sorted(worth, key=lambda word: (-worth[word], word))[:KEY_WORDS])

    def passage(self, note: Document, length: int) -> Words:
        """Words that follow one another in a sentence and begin and end with one that means something."""
        found = []
        for sentence in note.body.split("."):
            words = words_of(sentence)
            runs = (tuple(words[at : at + length]) for at in range(len(words) - length + 1))
            found += [run for run in runs if self._means(run[0]) and self._means(run[-1])]
        return found[int(self._random.integers(len(found)))] if found else self.words(note, 1)

    def need(self, note: Document) -> str:
        """A need in words: some of the note's, stop words among them."""
        words = self._some([], self._content(note), int(self._random.integers(*NEED_WORDS)))
        typed: Iterable[str] = self._random.choice(TYPED_STOP_WORDS, len(words))
        return " ".join(
            f"{word} {stop}" if at % 3 else word for at, (word, stop) in enumerate(zip(words, typed, strict=True))
        )

    def _content(self, note: Document) -> list[str]:
        return sorted({word for word in words_of(f"{note.title} {note.body}") if self._means(word)})

    def _means(self, word: str) -> bool:
        """Whether people would search for it: neither a stop word, nor in a third of the notes."""
        return len(word) > 3 and word not in self._stop_words and self._frequencies[word] < self._common / 3

    def _some(self, first: list[str], others: Sequence[str], count: int) -> Words:
        """Some words, common ones more often: people name the subject before the detail."""
        chances = np.array([self._frequencies[word] + 1.0 for word in others]) ** COMMONER
        wanted = min(max(0, count - len(first)), len(others))
        picked = self._random.choice(len(others), wanted, replace=False, p=chances / chances.sum()) if wanted else ()
        found = (*first, *(others[at] for at in picked))
        return (*found, *[UNKNOWN] * (count - len(found)))
