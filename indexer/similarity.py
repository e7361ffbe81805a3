"""Vectors in the one space of terms, their closeness, the terms that made them; related documents.

A document is the vector of its terms, ``tf / (k + tf) × idf`` with field weights in ``tf``. Its length is pivoted
(Singhal, Buckley and Mitra 1996): pure cosines favour short notes, whose few words weigh too much.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import NEGATIONS
from indexer.engine import Hit
from indexer.query import Scored
from indexer.ranking import as_reasons, best_rows
from indexer.segment import SATURATIONS
from indexer.view import Part, View

CLOSE = 0.1
"""The least closeness of a related document: under it, what is shared is chance."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector of norm 1.

    Attributes:
        weights: Term → weight.
        labels: Term → how to call it; absent, the view knows.
    """

    weights: Mapping[str, float]
    labels: Mapping[str, str]


def _normed(weights: Mapping[str, float], labels: Mapping[str, str] | None = None) -> Vector:
    norm = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return Vector({term: weight / norm for term, weight in weights.items()} if norm else {}, labels or {})


def of_words(scored: Iterable[Scored], view: View) -> Vector:
    """The vector of what was understood of a need."""
    weights: dict[str, float] = {}
    labels: dict[str, str] = {}
    for one in scored:
        if one.kind == "term" and one.term not in NEGATIONS:
            weights[one.term] = max(weights.get(one.term, 0.0), one.weight)
            labels.setdefault(one.term, one.label)
    idfs = view.model.idf(weights)
    return _normed({term: weight * float(i) for (term, weight), i in zip(weights.items(), idfs, strict=True)}, labels)


def of_documents(places: Iterable[tuple[int, int]], view: View) -> Vector:
    """The mean direction of documents, given as part and row."""
    weights: dict[str, float] = {}
    for number, row in places:
        for term, weight in row_weights(view.parts[number], row, view).items():
            if term not in NEGATIONS:
                weights[term] = weights.get(term, 0.0) + weight
    return _normed(weights)


def row_weights(part: Part, row: int, view: View) -> dict[str, float]:
    """The weights of a document's terms, its length pivoted."""
    segment = part.segment
    at = segment.row(row)
    terms = [segment.terms[number] for number in segment.arrays["row_terms"][at].tolist()]
    scale = segment.arrays["inverse_norms"][row]
    weights = SATURATIONS[segment.arrays["row_weights"][at]] * view.model.idf(terms) * scale
    return dict(zip(terms, weights.tolist(), strict=True))


def closeness(vector: Vector, part: Part, view: View) -> Floats:
    """How near every document of a part is to a vector, shape (N,): cosines but for the pivot, 0 or more."""
    total = np.zeros(len(part.segment), dtype=np.float32)
    docs, values = part.segment.arrays["term_docs"], part.segment.arrays["term_weights"]
    idfs = view.model.idf(vector.weights)
    for (term, weight), idf in zip(vector.weights.items(), idfs, strict=True):
        column = part.segment.column(term)
        if column is not None:
            total[docs[column]] += SATURATIONS[values[column]] * np.float32(weight * idf)
    norms: Floats = part.segment.arrays["inverse_norms"]
    return total * norms


def shared(vector: Vector, part: Part, row: int, view: View, scale: float = 1.0) -> list[tuple[str, str, float]]:
    """What each common term brings: term, label, contribution; they sum to the document's closeness × scale."""
    found = []
    for term, weight in row_weights(part, row, view).items():
        other = vector.weights.get(term)
        if other:
            found.append((term, vector.labels.get(term) or view.label(term), other * weight * scale))
    return found


def related(view: View, id_: str, limit: int) -> tuple[Hit, ...]:
    """The documents nearest to one, none under ``CLOSE``."""
    place = view.locate(id_)
    if place is None:
        return ()
    vector = of_documents([place], view)
    found: list[tuple[float, str, int, int]] = []
    for number, part in enumerate(view.parts):
        values = closeness(vector, part, view)
        mask = part.alive & (values >= CLOSE)
        if number == place[0]:
            mask[place[1]] = False
        for row in best_rows(mask, values, part.segment.arrays["id_ranks"], limit):
            found.append((-float(values[row]), part.segment.ids[row], number, row))
    hits = []
    for value, other, number, row in sorted(found)[:limit]:
        reasons = as_reasons(shared(vector, view.parts[number], row, view))
        hits.append(Hit(other, min(1.0, -value), reasons))
    return tuple(hits)
