"""Plain rankings to stand beside ours: what anybody gets in a few lines, over one bag of words a document."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser
from indexer.engine import Document
from indexer.segment import K1


@dataclass(frozen=True, slots=True)
class Bags:
    """Documents as bags of terms, title and body as one: what the baselines rank."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Bags:
        """The bags of some documents."""
        return cls(tuple(doc.id for doc in documents), tuple(f"{doc.title}\n{doc.body}" for doc in documents))


Ranker = Callable[[str], list[str]]
"""A query's text → ids, best first."""


def plain_bm25(bags: Bags, analyser: Analyser, b: float = 0.75) -> Ranker:
    """BM25 over one bag of words a document (Robertson and Zaragoza 2009), k1 1.2: no field, synonym or correction."""
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415  (heavy, and only to measure)

    vectorizer = CountVectorizer(analyzer=analyser.terms)
    counts = vectorizer.fit_transform(bags.texts).tocsc().astype(np.float64)
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    norms = K1 * (1 - b + b * lengths / max(lengths.mean(), 1e-9))
    documents = counts.shape[0]

    def rank(text: str) -> list[str]:
        scores = np.zeros(documents)
        for term in set(analyser.terms(text)):
            number = vectorizer.vocabulary_.get(term)
            if number is not None:
                column = slice(counts.indptr[number], counts.indptr[number + 1])
                rows, tf = counts.indices[column], counts.data[column]
                scores[rows] += math.log1p((documents - len(rows) + 0.5) / (len(rows) + 0.5)) * tf / (tf + norms[rows])
        return _best(bags.ids, scores)

    return rank


def plain_cosine(bags: Bags, analyser: Analyser) -> Ranker:
    """scikit-learn's TF-IDF and its cosine, as they come."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  (heavy, and only to measure)

    vectorizer = TfidfVectorizer(analyzer=analyser.terms)
    matrix = vectorizer.fit_transform(bags.texts)

    def rank(text: str) -> list[str]:
        return _best(bags.ids, np.asarray((matrix @ vectorizer.transform([text]).T).todense()).ravel())

    return rank


def _best(ids: Sequence[str], scores: NDArray[np.float64], depth: int = 100) -> list[str]:
    order = np.lexsort((np.arange(len(ids)), -scores))[:depth]
    return [ids[number] for number in order if scores[number] > 0]
