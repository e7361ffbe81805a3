"""Moments in a file, ISO 8601 in UTC, and what is known by them. One moment is written in one way only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from savoirs.moments import aware

KEYS = frozenset({"moment", "asked", "opened", "closed"})
"""Keys of a front matter whose value is a moment."""

Item = Mapping[str, Any]
"""One thing of a list that people add to: what it is, and its ``moment``."""


def written(moment: dt.datetime | None) -> str | None:
    """A moment as a file has it, to the microsecond when it is kept so."""
    if moment is None:
        return None
    precision = "microseconds" if moment.microsecond else "seconds"
    return aware(moment).astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def read(text: str) -> dt.datetime:
    """The moment that a file has.

    Raises:
        ValueError: There is no such day or hour.
    """
    return dt.datetime.fromisoformat(text)


def exists(text: str) -> bool:
    """Whether there is such a moment."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def added(items: Iterable[Item], held: Iterable[Item], names: Collection[str]) -> list[Item]:
    """The items of a file that the database does not hold.

    Args:
        items: What the file says.
        held: What the database says.
        names: Keys by which an item is known.
    """
    known = {_identity(item, names) for item in held}
    return [item for item in items if _identity(item, names) not in known]


def joined(items: Iterable[Item], held: Iterable[Item], names: Collection[str]) -> list[Item]:
    """What the database will hold: what it does, as it does, and what the file adds; the oldest first."""
    held = list(held)
    return sorted([*held, *added(items, held, names)], key=lambda item: read(item["moment"]))


def _identity(item: Item, names: Collection[str]) -> tuple[Any, ...]:
    return tuple(item.get(name) for name in names)
