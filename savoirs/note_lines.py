"""Lines about notes, for lists: one query, whatever their number."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import Session, joinedload, load_only

from savoirs.cards import NoteLine, kept, named
from savoirs.models import Experience, ExperienceRole, Note, Organisation
from savoirs.moments import iso_day
from savoirs.plaintext import masked
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.upkeep import held, last_check


def note_lines(session: Session, notes: Select[Note]) -> tuple[NoteLine, ...]:
    """Lines about the notes that a query selects, in its order. One query."""
    experiences = joinedload(Note.experiences).joinedload(Experience.organisation)
    name = load_only(Organisation.name, Organisation.fictional, Organisation.departement, Organisation.merged_into_id)
    query = notes.options(
        load_only(
            Note.kind, Note.status, Note.title, Note.summary, Note.date, Note.true_as_of, Note.anonymous,
            Note.updated_at, Note.author_id, Note.workshop_id, Note.published_at, Note.created_at,
        ),
        experiences.options(name, joinedload(Organisation.merged_into).options(name)),
    )  # fmt: skip
    rows = session.execute(query.add_columns(last_check(Note.id))).unique()
    return tuple(note_line(note, last) for note, last in rows)


def note_line(note: Note, last: str | None = None) -> NoteLine:
    """The line about a note whose experiences are loaded, and its last check. An anonymous note names nobody."""
    true_as_of, said = held(note.true_as_of, last)
    tellers = () if note.anonymous else tellers_of(note)
    places = (DEPARTEMENTS.get(one.departement or "") for one in tellers)
    return NoteLine(
        id=note.id,
        kind=note.kind,
        status=note.status,
        title=note.title,
        slug=slugify(note.title),
        summary=masked(note.summary),
        date=note.date,
        true_as_of=true_as_of,
        stances=tuple(dict.fromkeys(one.stance for one in note.experiences if one.stance)),
        organisations=tuple(named(one) for one in tellers),
        anonymous=note.anonymous,
        fictional=is_fictional(note),
        updated=iso_day(note.updated_at),
        territory=next((place.name for place in places if place), None),
        workshop_id=note.workshop_id,
        said=said,
    )


def tellers_of(note: Note) -> tuple[Organisation, ...]:
    """Who lived a note, else whoever it names, once each."""
    lived = [one for one in note.experiences if one.role is ExperienceRole.LIVED]
    return tuple(dict.fromkeys(kept(one.organisation) for one in lived or note.experiences))


def is_fictional(note: Note) -> bool:
    """Whether who lived a note is of the demonstration."""
    return any(one.organisation.fictional for one in note.experiences if one.role is ExperienceRole.LIVED)
