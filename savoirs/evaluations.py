"""The evaluation framework, to read, and the library of indicators that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, func, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from savoirs.cards import Named
from savoirs.errors import NotFoundError
from savoirs.models import (
    Experience,
    ExperienceRole,
    Framework,
    FrameworkItem,
    FrameworkSection,
    Indicator,
    IndicatorExample,
    Note,
    NoteStatus,
    Organisation,
    Workshop,
)
from savoirs.note_views import SourceView, WorkshopLine, source_view, workshop_line
from savoirs.pieces import Pieces, piece, read_pieces
from savoirs.slugs import slugify


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
    """A framework; the first by key when none is named. Two queries.

    Raises:
        NotFoundError: ``unknown_framework``.
    """
    query = select(Framework).order_by(Framework.key).limit(1)
    found = session.scalar(
        (query if key is None else query.where(Framework.key == key)).options(
            joinedload(Framework.source),
            joinedload(Framework.workshop).joinedload(Workshop.gathering),
        )
    )
    if found is None:
        raise NotFoundError("unknown_framework", key=key or "")
    return FrameworkView(
        id=found.id,
        title=found.title,
        description=found.description,
        sections=tuple(
            SectionView(section.number, section.title, tuple(_item(item) for item in section.items))
            for section in _sections(session, found)
        ),
        source=source_view(found.source, found.first_line, found.last_line),
        workshop=workshop_line(found.workshop),
    )


def indicators(session: Session) -> tuple[IndicatorView, ...]:
    """Published indicators, those of a workshop first, then by title. Two queries."""
    every = session.scalars(
        select(Note)
        .where(Note.id.in_(select(Indicator.note_id)))
        .options(joinedload(Note.indicator), joinedload(Note.workshop))
    )
    # Here and not in SQL, where SQLite may take the index of the status and read every note.
    notes = [note for note in every if note.status is NoteStatus.PUBLISHED]
    pieces = read_pieces(session, _pieces_query()) if notes else Pieces()
    return tuple(
        _indicator(note, note.indicator, pieces)
        for note in sorted(notes, key=lambda note: (note.workshop_id is None, slugify(note.title), note.id))
        if note.indicator
    )


def _sections(session: Session, framework: Framework) -> Sequence[FrameworkSection]:
    """One query."""
    own = select(FrameworkSection).where(FrameworkSection.framework_id == framework.id)
    return (
        session.scalars(own.order_by(FrameworkSection.number).options(joinedload(FrameworkSection.items)))
        .unique()
        .all()
    )


@cache
def _pieces_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Examples, and who lived it (being named is not using it). Built once: building it costs more than running it."""
    said, kept = aliased(Organisation), aliased(Organisation)
    return union_all(
        piece("example", IndicatorExample.note_id, text=IndicatorExample.text, position=IndicatorExample.position),
        piece("user", Experience.note_id, id=kept.id, name=kept.name, position=Experience.position)
        .join(Indicator, Indicator.note_id == Experience.note_id)
        .join(said, said.id == Experience.organisation_id)
        .join(kept, kept.id == func.coalesce(said.merged_into_id, said.id))
        .where(Experience.role == ExperienceRole.LIVED),
    )


def _indicator(note: Note, indicator: Indicator, pieces: Pieces) -> IndicatorView:
    users = () if note.anonymous else (Named(row.id, row.name, slugify(row.name)) for row in pieces.of("user", note.id))
    return IndicatorView(
        note_id=note.id,
        title=note.title,
        slug=slugify(note.title),
        summary=note.summary,
        dimension=indicator.dimension,
        nature=indicator.nature,
        measure=indicator.measure,
        examples=tuple(row.text for row in pieces.of("example", note.id)),
        used_by=tuple(dict.fromkeys(users)),
        workshop=Named(note.workshop.id, note.workshop.question) if note.workshop else None,
    )


def _item(item: FrameworkItem) -> ItemView:
    return ItemView(
        key=item.key,
        title=item.title,
        help=item.help,
        many=item.many,
        signed=item.signed,
        points_to_expectation=item.points_to_expectation,
        shareable_as_need=item.shareable_as_need,
    )
