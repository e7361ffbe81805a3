"""Published notes as documents of an index.

An anonymous note keeps its stances, and loses all organisations, territories and links: neither a word nor a facet nor
a peer may tell who lived it. The author of a testimony is never here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from indexer.engine import Document, Link
from savoirs.indexed_upkeep import Life, read_lives
from savoirs.models import (
    Experience,
    ExperienceRole,
    Indicator,
    IndicatorExample,
    Note,
    NoteAudience,
    NoteKind,
    NoteStatus,
    NoteTheme,
    NoteTool,
    Organisation,
    OrganisationAlias,
    Stance,
    Tool,
    ToolAlias,
)
from savoirs.moments import first_day
from savoirs.plaintext import masked, plain_text
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.theme_lineage import Lineage

LINKS = {
    Stance.SOLVED: ("solved", 1.0),
    Stance.FAILED: ("solved", 0.8),
    Stance.NEED: ("same", 1.0),
    Stance.ONGOING: ("same", 0.9),
}
"""For a stance, which list of peers it feeds and what it is worth there.

A failure helps who is about to try the same, a little less than a way that worked; being at it is a little less the
same as looking for a way, which is what was asked.
"""

KIND_WORDS = {
    NoteKind.PRACTICE: "pratique",
    NoteKind.TOOL: "outil",
    NoteKind.INDICATOR: "indicateur",
    NoteKind.PRINCIPLE: "principe",
    NoteKind.TESTIMONY: "témoignage",
    NoteKind.REPORT: "compte rendu",
    NoteKind.EVALUATION: "évaluation",
}
STANCE_WORDS = {
    Stance.NEED: "besoin",
    Stance.ONGOING: "en cours",
    Stance.SOLVED: "résolu",
    Stance.FAILED: "échec utile",
}
"""Words for ``type:``. They are what readers type, hence in their language."""


@dataclass
class _Around:
    """What the other tables say of one note."""

    themes: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    experiences: list[Any] = field(default_factory=list)
    provider: tuple[str, str] | None = None
    life: Life = field(default_factory=Life)


def ordinal(date: str | None) -> int:
    """The first day of a date as precise as « 2017 », « 2024-11 » or « 2026-03-12 »; 0 for None."""
    day = first_day(date)
    return day.toordinal() if day else 0


@cache
def territory_values(departement: str | None) -> tuple[str, ...]:
    """Values of the territory facet for a département: its region's slug and its own code."""
    place = DEPARTEMENTS.get(departement or "")
    return (slugify(place.region), place.code) if place else ()


IDS: BindParameter[Any] = bindparam("ids", expanding=True)
"""Ids of a statement that is made once: making one takes longer than running it."""

_NAMED, _KEPT = aliased(Organisation), aliased(Organisation)
_NOTES = (
    select(
        Note.id, Note.kind, Note.title, Note.summary, Note.introduction, Note.context, Note.action, Note.worked,
        Note.failed, Note.for_whom, Note.time_needed, Note.cost, Note.requires, Note.date, Note.published_at,
        Note.anonymous, Tool.note_id.label("tool"), Tool.category, Tool.as_written,
        Indicator.note_id.label("indicator"), Indicator.dimension, Indicator.measure,
    )
    .outerjoin(Tool, Tool.note_id == Note.id)
    .outerjoin(Indicator, Indicator.note_id == Note.id)
    .where(Note.id.in_(IDS), Note.status == NoteStatus.PUBLISHED)
    .order_by(Note.id)
)  # fmt: skip
_THEMES = select(NoteTheme.note_id, NoteTheme.theme_id).where(NoteTheme.note_id.in_(IDS)).order_by(NoteTheme.position)
_AUDIENCES = (
    select(NoteAudience.note_id, NoteAudience.audience)
    .where(NoteAudience.note_id.in_(IDS))
    .order_by(NoteAudience.position)
)
_TOOLS = select(NoteTool.note_id, NoteTool.name).where(NoteTool.note_id.in_(IDS)).order_by(NoteTool.position)
_TOOL_ALIASES = select(ToolAlias.note_id, ToolAlias.name).where(ToolAlias.note_id.in_(IDS)).order_by(ToolAlias.position)
_EXAMPLES = (
    select(IndicatorExample.note_id, IndicatorExample.text)
    .where(IndicatorExample.note_id.in_(IDS))
    .order_by(IndicatorExample.position)
)
_EXPERIENCES = (
    select(Experience.note_id, _KEPT.id, _KEPT.name, _KEPT.departement, Experience.role, Experience.stance)
    .join(_NAMED, _NAMED.id == Experience.organisation_id)
    .join(_KEPT, _KEPT.id == func.coalesce(_NAMED.merged_into_id, _NAMED.id))
    .where(Experience.note_id.in_(IDS))
    .order_by(Experience.note_id, Experience.position, Experience.id)
)
_PROVIDERS = (
    select(Tool.note_id, _KEPT.id, _KEPT.name)
    .join(_NAMED, _NAMED.id == Tool.provider_id)
    .join(_KEPT, _KEPT.id == func.coalesce(_NAMED.merged_into_id, _NAMED.id))
    .where(Tool.note_id.in_(IDS))
)
_OTHER_NAMES = (
    select(func.coalesce(Organisation.merged_into_id, Organisation.id), OrganisationAlias.name)
    .join(Organisation, Organisation.id == OrganisationAlias.organisation_id)
    .where(func.coalesce(Organisation.merged_into_id, Organisation.id).in_(IDS))
    .union(select(Organisation.merged_into_id, Organisation.name).where(Organisation.merged_into_id.in_(IDS)))
)


