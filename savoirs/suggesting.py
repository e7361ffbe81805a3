"""Themes and kind of a text being written, from notes that resemble it and from the words of the themes themselves.

Nothing is said when there are too few notes to know by, or when no theme stands out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from savoirs.models import NoteKind
from savoirs.near_texts import Floats, Near, NearTexts, Table
from savoirs.themes import ThemeNode, flat

MOST = 3
"""Themes proposed at once."""

NEAREST = 8
"""Nearest notes that speak for their themes beside all the others."""

OF_ALL, OF_NEAREST, OF_NAMES = 2.0, 0.2, 1.0
"""What the mean likeness with a theme's notes, the nearest notes, and the words of the theme count for.

Chosen on the shipped corpus, all of it; from 2 to 3, and from 0.2 to 0.5, the figure moves by less than two hundredths.
"""

ENOUGH_NOTES = 20
"""Below, notes say nothing: only the words of themes do."""

ENOUGH_OF_THEME = 3
"""Notes from which a theme is known by its notes."""

LEAST_WORDS = 6
"""Different words from which a text says something."""

LEAST, LEAST_BY_NAME = 0.08, 0.03
"""A theme that scores less is not proposed: passing words make as much; the second where only its own words tell."""

WORDS_TOLD = 3
TOLD_BY = 50
"""Notes of a theme, the nearest, whose words are looked at to say why."""

KIND_LEAST_NOTES = 10
KIND_NEAREST = 5
KIND_LEAST = 0.06
KIND_AHEAD = 1.6
"""How many times nearer the notes of another kind must be, for it to be proposed."""


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    """A theme, how well it fits, and the words of the text that decided, the first the most telling."""

    key: str
    name: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestedKind:
    """A kind of note that fits better than the chosen one, and the words that decided."""

    kind: NoteKind
    words: tuple[str, ...]


class ThemeWords:
    """The words of each theme: its name, synonyms and description, weighed by how few themes have them.

    Args:
        tree: The roots of the theme tree.
        texts: Gives terms to words.
    """

    def __init__(self, tree: Sequence[ThemeNode], texts: NearTexts) -> None:
        self.nodes = {node.key: node for node in flat(tree)}
        self.keys = tuple(sorted(self.nodes))
        self._parents = {child.key: node.key for node in self.nodes.values() for child in node.children}
        own = {key: texts.terms(_own_words(self.nodes[key])) for key in self.keys}
        themes_of = Counter(term for terms in own.values() for term in set(terms))
        self.weights = {key: _weights(terms, themes_of, len(own)) for key, terms in own.items()}
        self._members: Members | None = None

    def precise(self, themes: Iterable[str]) -> tuple[str, ...]:
        """Of a note's themes and all their ancestors, those that are nobody's ancestor."""
        kept = [key for key in themes if key in self.nodes]
        above = {self._parents[key] for key in kept if key in self._parents}
        return tuple(key for key in kept if key not in above)

    def members(self, table: Table) -> Members:
        """Which notes have which theme; remembered for one table."""
        known = self._members
        if known is None or known.table is not table:
            known = self._members = Members.of(table, self)
        return known


@dataclass(frozen=True, slots=True)
class Members:
    """Pairs of a note and one of its themes, as numbers, shape (pairs,); and how many notes each theme has."""

    table: Table
    notes: NDArray[np.int64]
    themes: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, table: Table, words: ThemeWords) -> Members:
        """Those of a table."""
        numbers = {key: number for number, key in enumerate(words.keys)}
        pairs = [(note, numbers[key]) for note, themes in enumerate(table.themes) for key in words.precise(themes)]
        both = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
        return cls(table, both[:, 0], both[:, 1], np.bincount(both[:, 1], minlength=len(words.keys)))

    def nearest(self, theme: int, likeness: Floats) -> list[int]:
        """Some notes of a theme, the nearest first."""
        own = self.notes[self.themes == theme]
        found: list[int] = own[np.argsort(-likeness[own], kind="stable")[:TOLD_BY]].tolist()
        return found


def themes_of(near: Near | None, words: ThemeWords) -> tuple[SuggestedTheme, ...]:
    """At most three themes for a text, the best first; none when nothing tells.

    Args:
        near: The text beside the notes.
        words: The words of themes.
    """
    if near is None or len(near.terms) < LEAST_WORDS:
        return ()
    by_name = _by_name(near, words)
    members = words.members(near.table)
    scores = by_name.sum(axis=1) + _by_notes(near, members)
    order = sorted(range(len(words.keys)), key=lambda at: (-float(scores[at]), words.keys[at]))[:MOST]
    least = LEAST if len(near.table.ids) >= ENOUGH_NOTES else LEAST_BY_NAME
    found = []
    for at in order:
        if scores[at] >= least:
            own = members.nearest(at, near.likeness)
            brought = by_name[at] + (OF_ALL / max(len(own), 1)) * near.by_term(own)
            key = words.keys[at]
            found.append(SuggestedTheme(key, words.nodes[key].name, float(scores[at]), _told(near, brought)))
    return tuple(one for one in found if one.words)


def kind_of(near: Near | None, chosen: NoteKind) -> SuggestedKind | None:
    """A kind whose notes are much nearer to a text than those of the chosen kind; None when none stands out."""
    if near is None or len(near.terms) < LEAST_WORDS or len(near.table.ids) < ENOUGH_NOTES:
        return None
    kinds = np.array(near.table.kinds)
    means = {kind: _of_kind(near, kinds == kind) for kind in sorted(set(near.table.kinds))}
    best = max(means, key=lambda kind: means[kind])
    if best == chosen.value or means[best] < max(KIND_AHEAD * means.get(chosen.value, 0.0), KIND_LEAST):
        return None
    rows = np.argsort(np.where(kinds == best, -near.likeness, 0), kind="stable")[:KIND_NEAREST].tolist()
    return SuggestedKind(NoteKind(best), _told(near, near.by_term(rows)))


def _by_name(near: Near, words: ThemeWords) -> Floats:
    """What each term of the text brings to each theme by the theme's own words, shape (themes, n)."""
    found = np.zeros((len(words.keys), len(near.terms)), dtype=np.float32)
    for at, key in enumerate(words.keys):
        own = words.weights[key]
        for place, term in enumerate(near.terms):
            if term in own:
                found[at, place] = OF_NAMES * own[term] * near.weights[place]
    return found


