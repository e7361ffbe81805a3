"""Filters of a search: which values are ever right, and which values of a facet a page lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from indexer.engine import FACETS, Facet
from savoirs.errors import SavoirsError
from savoirs.models import NoteKind, Stance
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS

KINDS = (*(kind.value for kind in NoteKind), "organisation", "gathering", "workshop")
"""Values of the ``kind`` facet."""

STANCES = tuple(stance.value for stance in Stance)
"""Values of the ``stance`` facet."""

REGIONS = {slugify(place.region): place.region for place in DEPARTEMENTS.values()}
"""Regions by slug."""

TERRITORY_NAMES = REGIONS | {place.code: place.name for place in DEPARTEMENTS.values()}
"""Names of the values of the ``territory`` facet: regions by slug, départements by code."""

LISTED = 40
"""How many values of a facet a page lists, at most, beside the active ones."""

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def checked_filters(filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The filters without empty ones and without repetitions.

    A theme or an organisation that does not exist is no mistake: it leaves no result.

    Raises:
        SavoirsError: ``bad_filter`` (``field``, ``value``): no such facet, or no such value of an enumerated one.
    """
    checked = {}
    for name, values in filters.items():
        if name not in FACETS:
            raise SavoirsError("bad_filter", field=name, value="")
        wrong = next((value for value in values if not _allowed(name, value)), None)
        if wrong is not None:
            raise SavoirsError("bad_filter", field=name, value=wrong)
        if values:
            checked[name] = tuple(dict.fromkeys(values))
    return checked


def facet_values(name: str, facets: Iterable[Facet]) -> list[Facet]:
    """The values that a page lists: regions but no départements, the first ones, and whatever is active."""
    shown = [facet for facet in facets if name != "territory" or facet.active or facet.value in REGIONS]
    return [facet for place, facet in enumerate(shown) if place < LISTED or facet.active]


def _allowed(name: str, value: str) -> bool:
    match name:
        case "kind":
            return value in KINDS
        case "stance":
            return value in STANCES
        case "territory":
            return value in TERRITORY_NAMES
        case "year":
            return _YEAR.fullmatch(value) is not None
        case _:
            return bool(value)
