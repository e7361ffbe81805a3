"""Organisations: names under which they are known, and merging two into one, reversibly."""

from __future__ import annotations

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from savoirs.cards import kept
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.journal import record_change
from savoirs.models import Account, Organisation, OrganisationAlias, OrganisationKind, record_id
from savoirs.note_rights import require_editor
from savoirs.organisation_names import all_names, likely_same, merged, names_like
from savoirs.organisation_views import OrganisationLine, OrganisationView, Reach, listing, names, reach, view
from savoirs.slugs import slugify

__all__ = [
    "OrganisationLine",
    "OrganisationView",
    "Reach",
    "all_names",
    "create",
    "find_by_name",
    "get",
    "likely_same",
    "listing",
    "merge",
    "merged",
    "names",
    "names_like",
    "reach",
    "unmerge",
    "view",
]


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