def _by_notes(near: Near, members: Members) -> Floats:
    """The mean likeness with the notes of each theme, and what the nearest notes add, shape (themes,)."""
    themes = len(members.counts)
    if len(near.table.ids) < ENOUGH_NOTES:
        return np.zeros(themes, dtype=np.float32)
    sums = np.bincount(members.themes, weights=near.likeness[members.notes], minlength=themes)
    nearest = np.zeros(len(near.likeness))
    first = np.argsort(-near.likeness, kind="stable")[:NEAREST]
    nearest[first] = near.likeness[first]
    beside = np.bincount(members.themes, weights=nearest[members.notes], minlength=themes)
    told = OF_ALL * sums / (members.counts + 1) + OF_NEAREST * beside
    return np.where(members.counts >= ENOUGH_OF_THEME, told, 0).astype(np.float32)


def _of_kind(near: Near, own: NDArray[np.bool_]) -> float:
    """How near the nearest notes of a kind are; 0 when too few are of that kind."""
    if np.count_nonzero(own) < KIND_LEAST_NOTES:
        return 0.0
    return float(np.sort(near.likeness[own])[-KIND_NEAREST:].mean())


def _told(near: Near, brought: Floats) -> tuple[str, ...]:
    """The words that brought the most; a figure says nothing to a reader."""
    order = np.argsort(-brought, kind="stable").tolist()
    told = [near.words[at] for at in order[: 3 * WORDS_TOLD] if brought[at] > 0 and not near.words[at].isdigit()]
    return tuple(told[:WORDS_TOLD])


def _own_words(node: ThemeNode) -> str:
    return " ".join((node.name, node.name, *node.synonyms, node.description))


def _weights(terms: Sequence[str], themes_of: Mapping[str, int], themes: int) -> dict[str, float]:
    """The terms of a theme, of unit norm."""
    told = {
        term: (1 + math.log(count)) * max(0.5, math.log(themes / themes_of[term]))
        for term, count in Counter(terms).items()
    }
    norm = math.sqrt(sum(weight**2 for weight in told.values())) or 1.0
    return {term: weight / norm for term, weight in told.items()}
