"""The theme tree, and how many notes each theme has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.models import NoteKind, Stance


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
    """The roots of the tree, in order. Two queries."""
    raise NotImplementedError


def counts(session: Session) -> tuple[ThemeCount, ...]:
    """Counts of the roots, the fullest first. Three queries, whatever the corpus."""
    raise NotImplementedError


def suggested(session: Session, text: str, limit: int = 5) -> tuple[tuple[ThemeNode, tuple[str, ...]], ...]:
    """Themes whose name or synonyms a text says, with those words, the most said first. Two queries."""
    raise NotImplementedError
