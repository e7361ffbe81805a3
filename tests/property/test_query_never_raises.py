"""Whatever is typed is understood and answered, and what the protocol promises of an answer holds."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.analysis import Analyser
from indexer.engine import FACETS, PeersRequest, Reason, Request, SearchEngine, Sort
from indexer.query import MAX_QUERY_CHARS, Reading, understand
from tests.conformance.engines import ENGINES, LANGUAGE, make_document
from tests.fakes_feed import MemoryFeed
from tests.property.generating import FIELDS, STOPS, WORDS, make_documents

CALM = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
"""The same examples each time, so that nobody's change is stopped by a fault that was there before."""

ANYTHING = st.text(st.characters(), max_size=80) | st.text(
    st.characters(categories=["Cs", "Cc", "Cf", "Zs"]), max_size=20
)
"""All of Unicode, half characters included; then mostly what is not seen."""

_SIGNS = "\"'«»“”()[]{}*~:^-+!?/\\|&<>=.,;’\u00a0\x00\ud800\u202e\u0301"
_PIECES = st.sampled_from((*_SIGNS, "ET", "OU", "SAUF", "AND", "OR", "NOT", "TO", "ET SAUF", "titre:", "((", "))"))
_WORDS = st.sampled_from((*WORDS[:30], *STOPS, *(f"{name}:" for name in FIELDS), "form*", "bénévle~", "xylophone"))
OPERATORS = st.lists(_PIECES | _WORDS, max_size=25).flatmap(
    lambda parts: st.sampled_from((" ", "")).map(lambda between: between.join(parts))
)
"""Signs, operators, fields and words in any order, with spaces and without."""

TEXTS = ANYTHING | OPERATORS


class _NoWords:
    """A vocabulary in which nothing is known."""

    def __init__(self) -> None:
        self.readings: dict[str, Reading] = {}

    def frequency(self, _term: str) -> int:
        return 0

    def corrections(self, _word: str, _limit: int) -> tuple[()]:
        return ()

    def better(self, _word: str) -> None:
        return None


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Each engine, over sixty generated documents; only to be read."""
    engine = ENGINES[request.param](tmp_path_factory.mktemp("never-raises") / "index", LANGUAGE)
    documents = make_documents(random.Random(7), 60)  # noqa: S311  (no secret here)
    lived = make_document("lived", "Un repas partagé", "entre bénévoles", theme="repas", stance="solved", year="2024")
    engine.catch_up(MemoryFeed([*documents, lived]))
    yield engine
    engine.close()


@CALM
@given(text=TEXTS, exact=st.booleans())
def test_any_text_is_understood(text: str, exact: bool) -> None:
    """Even by an index that knows no word; what was read is short and can be written."""
    understood = understand(text, Analyser(LANGUAGE), _NoWords(), exact)
    told = understood.understanding
    assert len(told.text) <= MAX_QUERY_CHARS
    for shown in (told.text, *told.dropped, *(word.typed for word in told.words)):
        shown.encode("utf-8")
        assert "\x00" not in shown
    assert len({scored.term for scored in understood.scored}) <= MAX_QUERY_CHARS


@CALM
@given(text=TEXTS, sort=st.sampled_from(Sort), exact=st.booleans(), limit=st.sampled_from((0, 1, 7, 100)))
def test_any_search_is_answered(engine: SearchEngine, text: str, sort: Sort, exact: bool, limit: int) -> None:
    """Scores in [0, 1] that never grow, no id twice, reasons that make a whole, counts that fit in the total."""
    page = engine.search(Request(text, sort=sort, exact=exact, limit=limit))
    ids = [hit.id for hit in page.hits]
    assert len(ids) == len(set(ids)) == min(limit, page.total)
    scores = [hit.score for hit in page.hits]
    assert all(0 <= score <= 1 for score in scores)
    if sort is Sort.RELEVANCE:
        assert scores == sorted(scores, reverse=True)
    for hit in page.hits:
        assert_whole(hit.reasons)
    assert tuple(page.facets) == FACETS
    for values in page.facets.values():
        assert all(0 < facet.count <= page.total and not facet.active for facet in values)
        assert [(-facet.count, facet.value) for facet in values] == sorted(
            (-facet.count, facet.value) for facet in values
        )


@CALM
@given(value=TEXTS, name=st.sampled_from(FACETS), text=st.sampled_from(("", "repas", "bénévoles ET accueil")))
def test_any_filter_is_answered(engine: SearchEngine, value: str, name: str, text: str) -> None:
    """One that no document has leaves nothing, and is shown as chosen."""
    page = engine.search(Request(text, filters={name: (value,)}))
    whole = engine.search(Request(text))
    assert page.total <= whole.total
    assert [facet.active for facet in page.facets[name] if facet.value == value] == [True]


@CALM
@given(text=TEXTS)
def test_any_need_is_answered(engine: SearchEngine, text: str) -> None:
    """Peers, completions and excerpts read the same texts."""
    for peers in engine.peers(PeersRequest(need=text)).groups.values():
        assert all(0 <= peer.score <= 1 for peer in peers)
        assert [peer.score for peer in peers] == sorted((peer.score for peer in peers), reverse=True)
        for peer in peers:
            assert_whole(peer.reasons)
    assert all(isinstance(word, str) for word in engine.complete(text))
    assert engine.related(text) == ()
    excerpt = engine.excerpt("Un repas <b>partagé</b> entre bénévoles & voisins.", text)
    assert "<" not in excerpt.replace("<mark>", "").replace("</mark>", "")


@CALM
@given(text=TEXTS, query=TEXTS)
def test_any_text_is_excerpted(engine: SearchEngine, text: str, query: str) -> None:
    """Marks that open close, and nothing else is a tag."""
    excerpt = engine.excerpt(text, query, 60)
    assert excerpt.count("<mark>") == excerpt.count("</mark>")
    assert "<" not in excerpt.replace("<mark>", "").replace("</mark>", "")


def assert_whole(reasons: tuple[Reason, ...]) -> None:
    """Shares that are positive and sum to 1, or none at all."""
    assert all(reason.share > 0 for reason in reasons)
    assert not reasons or sum(reason.share for reason in reasons) == pytest.approx(1, abs=1e-6)
