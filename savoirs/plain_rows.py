"""What the plain search reads: one statement for the records that may hold some words and pass the filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from savoirs.drafts import PARTS
from savoirs.models import (
    Experience,
    ExperienceRole,
    Gathering,
    GatheringTheme,
    Note,
    NoteKind,
    NoteStatus,
    NoteTheme,
    Organisation,
    OrganisationAlias,
    Participation,
    Theme,
    Tool,
    Workshop,
)
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.upkeep import last_confirmed

Filters = Mapping[str, tuple[str, ...]]
Condition = ColumnElement[bool]

BATCH = 500
"""Rows held at once."""

ESSENTIALS = ("for_whom", "time_needed", "cost", "requires")


def candidates(session: Session, patterns: Sequence[str], filters: Filters) -> Iterator[Any]:
    """Records that pass the filters and whose title or text is like every pattern. One query.

    Each row has ``id, kind, title, text, date, published_at, confirmed``. An organisation has a row for each name.

    Args:
        session: The session.
        patterns: For ``LIKE``, escaped with a backslash; without any, ``text`` is left empty.
        filters: As in ``indexer.engine.Request``, checked.
    """
    branches = (*_notes(filters), *_organisations(filters), *_gatherings(filters), *_workshops(filters))
    chosen = [_row(branch, patterns) for branch in branches]
    if not chosen:
        return
    rows = session.execute(union_all(*chosen).execution_options(yield_per=BATCH))
    yield from rows


class _Branch:
    """A table's part of the statement: its columns, and which of its rows count."""

    def __init__(self, source: Select[Any], *, title: Any, text: Any, conditions: Sequence[Condition]) -> None:
        self.source = source
        self.title = title
        self.text = text
        self.conditions = conditions


def _row(branch: _Branch, patterns: Sequence[str]) -> Select[Any]:
    words = branch.title + " " + branch.text
    like = [words.ilike(pattern, escape="\\") for pattern in patterns]
    text = branch.text if patterns else literal("")
    return branch.source.add_columns(
        type_coerce(branch.title, String).label("title"), type_coerce(text, Text).label("text")
    ).where(*branch.conditions, *like)


def _columns(id_: Any, kind: Any, date: Any = None, published_at: Any = None, confirmed: Any = None) -> Select[Any]:
    return select(
        id_.label("id"),
        type_coerce(kind, String).label("kind"),
        (cast(null(), String) if date is None else date).label("date"),
        (cast(null(), DateTime) if published_at is None else type_coerce(published_at, DateTime)).label("published_at"),
        (cast(null(), String) if confirmed is None else confirmed).label("confirmed"),
    )


def _notes(filters: Filters) -> Iterator[_Branch]:
    kinds = _kinds(filters, *(kind.value for kind in NoteKind))
    if not kinds:
        return
    conditions: list[Condition] = [Note.status == NoteStatus.PUBLISHED]
    if "kind" in filters:
        conditions.append(Note.kind.in_([NoteKind(kind) for kind in kinds]))
    if themes := filters.get("theme"):
        conditions.append(_among(Note.id, NoteTheme.note_id, NoteTheme.theme_id.in_(_themes_under(themes))))
    if organisations := filters.get("organisation"):
        conditions.append(and_(Note.anonymous.is_(False), _told_by(organisations)))
    if territories := filters.get("territory"):
        conditions.append(and_(Note.anonymous.is_(False), _lived_in(territories)))
    if stances := filters.get("stance"):
        conditions.append(_among(Note.id, Experience.note_id, type_coerce(Experience.stance, String).in_(stances)))
    if years := filters.get("year"):
        conditions.append(func.substr(Note.date, 1, 4).in_(years))
    text = Note.summary
    for part in (*PARTS, *ESSENTIALS):
        text = text + "\n" + getattr(Note, part)
    source = _columns(Note.id, Note.kind, Note.date, Note.published_at, last_confirmed(Note.id))
    yield _Branch(source, title=Note.title, text=text, conditions=conditions)


