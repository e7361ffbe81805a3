"""Organisations: a page each, a list, names under which they are known, and merging two into one, reversibly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, load_only, selectinload

from savoirs.availability import Availability, availabilities
from savoirs.cards import Named, NoteLine, OrganisationCard, kept, named, organisation_card
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.journal import record_change
from savoirs.models import (
    Account,
    Experience,
    ExperienceRole,
    Gathering,
    Note,
    NoteStatus,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    Participation,
    ParticipationRole,
    Stance,
    Tool,
    record_id,
)
from savoirs.moments import today_or
from savoirs.note_lines import note_lines
from savoirs.note_rights import require_editor
from savoirs.plaintext import masked
from savoirs.slugs import slugify


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as its page shows it.

    ``lived`` has notes by stance (need, ongoing, solved, failed; absent when empty); anonymous notes are never there.
    ``cited`` has notes that name it. ``merged_into`` is set when it is another name of an organisation: redirect there.
    """

    card: OrganisationCard
    description: str
    website: str | None
    aliases: tuple[str, ...]
    availability: Availability
    lived: Mapping[Stance, tuple[NoteLine, ...]]
    cited: tuple[NoteLine, ...]
    gatherings: tuple[tuple[Named, ParticipationRole], ...]
    merged_into: Named | None
    merged: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list, with how many published notes it lived, by stance."""

    card: OrganisationCard
    counts: Mapping[Stance, int]


def view(session: Session, organisation_id: str, today: dt.date | None = None) -> OrganisationView:
    """All that an organisation's page shows. At most 9 queries.

    Raises:
        NotFoundError: ``unknown_organisation``.
    """
    organisation = get(session, organisation_id)
    merged = session.scalars(
        select(Organisation).where(Organisation.merged_into_id == organisation.id).order_by(Organisation.name)
    ).all()
    ids = [organisation.id, *(one.id for one in merged)]
    links = _links(session, ids)
    lines = {line.id: line for line in _published(session, links)}
    lived: dict[Stance, list[NoteLine]] = {}
    for note_id, role, stance in links:
        line = lines.get(note_id)
        if line and role is ExperienceRole.LIVED and stance and not line.anonymous:
            lived.setdefault(stance, []).append(line)
    return OrganisationView(
        card=organisation_card(organisation),
        description=masked(organisation.description),
        website=organisation.website,
        aliases=tuple(alias.name for alias in organisation.aliases),
        availability=availabilities(session, [organisation.id], today_or(today))[organisation.id],
        lived={stance: _latest_first(lived[stance]) for stance in Stance if stance in lived},
        cited=_latest_first(_cited(links, lines)),
        gatherings=_gatherings(session, ids),
        merged_into=named(organisation.merged_into) if organisation.merged_into else None,
        merged=tuple(named(one) for one in merged),
    )


def listing(session: Session) -> tuple[OrganisationLine, ...]:
    """All organisations but merged ones, by name. Three queries."""
    counts: dict[str, dict[Stance, int]] = {}
    holder = func.coalesce(Organisation.merged_into_id, Organisation.id)
    for organisation_id, stance, count in session.execute(
        select(holder, Experience.stance, func.count(func.distinct(Note.id)))
        .join(Experience, Experience.organisation_id == Organisation.id)
        .join(Note, Note.id == Experience.note_id)
        .where(
            Note.status == NoteStatus.PUBLISHED,
            Note.anonymous.is_(False),
            Experience.role == ExperienceRole.LIVED,
        )
        .group_by(holder, Experience.stance)
    ):
        if stance is not None:
            counts.setdefault(organisation_id, {})[stance] = count
    organisations = session.scalars(
        select(Organisation).where(Organisation.merged_into_id.is_(None)).options(selectinload(Organisation.audiences))
    ).all()
    return tuple(
        OrganisationLine(organisation_card(one), counts.get(one.id, {})) for one in sorted(organisations, key=_by_name)
    )


def names(session: Session) -> tuple[Named, ...]:
    """Ids and names of all organisations but merged ones, by name, for a list to choose from. One query."""
    rows = session.scalars(
        select(Organisation).where(Organisation.merged_into_id.is_(None)).options(load_only(Organisation.name))
    ).all()
    return tuple(named(one) for one in sorted(rows, key=_by_name))


def get(session: Session, organisation_id: str) -> Organisation:
    """An organisation.

    Raises:
        NotFoundError: ``unknown_organisation``.
    """
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError("unknown_organisation", id=organisation_id)
    return organisation


def find_by_name(session: Session, name: str) -> Organisation | None:
    """The organisation known under a name or an alias, whatever the accents and case; the one kept, if merged.

    Names are compared as slugs, in Python: SQLite and PostgreSQL do not fold accents alike. One query, one more when
    a name is found.
    """
    wanted = slugify(name, max_length=200)
    own = select(Organisation.id, Organisation.name, literal(0).label("rank"))
    aliases = select(OrganisationAlias.organisation_id, OrganisationAlias.name, literal(1).label("rank"))
    rows = session.execute(union_all(own, aliases)).all()
    matches = sorted((rank, id_) for id_, one, rank in rows if wanted and slugify(one, max_length=200) == wanted)
    return kept(get(session, matches[0][1])) if matches else None


def create(session: Session, name: str) -> Organisation:
    """A new association, of which only the name is known."""
    base = slugify(name, max_length=80) or "association"
    taken = set(session.scalars(select(Organisation.key).where(Organisation.key.startswith(base, autoescape=True))))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    key = base if base not in taken else next(key for key in numbered if key not in taken)
    organisation = Organisation(
        id=record_id("organisation", key), key=key, name=name, kind=OrganisationKind.ASSOCIATION, fictional=False
    )
    session.add(organisation)
    record_change(session, "organisation", organisation.id)
    return organisation


def merge(session: Session, organisation_id: str, into_id: str, editor: Account) -> None:
    """Say that an organisation is another name of a second one. Nothing is moved, so ``unmerge`` undoes it.

    Raises:
        NotFoundError: ``unknown_organisation``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``cannot_merge``: with itself, or one of them is merged already.
    """
    require_editor(editor)
    organisation, into = get(session, organisation_id), get(session, into_id)
    others = session.scalar(select(Organisation.id).where(Organisation.merged_into_id == organisation.id).limit(1))
    if organisation is into or organisation.merged_into_id or into.merged_into_id or others:
        raise SavoirsError("cannot_merge", name=organisation.name, into=into.name)
    organisation.merged_into = into
    record_change(session, "organisation", organisation.id)
    record_change(session, "organisation", into.id)


def unmerge(session: Session, organisation_id: str, editor: Account) -> None:
    """Undo a merge.

    Raises:
        NotFoundError: ``unknown_organisation``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``not_merged``.
    """
    require_editor(editor)
    organisation = get(session, organisation_id)
    into = organisation.merged_into
    if into is None:
        raise SavoirsError("not_merged", name=organisation.name)
    organisation.merged_into = None
    for one in (organisation, into):
        record_change(session, "organisation", one.id)


def _links(session: Session, ids: list[str]) -> list[tuple[str, ExperienceRole, Stance | None]]:
    """Notes that name one of these organisations, tools they offer included. One query."""
    told = select(Experience.note_id, Experience.role, Experience.stance).where(Experience.organisation_id.in_(ids))
    offered = select(
        Tool.note_id,
        literal(ExperienceRole.CITED, type_=Experience.role.type),
        cast(null(), Experience.stance.type),
    ).where(Tool.provider_id.in_(ids))
    return [(note_id, role, stance) for note_id, role, stance in session.execute(told.union(offered))]


def _published(session: Session, links: list[tuple[str, ExperienceRole, Stance | None]]) -> tuple[NoteLine, ...]:
    ids = sorted({note_id for note_id, _, _ in links})
    return note_lines(session, select(Note).where(Note.id.in_(ids), Note.status == NoteStatus.PUBLISHED))


def _cited(links: list[tuple[str, ExperienceRole, Stance | None]], lines: Mapping[str, NoteLine]) -> list[NoteLine]:
    lived = {note_id for note_id, role, _ in links if role is ExperienceRole.LIVED}
    ids = {note_id for note_id, _, _ in links if note_id not in lived}
    return [lines[note_id] for note_id in ids if note_id in lines and not lines[note_id].anonymous]


def _latest_first(lines: list[NoteLine]) -> tuple[NoteLine, ...]:
    return tuple(sorted(dict.fromkeys(lines), key=lambda line: (line.date or "", line.id), reverse=True))


def _gatherings(session: Session, ids: list[str]) -> tuple[tuple[Named, ParticipationRole], ...]:
    rows = session.execute(
        select(Gathering.id, Gathering.title, Participation.role)
        .join(Gathering, Gathering.id == Participation.gathering_id)
        .where(Participation.organisation_id.in_(ids))
        .order_by(Gathering.year.desc(), Gathering.id, Participation.position)
    )
    return tuple((Named(id_, title, slugify(title)), role) for id_, title, role in rows)


def _by_name(organisation: Organisation) -> tuple[str, str]:
    return slugify(organisation.name), organisation.id
