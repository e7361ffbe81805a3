"""Short views of records, the ones several pages show: a name, an organisation's card, a line about a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from savoirs.models import ExperienceRole, NoteKind, NoteStatus, Organisation, OrganisationKind, Stance, Verdict
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS


@dataclass(frozen=True, slots=True)
class Named:
    """A record by its id and name.

    Attributes:
        id: What its address or its filter takes: the public id, or for a theme its key.
        name: Its name.
        slug: The name as an address has it; empty for themes, which have no page.
    """

    id: str
    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation as lists show it. ``initials`` are two letters at most; sizes are None when unknown."""

    id: str
    name: str
    slug: str
    kind: OrganisationKind
    departement: str | None
    territory: str | None
    region: str | None
    fictional: bool
    volunteers: int | None
    employees: int | None
    audiences: tuple[str, ...]
    initials: str


@dataclass(frozen=True, slots=True)
class Lived:
    """An organisation's link to a note. ``stance`` is None unless it lived it."""

    organisation: OrganisationCard
    role: ExperienceRole
    stance: Stance | None


@dataclass(frozen=True, slots=True)
class Said:
    """That a note has changed, or is over, and the ISO day on which somebody last said so."""

    verdict: Verdict
    day: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as lists show it. An anonymous note names no organisation here.

    Attributes:
        id: Its public id.
        kind: Its kind.
        status: Its status.
        title: Its title.
        slug: The title as its address has it.
        summary: One sentence.
        date: « 2017 », « 2024-11 », « 2026-03-12 » or None.
        true_as_of: Last time somebody said it still holds, or None.
        stances: Stances of those who lived it, without repetition.
        organisations: Who lived it, else who is cited.
        anonymous: Whether it hides who lived it.
        fictional: Whether all who lived it are fictional.
        updated: ISO day of its last change.
        territory: Name of the département of the first organisation that has one, or None.
        workshop_id: The workshop it comes from, or None.
        said: That somebody said since that it has changed or is over.
    """

    id: str
    kind: NoteKind
    status: NoteStatus
    title: str
    slug: str
    summary: str
    date: str | None
    true_as_of: str | None
    stances: tuple[Stance, ...]
    organisations: tuple[Named, ...]
    anonymous: bool
    fictional: bool
    updated: str
    territory: str | None = None
    workshop_id: str | None = None
    said: Said | None = None


_NOT_INITIALS = frozenset(
    (
        "association",
        "exemple",
        "fondation",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "de",
        "des",
        "du",
        "d",
        "et",
        "a",
        "au",
        "en",
    )
)


def initials(name: str) -> str:
    """One or two capital letters that stand for a name, articles and « Association Exemple » left out."""
    words = [word for word in slugify(name).split("-") if word]
    telling = [word for word in words if word not in _NOT_INITIALS] or words
    return "".join(word[0] for word in telling[:2]).upper()


def organisation_card(organisation: Any, audiences: Iterable[str]) -> OrganisationCard:
    """The card of an organisation: its record, or a row that has the same names."""
    place = DEPARTEMENTS.get(organisation.departement or "")
    return OrganisationCard(
        id=organisation.id,
        name=organisation.name,
        slug=slugify(organisation.name),
        kind=OrganisationKind(organisation.kind),
        departement=organisation.departement,
        territory=place.name if place else None,
        region=place.region if place else None,
        fictional=bool(organisation.fictional),
        volunteers=organisation.volunteers,
        employees=organisation.employees,
        audiences=tuple(audiences),
        initials=initials(organisation.name),
    )


def named(organisation: Organisation) -> Named:
    """An organisation by its id and name."""
    return Named(organisation.id, organisation.name, slugify(organisation.name))


def kept(organisation: Organisation) -> Organisation:
    """The organisation that this one is another name of, else itself."""
    return organisation.merged_into or organisation
