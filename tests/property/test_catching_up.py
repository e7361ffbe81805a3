"""Following the journal, in any order and by any steps, ends where a rebuild does."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from indexer import dense, fitting
from indexer.analysis import Analyser
from indexer.embedded import EmbeddedEngine
from indexer.engine import Page, Request
from indexer.language import Language
from indexer.vectors import WordVectors
from indexer.view import Part, View
from tests.fakes_feed import MemoryFeed
from tests.property.generating import WORDS, make_documents, make_query

SIZE, CLUSTERS = 8, 12


def make_vectors() -> WordVectors:
    """A vector for two in three of the words that documents are generated from."""
    rng, analyser = np.random.default_rng(8), Analyser(Language())
    words = sorted({analyser.form(word).word for text in WORDS for word in analyser.cut(text)})
    return WordVectors.of({word: rng.standard_normal(SIZE).astype(np.float32) for word in words if rng.random() < 0.67})


def answers(engine: EmbeddedEngine, queries: list[str]) -> list[Page]:
    """The whole answer to each query."""
    return [engine.search(Request(query, limit=1000)) for query in queries]


def fit(engine: EmbeddedEngine) -> None:
    """Fit a latent space and clusters, however few documents there are."""
    view = engine._view
    assert view is not None
    model = fitting.fit(view)
    if view.vectors is not None:
        centres = np.random.default_rng(9).standard_normal((CLUSTERS, SIZE)).astype(np.float32)
        model = replace(model, centroids=centres / np.linalg.norm(centres, axis=1, keepdims=True))
    parts = [replace(part, dense=dense.made(part.segment, model)) for part in view.parts]
    engine.show(View(tuple(parts), model, view.analyser, view.seq, view.vectors))


def write_at_random(rng: random.Random, engine: EmbeddedEngine, feed: MemoryFeed, documents: list) -> None:
    """Sixty additions, changes and removals, seen one by one or many at once."""
    for number in range(60):
        document = documents[60 + number] if rng.random() < 0.5 else rng.choice(documents)
        if rng.random() < 0.25:
            feed.remove(document.id)
        else:
            feed.put(document)
        if rng.random() < 0.4:
            engine.catch_up(feed)
    engine.catch_up(feed)


def rebuilt_with_the_model_of(engine: EmbeddedEngine, feed: MemoryFeed) -> EmbeddedEngine:
    """An engine of one part over all documents, under the model that another engine fitted."""
    view = engine._view
    assert view is not None
    builder = engine._recipe.builder()
    for document in feed.snapshot()[1]:
        builder.add(document)
    segment, _ = builder.build(view.model)
    rebuilt = EmbeddedEngine(None, Language(), vectors=engine.vectors)
    rebuilt.show(
        View(
            (Part.whole(segment, dense.made(segment, view.model)),), view.model, engine.analyser, view.seq, view.vectors
        )
    )
    return rebuilt


@pytest.mark.parametrize("learnt", ["nothing", "vectors", "latent", "all"])
@pytest.mark.parametrize("seed", range(3))
def test_any_path_of_writes_ends_as_a_rebuild_with_the_same_model(seed: int, learnt: str) -> None:
    """Additions, changes and removals: same sets, flags, facets, and scores within 1e-5, whatever was learnt before.

    The tail folds new documents in the latent space, and puts them in the clusters that were fitted.
    """
    rng = random.Random(seed)  # noqa: S311
    documents = make_documents(rng, 120)
    feed = MemoryFeed(documents[:60])
    engine = EmbeddedEngine(None, Language(), vectors=make_vectors() if learnt in ("vectors", "all") else None)
    engine.catch_up(feed)
    if learnt in ("latent", "all"):
        fit(engine)
    write_at_random(rng, engine, feed, documents)
    rebuilt = rebuilt_with_the_model_of(engine, feed)
    assert engine._view is not None
    assert len(engine._view.parts) > 1
    queries = [make_query(rng, [d.body for d in documents if d.body]) for _ in range(60)]
    queries += ["repas partagé", "jardin école", "bénévole visite lien"]
    by_meaning = 0
    for query, one, other in zip(queries, answers(engine, queries), answers(rebuilt, queries), strict=True):
        assert (query, one.total) == (query, other.total)
        assert one.facets == other.facets
        scores = {hit.id: hit.score for hit in other.hits}
        assert {hit.id: hit.score for hit in one.hits} == pytest.approx(scores, abs=1e-5)
        assert {h.id for h in one.hits if h.by_meaning} == {h.id for h in other.hits if h.by_meaning}
        by_meaning += sum(hit.by_meaning for hit in one.hits)
    assert bool(by_meaning) == (learnt in ("vectors", "all"))


@pytest.mark.parametrize("learnt", ["nothing", "all"])
def test_related_documents_are_those_of_a_rebuild(learnt: str) -> None:
    """Likeness too is the same in a tail; scores within 1e-5."""
    rng = random.Random(31)  # noqa: S311
    documents = make_documents(rng, 120)
    feed = MemoryFeed(documents[:60])
    engine = EmbeddedEngine(None, Language(), vectors=make_vectors() if learnt == "all" else None)
    engine.catch_up(feed)
    if learnt == "all":
        fit(engine)
    write_at_random(rng, engine, feed, documents)
    rebuilt = rebuilt_with_the_model_of(engine, feed)
    found = 0
    for document in feed.snapshot()[1]:
        one, other = engine.related(document.id, 8), rebuilt.related(document.id, 8)
        assert {hit.id: hit.score for hit in one} == pytest.approx({hit.id: hit.score for hit in other}, abs=1e-5)
        found += len(one)
    assert found > 100


@pytest.mark.parametrize("with_vectors", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_a_refit_keeps_what_words_find(seed: int, with_vectors: bool) -> None:
    """A new model moves scores, and with them what is near in meaning; never what matches by words."""
    rng = random.Random(100 + seed)  # noqa: S311
    documents = make_documents(rng, 80)
    feed = MemoryFeed(documents[:40])
    vectors = make_vectors() if with_vectors else None
    engine = EmbeddedEngine(None, Language(), vectors=vectors)
    engine.catch_up(feed)
    for document in documents[40:]:
        feed.put(document)
        engine.catch_up(feed)
    fresh = EmbeddedEngine(None, Language(), vectors=vectors)
    fresh.catch_up(feed)
    queries = [make_query(rng, [d.body for d in documents if d.body]) for _ in range(40)]
    for one, other in zip(answers(engine, queries), answers(fresh, queries), strict=True):
        first, second = ({hit.id for hit in page.hits if not hit.by_meaning} for page in (one, other))
        assert first == second
        if not with_vectors:
            assert one.facets == other.facets
