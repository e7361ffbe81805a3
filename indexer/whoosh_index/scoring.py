"""Which order: Whoosh's own BM25F, field by field, with our boosts, and what each typed word brought."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whoosh.scoring import BM25F

from indexer.engine import FIELDS
from indexer.query import Scored
from indexer.segment import FIELD_B, K1
from indexer.whoosh_index.lexicon import Lexicon
from indexer.whoosh_index.matching import Numbers, expand, numbers_of
from indexer.whoosh_index.schema import BOOSTS, words_field
from indexer.whoosh_index.view import View

HALF_SCORE = 10.0
"""The sum of BM25F parts that makes a score of one half: about two rare words in a body."""

Parts = Mapping[int, list[tuple[str, str, float]]]


class Weighting(BM25F):  # type: ignore[misc]  # whoosh is untyped
    """Whoosh's BM25F with one idf a term, whatever the field: a word rare in titles is not a rare word.

    Args:
        lexicon: Where frequencies are, removed documents left out.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        lengths = {f"{field}_B": b for field, b in zip(FIELDS, FIELD_B.tolist(), strict=True)}
        super().__init__(K1=K1, **lengths)
        self._lexicon = lexicon

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:  # noqa: ARG002  # whoosh's signature
        """Whoosh's formula, ``ln(N / (df + 1)) + 1``, over the documents that count."""
        return _idf(searcher.doc_count(), self._lexicon.terms[text])


def weigh(scored: Iterable[Scored], matched: Numbers, view: View) -> Parts:
    """What each scored word brings to each document that matched: term, label, value."""
    parts: dict[int, list[tuple[str, str, float]]] = {number: [] for number in matched}
    weighting = Weighting(view.lexicon)
    for one in scored:
        brought = _term(one.term, weighting, view) if one.kind == "term" else _pattern(one, view)
        for number, value in brought:
            if number in parts:
                parts[number].append((one.term, one.label, one.weight * value))
    return parts


def total(parts: Iterable[tuple[str, str, float]]) -> float:
    """The sum of the parts, rounded so that equal documents are equal."""
    return round(math.fsum(value for _, _, value in parts), 9)


def scale(score: float) -> float:
    """A sum of parts, from 0 up, brought into [0, 1) in the same order."""
    return score / (score + HALF_SCORE)


def _idf(documents: int, frequency: int) -> float:
    return math.log(documents / (frequency + 1)) + 1 if documents else 0.0


def _term(term: str, weighting: Weighting, view: View) -> Iterator[tuple[int, float]]:
    for field, boost in BOOSTS.items():
        if boost and (field, term) in view.searcher.reader():
            postings = view.searcher.postings(field, term, weighting)
            while postings.is_active():
                yield postings.id(), boost * postings.score()
                postings.next()


def _pattern(one: Scored, view: View) -> Iterator[tuple[int, float]]:
    """Documents with a word that ``prefix*`` or ``word~`` stands for: the boost of the best field, by their rarity."""
    best: dict[int, float] = {}
    words = expand(one.kind, one.term, view)
    for field, boost in BOOSTS.items():
        for word in words if boost else ():
            for number in numbers_of(view, words_field(field), word):
                best[number] = max(best.get(number, 0.0), boost)
    idf = _idf(len(view.rows), len(best))
    return ((number, boost * idf) for number, boost in best.items())
