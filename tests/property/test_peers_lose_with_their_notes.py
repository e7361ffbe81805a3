"""Peers are proposed for the notes that they show: without one, they stand lower, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, Peer, PeersRequest, SearchEngine
from indexer.language import Language
from indexer.peers import DISCOUNTS
from tests.conformance.engines import make_document
from tests.fakes_feed import MemoryFeed

WORDS = ("repas", "jardin", "atelier", "visite", "budget", "vélo", "chorale", "maraude", "permanence", "collecte")
ENTITIES = ("e0", "e1", "e2", "e3")
LANGUAGE = Language.parse("le\nla\net", "", "")

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
notes = st.lists(st.tuples(st.sampled_from(ENTITIES), texts, texts), min_size=4, max_size=24)


def peers(engine: SearchEngine, documents: Sequence[Document], need: str) -> tuple[Peer, ...]:
    """Who is proposed for a need, all of them."""
    engine.catch_up(MemoryFeed(documents))
    return engine.peers(PeersRequest(need=need, limit=len(ENTITIES))).groups["solved"]


@settings(max_examples=60, deadline=None)
@given(notes, texts)
def test_removing_the_note_that_is_shown_lowers_who_shows_it(lived: list[tuple[str, str, str]], need: str) -> None:
    """The score falls, unless another note, as near, was behind the three that count; and no place is gained.

    The notes are only taken out of the question (by a filter), not of the corpus, so that no word changes its weight.
    """
    documents = [
        make_document(f"n{number:02}", title, body=body, links=(Link(entity, "solved"),), theme=f"t{number}")
        for number, (entity, title, body) in enumerate(lived)
    ]
    engine = EmbeddedEngine(None, LANGUAGE)
    before = peers(engine, documents, need)
    for place, peer in enumerate(before):
        named = peer.evidence[0].document
        kept = tuple(f"t{number}" for number in range(len(lived)) if f"n{number:02}" != named)
        after = engine.peers(PeersRequest(need=need, limit=len(ENTITIES), filters={"theme": kept})).groups["solved"]
        scores = {one.entity: one.score for one in after}
        score = scores.get(peer.entity, 0.0)
        assert score <= peer.score
        if sum(entity == peer.entity for entity, _, _ in lived) <= len(DISCOUNTS):
            assert score < peer.score
        if peer.entity in scores:
            assert [one.entity for one in after].index(peer.entity) >= place
