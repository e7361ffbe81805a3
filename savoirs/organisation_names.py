"""Every name under which organisations are known: to complete what is typed, and to find two that may be one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, aliased

from savoirs.models import Organisation, OrganisationAlias
from savoirs.slugs import slugify

_SAID_OF_ALL = frozenset(slugify("association asso exemple fondation collectif le la les l un une des du d").split("-"))
"""Words that tell no two organisations apart."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name or an alias, and the organisation that it means: the one kept, when two were merged."""

    id: str
    name: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations that may be one, and the name that says so."""

    one: KnownName
    other: KnownName


@dataclass(frozen=True, slots=True)
class Merged:
    """An organisation that is another name of a second one."""

    id: str
    name: str
    into_id: str
    into_name: str


def all_names(session: Session) -> tuple[KnownName, ...]:
    """Every name and alias, by name. One query."""
    kept = aliased(Organisation)
    kept_id = func.coalesce(Organisation.merged_into_id, Organisation.id)
    own = select(kept.id, kept.name, Organisation.name.label("known_as")).join(kept, kept.id == kept_id)
    others = (
        select(kept.id, kept.name, OrganisationAlias.name.label("known_as"))
        .select_from(OrganisationAlias)
        .join(Organisation, Organisation.id == OrganisationAlias.organisation_id)
        .join(kept, kept.id == kept_id)
    )
    rows = session.execute(union_all(own.select_from(Organisation), others)).all()
    names = {KnownName(id_, name, known_as) for id_, name, known_as in rows}
    return tuple(sorted(names, key=lambda one: (slugify(one.known_as), one.known_as, one.id)))


def names_like(session: Session, begun: str, limit: int) -> tuple[KnownName, ...]:
    """Names with words that begin like those typed, in any order; names that begin so come first. One query."""
    typed = [word for word in slugify(begun, max_length=200).split("-") if word]
    if not typed:
        return ()
    found = []
    for one in all_names(session):
        words = slugify(one.known_as, max_length=300).split("-")
        if all(any(word.startswith(part) for word in words) for part in typed):
            found.append((not words[0].startswith(typed[0]), len(one.known_as), one.known_as, one.id, one))
    return tuple(entry[-1] for entry in sorted(found)[:limit])


def likely_same(session: Session) -> tuple[Pair, ...]:
    """Pairs of organisations that bear the same name, but for accents, articles and « association ». One query."""
    bearing: dict[str, dict[str, KnownName]] = defaultdict(dict)
    for one in all_names(session):
        if telling := _telling(one.known_as):
            bearing[telling].setdefault(one.id, one)
    pairs = {
        (one.id, other.id): Pair(one, other)
        for same in bearing.values()
        for one, other in itertools.combinations(sorted(same.values(), key=lambda one: one.id), 2)
    }
    return tuple(sorted(pairs.values(), key=lambda pair: (pair.one.name, pair.other.name, pair.one.id, pair.other.id)))


def merged(session: Session) -> tuple[Merged, ...]:
    """The organisations that were merged into another, by name. One query."""
    kept = aliased(Organisation)
    rows = session.execute(
        select(Organisation.id, Organisation.name, kept.id, kept.name)
        .join(kept, kept.id == Organisation.merged_into_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple(Merged(*row) for row in rows)


def _telling(name: str) -> str:
    return "-".join(_words(slugify(name, max_length=200).split("-")))


def _words(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in _SAID_OF_ALL]
