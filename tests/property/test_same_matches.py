"""Both engines find the same documents: written apart, over the same query tree, each is the other's oracle."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml

from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Hit, Request, SearchEngine
from indexer.language import Language
from indexer.whoosh_index import WhooshEngine
from tests.fakes_feed import MemoryFeed
from tests.property.generating import make_documents, make_query, make_text

CORPUS = Path(__file__).parents[2] / "corpus"
QUERIES = 500
Engines = tuple[SearchEngine, SearchEngine]


def _language() -> Language:
    return Language.parse(
        *((CORPUS / "language" / f"{name}.txt").read_text("utf-8") for name in ("stopwords", "families", "synonyms"))
    )


def _shipped() -> list[Document]:
    """The notes that ship, as documents."""
    documents = []
    for path in sorted((CORPUS / "notes").rglob("*.md")):
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        front = yaml.safe_load(head)
        lived = [link["organisation"] for link in front.get("experiences", ())]
        documents.append(
            Document(
                id=front["id"],
                kind=front["kind"],
                title=front["title"],
                body=f"{front.get('summary', '')}\n{body}",
                themes=" ".join(front["themes"]),
                organisations=" ".join(lived),
                kinds=front["kind"],
                facets={"kind": (front["kind"],), "theme": tuple(front["themes"])},
                day=date(int(str(front.get("date", 2017))[:4]), 1, 1).toordinal(),
            )
        )
    return documents


def _follow(engines: Engines, feed: MemoryFeed) -> None:
    for engine in engines:
        engine.catch_up(feed)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's indexes are."""
    return tmp_path_factory.mktemp("same-matches")


@pytest.fixture(scope="module")
def generated(directory: Path) -> Iterator[tuple[Engines, list[Document]]]:
    """Both engines over 240 generated documents; a third came, changed or went after the first were indexed."""
    rng = random.Random(2017)  # noqa: S311  # no secret here
    documents = make_documents(rng, 260)
    feed = MemoryFeed(documents[:180])
    engines = (EmbeddedEngine(directory / "e1", _language()), WhooshEngine(directory / "w1", _language()))
    _follow(engines, feed)
    for start in range(180, 260, 20):
        for document in documents[start : start + 20]:
            feed.put(document)
        _follow(engines, feed)
    for number in range(0, 40, 2):
        feed.remove(documents[number].id)
    for number in range(1, 41, 2):
        feed.put(make_documents(rng, number + 1)[number])
    _follow(engines, feed)
    yield engines, list(feed.snapshot()[1])
    for engine in engines:
        engine.close()


@pytest.fixture(scope="module")
def shipped(directory: Path) -> Iterator[tuple[Engines, list[Document]]]:
    """Both engines over the notes that ship."""
    documents = _shipped()
    engines = (EmbeddedEngine(directory / "e2", _language()), WhooshEngine(directory / "w2", _language()))
    _follow(engines, MemoryFeed(documents))
    yield engines, documents
    for engine in engines:
        engine.close()


def _matched(engine: SearchEngine, query: str) -> tuple[int, frozenset[str]]:
    """How many documents a query finds by its words and which, read page after page."""
    hits: list[Hit] = []
    while True:
        page = engine.search(Request(query, offset=len(hits), limit=150))
        hits += page.hits
        if not page.hits or len(hits) >= page.total:
            break
    found = [hit.id for hit in hits if not hit.by_meaning]
    assert len(found) == len(set(found))
    return page.total - (len(hits) - len(found)), frozenset(found)


def _assert_same(engines: Engines, queries: Sequence[str]) -> None:
    sizes = set()
    for query in queries:
        (total, found), (other_total, other_found) = (_matched(engine, query) for engine in engines)
        assert (query, found ^ other_found) == (query, frozenset())
        assert (query, total) == (query, other_total) == (query, len(found))
        sizes.add(total)
    assert len(sizes) > 20  # the queries tell documents apart, or the test would say nothing


def test_both_engines_find_the_same_generated_documents(generated: tuple[Engines, list[Document]]) -> None:
    """Free, strict, broken: the same sets and totals, after documents were added, changed and removed."""
    engines, documents = generated
    rng = random.Random(1)  # noqa: S311
    texts = [document.body for document in documents if document.body]
    _assert_same(engines, [make_query(rng, texts) for _ in range(QUERIES)])


def test_both_engines_find_the_same_notes_of_the_corpus(shipped: tuple[Engines, list[Document]]) -> None:
    """Over real sentences: words, typing errors and phrases taken from them."""
    engines, documents = shipped
    rng = random.Random(2)  # noqa: S311
    texts = [document.body for document in documents]
    _assert_same(engines, [make_query(rng, texts) for _ in range(QUERIES)])


def test_both_engines_understand_the_same(shipped: tuple[Engines, list[Document]]) -> None:
    """The same words known, corrected and dropped, since a correction decides what is found."""
    engines, _ = shipped
    rng = random.Random(3)  # noqa: S311
    for _ in range(100):
        query = make_text(rng, 3)
        first, second = (engine.search(Request(query, limit=0)).understanding for engine in engines)
        assert (first.dropped, [word.typed for word in first.words]) == (
            second.dropped,
            [word.typed for word in second.words],
        )
        assert [word.corrected for word in first.words] == [word.corrected for word in second.words]


def test_both_engines_count_the_same_facets(shipped: tuple[Engines, list[Document]]) -> None:
    """For the same query and filters."""
    engines, documents = shipped
    for theme in sorted({theme for document in documents for theme in document.facets["theme"]})[:12]:
        for query in ("", "bénévoles ET accueil", '"mise en place" OU form*'):
            request = Request(query, filters={"theme": (theme,)})
            first, second = (engine.search(request).facets for engine in engines)
            assert first == second
