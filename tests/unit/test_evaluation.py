"""Typing errors made from a seed, and the search for weights, on collections small enough to count by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from indexer.analysis import Analyser
from indexer.language import Language
from indexer.measuring import ndcg
from indexer.weights import Ranking
from web.evaluation.tuning import INSIDE_GRID, NAMES, Measured, Scored, best, objective
from web.evaluation.typing_errors import misspelt, typed_wrong

ANALYSER = Analyser(Language(stopwords=frozenset(("comment", "pour"))))


def test_one_letter_is_wrong_in_one_word() -> None:
    """One insertion, deletion, substitution or swap, in a word of five letters or more that is not a stop word."""
    queries = {str(number): "Comment garder des bénévoles pour l’été 2017" for number in range(200)}
    changed = set()
    for text in misspelt(queries, ANALYSER, 1).values():
        assert OSA.distance(text, queries["0"]) == 1
        assert text.startswith("Comment")
        assert " pour l’été 2017" in text
        changed.add(text)
    assert any("garder" not in text for text in changed)
    assert any("bénévoles" not in text for text in changed)


def test_errors_depend_on_the_seed_and_on_the_query_alone() -> None:
    """The same error whatever is measured beside it; another with another seed."""
    queries = {"a": "des bénévoles motivés", "b": "des bénévoles motivés"}
    once, alone, other = (
        misspelt(some, ANALYSER, seed) for some, seed in ((queries, 1), ({"b": queries["b"]}, 1), (queries, 2))
    )
    assert once["b"] == alone["b"]
    assert once["a"] != once["b"]
    assert once != other


def test_a_query_of_short_words_stays_as_it_is() -> None:
    """One letter off, a short word is another word."""
    assert misspelt({"a": "pour la rue"}, ANALYSER, 1) == {"a": "pour la rue"}


def test_a_wrong_word_is_another_word() -> None:
    """A swap of two equal letters, or a letter for itself, is no error."""
    rng = random.Random(1)  # noqa: S311
    assert all(OSA.distance(typed_wrong("aabba", rng), "aabba") == 1 for _ in range(300))


def make_scored(values: Mapping[str, float], wanted: str) -> Scored:
    """One query, two documents: « a » is found by words alone, « b » by one component; one of them is wanted."""
    weighed = np.zeros((1, 2, len(NAMES)), dtype=np.float32)
    for name, value in values.items():
        weighed[0, 1, NAMES.index(name)] = value
    base = np.array([[0.2, 0.0]], dtype=np.float32)
    gains = np.array([[wanted == "a", wanted == "b"]], dtype=np.float32)
    return Scored(base, weighed, gains)


def make_measured(**halves: Scored) -> Measured:
    """The same whatever is inside a passage."""
    return Measured({(half, inside): scored for half, scored in halves.items() for inside in INSIDE_GRID})


def test_the_quick_figure_is_the_usual_one() -> None:
    """The nDCG of the order that the weighted sum gives."""
    scored = make_scored({"latent": 1.0}, "b")
    weights = [float(name == "latent") for name in NAMES]
    assert scored.ndcg(weights) == pytest.approx(ndcg(["b", "a"], {"b": 1}))
    assert scored.ndcg([0.0] * len(NAMES)) == pytest.approx(ndcg(["a", "b"], {"b": 1}))


def test_a_component_that_helps_is_given_weight_and_one_that_harms_is_not() -> None:
    """Both are found from the default weights; the held half is not looked at."""
    helped = make_measured(tuning=make_scored({"latent": 0.3}, "b"), held=make_scored({"latent": 0.3}, "a"))
    harmed = make_measured(tuning=make_scored({"vector": 1.0}, "a"), held=make_scored({"vector": 1.0}, "b"))
    found = best([helped, harmed])
    assert found.latent * 0.3 > 0.2
    assert found.vector < 0.2
    assert objective([helped, harmed], found) == 1.0 > objective([helped, harmed], Ranking())
