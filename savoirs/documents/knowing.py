"""Which proposals the base holds already: the same lines of the same file first, then the same name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from savoirs.documents.proposals import NOTE_KINDS, Proposal, flat, overlap
from savoirs.documents.text import ReadDocument
from savoirs.models import (
    Contact,
    Framework,
    Gathering,
    Note,
    NoteKind,
    Organisation,
    OrganisationAlias,
    Source,
    Tool,
    ToolAlias,
)
from savoirs.slugs import slugify

_BY_LINES = 4.0
"""What standing on the same lines of the same file weighs, beside having words in common, which is at most 1."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record that a proposal would make again.

    Attributes:
        id: Its id; objectives and slots are numbered within their day.
        title: What it is called.
        by: ``source``, from the same lines of the same file, or ``name``.
    """

    id: str
    title: str
    by: str


Matches = Mapping[int, Known]
"""By the place of the proposal in ``flat(proposals)``; what is not there is new."""


def known(session: Session, document: ReadDocument, proposals: Sequence[Proposal]) -> Matches:
    """Recognise proposals. The number of queries does not grow with that of proposals."""
    placed = list(enumerate(flat(proposals)))
    source = session.scalar(select(Source).where(Source.sha256 == document.sha256).order_by(Source.id).limit(1))
    names = organisation_names(session)
    found: dict[int, Known] = {}
    found |= _notes(session, source, [(place, one) for place, one in placed if one.kind in NOTE_KINDS])
    found |= _frameworks(session, source, [(place, one) for place, one in placed if one.kind == "framework"])
    found |= {
        place: Known(*names[slug(one.title)], "name")
        for place, one in placed
        if one.kind == "organisation" and slug(one.title) in names
    }
    found |= _contacts(session, source, names, [(place, one) for place, one in placed if one.kind == "contact"])
    for place, one in placed:
        if one.kind == "gathering":
            found |= _gathering(session, source, place, one)
    return found


def organisation_names(session: Session) -> dict[str, tuple[str, str]]:
    """Id and name of every organisation, by each of its names as a slug; merged ones give the one they are part of."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.merged_into_id).order_by(Organisation.id)
    ).all()
    kept = {id_: into or id_ for id_, _, into in rows}
    shown = {id_: name for id_, name, _ in rows}
    aliases = session.execute(
        select(OrganisationAlias.organisation_id, OrganisationAlias.name).order_by(OrganisationAlias.organisation_id)
    ).all()
    found: dict[str, tuple[str, str]] = {}
    for id_, name in (*((id_, name) for id_, name, _ in rows), *((id_, name) for id_, name in aliases)):
        if slug(name):
            found.setdefault(slug(name), (kept[id_], shown[kept[id_]]))
    return found


def slug(name: str) -> str:
    """A name as names are compared."""
    return slugify(name, max_length=200)


def child_id(gathering_id: str, kind: str, position: int) -> str:
    """The id of an objective or a slot, which are numbered from 0 within their day."""
    return f"{gathering_id}/{kind}/{position + 1}"


def _notes(session: Session, source: Source | None, wanted: list[tuple[int, Proposal]]) -> dict[int, Known]:
    if not wanted:
        return {}
    found: dict[int, Known] = {}
    if source is not None:
        rows = session.scalars(
            select(Note).where(Note.source_id == source.id).options(selectinload(Note.tool).selectinload(Tool.aliases))
        ).all()
        found = _best(wanted, rows)
    left = [(place, one) for place, one in wanted if place not in found]
    named = _named(session, [one for _, one in left])
    used = {one.id for one in found.values()}
    for place, one in left:
        for name in _names_of(one):
            id_, title = named.get((one.kind, slug(name)), ("", ""))
            if id_ and id_ not in used:
                found[place] = Known(id_, title, "name")
                used.add(id_)
                break
    return found


def _best(wanted: list[tuple[int, Proposal]], rows: Sequence[Note]) -> dict[int, Known]:
    """Each proposal with the note of the same kind and lines that it is most like, each note once."""
    pairs = sorted(
        (-score, place, row.id, row)
        for place, one in wanted
        for row in rows
        if row.kind.value == one.kind and (score := _likeness(one, row)) > 0
    )
    found: dict[int, Known] = {}
    used: set[str] = set()
    for _, place, id_, row in pairs:
        if place not in found and id_ not in used:
            found[place] = Known(id_, row.title, "source")
            used.add(id_)
    return found


def _likeness(one: Proposal, row: Note) -> float:
    shared = overlap(one.span, (row.first_line, row.last_line)) if row.first_line and row.last_line else 0.0
    if not shared:
        return 0.0
    names = {slug(row.title)}
    if row.tool is not None:
        names |= {slug(row.tool.as_written), *(slug(alias.name) for alias in row.tool.aliases)}
    same = any(slug(name) in names for name in _names_of(one))
    return _BY_LINES * (1 + same) + shared + _common(one.title, row.title)


def _common(one: str, other: str) -> float:
    """The share of words that two titles have in common, by their first letters."""
    words, others = ({word[:6] for word in slugify(text, max_length=400).split("-")} for text in (one, other))
    return len(words & others) / max(1, len(words | others))


def _names_of(one: Proposal) -> tuple[str, ...]:
    written = one.fields.get("as_written")
    return (one.title, written) if isinstance(written, str) and written else (one.title,)


