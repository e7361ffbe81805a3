"""A note as somebody writes it: what forms, the API, revisions and comparisons share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from savoirs.errors import FieldError, InvalidError
from savoirs.models import ExperienceRole, NoteKind, Stance

PARTS = ("introduction", "context", "action", "worked", "failed")
"""The five parts of a note's text, in reading order."""

_Draft = TypeVar("_Draft", "NoteDraft", "ExperienceDraft", "ToolDraft", "IndicatorDraft")


@dataclass(frozen=True, slots=True)
class ExperienceDraft:
    """An organisation's link to the note. ``stance`` is None unless the role is ``LIVED``."""

    organisation_id: str
    role: ExperienceRole = ExperienceRole.LIVED
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class ToolDraft:
    """What a note of kind ``tool`` adds."""

    provider_id: str | None = None
    category: str = ""
    as_written: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """What a note of kind ``indicator`` adds. ``nature`` is « qualitative », « quantitative » or empty."""

    dimension: str = ""
    nature: str = ""
    measure: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """All that somebody says of a note. The five parts are Markdown; ``themes`` are keys, ``audiences`` values.

    ``testimony_author`` is the name of who speaks in a testimony; None or empty when nobody is named.
    ``organisation_name`` and ``organisation_stance`` are for a visitor whose organisation is not in the list: an editor
    recognises or creates it when publishing.
    """

    kind: NoteKind = NoteKind.PRACTICE
    title: str = ""
    summary: str = ""
    introduction: str = ""
    context: str = ""
    action: str = ""
    worked: str = ""
    failed: str = ""
    themes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    date: str | None = None
    true_as_of: str | None = None
    for_whom: str = ""
    time_needed: str = ""
    cost: str = ""
    requires: str = ""
    anonymous: bool = False
    experiences: tuple[ExperienceDraft, ...] = ()
    tools: tuple[str, ...] = ()
    tool: ToolDraft | None = None
    indicator: IndicatorDraft | None = None
    testimony_author: str | None = None
    organisation_name: str = ""
    organisation_stance: Stance | None = None

    def to_json(self) -> dict[str, Any]:
        """A plain dict that ``from_json`` reads back; what revisions keep."""
        return asdict(self, dict_factory=_plain)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> NoteDraft:
        """Read a dict; absent keys take their default, unknown ones are left out.

        Raises:
            InvalidError: A value is of the wrong type, or is no value of its enum (``bad_value``).
        """
        return _read(cls, data, "")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text in a comparison; ``change`` is ``same``, ``removed`` (only in a) or ``added`` (only in b)."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that two drafts tell differently.

    Attributes:
        field: The name of the field of ``NoteDraft``.
        before: Its text in the first draft.
        after: Its text in the second.
        parts: The runs of words that are the same, removed or added, in order.
    """

    field: str
    before: str
    after: str
    parts: tuple[Part, ...]


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs}


def _read(kind: type[_Draft], data: Mapping[str, Any], within: str) -> _Draft:
    hints = get_type_hints(kind)
    known = [one.name for one in fields(kind) if one.name in data]
    absent = [one.name for one in fields(kind) if one.default is MISSING and one.name not in data]
    if absent:
        raise InvalidError(tuple(FieldError(f"{within}{name}", "missing") for name in absent))
    return kind(**{name: _value(hints[name], data[name], f"{within}{name}") for name in known})


def _value(hint: Any, value: Any, name: str) -> Any:
    """A value as its type hint says: str, bool, an enum, a draft, a tuple of one of these, or None where it may be."""
    options = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    if value is None and NoneType in options:
        return None
    wanted = options[0]
    if get_origin(wanted) is tuple and isinstance(value, list | tuple):
        return tuple(_value(get_args(wanted)[0], one, f"{name}.{place}") for place, one in enumerate(value))
    if wanted in (ExperienceDraft, ToolDraft, IndicatorDraft) and isinstance(value, Mapping):
        return _read(wanted, value, f"{name}.")
    if isinstance(wanted, type) and issubclass(wanted, StrEnum) and value in list(wanted):
        return wanted(value)
    if wanted in (str, bool) and isinstance(value, wanted):
        return value
    raise InvalidError((FieldError(name, "bad_value"),))
