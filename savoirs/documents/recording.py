"""From a proposal to the rows of a record: organisations, days and their parts, frameworks, drafts of notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from savoirs import organisations
from savoirs.documents.knowing import Known, child_id, organisation_names, slug
from savoirs.documents.proposals import Proposal
from savoirs.draft_checks import LIMITS, MOST
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.journal import record_change
from savoirs.models import (
    ExperienceRole,
    Framework,
    FrameworkItem,
    FrameworkSection,
    Gathering,
    GatheringTheme,
    NoteKind,
    Objective,
    OrganisationAlias,
    OrganisationKind,
    Participation,
    ParticipationRole,
    Slot,
    SlotKind,
    Source,
    Stance,
    Theme,
    Workshop,
    WorkshopOutput,
    record_id,
)
from savoirs.plaintext import shortened
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.themes import suggested

_MOST_THEMES = 3
_LONGEST_EXAMPLE, _LONGEST_TOOL = 500, 120


class Keep(Protocol):
    """Notes what a proposal became."""

    def __call__(self, place: int, one: Proposal, id_: str, *, was_there: Known | None = None) -> None:
        """The proposal at a place became the record of an id."""


class Names:
    """Organisations by the names a document gives them; those it names and nobody knew are made once."""

    def __init__(self, session: Session, source: Source) -> None:
        self._session = session
        self._source = source
        self._ids = {name: id_ for name, (id_, _) in organisation_names(session).items()}

    def find(self, name: str) -> str | None:
        """The id of an organisation, None when no name is given or it is not known."""
        return self._ids.get(slug(name)) if name else None

    def add(self, one: Proposal) -> str:
        """Make the organisation of a proposal; the one of the same name, if it was made a moment ago."""
        name, told = one.fields["name"], one.fields
        present = self.find(name)
        if present is not None:
            return present
        organisation = organisations.create(self._session, name[:200])
        organisation.kind = OrganisationKind(told["kind"])
        organisation.source_id = self._source.id
        organisation.first_line, organisation.last_line = one.span
        organisation.departement = _departement(told.get("departement"))
        organisation.website = told.get("website")
        organisation.description = told.get("description") or ""
        organisation.volunteers, organisation.employees = told.get("volunteers"), told.get("employees")
        fresh = [alias[:200] for alias in told.get("aliases", ()) if slug(alias) not in {*self._ids, slug(name)}]
        organisation.aliases = [OrganisationAlias(position=place, name=alias) for place, alias in enumerate(fresh)]
        for alias in (name, *fresh):
            self._ids[slug(alias)] = organisation.id
        return organisation.id


def new_day(session: Session, source: Source, names: Names, one: Proposal, year: int) -> Gathering:
    """The day of a proposal, without its parts."""
    title = shortened(one.title, 200)
    stem = slugify(title, max_length=80) or "journee"
    key = new_key(session, Gathering.key, stem if str(year) in stem else f"{stem}-{year}")
    day = Gathering(id=record_id("gathering", key), key=key, title=title, year=year, date=one.fields["date"])
    day.description, day.source_id = one.fields["description"], source.id
    day.first_line, day.last_line = one.span
    day.objectives, day.slots, day.workshops = [], [], []
    text = " ".join([one.title, day.description, *(child.title for child in one.children)])
    day.themes = [
        GatheringTheme(theme_id=theme.id, theme=theme, position=place)
        for place, theme in enumerate(_themes(session, text, 6))
    ]
    seen: dict[tuple[str, str], Participation] = {}
    for told in one.fields["participations"]:
        organisation = names.find(told["organisation"])
        if organisation is not None and (organisation, told["role"]) not in seen:
            first, last = told["lines"]
            seen[organisation, told["role"]] = Participation(
                organisation_id=organisation, role=ParticipationRole(told["role"]), position=len(seen),
                first_line=first, last_line=last,
            )  # fmt: skip
    day.participations = list(seen.values())
    session.add(day)
    session.flush()
    return day


def add_part(session: Session, day: Gathering, one: Proposal) -> str:
    """Add an objective, a slot or a workshop to a day; its id."""
    first, last = one.span
    if one.kind == "objective":
        position = max((row.position for row in day.objectives), default=-1) + 1
        day.objectives.append(Objective(position=position, text=one.fields["text"], first_line=first, last_line=last))
        return child_id(day.id, "objective", position)
    if one.kind == "slot":
        position = max((row.position for row in day.slots), default=-1) + 1
        day.slots.append(
            Slot(
                position=position, start=one.fields["start"], end=one.fields["end"], kind=SlotKind(one.fields["kind"]),
                title=shortened(one.title, 200), first_line=first, last_line=last,
            )
        )  # fmt: skip
        return child_id(day.id, "slot", position)
    taken = {row.number for row in day.workshops}
    number = one.fields["number"]
    number = number if number not in taken else max(taken) + 1
    theme = next(iter(_themes(session, f"{one.fields['theme']} {one.fields['question']}", 1)), None)
    workshop = Workshop(id=record_id("workshop", f"{day.key}/{number}"), number=number)
    workshop.theme_id = theme.id if theme is not None else None
    workshop.question, workshop.synthesis_title = one.fields["question"], one.fields["synthesis_title"]
    workshop.question = workshop.question or one.title
    workshop.output = WorkshopOutput(one.fields["output"])
    workshop.full_notes = one.fields["full_notes"]
    workshop.first_line, workshop.last_line = first, last
    day.workshops.append(workshop)
    return workshop.id


def tell_day(session: Session, day: Gathering) -> None:
    """Write in the journal that a day and its workshops are new."""
    record_change(session, "gathering", day.id)
    for workshop in day.workshops:
        record_change(session, "workshop", workshop.id)


def new_framework(session: Session, source: Source, one: Proposal, workshop_id: str | None) -> str:
    """The framework of a proposal, its sections and their items; its id."""
    key = new_key(session, Framework.key, slugify(one.title, max_length=80) or "cadre")
    framework = Framework(id=record_id("framework", key), key=key, title=shortened(one.title, 200))
    framework.source_id, framework.workshop_id = source.id, workshop_id
    framework.first_line, framework.last_line = one.span
    for told in one.fields["sections"]:
        section = FrameworkSection(number=told["number"], title=shortened(told["title"], 200))
        section.items = [_framework_item(place, item) for place, item in enumerate(told["items"])]
        framework.sections.append(section)
    session.add(framework)
    session.flush()
    return framework.id


def draft_of(one: Proposal, names: Names, themes: Sequence[str], year: int | None) -> NoteDraft:
    """The draft of a note, within the limits of drafts."""
    told = one.fields
    links: list[tuple[str | None, ExperienceRole, Stance | None]] = []
    tool = indicator = None
    if one.kind == "practice":
        links += [(names.find(name), ExperienceRole.LIVED, Stance.SOLVED) for name in told["lived_by"]]
        links += [(names.find(name), ExperienceRole.CITED, None) for name in told["cites"]]
    elif one.kind == "tool":
        provider = names.find(told["provider"])
        links.append((provider, ExperienceRole.CITED, None))
        category = shortened(told["purpose"], LIMITS["tool.category"])
        tool = ToolDraft(provider, category, shortened(told["as_written"], LIMITS["tool.as_written"]))
    elif one.kind == "indicator":
        examples = tuple(shortened(text, _LONGEST_EXAMPLE) for text in told["examples"])[: MOST["indicator.examples"]]
        indicator = IndicatorDraft(nature=told["nature"], measure=told.get("measure", ""), examples=examples)
    elif one.kind == "testimony":
        links.append((names.find(told["organisation"]), ExperienceRole.PARTICIPANT, None))
    links += [(names.find(name), ExperienceRole.PARTICIPANT, None) for name in told.get("participants", ())]
    text = {"action" if one.kind == "practice" else "introduction": told["text"]}
    return NoteDraft(
        kind=NoteKind(one.kind),
        title=shortened(one.title, LIMITS["title"]),
        themes=tuple(themes),
        date=str(year) if year else None,
        experiences=_experiences(links),
        tools=tuple(shortened(name, _LONGEST_TOOL) for name in told.get("tools", ()))[: MOST["tools"]],
        tool=tool,
        indicator=indicator,
        cost=shortened(told.get("cost", ""), LIMITS["cost"]),
        **text,
    )


def themes_of(session: Session, one: Proposal, workshop: Workshop | None, others: Sequence[str]) -> tuple[str, ...]:
    """The themes of a note: those a reader chose; else its workshop's and those its words say, its day's, any."""
    if one.fields.get("themes"):
        return tuple(one.fields["themes"])
    keys = (
        [theme.key for theme in (session.get(Theme, workshop.theme_id),) if theme]
        if workshop and workshop.theme_id
        else []
    )
    keys += [theme.key for theme in _themes(session, f"{one.title} {one.fields['text']}", _MOST_THEMES)]
    keys = list(dict.fromkeys(keys)) or list(others[:1])
    if not keys:
        first = session.scalar(select(Theme.key).where(Theme.parent_id.is_(None)).order_by(Theme.position, Theme.key))
        keys = [first] if first else []
    return tuple(keys[: MOST["themes"]])


def new_key(session: Session, column: InstrumentedAttribute[str], base: str) -> str:
    """A key that no other record of the kind has: the base, or the base and a number."""
    taken = set(session.scalars(select(column).where(column.startswith(base, autoescape=True))))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _themes(session: Session, text: str, limit: int) -> list[Theme]:
    keys = [node.key for node, _ in suggested(session, text, limit)]
    rows = {theme.key: theme for theme in session.scalars(select(Theme).where(Theme.key.in_(keys)))} if keys else {}
    return [rows[key] for key in keys if key in rows]


def _experiences(links: Sequence[tuple[str | None, ExperienceRole, Stance | None]]) -> tuple[ExperienceDraft, ...]:
    found = {(id_, role): ExperienceDraft(id_, role, stance) for id_, role, stance in links if id_ is not None}
    return tuple(found.values())[: MOST["experiences"]]


def _framework_item(place: int, told: dict[str, Any]) -> FrameworkItem:
    first, last = told["lines"]
    return FrameworkItem(
        position=place,
        key=f"{told['key'][:56]}-{place + 1}" if not told["key"] else told["key"][:60],
        title=shortened(told["title"], 300),
        many=told["many"],
        signed=told["signed"],
        points_to_expectation=told["points_to_expectation"],
        shareable_as_need=told["shareable_as_need"],
        first_line=first,
        last_line=last,
    )


def _departement(code: str | None) -> str | None:
    """The code of a département, from its code or its name; None for what is neither."""
    if not code:
        return None
    if code in DEPARTEMENTS:
        return code
    names = {one.code: slug(one.name) for one in DEPARTEMENTS.values()}
    alike = [one for one, name in names.items() if name == slug(code)]
    alike = alike or [one for one, name in names.items() if name.startswith(f"{slug(code)}-")]
    return alike[0] if len(alike) == 1 else None