def _named(session: Session, wanted: Iterable[Proposal]) -> dict[tuple[str, str], tuple[str, str]]:
    """Id and title of notes, by kind and name as a slug: those whose key or title may be one of these, and tools."""
    titles = {one.title for one in wanted}
    keys = {slugify(title, max_length=80) for title in titles}
    if not titles:
        return {}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    rows = session.execute(
        select(Note.id, Note.kind, Note.title).where(or_(Note.key.in_(keys), Note.title.in_(titles))).order_by(Note.id)
    )
    for id_, kind, title in rows:
        found.setdefault((kind.value, slug(title)), (id_, title))
    tools = select(Note.id, Note.title, Tool.as_written).join(Tool, Tool.note_id == Note.id)
    aliases = select(Note.id, Note.title, ToolAlias.name).join(ToolAlias, ToolAlias.note_id == Note.id)
    for query in (tools, aliases):
        for id_, title, name in session.execute(query.order_by(Note.id)):
            found.setdefault((NoteKind.TOOL.value, slug(name)), (id_, title))
    return found


def _frameworks(session: Session, source: Source | None, wanted: list[tuple[int, Proposal]]) -> dict[int, Known]:
    if not wanted:
        return {}
    rows = session.execute(
        select(Framework.id, Framework.title, Framework.source_id, Framework.first_line, Framework.last_line).order_by(
            Framework.id
        )
    ).all()
    found = {}
    for place, one in wanted:
        for row in rows:
            ours = source is not None and row.source_id == source.id and row.first_line
            if ours and overlap(one.span, (row.first_line, row.last_line)):
                found[place] = Known(row.id, row.title, "source")
            elif slug(row.title) == slug(one.title):
                found.setdefault(place, Known(row.id, row.title, "name"))
    return found


def _contacts(
    session: Session, source: Source | None, names: Mapping[str, tuple[str, str]], wanted: list[tuple[int, Proposal]]
) -> dict[int, Known]:
    if not wanted:
        return {}
    emails = {one.fields["email"] for _, one in wanted if one.fields.get("email")}
    telephones = {one.fields["telephone"] for _, one in wanted if one.fields.get("telephone")}
    same = [Contact.source_id == source.id] if source is not None else []
    rows = session.scalars(
        select(Contact)
        .where(or_(func.lower(Contact.email).in_(emails), Contact.telephone.in_(telephones), *same))
        .order_by(Contact.id)
    ).all()
    found: dict[int, Known] = {}
    used: set[str] = set()
    for place, one in wanted:
        organisation = names.get(slug(one.title), ("", ""))[0] or None
        for row in rows:
            by = _same_contact(one, row, organisation, source)
            if by and row.id not in used:
                found[place] = Known(row.id, one.title, by)
                used.add(row.id)
                break
    return found


def _same_contact(one: Proposal, row: Contact, organisation: str | None, source: Source | None) -> str:
    lines = (row.first_line, row.last_line)
    here = source is not None and row.source_id == source.id and lines[0] and lines[1]
    if here and overlap(one.span, (lines[0] or 0, lines[1] or 0)) and row.organisation_id == organisation:
        return "source" if row.email in (None, one.fields["email"]) and not row.key.startswith("testimony-") else ""
    email, telephone = one.fields["email"], one.fields["telephone"]
    same = (email and (row.email or "").lower() == email) or (not email and telephone and row.telephone == telephone)
    return "name" if same and row.organisation_id == organisation else ""


def _gathering(session: Session, source: Source | None, place: int, one: Proposal) -> dict[int, Known]:
    """A day, and its parts: those it has are known by their lines, their words or their place."""
    days = session.scalars(
        select(Gathering)
        .where(or_(Gathering.source_id == source.id if source else False, Gathering.year == one.fields["year"]))
        .order_by(Gathering.id)
    ).all()
    ours = next((day for day in days if source is not None and day.source_id == source.id), None)
    day = ours or next((day for day in days if slug(day.title) == slug(one.title)), None)
    if day is None:
        return {}
    by = "source" if ours else "name"
    found = {place: Known(day.id, day.title, by)}
    used: set[str] = set()
    children = list(enumerate(one.children, place + 1))
    for kind, rows in _parts(day):
        for at, (where, child) in enumerate((where, child) for where, child in children if child.kind == kind):
            match = next((row for row in _alike(child, rows, at) if row[0] not in used), None)
            if match is not None:
                used.add(match[0])
                found[where] = Known(match[0], match[1], by)
    return found


_Part = tuple[str, str, int, int | None, int | None]
"""Id, title, number or position, first and last line."""


def _parts(day: Gathering) -> Iterator[tuple[str, list[_Part]]]:
    yield (
        "objective",
        [
            (child_id(day.id, "objective", row.position), row.text, row.position, row.first_line, row.last_line)
            for row in day.objectives
        ],
    )
    yield (
        "slot",
        [
            (child_id(day.id, "slot", row.position), row.title, row.position, row.first_line, row.last_line)
            for row in day.slots
        ],
    )
    yield "workshop", [(row.id, row.question, row.number, row.first_line, row.last_line) for row in day.workshops]


def _alike(child: Proposal, rows: Sequence[_Part], at: int) -> Iterator[_Part]:
    """The parts of a day that a proposal may be, the likeliest first."""
    number: Any = child.fields.get("number", at)
    for row in rows:
        if child.kind == "workshop" and row[2] == number:
            yield row
    for row in rows:
        if child.kind != "workshop" and row[3] and row[4] and overlap(child.span, (row[3], row[4])):
            yield row
    for row in rows:
        if slug(row[1]) == slug(child.title):
            yield row
    for row in rows:
        if child.kind != "workshop" and row[2] == at:
            yield row
