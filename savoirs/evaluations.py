"""The evaluation framework, to read, and the library of indicators that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.cards import Named
from savoirs.note_views import SourceView, WorkshopLine


@dataclass(frozen=True, slots=True)
class ItemView:
    """What a section asks for."""

    key: str
    title: str
    help: str
    many: bool
    signed: bool
    points_to_expectation: bool
    shareable_as_need: bool


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; numbers count from 1."""

    number: int
    title: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator of the library. ``measure`` is empty until somebody tells how they measure it."""

    note_id: str
    title: str
    slug: str
    summary: str
    dimension: str
    nature: str
    measure: str
    examples: tuple[str, ...]
    used_by: tuple[Named, ...]
    workshop: Named | None


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework and where it comes from."""

    id: str
    title: str
    description: str
    sections: tuple[SectionView, ...]
    source: SourceView | None
    workshop: WorkshopLine | None


def framework(session: Session, key: str | None = None) -> FrameworkView:
    """A framework; the first by key when none is named. At most 4 queries.

    Raises:
        NotFoundError: ``unknown_framework``.
    """
    raise NotImplementedError


def indicators(session: Session) -> tuple[IndicatorView, ...]:
    """Published indicators, those of a workshop first, then by title. Three queries."""
    raise NotImplementedError
