"""Organisations: a page each, a list, names under which they are known, and merging two into one, reversibly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.availability import Availability
from savoirs.cards import Named, NoteLine, OrganisationCard
from savoirs.models import Account, Organisation, ParticipationRole, Stance


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
    raise NotImplementedError


def listing(session: Session) -> tuple[OrganisationLine, ...]:
    """All organisations but merged ones, by name. Three queries."""
    raise NotImplementedError


def names(session: Session) -> tuple[Named, ...]:
    """Ids and names of all organisations but merged ones, by name, for a list to choose from. One query."""
    raise NotImplementedError


def find_by_name(session: Session, name: str) -> Organisation | None:
    """The organisation known under a name or an alias, whatever the accents and case; the one kept, if merged."""
    raise NotImplementedError


def merge(session: Session, organisation_id: str, into_id: str, editor: Account) -> None:
    """Say that an organisation is another name of a second one. Nothing is moved, so ``unmerge`` undoes it.

    Raises:
        NotFoundError: ``unknown_organisation``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``cannot_merge``: with itself, or one of them is merged already.
    """
    raise NotImplementedError


def unmerge(session: Session, organisation_id: str, editor: Account) -> None:
    """Undo a merge.

    Raises:
        NotFoundError: ``unknown_organisation``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``not_merged``.
    """
    raise NotImplementedError
