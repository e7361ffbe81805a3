"""Did you mean, and completion: over the folded, unstemmed words of the index.

Candidates share character trigrams with the typed word; edit distance and frequency then choose. Distances are optimal
string alignment (an insertion, a deletion, a substitution or a swap of neighbours each count one; Damerau 1964).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

_BUCKETS = 1 << 14
_CANDIDATES = 400


def near_distance(word: str) -> int:
    """How many edits ``word~`` allows: one, or two from eight letters on."""
    return 2 if len(word) >= 8 else 1


def typing_distance(word: str) -> int:
    """How many edits a typing error may make: none under three letters, one under five, then two."""
    if len(word) < 3 or word.isdigit():
        return 0
    return 1 if len(word) < 5 else 2


def words_with_prefix(words: Sequence[str], prefix: str) -> range:
    """Numbers of the words that begin with a prefix, in a sorted list."""
    return range(bisect_left(words, prefix), bisect_left(words, prefix + "\U0010ffff"))


def words_near(words: Sequence[str], word: str) -> list[int]:
    """Numbers of the words within ``near_distance`` of a word."""
    allowed = near_distance(word)
    found = process.extract_iter(word, words, scorer=OSA.distance, processor=None, score_cutoff=allowed)
    return sorted(number for _, _, number in found)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the index near a typed one.

    Attributes:
        word: Folded.
        distance: Its edits.
        frequency: In how many documents it is.
    """

    word: str
    distance: int
    frequency: int


def choose(corrections: Sequence[Correction], limit: int) -> list[Correction]:
    """The likeliest corrections: those of the least distance, commonest first, ties by word."""
    nearest = min((correction.distance for correction in corrections), default=0)
    kept = [correction for correction in corrections if correction.distance == nearest]
    return sorted(kept, key=lambda correction: (-correction.frequency, correction.word))[:limit]


class Trigrams:
    """The words of one segment by their character trigrams.

    Args:
        words: Folded words.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._lengths = np.fromiter((len(word) for word in words), dtype=np.int64, count=len(words))
        joined = "".join(f"^{word}$" for word in words)
        codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        owners = np.repeat(np.arange(len(words)), self._lengths + 2)
        if len(codes) < 3:
            grams, owners = np.zeros(0, dtype=np.int64), owners[:0]
        else:
            grams = _hash(codes[:-2], codes[1:-1], codes[2:])
            inside = owners[:-2] == owners[2:]
            grams, owners = grams[inside], owners[:-2][inside]
        order = np.argsort(grams, kind="stable")
        self._owners = owners[order].astype(np.int32)
        self._starts = np.searchsorted(grams[order], np.arange(_BUCKETS + 1))

    def near(self, word: str, allowed: int, frequency: Callable[[int], int]) -> list[Correction]:
        """The words within ``allowed`` edits, found among those that share most trigrams.

        Args:
            word: A folded word.
            allowed: How many edits.
            frequency: The document frequency of a word's number; 0 leaves it out.
        """
        codes = np.frombuffer(f"^{word}$".encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        grams = np.unique(_hash(codes[:-2], codes[1:-1], codes[2:]))
        shared = np.concatenate([self._owners[self._starts[gram] : self._starts[gram + 1]] for gram in grams])
        numbers, counts = np.unique(shared, return_counts=True)
        fit = np.abs(self._lengths[numbers] - len(word)) <= allowed
        numbers, counts = numbers[fit], counts[fit]
        if len(numbers) > _CANDIDATES:
            numbers = numbers[np.argpartition(-counts, _CANDIDATES)[:_CANDIDATES]]
        found = []
        for number in numbers.tolist():
            distance = OSA.distance(word, self._words[number], score_cutoff=allowed)
            if distance <= allowed and (times := frequency(number)):
                found.append(Correction(self._words[number], distance, times))
        return found


def _hash(first: NDArray[np.int64], second: NDArray[np.int64], third: NDArray[np.int64]) -> NDArray[np.int64]:
    return ((first * 31 + second) * 31 + third) * 2_654_435_761 % 4_294_967_296 >> 18
