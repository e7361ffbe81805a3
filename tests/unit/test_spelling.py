"""Corrections and patterns against a loop over every word."""

from __future__ import annotations

import random
import string

import pytest
from rapidfuzz.distance import OSA

from indexer.spelling import Correction, Trigrams, choose, near_distance, typing_distance, words_near, words_with_prefix

WORDS = sorted({"benevole", "benevoles", "benevolat", "repas", "repos", "recu", "programmer", "programme", "ecole"})


def test_a_prefix_is_a_run_of_the_sorted_words() -> None:
    """All of them, and no other."""
    for prefix in ("b", "benevol", "rep", "z", ""):
        assert [WORDS[number] for number in words_with_prefix(WORDS, prefix)] == [
            word for word in WORDS if word.startswith(prefix)
        ]


@pytest.mark.parametrize("word", ["bonevole", "benevoel", "repsa", "ecole", "programer"])
def test_near_words_are_those_of_a_loop(word: str) -> None:
    """A swap of neighbours counts one edit."""
    expected = [other for other in WORDS if OSA.distance(word, other) <= near_distance(word)]
    assert [WORDS[number] for number in words_near(WORDS, word)] == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("programer", "programmer"), ("benevolles", "benevoles"), ("repsa", "repas"), ("ecloe", "ecole")],
)
def test_a_typing_error_finds_its_word(typed: str, meant: str) -> None:
    """One letter doubled, dropped or swapped."""
    found = choose(Trigrams.of(WORDS).near(typed, typing_distance(typed), lambda _: 1), 3, typed)
    assert found[0].word == meant


def test_one_error_in_a_long_word_is_always_found() -> None:
    """From six letters on, one insertion, deletion, substitution or swap leaves a trigram in common."""
    rng = random.Random(2)  # noqa: S311
    words = sorted({"".join(rng.choices(string.ascii_lowercase, k=rng.randint(6, 12))) for _ in range(500)})
    index = Trigrams.of(words)
    for word in words[:100]:
        at = rng.randrange(1, len(word) - 1)
        wrong = rng.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + rng.choice(string.ascii_lowercase) + word[at:],
                word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :],
                word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            ]
        )
        assert word in {correction.word for correction in index.near(wrong, 2, lambda _: 1)}


def test_the_nearest_come_first_then_the_commonest() -> None:
    """A farther word is not proposed beside a nearer one."""
    found = [Correction("repos", 1, 2), Correction("repas", 1, 9), Correction("recu", 2, 99)]
    assert [correction.word for correction in choose(found, 3, "repus")] == ["repas", "repos"]


@pytest.mark.parametrize(
    ("typed", "meant", "other"),
    [
        ("maison", "maison", "saison"),
        ("collecte", "colecte", "corlecte"),
        ("repsa", "repas", "repta"),
        ("atekier", "atelier", "atevier"),
        ("senice", "cenice", "benice"),
    ],
)
def test_a_usual_slip_is_likelier_than_another(typed: str, meant: str, other: str) -> None:
    """A wrong first letter is rare; a letter doubled, swapped, beside the right one or that sounds alike is not."""
    found = [Correction(other, 1, 2), Correction(meant, 1, 1)]
    assert choose(found, 1, typed)[0].word == meant


@pytest.mark.parametrize(("word", "allowed"), [("du", 0), ("2017", 0), ("don", 1), ("repas", 2)])
def test_short_words_and_numbers_are_hardly_corrected(word: str, allowed: int) -> None:
    """Two edits in four letters would be another word."""
    assert typing_distance(word) == allowed


def test_a_word_with_no_neighbour_finds_nothing() -> None:
    """Nothing is invented, in an empty index either."""
    assert Trigrams.of(WORDS).near("xxxxxxxx", 2, lambda _: 1) == []
    assert Trigrams.of([]).near("repas", 2, lambda _: 1) == []
