"""The small network of the peers page: seven nodes at most, an exact double of the two lists."""

from __future__ import annotations

from dataclasses import dataclass

from savoirs.peers import PeerCard, PeerResults

NODES_A_SIDE = 3
NAME_MAX_CHARS = 20
THICKEST, THINNEST = 9.0, 2.0

_WIDTH, _HEIGHT = 440, 300
_CENTRE = (220, 150)
_HEIGHTS = (84, 152, 238)
_FROM_CENTRE = (112, 128, 108)
_LABEL_SHIFTS = (-28, 34, 30)
_RADII = (17, 14, 11)
_PREFIX = "Association Exemple "


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation: where it is drawn, how thick its line is, whether it solved the need."""

    x: int
    y: int
    radius: int
    thickness: float
    label: str
    label_x: int
    label_y: int
    solved: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole figure; ``description`` says in words all that it shows."""

    nodes: tuple[Node, ...]
    title: str
    description: str
    width: int = _WIDTH
    height: int = _HEIGHT
    centre_x: int = _CENTRE[0]
    centre_y: int = _CENTRE[1]
    same_x: int = _CENTRE[0] - 120
    solved_x: int = _CENTRE[0] + 120

    @property
    def has_solved(self) -> bool:
        """Whether the right side has a node."""
        return any(node.solved for node in self.nodes)

    @property
    def has_same(self) -> bool:
        """Whether the left side has a node."""
        return any(not node.solved for node in self.nodes)


def draw(results: PeerResults) -> Drawing | None:
    """The figure of two lists, None when both are empty. Thickness follows the score; the best is the thickest."""
    cards = (*results.solved[:NODES_A_SIDE], *results.same[:NODES_A_SIDE])
    if not cards:
        return None
    best = max(card.score for card in cards) or 1.0
    nodes = (*_side(results.solved, best, solved=True), *_side(results.same, best, solved=False))
    several = (
        "six associations" if len(nodes) == 2 * NODES_A_SIDE else f"{len(nodes)} association{'s'[: len(nodes) > 1]}"
    )
    sentences = (
        _sentence(results.solved, "a résolu un problème proche", "ont résolu un problème proche"),
        _sentence(results.same, "vit la même chose", "vivent la même chose"),
    )
    return Drawing(nodes, f"Votre besoin et {several}", " ".join(text for text in sentences if text))


def short_name(name: str) -> str:
    """A name that fits under a node."""
    name = name.removeprefix(_PREFIX)
    return name if len(name) <= NAME_MAX_CHARS else f"{name[: NAME_MAX_CHARS - 1].rstrip()}…"


def _side(cards: tuple[PeerCard, ...], best: float, *, solved: bool) -> tuple[Node, ...]:
    sign = 1 if solved else -1
    nodes = []
    for at, card in enumerate(cards[:NODES_A_SIDE]):
        x, y = _CENTRE[0] + sign * _FROM_CENTRE[at], _HEIGHTS[at]
        thickness = round(THINNEST + (THICKEST - THINNEST) * card.score / best, 1)
        label = short_name(card.organisation.name)
        nodes.append(Node(x, y, _RADII[at], thickness, label, x, y + _LABEL_SHIFTS[at], solved))
    return tuple(nodes)


def _sentence(cards: tuple[PeerCard, ...], one: str, many: str) -> str:
    names = [card.organisation.name for card in cards[:NODES_A_SIDE]]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
    return f"{listed} {one if len(names) == 1 else many}."
