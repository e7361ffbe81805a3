"""What a page of results needs from SQL, in two statements: one for the records, one for every name around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
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
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from savoirs.models import (
    Experience,
    Gathering,
    GatheringTheme,
    Note,
    NoteStatus,
    NoteTheme,
    Organisation,
    Theme,
    Workshop,
)
from savoirs.upkeep import last_check

PUBLISHED = NoteStatus.PUBLISHED.value


@dataclass
class Around:
    """What stands around a record: rows of ``read_names``."""

    themes: list[Any] = field(default_factory=list)
    organisations: list[Any] = field(default_factory=list)
    workshop: Any = None
    gathering: Any = None


@dataclass
class Names:
    """Names around records, by their ids; and names of values of facets."""

    around: dict[str, Around] = field(default_factory=lambda: defaultdict(Around))
    themes: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)


def read_records(session: Session, ids: Collection[str]) -> dict[str, Any]:
    """The published notes, organisations, gatherings and workshops among these ids, in one shape. One query.

    Each has ``id, kind, title, summary, introduction, context, action, worked, failed, date, true_as_of, anonymous,
    departement, fictional, last_check``; what a record has not is None. The status is looked at here and not in SQL,
    where SQLite may take its index rather than the ids' and read every note.
    """
    if not ids:
        return {}
    rows: Sequence[Any] = session.execute(_records_query(), {"ids": list(ids)}).all()
    return {row.id: row for row in rows if row.status == PUBLISHED}


def read_names(
    session: Session, ids: Collection[str], theme_keys: Collection[str], organisation_ids: Collection[str]
) -> Names:
    """Themes, organisations, workshop and gathering of records; and names of values of facets. One query.

    Args:
        session: The session.
        ids: Records.
        theme_keys: Values of the theme facet.
        organisation_ids: Values of the organisation facet.
    """
    names = Names()
    wanted = {"ids": list(ids), "themes": list(theme_keys), "organisations": list(organisation_ids)}
    if any(wanted.values()):
        rows: Sequence[Any] = session.execute(_names_query(), wanted).all()
        for row in sorted(rows, key=lambda row: row.position):
            _put(names, row)
    return names


@cache
def _records_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Built once: building it costs more than running it."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    notes = select(
        Note.id, type_coerce(Note.kind, String).label("kind"), Note.title, Note.summary, Note.introduction,
        Note.context, Note.action, Note.worked, Note.failed, Note.date, Note.true_as_of, Note.anonymous,
        cast(null(), String).label("departement"), literal(False).label("fictional"),
        type_coerce(Note.status, String).label("status"), last_check(Note.id).label("last_check"),
    ).where(Note.id.in_(ids))  # fmt: skip
    organisations = _record(
        "organisation", Organisation.id, Organisation.name, Organisation.description,
        departement=Organisation.departement, fictional=Organisation.fictional,
    ).where(Organisation.id.in_(ids))  # fmt: skip
    date = func.coalesce(Gathering.date, cast(Gathering.year, String))
    gatherings = _record("gathering", Gathering.id, Gathering.title, Gathering.description, date=date)
    workshops = _record("workshop", Workshop.id, Workshop.question, Workshop.synthesis_title, date=date)
    return union_all(
        notes,
        organisations,
        gatherings.where(Gathering.id.in_(ids)),
        workshops.join(Gathering, Gathering.id == Workshop.gathering_id).where(Workshop.id.in_(ids)),
    )


@cache
def _names_query() -> CompoundSelect[*tuple[Any, ...]]:
    themes: BindParameter[Any] = bindparam("themes", expanding=True)
    organisations: BindParameter[Any] = bindparam("organisations", expanding=True)
    return union_all(
        *_around(bindparam("ids", expanding=True)),
        _name("theme-name", literal(""), Theme.key, Theme.name).where(Theme.key.in_(themes)),
        _name("organisation-name", literal(""), Organisation.id, Organisation.name).where(
            Organisation.id.in_(organisations)
        ),
    )


def _around(ids: BindParameter[Any]) -> tuple[Select[Any], ...]:
    said, kept = aliased(Organisation), aliased(Organisation)
    return (
        _name("theme", NoteTheme.note_id, Theme.key, Theme.name, position=NoteTheme.position)
        .join(NoteTheme, NoteTheme.theme_id == Theme.id)
        .where(NoteTheme.note_id.in_(ids)),
        _name("theme", GatheringTheme.gathering_id, Theme.key, Theme.name, position=GatheringTheme.position)
        .join(GatheringTheme, GatheringTheme.theme_id == Theme.id)
        .where(GatheringTheme.gathering_id.in_(ids)),
        _name("theme", Workshop.id, Theme.key, Theme.name)
        .join(Workshop, Workshop.theme_id == Theme.id)
        .where(Workshop.id.in_(ids)),
        _name(
            "organisation", Experience.note_id, kept.id, kept.name, position=Experience.position,
            role=type_coerce(Experience.role, String), stance=type_coerce(Experience.stance, String),
            departement=kept.departement, fictional=kept.fictional,
        )
        .join(said, said.id == Experience.organisation_id)
        .join(kept, kept.id == func.coalesce(said.merged_into_id, said.id))
        .where(Experience.note_id.in_(ids)),
        _name("workshop", Note.id, Workshop.id, Workshop.question)
        .join(Workshop, Workshop.id == Note.workshop_id)
        .where(Note.id.in_(ids)),
        _name("gathering", Note.id, Gathering.id, Gathering.title)
        .join(Workshop, Workshop.id == Note.workshop_id)
        .join(Gathering, Gathering.id == Workshop.gathering_id)
        .where(Note.id.in_(ids)),
        _name("gathering", Workshop.id, Gathering.id, Gathering.title)
        .join(Gathering, Gathering.id == Workshop.gathering_id)
        .where(Workshop.id.in_(ids)),
    )  # fmt: skip


def _record(kind: str, id_: Any, title: Any, summary: Any, **columns: Any) -> Select[Any]:
    empty = [literal("").label(name) for name in ("introduction", "context", "action", "worked", "failed")]
    absent = cast(null(), String)
    return select(
        id_.label("id"), literal(kind).label("kind"), title.label("title"), summary.label("summary"), *empty,
        columns.get("date", absent).label("date"), absent.label("true_as_of"), literal(False).label("anonymous"),
        columns.get("departement", absent).label("departement"),
        columns.get("fictional", literal(False)).label("fictional"), literal(PUBLISHED).label("status"),
        absent.label("last_check"),
    )  # fmt: skip


def _name(what: str, owner: Any, id_: Any, name: Any, *, position: Any = None, **columns: Any) -> Select[Any]:
    absent = cast(null(), String)
    return select(
        literal(what).label("what"), owner.label("owner"), id_.label("id"), name.label("name"),
        (literal(0) if position is None else position).label("position"),
        columns.get("role", absent).label("role"), columns.get("stance", absent).label("stance"),
        columns.get("departement", absent).label("departement"),
        columns.get("fictional", literal(False)).label("fictional"),
    )  # fmt: skip


def _put(names: Names, row: Any) -> None:
    around = names.around[row.owner]
    match row.what:
        case "theme-name":
            names.themes[row.id] = row.name
        case "organisation-name":
            names.organisations[row.id] = row.name
        case "theme":
            around.themes.append(row)
        case "organisation":
            around.organisations.append(row)
        case "workshop":
            around.workshop = row
        case "gathering":
            around.gathering = row
