"""The map of gaps: for each theme, what the network asks and what it has told. For programme officers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs import misses, themes
from savoirs.misses import Miss
from savoirs.models import Stance
from savoirs.overview import overview
from savoirs.themes import ThemeNode

LOOKED_AT = 1_000
"""Words that found nothing, of which a theme is looked for."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A root theme: notes that tell a need, a solution, a useful failure; open calls; searches that found nothing.

    ``key`` is empty for what has no theme: its numbers of notes are 0.
    """

    key: str
    name: str
    needs: int
    solved: int
    failed: int
    calls: int
    searches: int

    @property
    def asked(self) -> int:
        """What is asked: needs, calls and searches."""
        return self.needs + self.calls + self.searches

    @property
    def told(self) -> int:
        """What answers: solutions and failures alike, for both teach."""
        return self.solved + self.failed


def read(session: Session) -> tuple[Gap, ...]:
    """Every root theme, and what has none when there is any; where most is asked for what is told first. Three queries.

    Searches are those that ``misses`` shows: from five on.
    """
    seen = overview(session, calls=0)
    searches = _by_root(themes.tree(session), misses.shown(session, LOOKED_AT))
    gaps = [
        Gap(
            theme.key,
            theme.name,
            theme.stances.get(Stance.NEED, 0),
            theme.stances.get(Stance.SOLVED, 0),
            theme.stances.get(Stance.FAILED, 0),
            seen.calls_by_theme.get(theme.key, 0),
            searches[theme.key],
        )
        for theme in seen.themes
    ]
    gaps.sort(key=lambda gap: (gap.told - gap.asked, gap.name))
    without = Gap("", "", 0, 0, 0, seen.calls_by_theme.get("", 0), searches[""])
    return (*gaps, without) if without.asked else tuple(gaps)


def _by_root(roots: Iterable[ThemeNode], found: Iterable[Miss]) -> Counter[str]:
    """Searches by the root of the theme that their words say most; those that say none under the empty key."""
    tree = tuple(roots)
    root_of = {node.key: root.key for root in tree for node in (root, *_under(root))}
    searches: Counter[str] = Counter()
    for miss in found:
        said = themes.said(tree, miss.words)
        searches[root_of[said[0][0].key] if said else ""] += miss.count
    return searches


def _under(node: ThemeNode) -> Iterable[ThemeNode]:
    for child in node.children:
        yield child
        yield from _under(child)
