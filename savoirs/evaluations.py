"""The evaluation framework, to read, and the library of indicators that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from savoirs.cards import Named, kept, named
from savoirs.errors import NotFoundError
from savoirs.models import (
    Experience,
    ExperienceRole,
    Framework,
    FrameworkItem,
    FrameworkSection,
    Indicator,
    Note,
    NoteStatus,
    Organisation,
    Workshop,
)
from savoirs.note_views import SourceView, WorkshopLine, source_view, workshop_line
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
    """A framework; the first by key when none is named. At most 4 queries.

    Raises:
        NotFoundError: ``unknown_framework``.
    """
    query = select(Framework).order_by(Framework.key).limit(1)
    found = session.scalar(
        (query if key is None else query.where(Framework.key == key)).options(
            joinedload(Framework.source),
            joinedload(Framework.workshop).joinedload(Workshop.gathering),
            selectinload(Framework.sections).selectinload(FrameworkSection.items),
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
            for section in found.sections
        ),
        source=source_view(found.source, found.first_line, found.last_line),
        workshop=workshop_line(found.workshop),
    )


def indicators(session: Session) -> tuple[IndicatorView, ...]:
    """Published indicators, those of a workshop first, then by title. Three queries."""
    notes = session.scalars(
        select(Note)
        .join(Indicator, Indicator.note_id == Note.id)
        .where(Note.status == NoteStatus.PUBLISHED)
        .options(
            contains_eager(Note.indicator).selectinload(Indicator.examples),
            joinedload(Note.workshop),
            selectinload(Note.experiences).joinedload(Experience.organisation).joinedload(Organisation.merged_into),
        )
    ).all()
    return tuple(
        _indicator(note, note.indicator)
        for note in sorted(notes, key=lambda note: (note.workshop_id is None, slugify(note.title), note.id))
        if note.indicator
    )


def _indicator(note: Note, indicator: Indicator) -> IndicatorView:
    return IndicatorView(
        note_id=note.id,
        title=note.title,
        slug=slugify(note.title),
        summary=note.summary,
        dimension=indicator.dimension,
        nature=indicator.nature,
        measure=indicator.measure,
        examples=tuple(example.text for example in indicator.examples),
        used_by=() if note.anonymous else _users(note),
        workshop=Named(note.workshop.id, note.workshop.question) if note.workshop else None,
    )


def _users(note: Note) -> tuple[Named, ...]:
    """Who lived it; being named is not using it."""
    lived = [one for one in note.experiences if one.role is ExperienceRole.LIVED]
    return tuple(dict.fromkeys(named(kept(one.organisation)) for one in lived))


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
