"""A record between its file and its rows: what both sides speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
"""Where a value is in a front matter: keys and places in lists."""

FOLDERS: Mapping[str, str] = {
    "source": "sources",
    "theme": "themes",
    "organisation": "organisations",
    "contact": "contacts",
    "gathering": "gatherings",
    "framework": "frameworks",
    "note": "notes",
    "call": "calls",
}
"""The folder of each kind of record, in an order in which each refers to earlier ones only."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the corpus.

    Attributes:
        kind: A key of ``FOLDERS``.
        key: Its id in the corpus.
        front: Its front matter but for ``record`` and ``id``, as ``schema.normal`` leaves it.
        body: Its Markdown, without blank lines around it.
        folder: For a note, the folders between ``notes/`` and its file.
    """

    kind: str
    key: str
    front: Mapping[str, Any]
    body: str = ""
    folder: str = ""

    @property
    def path(self) -> str:
        """Its file, from the corpus folder."""
        return "/".join(part for part in (FOLDERS[self.kind], self.folder, f"{self.key}.md") if part)


def references(record: Record) -> Iterator[tuple[Path, str, str]]:
    """What a record refers to: where, the kind of what, and its key (``gathering/number`` for a workshop)."""
    front = record.front
    for place, theme in enumerate(front.get("themes", ())):
        yield ("themes", place), "theme", theme
    for name in ("experiences", "participations", "trials", "checks", "told"):
        for place, link in enumerate(front.get(name, ())):
            if "organisation" in link:
                yield (name, place, "organisation"), "organisation", link["organisation"]
    for place, link in enumerate(front.get("answers", ())):
        yield ("answers", place, "note"), "note", link["note"]
    for place, workshop in enumerate(front.get("workshops", ())):
        yield ("workshops", place, "theme"), "theme", workshop["theme"]
    for path, kind in _SINGLE:
        value = _get(front, path)
        if isinstance(value, str):
            yield path, kind, value


_SINGLE: tuple[tuple[Path, str], ...] = (
    (("source", "id"), "source"),
    (("workshop",), "workshop"),
    (("parent",), "theme"),
    (("theme",), "theme"),
    (("merged_into",), "organisation"),
    (("organisation",), "organisation"),
    (("tool", "provider"), "organisation"),
)


def spans(front: Mapping[str, Any]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Every ``lines`` of a front matter that is a first and a last line of its source."""
    yield from _spans(front, ())


def _spans(value: Any, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "lines" and isinstance(inner, list):
                yield (*path, name), (inner[0], inner[1])
            else:
                yield from _spans(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _spans(inner, (*path, place))


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a front matter, and where it is."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from texts(inner, (*path, place))


def _get(front: Mapping[str, Any], path: Path) -> Any:
    value: Any = front
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value