def note_documents(session: Session, ids: Sequence[str], lineage: Lineage) -> list[Document]:
    """Documents of the published notes among these ids. At most nine queries.

    Args:
        session: The session.
        ids: At most a few hundred.
        lineage: The theme tree.
    """
    rows = session.execute(_NOTES, {"ids": list(ids)}).all()
    if not rows:
        return []
    around = _around(session, rows)
    aliases = organisation_aliases(session, _organisations(around.values()))
    return [_document(row, around[row.id], aliases, lineage) for row in rows]


def organisation_aliases(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    """Other names of organisations: their aliases, and names of those merged into them. One query."""
    names = defaultdict(list)
    for organisation, name in sorted(session.execute(_OTHER_NAMES, {"ids": sorted(set(ids))}).all(), key=tuple):
        names[organisation].append(name)
    return names


def _around(session: Session, rows: Sequence[Any]) -> dict[str, _Around]:
    around: dict[str, _Around] = defaultdict(_Around)
    wanted = {"ids": [row.id for row in rows]}
    for note, theme in session.execute(_THEMES, wanted):
        around[note].themes.append(theme)
    for note, audience in session.execute(_AUDIENCES, wanted):
        around[note].audiences.append(audience)
    for note, name in session.execute(_TOOLS, wanted):
        around[note].tools.append(name)
    for row in session.execute(_EXPERIENCES, wanted):
        around[row.note_id].experiences.append(row)
    for note, life in read_lives(session, wanted["ids"]).items():
        around[note].life = life
    tools = {"ids": [row.tool for row in rows if row.tool]}
    if tools["ids"]:
        for note, name in session.execute(_TOOL_ALIASES, tools):
            around[note].tools.append(name)
        for note, organisation, name in session.execute(_PROVIDERS, tools):
            around[note].provider = (organisation, name)
    indicators = {"ids": [row.indicator for row in rows if row.indicator]}
    if indicators["ids"]:
        for note, text in session.execute(_EXAMPLES, indicators):
            around[note].examples.append(text)
    return around


def _organisations(around: Iterable[_Around]) -> set[str]:
    ids: set[str] = set()
    for note in around:
        ids.update(row.id for row in note.experiences)
        ids.update([note.provider[0]] if note.provider else [])
    return ids


def _document(row: Any, around: _Around, aliases: dict[str, list[str]], lineage: Lineage) -> Document:
    stances = list(dict.fromkeys(one.stance for one in around.experiences if one.stance))
    shown = [] if row.anonymous else around.experiences
    organisations = dict.fromkeys((one.id, one.name) for one in shown)
    if around.provider and not row.anonymous:
        organisations[around.provider] = None
    names = [word for id_, name in organisations for word in (name, *aliases.get(id_, ()))]
    lived = [one for one in shown if one.role == ExperienceRole.LIVED]
    published = row.published_at.date().toordinal() if row.published_at else 0
    return Document(
        id=row.id,
        kind=row.kind.value,
        title=masked(row.title),
        body=masked(_body(row, around)),
        tools=masked(_lines(row.as_written or "", *(name.replace("-", " ") for name in around.tools))),
        themes=_lines(*lineage.names(around.themes)),
        organisations=_lines(*names),
        kinds=_lines(KIND_WORDS[row.kind], *(STANCE_WORDS[stance] for stance in stances)),
        facets={
            "kind": (row.kind.value,),
            "theme": lineage.keys(around.themes),
            "organisation": tuple(id_ for id_, _ in organisations),
            "territory": tuple(dict.fromkeys(v for one in lived for v in territory_values(one.departement))),
            "stance": tuple(stance.value for stance in stances),
            "year": (row.date[:4],) if row.date else (),
        },
        links=_links(lived),
        day=max(ordinal(row.date) or published, ordinal(around.life.confirmed)),
        standing=around.life.standing(),
    )


def _body(row: Any, around: _Around) -> str:
    parts = "\n\n".join(part for part in (row.introduction, row.context, row.action, row.worked, row.failed) if part)
    essentials = (row.for_whom, row.time_needed, row.cost, row.requires)
    added = (row.category or "", row.dimension or "", plain_text(row.measure or ""), *around.examples)
    audiences = ", ".join(audience.replace("-", " ") for audience in around.audiences)
    questions = sorted(around.life.questions)
    return _lines(row.summary, plain_text(parts), *essentials, *added, audiences, *questions)


def _links(lived: Iterable[Any]) -> tuple[Link, ...]:
    """One link an organisation and list; after a merge, the heavier of two."""
    weights: dict[tuple[str, str], float] = {}
    for one in lived:
        if one.stance is not None:
            group, weight = LINKS[one.stance]
            weights[one.id, group] = max(weight, weights.get((one.id, group), 0.0))
    return tuple(Link(entity, group, weight) for (entity, group), weight in weights.items())


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