def _organisations(filters: Filters) -> Iterator[_Branch]:
    if not _kinds(filters, "organisation") or _has(filters, "theme", "stance", "year"):
        return
    conditions: list[Condition] = [Organisation.merged_into_id.is_(None)]
    if organisations := filters.get("organisation"):
        conditions.append(Organisation.id.in_(organisations))
    if territories := filters.get("territory"):
        conditions.append(Organisation.departement.in_(_departements(territories)))
    source = _columns(Organisation.id, literal("organisation"))
    yield _Branch(source, title=Organisation.name, text=Organisation.description, conditions=conditions)
    other = source.join(OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id)
    yield _Branch(other, title=Organisation.name, text=OrganisationAlias.name, conditions=conditions)


def _gatherings(filters: Filters) -> Iterator[_Branch]:
    if not _kinds(filters, "gathering") or _has(filters, "territory", "stance"):
        return
    conditions = list(_in_years(filters))
    if themes := filters.get("theme"):
        linked = GatheringTheme.theme_id.in_(_themes_under(themes))
        conditions.append(_among(Gathering.id, GatheringTheme.gathering_id, linked))
    if organisations := filters.get("organisation"):
        conditions.append(
            Gathering.id.in_(
                select(Participation.gathering_id)
                .join(Organisation, Organisation.id == Participation.organisation_id)
                .where(func.coalesce(Organisation.merged_into_id, Organisation.id).in_(organisations))
            )
        )
    source = _columns(Gathering.id, literal("gathering"), _date())
    yield _Branch(source, title=Gathering.title, text=Gathering.description, conditions=conditions)


def _workshops(filters: Filters) -> Iterator[_Branch]:
    if not _kinds(filters, "workshop") or _has(filters, "organisation", "territory", "stance"):
        return
    conditions = list(_in_years(filters))
    if themes := filters.get("theme"):
        conditions.append(Workshop.theme_id.in_(_themes_under(themes)))
    source = _columns(Workshop.id, literal("workshop"), _date())
    source = source.join(Gathering, Gathering.id == Workshop.gathering_id)
    yield _Branch(source, title=Workshop.question, text=Workshop.synthesis_title, conditions=conditions)


def _kinds(filters: Filters, *kinds: str) -> list[str]:
    """Which of these kinds the filters leave."""
    wanted = filters.get("kind")
    return [kind for kind in kinds if not wanted or kind in wanted]


def _has(filters: Filters, *names: str) -> bool:
    """Whether a facet is filtered that these records have no value of."""
    return any(filters.get(name) for name in names)


def _date() -> Any:
    return func.coalesce(Gathering.date, cast(Gathering.year, String))


def _in_years(filters: Filters) -> Iterator[Condition]:
    if years := filters.get("year"):
        yield Gathering.year.in_([int(year) for year in years])


def _among(id_: Any, owner: Any, condition: Condition) -> Condition:
    chosen: Condition = id_.in_(select(owner).where(condition))
    return chosen


def _told_by(organisations: Sequence[str]) -> Condition:
    """Notes of which one of these is named, or provides the tool; by the organisation that is kept of merged ones."""
    linked = (
        select(Experience.note_id)
        .join(Organisation, Organisation.id == Experience.organisation_id)
        .where(func.coalesce(Organisation.merged_into_id, Organisation.id).in_(organisations))
    )
    provided = (
        select(Tool.note_id)
        .join(Organisation, Organisation.id == Tool.provider_id)
        .where(func.coalesce(Organisation.merged_into_id, Organisation.id).in_(organisations))
    )
    return or_(Note.id.in_(linked), Note.id.in_(provided))


def _lived_in(territories: Sequence[str]) -> Condition:
    named, kept = aliased(Organisation), aliased(Organisation)
    return Note.id.in_(
        select(Experience.note_id)
        .join(named, named.id == Experience.organisation_id)
        .join(kept, kept.id == func.coalesce(named.merged_into_id, named.id))
        .where(Experience.role == ExperienceRole.LIVED, kept.departement.in_(_departements(territories)))
    )


def _departements(territories: Sequence[str]) -> list[str]:
    """Codes of the départements: those given, and those of the regions given by their slug."""
    wanted = set(territories)
    return [code for code, place in DEPARTEMENTS.items() if code in wanted or slugify(place.region) in wanted]


def _themes_under(keys: Sequence[str]) -> Select[Any]:
    """Ids of these themes and of all under them."""
    top = select(Theme.id).where(Theme.key.in_(keys)).cte(recursive=True)
    under = top.union(select(Theme.id).join(top, Theme.parent_id == top.c.id))
    return select(under.c.id)
