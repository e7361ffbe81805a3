"""Choosing the weights of the ranking: coordinate ascent over components read once, on half of the queries.

The objective is the mean over collections of nDCG@10 on their tuning halves, so that a large one does not decide.
What is inside a passage's component (``passage_vector``) cannot be weighed afterwards: components are read once for
each of its values.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.beir import HALVES, Collection
from indexer.engine import SearchEngine
from indexer.fusion import BY_MEANING, CANDIDATES
from indexer.language import Language
from indexer.weights import Ranking
from web.evaluation.engines import Engines

Floats = NDArray[np.float32]

DEPTH = 10
WIDTH = CANDIDATES + BY_MEANING
"""Documents of each query whose order is searched for, at most: those that a search ranks again."""

INSIDE = "passage_vector"
INSIDE_GRID = (0.4, 0.7, 1.0)
GRID = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.9)
"""Values tried for each weight beside BM25F's 1: finer ones move the third decimal at most."""

NAMES = tuple(field.name for field in fields(Ranking) if field.name not in (INSIDE, "standing"))
"""Not the standing: nobody tried the documents of a collection."""

ROUNDS = 4


class NoComponentsError(Exception):
    """The engine does not tell the components of its scores."""


@dataclass(frozen=True)
class Scored:
    """What one half of a collection's queries found, for one value of ``passage_vector``. Q queries, L candidates.

    Attributes:
        base: What counts for 1, shape (Q, L); -inf where there are fewer candidates.
        weighed: What each of ``NAMES`` multiplies, shape (Q, L, K).
        gains: ``2^grade - 1`` over the query's ideal gain, shape (Q, L).
    """

    base: Floats
    weighed: Floats
    gains: Floats

    def ndcg(self, weights: Sequence[float]) -> float:
        """Mean nDCG@10 with these weights; candidates are in the order of their ids, which decides ties."""
        if not len(self.base):
            return 0.0
        scores = self.base + self.weighed @ np.array(weights, dtype=np.float32)
        first = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
        discounts = 1 / np.log2(np.arange(2, first.shape[1] + 2))
        return float((np.take_along_axis(self.gains, first, axis=1) @ discounts).mean())


Halves = Mapping[tuple[str, float], Scored]
"""By half and value of ``passage_vector``."""


class Measured:
    """A collection whose nDCG@10 is quick to know for any weights, each looked up once."""

    def __init__(self, halves: Halves) -> None:
        self._halves = halves
        self._known: dict[tuple[str, Ranking], float] = {}

    def ndcg(self, half: str, ranking: Ranking) -> float:
        """The mean over one half of the queries."""
        found = self._known.get((half, ranking))
        if found is None:
            weights = [getattr(ranking, name) for name in NAMES]
            found = self._known[half, ranking] = self._halves[half, ranking.passage_vector].ndcg(weights)
        return found


def read(engines: Engines, language: Language) -> Measured:
    """Read the components of a collection's candidates.

    Raises:
        NoComponentsError: When the engine tells none.
    """
    found: dict[tuple[str, float], Scored] = {}
    for inside in sorted({*INSIDE_GRID, Ranking().passage_vector}):
        with engines.open(language, replace(Ranking(), **{INSIDE: inside})) as engine:
            for half in HALVES:
                found[half, inside] = _score(engine, engines.collection.half(half))
    return Measured(found)


def best(collections: Sequence[Measured]) -> Ranking:
    """The weights that coordinate ascent finds from the default ones, on the tuning halves of some collections."""
    found = Ranking()
    for _ in range(ROUNDS):
        before = found
        for name in (*NAMES, INSIDE):
            grid = INSIDE_GRID if name == INSIDE else GRID
            tried = [found, *(replace(found, **{name: value}) for value in grid)]
            found = max(tried, key=lambda ranking: objective(collections, ranking))
        if found == before:
            break
    return found


def objective(collections: Sequence[Measured], ranking: Ranking, half: str = "tuning") -> float:
    """The mean over collections, each counting as much."""
    return statistics.fmean(collection.ndcg(half, ranking) for collection in collections)


def _score(engine: SearchEngine, collection: Collection) -> Scored:
    count = len(collection.queries)
    base = np.full((count, WIDTH), -np.inf, dtype=np.float32)
    weighed = np.zeros((count, WIDTH, len(NAMES)), dtype=np.float32)
    gains = np.zeros((count, WIDTH), dtype=np.float32)
    for number, (id_, text) in enumerate(collection.queries.items()):
        grades = collection.grades[id_]
        ideal = np.sort([2.0**grade - 1 for grade in grades.values()])[::-1][:DEPTH]
        most = float(ideal @ (1 / np.log2(np.arange(2, len(ideal) + 2)))) or 1.0
        for place, (document, components) in enumerate(sorted(_components(engine, text))):
            base[number, place] = sum(value for name, value in components.items() if name not in NAMES)
            weighed[number, place] = [components.get(name, 0.0) for name in NAMES]
            gains[number, place] = (2.0 ** grades.get(document, 0) - 1) / most
    return Scored(base, weighed, gains)


def _components(engine: SearchEngine, text: str) -> Sequence[tuple[str, Mapping[str, float]]]:
    """Ids and components of a query's candidates; what is none of ``NAMES`` counts for 1."""
    told: Any = getattr(engine, "components", None)
    if told is None:
        raise NoComponentsError
    found: Sequence[tuple[str, Mapping[str, float]]] = told(text)
    return found
