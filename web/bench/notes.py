"""Invented notes about topics, as many as wanted, the same for the same seed: read again from the start, or one by one.

A real base has subjects: words of one come together, and most words belong to few of them. Drawing each word alone by
Zipf's law (1935) gives neither, so that a search of two words finds nearly nothing and no two notes are near. Here each
topic has some words and an order of its own over them, and a note takes half its words from one or two topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Document, Link

TOPICS = 400
TOPIC_WORDS = 1_500
"""Words of a topic; a smaller vocabulary gives smaller topics."""

OF_TOPICS, OF_THE_SECOND = 0.55, 0.4
"""Share of a note's words that its topics give, and the second topic's share of those, in notes that have two."""

SHORTEST, LONGEST = 60, 400
"""Words of a note's text."""

TITLE_WORDS = (4, 10)
SENTENCE_WORDS = 12
ASSOCIATIONS = 5_000
FIRST_DAY, LAST_DAY = 734_503, 740_000
"""Ordinals of days from 2012 to 2027."""

BLOCK = 500
"""Notes drawn at once, from one seed."""

KINDS = {"practice": "pratique", "tool": "outil", "report": "compte rendu", "evaluation": "évaluation"}
STANCES = {
    "solved": ("résolu", "solved", 1.0),
    "failed": ("échec utile", "solved", 0.8),
    "need": ("besoin", "same", 1.0),
    "ongoing": ("en cours", "same", 0.9),
}
"""For a stance: the word for it, the list of peers it feeds and what it is worth there."""

THEMES = ("emploi", "logement", "numérique", "culture", "sport", "santé", "jeunesse", "aînés", "écologie", "migrations",
          "handicap", "alimentation", "mobilité", "éducation", "insertion", "égalité", "solidarité", "bénévolat",
          "financement", "gouvernance", "évaluation", "partenariats", "lien social", "accès aux droits")  # fmt: skip
