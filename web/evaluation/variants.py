"""The same collection measured several ways: beside plain rankings, without a component, with errors, other words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from indexer.analysis import Analyser
from indexer.baselines import Bags, plain_bm25
from indexer.engine import SearchEngine
from indexer.language import Language
from indexer.measuring import run, summarise
from indexer.weights import Ranking
from web.evaluation.engines import Engines
from web.evaluation.typing_errors import misspelt

Figures = Mapping[str, float]
"""What ``summarise`` gives."""

PLAIN, WORDS, DEFAULT = "bm25", "bm25f", "savoirs"
MEANING = ("latent", "passage_vector", "vector", "title_vector")
"""The weights of what is not words."""


@dataclass(frozen=True, slots=True)
class Errors:
    """A collection as typed, and with one error in each query."""

    clean: Figures
    misspelt: Figures

    @property
    def share(self) -> float:
        """The share of nDCG@10 that is left."""
        return self.misspelt["ndcg@10"] / self.clean["ndcg@10"] if self.clean["ndcg@10"] else 0.0


def default(engines: Engines, language: Language) -> Figures:
    """The product's engine, its default weights."""
    with engines.open(language) as engine:
        return _measure(engines, engine)


def compare(engines: Engines, language: Language) -> dict[str, Figures]:
    """Plain BM25, BM25F alone and the default, by name."""
    return {
        PLAIN: _plain(engines, language),
        WORDS: _with(engines, language, Ranking.lexical()),
        DEFAULT: default(engines, language),
    }


def ablate(engines: Engines, language: Language) -> dict[str, Figures]:
    """The default, then what is left without each component, by the component's name.

    Components are the weights of ``Ranking``, ``meaning`` (all that is not words), ``synonyms``, ``families`` and
    ``corrections``; ``bm25f`` has none of the weights, ``bm25`` nothing at all.
    """
    found = {DEFAULT: default(engines, language)}
    for name, ranking in _without_each():
        found[name] = _with(engines, language, ranking)
    found["synonyms"] = default(engines, replace(language, synonyms=()))
    found["families"] = default(engines, replace(language, families=()))
    with engines.open(language) as engine:
        found["corrections"] = _measure(engines, engine, exact=True)
    found[WORDS] = _with(engines, language, Ranking.lexical())
    found[PLAIN] = _plain(engines, language)
    return found


def mistype(engines: Engines, language: Language, seed: int) -> Errors:
    """The default on the queries as typed, and on the same with one typing error each."""
    with engines.open(language) as engine:
        queries = misspelt(engines.collection.queries, Analyser(language), seed)
        return Errors(_measure(engines, engine), _measure(engines, engine, queries))


def _without_each() -> Iterator[tuple[str, Ranking]]:
    weights = Ranking()
    for field in fields(Ranking):
        if field.name == "standing":  # nobody tried the documents of a collection
            continue
        yield field.name, replace(weights, **{field.name: 0.0})
    yield "meaning", replace(weights, **dict.fromkeys(MEANING, 0.0))


def _with(engines: Engines, language: Language, ranking: Ranking) -> Figures:
    with engines.open(language, ranking) as engine:
        return _measure(engines, engine)


def _plain(engines: Engines, language: Language) -> Figures:
    collection = engines.collection
    rank = plain_bm25(Bags.of(collection.documents), Analyser(language))
    return summarise({id_: rank(text) for id_, text in collection.queries.items()}, collection.grades)


def _measure(
    engines: Engines, engine: SearchEngine, queries: Mapping[str, str] | None = None, *, exact: bool = False
) -> Figures:
    collection = engines.collection
    ranked, _ = run(engine, collection.queries if queries is None else queries, exact=exact)
    return summarise(ranked, collection.grades)
