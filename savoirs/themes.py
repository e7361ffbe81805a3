"""The theme tree, and how many notes each theme has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, String, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session, joinedload

from savoirs.models import Experience, Note, NoteKind, NoteStatus, NoteTheme, Stance, Theme
from savoirs.slugs import slugify

_STEM = 6
"""Letters by which words are compared to suggest themes."""


@dataclass(frozen=True, slots=True)
class ThemeNode:
    """A theme and those under it, in order. ``key`` is what the ``theme`` filter takes."""

    key: str
    name: str
    description: str
    synonyms: tuple[str, ...]
    children: tuple[ThemeNode, ...]


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """Published notes of a root theme and of all under it. ``stances`` counts notes with such an experience."""

    key: str
    name: str
    total: int
    kinds: Mapping[NoteKind, int]
    stances: Mapping[Stance, int]


def tree(session: Session) -> tuple[ThemeNode, ...]:
    """The roots of the tree, in order. One query."""
    themes = session.scalars(
        select(Theme).options(joinedload(Theme.synonyms)).order_by(Theme.position, Theme.key)
    ).unique()
    children: dict[str | None, list[Theme]] = {}
    for theme in themes:
        children.setdefault(theme.parent_id, []).append(theme)
    return tuple(_node(theme, children) for theme in children.get(None, []))


def counts(session: Session) -> tuple[ThemeCount, ...]:
    """Counts of the roots, the fullest first. One query, whatever the corpus."""
    return read_counts(session.execute(union_all(*count_queries())).all())


def read_counts(rows: Iterable[Any]) -> tuple[ThemeCount, ...]:
    """What rows of ``count_queries`` say, the fullest first."""
    kinds: dict[str, dict[NoteKind, int]] = defaultdict(dict)
    stances: dict[str, dict[Stance, int]] = defaultdict(dict)
    roots = []
    for what, root, value, name, count in rows:
        match what:
            case "root":
                roots.append((root, value, name))
            case "kind":
                kinds[root][NoteKind(value)] = count
            case _:
                stances[root][Stance(value)] = count
    told = [ThemeCount(key, name, sum(kinds[id_].values()), kinds[id_], stances[id_]) for id_, key, name in roots]
    return tuple(sorted(told, key=lambda one: (-one.total, one.name, one.key)))


def suggested(session: Session, text: str, limit: int = 5) -> tuple[tuple[ThemeNode, tuple[str, ...]], ...]:
    """Themes whose name or synonyms a text says, with those words, the most said first. One query.

    Words are compared by their first letters, so that « bénévoles » says « bénévolat ».
    """
    return said(tree(session), text)[:limit]


def said(roots: Iterable[ThemeNode], text: str) -> tuple[tuple[ThemeNode, tuple[str, ...]], ...]:
    """As ``suggested``, of a tree that was read already. No query."""
    said = f" {_stems(text)} "
    found = []
    for node in flat(roots):
        words = tuple(word for word in (node.name, *node.synonyms) if f" {_stems(word)} " in said)
        if words:
            found.append((node, words))
    found.sort(key=lambda pair: (-len(pair[1]), pair[0].name))
    return tuple(found)


COUNTED = frozenset(("root", "kind", "stance"))
"""What a row of ``count_queries`` is: its first column."""


def count_queries() -> tuple[Any, ...]:
    """Roots with their key and name; numbers of notes by root and kind, then by root and stance."""
    tree = above()
    under = (
        select(tree.c.root, Note.id, Note.kind)
        .join(NoteTheme, NoteTheme.theme_id == tree.c.theme)
        .join(Note, Note.id == NoteTheme.note_id)
        .where(Note.status == NoteStatus.PUBLISHED)
        .distinct()
        .cte("under")
    )
    unnamed = literal("")
    kind, stance = type_coerce(under.c.kind, String), type_coerce(Experience.stance, String)
    return (
        select(literal("root"), Theme.id, Theme.key, Theme.name, literal(0)).where(Theme.parent_id.is_(None)),
        select(literal("kind"), under.c.root, kind, unnamed, func.count()).group_by(under.c.root, kind),
        select(literal("stance"), under.c.root, stance, unnamed, func.count(func.distinct(under.c.id)))
        .join(Experience, Experience.note_id == under.c.id)
        .where(Experience.stance.is_not(None))
        .group_by(under.c.root, stance),
    )


def above(name: str = "above") -> CTE:
    """For each theme, the root it is under: itself for a root. Two in one statement need two names."""
    roots = select(Theme.id.label("theme"), Theme.id.label("root")).where(Theme.parent_id.is_(None))
    tree = roots.cte(name, recursive=True)
    return tree.union(select(Theme.id, tree.c.root).join(tree, Theme.parent_id == tree.c.theme))


def _node(theme: Theme, children: Mapping[str | None, list[Theme]]) -> ThemeNode:
    return ThemeNode(
        key=theme.key,
        name=theme.name,
        description=theme.description,
        synonyms=tuple(synonym.text for synonym in theme.synonyms),
        children=tuple(_node(child, children) for child in children.get(theme.id, [])),
    )


def flat(nodes: Iterable[ThemeNode]) -> Iterator[ThemeNode]:
    """Themes and all those under them, each before its own."""
    for node in nodes:
        yield node
        yield from flat(node.children)


def _stems(text: str) -> str:
    return " ".join(word[:_STEM] for word in slugify(text, max_length=10**6).split("-"))
