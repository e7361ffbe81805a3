"""Following the journal, in any order and by any steps, ends where a rebuild does."""

from __future__ import annotations

import random

import pytest

from indexer.building import Builder
from indexer.embedded import EmbeddedEngine
from indexer.engine import Page, Request
from indexer.language import Language
from indexer.view import Part, View
from tests.fakes_feed import MemoryFeed
from tests.property.generating import make_documents, make_query


def answers(engine: EmbeddedEngine, queries: list[str]) -> list[Page]:
    """The whole answer to each query."""
    return [engine.search(Request(query, limit=1000)) for query in queries]


@pytest.mark.parametrize("seed", range(4))
def test_any_path_of_writes_ends_as_a_rebuild_with_the_same_model(seed: int) -> None:
    """Additions, changes and removals seen one by one or many at once: same sets, facets, order and scores."""
    rng = random.Random(seed)  # noqa: S311
    documents = make_documents(rng, 120)
    feed = MemoryFeed(documents[:60])
    engine = EmbeddedEngine(None, Language())
    engine.catch_up(feed)
    for number in range(60):
        document = documents[60 + number] if rng.random() < 0.5 else rng.choice(documents)
        if rng.random() < 0.25:
            feed.remove(document.id)
        else:
            feed.put(document)
        if rng.random() < 0.4:
            engine.catch_up(feed)
    engine.catch_up(feed)
    queries = [make_query(rng, [d.body for d in documents if d.body]) for _ in range(60)]
    caught_up, rebuilt = answers(engine, queries), answers(rebuilt_with_the_model_of(engine, feed), queries)
    for one, other in zip(caught_up, rebuilt, strict=True):
        assert one.total == other.total
        assert one.facets == other.facets
        scores = {hit.id: hit.score for hit in other.hits}
        assert {hit.id: hit.score for hit in one.hits} == pytest.approx(scores, abs=1e-5)


def rebuilt_with_the_model_of(engine: EmbeddedEngine, feed: MemoryFeed) -> EmbeddedEngine:
    """An engine of one part over all documents, under the model that another engine fitted."""
    view = engine._view
    assert view is not None
    builder = Builder(engine.analyser)
    for document in feed.snapshot()[1]:
        builder.add(document)
    segment, _ = builder.build(view.model)
    rebuilt = EmbeddedEngine(None, Language())
    rebuilt._view = View((Part.whole(segment),), view.model, engine.analyser, view.seq)
    return rebuilt


@pytest.mark.parametrize("seed", range(2))
def test_a_refit_keeps_sets_and_facets(seed: int) -> None:
    """A new model moves scores, never what matches."""
    rng = random.Random(100 + seed)  # noqa: S311
    documents = make_documents(rng, 80)
    feed = MemoryFeed(documents[:40])
    engine = EmbeddedEngine(None, Language())
    engine.catch_up(feed)
    for document in documents[40:]:
        feed.put(document)
        engine.catch_up(feed)
    fresh = EmbeddedEngine(None, Language())
    fresh.catch_up(feed)
    queries = [make_query(rng, [d.body for d in documents if d.body]) for _ in range(40)]
    for one, other in zip(answers(engine, queries), answers(fresh, queries), strict=True):
        assert {hit.id for hit in one.hits} == {hit.id for hit in other.hits}
        assert one.facets == other.facets
