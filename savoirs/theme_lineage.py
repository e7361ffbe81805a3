"""A theme's ancestors, from the whole tree read at once: it is small, and asked for by every note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.models import Theme


@dataclass(frozen=True, slots=True)
class Lineage:
    """For each theme's id, the (key, name) of itself, then of its parent, and so on to the root."""

    chains: dict[str, tuple[tuple[str, str], ...]]

    def keys(self, themes: Iterable[str]) -> tuple[str, ...]:
        """Keys of these themes and of their ancestors, without repetition."""
        return tuple(dict.fromkeys(key for theme in themes for key, _ in self.chains[theme]))

    def names(self, themes: Iterable[str]) -> tuple[str, ...]:
        """Names of these themes and of their ancestors, without repetition."""
        return tuple(dict.fromkeys(name for theme in themes for _, name in self.chains[theme]))


def read_lineage(session: Session) -> Lineage:
    """The lineage of every theme. One query. A loop in the tree, which nothing should write, is cut."""
    rows = {row.id: row for row in session.execute(select(Theme.id, Theme.key, Theme.name, Theme.parent_id))}
    chains = {}
    for theme in rows:
        chain, at, seen = [], theme, set()
        while at in rows and at not in seen:
            seen.add(at)
            chain.append((rows[at].key, rows[at].name))
            at = rows[at].parent_id
        chains[theme] = tuple(chain)
    return Lineage(chains)
