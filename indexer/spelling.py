"""Did you mean, and completion: over the folded, unstemmed words of the index.

Candidates share character trigrams with the typed word; edit distance and frequency then choose. Distances are optimal
string alignment (an insertion, a deletion, a substitution or a swap of neighbours each count one; Damerau 1964).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.texts import Texts

_KEY_BITS = 16


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
    allowed, texts = near_distance(word), words if isinstance(words, Texts) else Texts.of(words)
    some = np.flatnonzero(np.abs(texts.lengths - len(word)) <= allowed)
    distances = process.cdist([word], texts.lines(some), scorer=OSA.distance, score_cutoff=allowed)[0]
    found: list[int] = some[distances <= allowed].tolist()
    return found


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


def choose(corrections: Sequence[Correction], limit: int, typed: str) -> list[Correction]:
    """The likeliest corrections of a typed word: those of the least distance, by frequency times likelihood.

    Likelihoods are round numbers: a first letter is seldom wrong, and fingers slip in a few usual ways. Errors drawn at
    random do not tell them from 1, people's errors are not drawn at random.
    """
    nearest = min((correction.distance for correction in corrections), default=0)
    kept = [correction for correction in corrections if correction.distance == nearest]
    return sorted(kept, key=lambda one: (-one.frequency * _likelihood(typed, one.word), one.word))[:limit]


def _likelihood(typed: str, word: str) -> float:
    return (0.25 if typed[:1] != word[:1] else 1.0) * (4.0 if is_usual_slip(typed, word) else 1.0)


def is_usual_slip(typed: str, word: str) -> bool:
    """Whether fingers slip so: letters swapped, one doubled or not, a neighbour's key, a letter that sounds alike.

    Args:
        typed: A folded word.
        word: Another, one edit away.
    """
    if len(typed) == len(word):
        wrong = [pair for pair in zip(typed, word, strict=True) if pair[0] != pair[1]]
        return len(wrong) == 2 or all(frozenset(pair) in _CONFUSED for pair in wrong)
    longer, shorter = sorted((typed, word), key=len, reverse=True)
    places = range(1, len(longer))
    return any(longer[at] == longer[at - 1] and longer[:at] + longer[at + 1 :] == shorter for at in places)


def _confused() -> frozenset[frozenset[str]]:
    """Pairs of letters typed one for the other: neighbours on a French keyboard, and those that sound alike."""
    rows = ("azertyuiop", "qsdfghjklm", "wxcvbn")
    beside = {frozenset(pair) for row in rows for pair in pairwise(row)}
    below = {
        frozenset((key, under))
        for upper, lower in pairwise(rows)
        for place, key in enumerate(upper)
        for under in lower[max(0, place - 1) : place + 1]
    }
    return frozenset(beside | below | {frozenset(pair) for pair in ("cs", "ck", "cq", "kq", "sz", "iy", "gj", "mn")})


_CONFUSED = _confused()


def trigram_arrays(words: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Each word once for each of its trigrams: ``gram_keys``, uint16, ascending, and ``gram_words``, int32."""
    lengths = np.fromiter((len(word) for word in words), dtype=np.int64, count=len(words))
    joined = "".join(f"^{word}$" for word in words)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    owners = np.repeat(np.arange(len(words)), lengths + 2)
    if len(codes) < 3:
        return {"gram_keys": np.zeros(0, dtype=np.uint16), "gram_words": np.zeros(0, dtype=np.int32)}
    grams = _hash(codes[:-2], codes[1:-1], codes[2:])
    inside = owners[:-2] == owners[2:]
    grams, owners = grams[inside], owners[:-2][inside]
    order = np.argsort(grams, kind="stable")
    return {"gram_keys": grams[order].astype(np.uint16), "gram_words": owners[order].astype(np.int32)}


class Trigrams:
    """The words of one segment by their character trigrams.

    Args:
        words: Folded words.
        keys: ``gram_keys`` of ``trigram_arrays``.
        owners: Its ``gram_words``.
    """

    def __init__(self, words: Texts, keys: NDArray[np.uint16], owners: NDArray[np.int32]) -> None:
        self._words = words
        self._keys = keys
        self._owners = owners

    @classmethod
    def of(cls, words: Sequence[str]) -> Trigrams:
        """Those of words in memory."""
        arrays = trigram_arrays(words)
        return cls(Texts.of(words), arrays["gram_keys"], arrays["gram_words"])

    def near(self, word: str, allowed: int, frequency: Callable[[int], int]) -> list[Correction]:
        """The words within ``allowed`` edits, found among those that share most trigrams.

        Args:
            word: A folded word.
            allowed: How many edits.
            frequency: The document frequency of a word's number; 0 leaves it out.
        """
        codes = np.frombuffer(f"^{word}$".encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        grams = np.unique(_hash(codes[:-2], codes[1:-1], codes[2:])).astype(np.uint16)
        starts, ends = np.searchsorted(self._keys, grams), np.searchsorted(self._keys, grams, side="right")
        runs = zip(starts.tolist(), ends.tolist(), strict=True)
        shared = np.bincount(np.concatenate([self._owners[start:end] for start, end in runs]))
        # An edit changes four trigrams at most (a swap does): a word with fewer in common is too far.
        some = np.flatnonzero(shared >= max(1, len(grams) - 4 * allowed))
        some = some[np.abs(self._words.lengths[some] - len(word)) <= allowed]
        words = self._words.lines(some)
        distances = process.cdist([word], words, scorer=OSA.distance, score_cutoff=allowed)[0]
        found = []
        for place in np.flatnonzero(distances <= allowed).tolist():
            if times := frequency(int(some[place])):
                found.append(Correction(words[place], int(distances[place]), times))
        return found


def _hash(first: NDArray[np.int64], second: NDArray[np.int64], third: NDArray[np.int64]) -> NDArray[np.int64]:
    return ((first * 31 + second) * 31 + third) * 2_654_435_761 % 4_294_967_296 >> (32 - _KEY_BITS)
