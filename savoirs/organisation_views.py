"""Reading organisations: the whole of one for its page, and lists. A bounded number of queries each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload, load_only

from savoirs.availability import Availability, contacts_piece
from savoirs.cards import Named, NoteLine, OrganisationCard, named, organisation_card
from savoirs.errors import NotFoundError
from savoirs.models import (
    Experience,
    ExperienceRole,
    Gathering,
    Note,
    NoteStatus,
    Organisation,
    OrganisationAlias,
    OrganisationAudience,
    Participation,
    ParticipationRole,
    Stance,
    Tool,
)
from savoirs.moments import today_or
from savoirs.note_lines import note_lines
from savoirs.organisation_pieces import reach_of
from savoirs.peer_facts import read_facts
from savoirs.pieces import Pieces, piece, read_pieces
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
class Reach:
    """Whom one wants to reach, and whether that can be."""

    card: OrganisationCard
    availability: Availability


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list, with how many published notes it lived, by stance."""

    card: OrganisationCard
    counts: Mapping[Stance, int]


def view(session: Session, organisation_id: str, today: dt.date | None = None) -> OrganisationView:
    """All that an organisation's page shows. Three queries.

    Raises:
        NotFoundError: ``unknown_organisation``.
    """
    organisation, merged = _with_merged(session, organisation_id)
    ids = [organisation.id, *(one.id for one in merged)]
    pieces = read_pieces(session, _pieces_query(), organisation=organisation.id, ids=ids)
    links = pieces.rows("link")
    lines = {line.id: line for line in _published(session, links)}
    return OrganisationView(
        card=organisation_card(organisation, (row.name for row in pieces.of("public", organisation.id))),
        description=masked(organisation.description),
        website=organisation.website,
        aliases=tuple(row.name for row in pieces.of("alias", organisation.id)),
        availability=reach_of(pieces, organisation.id, today_or(today)),
        lived=_lived(links, lines),
        cited=_latest_first(_cited(links, lines)),
        gatherings=_gatherings(pieces),
        merged_into=named(organisation.merged_into) if organisation.merged_into else None,
        merged=tuple(named(one) for one in merged),
    )


def reach(session: Session, organisation_id: str, today: dt.date | None = None) -> Reach:
    """An organisation's card, and whether it may be reached. One query.

    Raises:
        NotFoundError: ``unknown_organisation``.
    """
    facts = read_facts(session, [organisation_id], (), today_or(today))
    card = facts.card(organisation_id)
    if card is None:
        raise NotFoundError("unknown_organisation", id=organisation_id)
    return Reach(card, facts.availability(organisation_id))


def listing(session: Session) -> tuple[OrganisationLine, ...]:
    """All organisations but merged ones, by name. Two queries."""
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
        select(Organisation).where(Organisation.merged_into_id.is_(None)).options(joinedload(Organisation.audiences))
    ).unique()
    return tuple(
        OrganisationLine(organisation_card(one, (public.audience for public in one.audiences)), counts.get(one.id, {}))
        for one in sorted(organisations, key=_by_name)
    )


def names(session: Session) -> tuple[Named, ...]:
    """Ids and names of all organisations but merged ones, by name, for a list to choose from. One query."""
    rows = session.scalars(
        select(Organisation).where(Organisation.merged_into_id.is_(None)).options(load_only(Organisation.name))
    ).all()
    return tuple(named(one) for one in sorted(rows, key=_by_name))


def _with_merged(session: Session, organisation_id: str) -> tuple[Organisation, list[Organisation]]:
    """An organisation, and those that are other names of it, by name. One query."""
    rows = session.scalars(
        select(Organisation)
        .where(or_(Organisation.id == organisation_id, Organisation.merged_into_id == organisation_id))
        .order_by(Organisation.name)
        .options(joinedload(Organisation.merged_into))
    ).all()
    organisation = next((one for one in rows if one.id == organisation_id), None)
    if organisation is None:
        raise NotFoundError("unknown_organisation", id=organisation_id)
    return organisation, [one for one in rows if one is not organisation]


@cache
def _pieces_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: building it costs more than running it."""
    organisation: BindParameter[Any] = bindparam("organisation", type_=String())
    return union_all(
        piece(
            "alias", OrganisationAlias.organisation_id, name=OrganisationAlias.name, position=OrganisationAlias.position
        ).where(OrganisationAlias.organisation_id == organisation),
        piece(
            "public",
            OrganisationAudience.organisation_id,
            name=OrganisationAudience.audience,
            position=OrganisationAudience.position,
        ).where(OrganisationAudience.organisation_id == organisation),
        contacts_piece(lambda column: column == organisation),
        *_links(),
    )


def _links() -> Iterator[Select[Any]]:
    """Notes that name one of these organisations, tools they offer included; and the days they took part in."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    yield piece(
        "link", Experience.organisation_id, id=Experience.note_id, role=Experience.role, stance=Experience.stance
    ).where(Experience.organisation_id.in_(ids))
    yield piece("link", Tool.provider_id, id=Tool.note_id, role=literal(ExperienceRole.CITED.value)).where(
        Tool.provider_id.in_(ids)
    )
    yield (
        piece(
            "gathering",
            Participation.organisation_id,
            id=Gathering.id,
            name=Gathering.title,
            role=Participation.role,
            position=Participation.position,
            date=cast(Gathering.year, String),
        )
        .join(Gathering, Gathering.id == Participation.gathering_id)
        .where(Participation.organisation_id.in_(ids))
    )


def _published(session: Session, links: Iterable[Any]) -> tuple[NoteLine, ...]:
    """Lines about the notes of these links. Their status is looked at here: see ``peer_facts``."""
    lines = note_lines(session, select(Note).where(Note.id.in_(sorted({link.id for link in links}))))
    return tuple(line for line in lines if line.status is NoteStatus.PUBLISHED)


def _lived(links: Iterable[Any], lines: Mapping[str, NoteLine]) -> dict[Stance, tuple[NoteLine, ...]]:
    found: dict[Stance, list[NoteLine]] = {}
    for link in links:
        line = lines.get(link.id)
        if line and link.role == ExperienceRole.LIVED and link.stance and not line.anonymous:
            found.setdefault(Stance(link.stance), []).append(line)
    return {stance: _latest_first(found[stance]) for stance in Stance if stance in found}


def _cited(links: Sequence[Any], lines: Mapping[str, NoteLine]) -> list[NoteLine]:
    lived = {link.id for link in links if link.role == ExperienceRole.LIVED}
    ids = {link.id for link in links} - lived
    return [lines[note_id] for note_id in ids if note_id in lines and not lines[note_id].anonymous]


def _latest_first(lines: list[NoteLine]) -> tuple[NoteLine, ...]:
    return tuple(sorted(dict.fromkeys(lines), key=lambda line: (line.date or "", line.id), reverse=True))


def _gatherings(pieces: Pieces) -> tuple[tuple[Named, ParticipationRole], ...]:
    """The days they took part in, the latest first."""
    rows = sorted(pieces.rows("gathering"), key=lambda row: (-int(row.date), row.id, row.position))
    return tuple((Named(row.id, row.name, slugify(row.name)), ParticipationRole(row.role)) for row in rows)


def _by_name(organisation: Organisation) -> tuple[str, str]:
    return slugify(organisation.name), organisation.id
