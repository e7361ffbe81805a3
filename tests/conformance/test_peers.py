"""Peers: who lived something like it, shown by their documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum

import pytest

from indexer.engine import Document, Link, Peer, PeersRequest, SearchEngine
from tests.conformance.engines import make_document
from tests.fakes_feed import MemoryFeed

Index = Callable[..., SearchEngine]

NEED = "fidéliser nos bénévoles après un premier accueil"


def lived(id_: str, title: str, entity: str, group: str = "solved", *, weight: float = 1.0, day: int = 0) -> Document:
    """A document that one entity lived."""
    return make_document(id_, title, links=(Link(entity, group, weight),), day=day)


NETWORK = (
    lived("n1", "Fidéliser les bénévoles par un repas", "ruche"),
    lived("n2", "Un accueil qui fidélise", "ruche"),
    lived("n3", "Nous cherchons à fidéliser des bénévoles", "caravane", "same"),
    lived("n4", "Tenir sa comptabilité", "tresor"),
    lived("n5", "Des bénévoles pour une maraude", "canal"),
    make_document("n6", "Fidéliser les bénévoles, cité seulement"),
)


def names(peers: Sequence[Peer]) -> list[str]:
    """Who is proposed, in order."""
    return [peer.entity for peer in peers]


def test_the_two_lists_are_kept_apart(index: Index) -> None:
    """Who solved it, and who lives the same; who lived nothing near is in neither."""
    groups = index(*NETWORK).peers(PeersRequest(need=NEED)).groups
    assert names(groups["solved"]) == ["ruche", "canal"]
    assert names(groups["same"]) == ["caravane"]


def test_only_the_wanted_lists_are_filled(index: Index) -> None:
    """With at most so many peers each."""
    engine = index(*NETWORK)
    assert set(engine.peers(PeersRequest(need=NEED, groups=("same",))).groups) == {"same"}
    assert names(engine.peers(PeersRequest(need=NEED, limit=1)).groups["solved"]) == ["ruche"]
    assert engine.peers(PeersRequest(need=NEED, limit=0)).groups["solved"] == ()


@pytest.mark.parametrize(
    "request_", [PeersRequest(need=NEED), PeersRequest(document="n6"), PeersRequest(entity="caravane")]
)
def test_reasons_are_left_out_when_none_are_asked_for(index: Index, request_: PeersRequest) -> None:
    """The same peers, in the same order, with the same scores and evidence."""
    engine = index(*NETWORK)
    told = engine.peers(request_).groups
    bare = engine.peers(replace(request_, explain=False)).groups
    assert any(told.values())
    assert bare == {name: tuple(peer._replace(reasons=()) for peer in peers) for name, peers in told.items()}


def test_each_peer_shows_documents_and_words(index: Index) -> None:
    """Evidence by falling share, summing to 1 over at most three documents; reasons that sum to 1, in typed words."""
    ruche = index(*NETWORK).peers(PeersRequest(need=NEED)).groups["solved"][0]
    assert {evidence.document for evidence in ruche.evidence} == {"n1", "n2"}
    shares = [evidence.share for evidence in ruche.evidence]
    assert shares == sorted(shares, reverse=True)
    assert fsum(shares) == pytest.approx(1, abs=1e-6)
    assert fsum(reason.share for reason in ruche.reasons) == pytest.approx(1, abs=1e-9)
    assert {reason.label for reason in ruche.reasons} <= {"fidéliser", "bénévoles", "accueil"}
    assert 0 < ruche.score <= 1


def test_what_was_understood_of_a_need_is_told(index: Index) -> None:
    """As for a search; signs and capitals in a need are no operators."""
    engine = index(*NETWORK)
    understanding = engine.peers(PeersRequest(need="fidéliser des benevolles")).understanding
    assert [word.typed for word in understanding.words] == ["fidéliser", "benevolles"]
    shouted = engine.peers(PeersRequest(need="FIDÉLISER ET (SAUF) « bénévoles » ?"))
    assert "ruche" in names(shouted.groups["solved"])
    assert not shouted.understanding.strict


def test_volume_does_not_win(index: Index) -> None:
    """One document on the spot beats many that brush past; and three count as much as thirty."""
    exact = lived("x", "Fidéliser bénévoles", "exact")
    brushing = [
        lived(f"b{n}", "Des bénévoles tiennent le stand, le vestiaire, la cuisine et le camion", "big")
        for n in range(30)
    ]
    three = [lived(f"t{n}", "Fidéliser les bénévoles du jardin", "three") for n in range(3)]
    thirty = [lived(f"u{n:02}", "Fidéliser les bénévoles du jardin", "thirty") for n in range(30)]
    solved = index(exact, *brushing, *three, *thirty).peers(PeersRequest(need="fidéliser bénévoles")).groups["solved"]
    scores = {peer.entity: peer.score for peer in solved}
    assert scores["exact"] > scores["big"]
    assert scores["three"] == pytest.approx(scores["thirty"], abs=1e-6)
    assert max(len(peer.evidence) for peer in solved) == 3


def test_a_weak_role_is_worth_less(index: Index) -> None:
    """The weight of a link is the weight of its document."""
    engine = index(lived("a", "Fidéliser", "weak", weight=0.5), lived("b", "Fidéliser", "strong"), *NETWORK[3:4])
    solved = engine.peers(PeersRequest(need="fidéliser")).groups["solved"]
    assert names(solved) == ["strong", "weak"]
    assert solved[1].score == pytest.approx(solved[0].score / 2, rel=1e-5)


def test_excluded_entities_are_not_proposed(index: Index) -> None:
    """The others keep their order."""
    groups = index(*NETWORK).peers(PeersRequest(need=NEED, exclude=frozenset({"ruche", "caravane"}))).groups
    assert names(groups["solved"]) == ["canal"]
    assert groups["same"] == ()


def test_an_entity_is_never_proposed_to_itself(index: Index) -> None:
    """Asked from all it lived."""
    groups = index(*NETWORK).peers(PeersRequest(entity="caravane")).groups
    assert names(groups["solved"])[0] == "ruche"
    assert groups["same"] == ()


def test_peers_of_a_document_are_those_of_its_words(index: Index) -> None:
    """A document stands for a need."""
    groups = index(*NETWORK).peers(PeersRequest(document="n6")).groups
    assert names(groups["solved"])[0] == "ruche"
    assert names(groups["same"]) == ["caravane"]


@pytest.mark.parametrize(
    "request_",
    [
        PeersRequest(need="xylophone"),
        PeersRequest(need=""),
        PeersRequest(document="unknown"),
        PeersRequest(entity="unknown"),
    ],
)
def test_nobody_near_is_nobody(index: Index, request_: PeersRequest) -> None:
    """Empty lists, not the least bad."""
    assert index(*NETWORK).peers(request_).groups == {"solved": (), "same": ()}


def test_a_document_that_does_not_pass_the_filters_does_not_count(index: Index) -> None:
    """Filters are those of a search."""
    engine = index(
        make_document("a", "Fidéliser", links=(Link("one", "solved"),), territory="bretagne"),
        make_document("b", "Fidéliser", links=(Link("two", "solved"),), territory="occitanie"),
        make_document("c", "Autre chose"),
    )
    groups = engine.peers(PeersRequest(need="fidéliser", filters={"territory": ("bretagne",)})).groups
    assert names(groups["solved"]) == ["one"]


def test_the_fresher_comes_first_when_days_count(index: Index) -> None:
    """Otherwise equals go by name; age never takes everything away."""
    engine = index(
        lived("old", "Fidéliser", "a-old", day=736_000),
        lived("new", "Fidéliser", "b-new", day=739_500),
        make_document("c", "Autre chose"),
    )
    assert names(engine.peers(PeersRequest(need="fidéliser")).groups["solved"]) == ["a-old", "b-new"]
    solved = engine.peers(PeersRequest(need="fidéliser", today=739_600)).groups["solved"]
    assert names(solved) == ["b-new", "a-old"]
    assert solved[1].score > 0


def test_removing_the_named_document_lowers_the_rank(open_engine: Callable[..., SearchEngine]) -> None:
    """A peer is there because of the documents it shows: without the first, it falls."""
    feed = MemoryFeed(
        [
            lived("a1", "Fidéliser les bénévoles", "first"),
            lived("a2", "Bénévoles d’un soir, matériel, camion, stand", "first"),
            lived("b1", "Fidéliser les bénévoles du jardin", "second"),
            make_document("z", "Autre chose"),
        ]
    )
    engine = open_engine()
    engine.catch_up(feed)
    request = PeersRequest(need="fidéliser les bénévoles")
    solved = engine.peers(request).groups["solved"]
    assert names(solved) == ["first", "second"]
    assert solved[0].evidence[0].document == "a1"
    feed.remove("a1")
    engine.catch_up(feed)
    assert names(engine.peers(request).groups["solved"]) == ["second", "first"]
