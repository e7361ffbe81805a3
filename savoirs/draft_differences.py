"""What two drafts of a note tell differently, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Any

from savoirs.drafts import ExperienceDraft, FieldDifference, IndicatorDraft, NoteDraft, Part, ToolDraft

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_PAIRS = 4_000_000
"""Beyond this many pairs of words, texts are compared by lines: difflib takes the square of their length."""


def differences(a: NoteDraft, b: NoteDraft, names: Mapping[str, str] | None = None) -> tuple[FieldDifference, ...]:
    """The fields that differ, in the order of ``NoteDraft``, compared word by word (difflib).

    Args:
        a: One draft.
        b: Another.
        names: Names to show instead of ids of organisations, keys of themes and values of enums.
    """
    shown = names or {}
    told = ((one.name, _text(getattr(a, one.name), shown), _text(getattr(b, one.name), shown)) for one in fields(a))
    return tuple(
        FieldDifference(name, before, after, compared(before, after)) for name, before, after in told if before != after
    )


def compared(before: str, after: str) -> tuple[Part, ...]:
    """The runs of two texts that are the same, removed or added, in order."""
    left, right = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(left) * len(right) > _MOST_PAIRS:
        left, right = _LINES.findall(before), _LINES.findall(after)
    parts = []
    for change, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if change == "equal":
            parts.append(Part("same", "".join(left[i:j])))
            continue
        parts += [Part("removed", "".join(left[i:j]))] if j > i else []
        parts += [Part("added", "".join(right[k:m]))] if m > k else []
    return tuple(parts)


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        return "\n".join(_text(one, names) for one in value)
    if isinstance(value, bool):
        return names.get("true", "true") if value else ""
    parts: tuple[str | None, ...]
    match value:
        case ExperienceDraft(organisation, role, stance):
            return " · ".join(names.get(part, part) for part in (organisation, role, stance) if part)
        case ToolDraft(provider, category, as_written, aliases):
            parts = (names.get(provider or "", provider), category, as_written, *aliases)
        case IndicatorDraft(dimension, nature, measure, examples):
            parts = (dimension, names.get(nature, nature), measure, *examples)
        case _:
            parts = (names.get(value, value),)
    return "\n".join(part for part in parts if part)