TERRITORIES = (("bretagne", "29"), ("grand-est", "67"), ("hauts-de-france", "59"), ("ile-de-france", "75"),
               ("nouvelle-aquitaine", "33"), ("occitanie", "31"), ("provence-alpes-cote-d-azur", "13"))  # fmt: skip

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Notes:
    """A base of invented notes: iterate over it as often as wanted, it draws the same ones and keeps none.

    Args:
        vocabulary: Words, the commonest first (``savoirs.generation.vocabulary_of``).
        count: How many notes.
        seed: Of the draws.
        stop_words: Words that no topic is about.
    """

    vocabulary: Sequence[str]
    count: int
    seed: int
    stop_words: frozenset[str] = frozenset()
    _topics: _Topics = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_topics", _Topics(self.vocabulary, self.stop_words, self.seed))

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Document]:
        for start in range(0, self.count, BLOCK):
            yield from self._block(start // BLOCK)[: self.count - start]

    def some(self, numbers: Sequence[int]) -> list[Document]:
        """The notes of these numbers, in this order; from ``count`` on, notes that the base does not hold."""
        blocks = {block: self._block(block) for block in sorted({number // BLOCK for number in numbers})}
        return [blocks[number // BLOCK][number % BLOCK] for number in numbers]

    def _block(self, block: int) -> list[Document]:
        random = np.random.default_rng((self.seed, block))
        first, second = random.integers(TOPICS, size=(2, BLOCK))
        second = np.where(random.random(BLOCK) < 0.5, first, second)
        titles = self._topics.texts(random, first, second, random.integers(*TITLE_WORDS, BLOCK, endpoint=True), 99)
        bodies = self._topics.texts(
            random, first, second, random.integers(SHORTEST, LONGEST, BLOCK, endpoint=True), SENTENCE_WORDS
        )
        facts = _Facts(random, first)
        return [
            facts.document(place, block * BLOCK + place, title.rstrip("."), body)
            for place, (title, body) in enumerate(zip(titles, bodies, strict=True))
        ]


class _Topics:
    """The words of topics, and texts drawn from them."""

    def __init__(self, vocabulary: Sequence[str], stop_words: frozenset[str], seed: int) -> None:
        size = len(vocabulary)
        # A word as it is, with a capital, and with a full stop: three tables in one.
        self._written: NDArray[Any] = np.array(
            [*vocabulary, *(word.capitalize() for word in vocabulary), *(f"{word}." for word in vocabulary)],
            dtype=object,
        )
        self._size = size
        about = np.array([at for at, word in enumerate(vocabulary) if word not in stop_words and len(word) > 2] or [0])
        random = np.random.default_rng((seed, TOPICS, size))
        self._words = np.stack([_one_topic(random, about) for _ in range(TOPICS)])

    def texts(self, random: np.random.Generator, first: Ids, second: Ids, lengths: Ids, sentence: int) -> list[str]:
        """One text for each pair of topics, of the lengths given in words, in sentences of about ``sentence`` words."""
        total = int(lengths.sum())
        which = random.random(total, dtype=np.float32)
        topic = np.where(which < OF_TOPICS * OF_THE_SECOND, np.repeat(second, lengths), np.repeat(first, lengths))
        own = self._words[topic, _zipf(random, self._words.shape[1], total)]
        words = np.where(which < OF_TOPICS, own, _zipf(random, self._size, total))
        ends = np.cumsum(lengths)
        closing = random.random(total, dtype=np.float32) < 1.0 / sentence
        closing[ends - 1] = True
        opening = np.roll(closing, 1)
        closing &= ~opening  # a sentence has two words at least, since a word is written in one way only
        written = self._written[words + self._size * opening + 2 * self._size * closing].tolist()
        starts = ends - lengths
        return [" ".join(written[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


class _Facts:
    """What a block's notes are beside their texts."""

    def __init__(self, random: np.random.Generator, topics: Ids) -> None:
        def drawn(values: int) -> list[int]:
            numbers: list[int] = random.integers(values, size=len(topics)).tolist()
            return numbers

        self._kinds, self._stances, self._territories = drawn(len(KINDS)), drawn(len(STANCES)), drawn(len(TERRITORIES))
        self._themes = (topics % len(THEMES)).tolist()
        self._days = (FIRST_DAY + random.integers(LAST_DAY - FIRST_DAY, size=len(topics))).tolist()
        # An association has a topic of its own, and lives something else once in five times.
        own = topics + TOPICS * random.integers(ASSOCIATIONS // TOPICS, size=len(topics))
        other = random.integers(ASSOCIATIONS, size=len(topics))
        self._associations = np.where(random.random(len(topics)) < 0.2, other, own).tolist()

    def document(self, place: int, number: int, title: str, body: str) -> Document:
        """The note at a place of the block."""
        kind, stance = _KIND_LIST[self._kinds[place]], _STANCE_LIST[self._stances[place]]
        association, theme = self._associations[place], THEMES[self._themes[place]]
        word, group, weight = STANCES[stance]
        entity = f"asso-{association:04}"
        return Document(
            id=f"mesure-{number:07}",
            kind=kind,
            title=title,
            body=body,
            themes=theme,
            organisations=f"Association Exemple {association}",
            kinds=f"{KINDS[kind]}\n{word}",
            facets={
                "kind": (kind,),
                "theme": (theme,),
                "organisation": (entity,),
                "territory": TERRITORIES[self._territories[place]],
                "stance": (stance,),
                "year": (str(2012 + (self._days[place] - FIRST_DAY) // 366),),
            },
            links=(Link(entity, group, weight),),
            day=self._days[place],
        )


_KIND_LIST, _STANCE_LIST = tuple(KINDS), tuple(STANCES)


def _one_topic(random: np.random.Generator, about: Ids) -> Ids:
    """The words of one topic in its order, shape (TOPIC_WORDS,): rare ones too, but common ones more often."""
    size = len(about)
    # The square of an even draw falls on rank k with a chance like 1/sqrt(k).
    ranks = (random.random(4 * TOPIC_WORDS) ** 2 * size).astype(np.int64)
    _, firsts = np.unique(ranks, return_index=True)
    words: Ids = np.resize(about[ranks[np.sort(firsts)]], TOPIC_WORDS)
    return random.permutation(words)


def _zipf(random: np.random.Generator, size: int, count: int) -> Ids:
    """Ranks from 0 drawn by Zipf's law, shape (count,): k with the chance ``ln(1 + 1/(k + 1)) / ln(size + 1)``."""
    ranks: Ids = np.exp(random.random(count, dtype=np.float32) * np.float32(np.log(size + 1.0))).astype(np.int64) - 1
    return ranks.clip(max=size - 1)
