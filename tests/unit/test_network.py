"""The small network of the peers page."""

from __future__ import annotations

from indexer.engine import Understanding
from savoirs.cards import OrganisationCard
from savoirs.models import OrganisationKind
from savoirs.peers import EvidenceView, PeerCard, PeerResults
from web.network import draw, short_name


def make_card(name: str, score: float) -> PeerCard:
    """A peer with one sentence."""
    organisation = OrganisationCard(
        id=name.lower(), name=name, slug="", kind=OrganisationKind.ASSOCIATION, departement=None, territory=None,
        region=None, fictional=True, volunteers=None, employees=None, audiences=(), initials="AB",
    )  # fmt: skip
    proof = EvidenceView("abcdefghij", "Une fiche", "une-fiche", "Une phrase.", "Une phrase.", None)
    return PeerCard(organisation, score, (proof,), (), True, "relay", None, None, ())


def test_the_figure_has_seven_nodes_at_most_and_says_all_that_it_shows() -> None:
    """Three on each side beside « Vous »; every name drawn is in the description."""
    cards = tuple(make_card(f"Association Exemple {letter}", 1 - at / 10) for at, letter in enumerate("ABCDE"))
    drawing = draw(PeerResults(cards, cards, Understanding("")))
    assert drawing is not None
    assert len(drawing.nodes) == 6
    assert all(f"Association Exemple {letter}" in drawing.description for letter in "ABC")
    assert "ont résolu" in drawing.description
    assert "vivent la même chose" in drawing.description


def test_the_nearest_peer_has_the_thickest_line() -> None:
    """Thickness follows the score over both lists."""
    drawing = draw(PeerResults((make_card("A", 0.9), make_card("B", 0.3)), (make_card("C", 0.6),), Understanding("")))
    assert drawing is not None
    by_name = {node.label: node.thickness for node in drawing.nodes}
    assert by_name["A"] > by_name["C"] > by_name["B"]


def test_no_peer_draws_nothing() -> None:
    """An empty figure would say nothing."""
    assert draw(PeerResults((), (), Understanding(""))) is None


def test_long_names_are_cut_to_fit() -> None:
    """The prefix of the demonstration goes, then the end."""
    assert short_name("Association Exemple Le Fil") == "Le Fil"
    assert len(short_name("Fédération des associations de quartier")) <= 20
