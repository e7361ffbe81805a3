"""The one way a record is written: what an export gives, and what files in a corpus look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from savoirs.corpus import moments, schema
from savoirs.corpus.reading import read
from savoirs.corpus.records import Record
from savoirs.errors import SavoirsError

_DATES = frozenset({"date", "true_as_of", "paused_until"}) | moments.KEYS
_ON_ONE_LINE = frozenset({"source", "size", "contact"})
_ITEMS_ON_ONE_LINE = frozenset({"objectives", "slots", "participations"})
_PLAIN = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029]*")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufeff\u2028\u2029\"\\]*")
_NUMBER_LIKE = re.compile(r"[\d.:_-]+")  # quoted even where YAML would not mind: « 09 » beside « 69 »
_IN_FLOW = re.compile(r"[,\[\]{}?:]")
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers


def written(record: Record) -> str:
    """The whole file of a record."""
    front = {"record": record.kind, "id": record.key, **schema.normal(record.kind, record.front)}
    body = record.body.strip("\n")
    head = "---\n" + "\n".join(_block(front, 0)) + "\n---\n"
    return f"{head}\n{body}\n" if body else head


def canonicalise(path: Path) -> int:
    """Rewrite the files of a corpus in their one form, without changing what they say, and refresh its schema.

    Args:
        path: A corpus folder, a part of one, or one file.

    Returns:
        How many files were rewritten.

    Raises:
        SavoirsError: ``corpus_errors`` (``problems``) when a file cannot be read; then none is rewritten.
    """
    entries, problems = read(path)
    if problems:
        raise SavoirsError("corpus_errors", problems=sorted(problems))
    rewritten = _refresh_schema(path)
    for entry in entries:
        content = written(entry.record).encode("utf-8")
        if entry.path.read_bytes() != content:
            entry.path.write_bytes(content)
            rewritten += 1
    return rewritten


def _refresh_schema(path: Path) -> int:
    """Publish the present schema in a corpus that has one."""
    published = path / "schema.json"
    if not published.is_file() or published.read_text("utf-8") == schema.text():
        return 0
    published.write_text(schema.text(), "utf-8", newline="\n")
    return 1


def _block(mapping: Mapping[str, Any], depth: int) -> list[str]:
    lines = []
    margin = "  " * depth
    for name, value in mapping.items():
        if name in _DATES and isinstance(value, str):
            lines.append(f"{margin}{name}: {value}")
        elif isinstance(value, Mapping) and value and name not in _ON_ONE_LINE:
            lines += [f"{margin}{name}:", *_block(value, depth + 1)]
        elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
            lines += [f"{margin}{name}:", *_items(value, depth + 1, flow=name in _ITEMS_ON_ONE_LINE)]
        else:
            lines.append(f"{margin}{name}: {_inline(value)}")
    return lines


def _items(items: list[Any], depth: int, *, flow: bool) -> list[str]:
    margin = "  " * depth
    if flow:
        return [f"{margin}- {_inline(item)}" for item in items]
    lines = []
    for item in items:
        first, *rest = _block(item, depth + 1)
        lines += [f"{margin}- {first.lstrip(' ')}", *rest]
    return lines


def _inline(value: Any, *, flow: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(inner, flow=True) for inner in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_inline(inner, flow=True)}" for name, inner in value.items()) + "}"
    return _scalar(value, flow=flow) if isinstance(value, str) else str(value)


def _scalar(text: str, *, flow: bool) -> str:
    """Bare when YAML reads it back as the same text, else between double quotes."""
    return text if _is_plain(text, flow=flow) else _quoted(text)


def _is_plain(text: str, *, flow: bool) -> bool:
    if not _PLAIN.fullmatch(text) or text.endswith((" ", ":")) or ": " in text or " #" in text:
        return False
    if _NUMBER_LIKE.fullmatch(text) or (flow and _IN_FLOW.search(text)):
        return False
    candidates = _RESOLVERS.get(text[0], []) + _RESOLVERS.get(None, [])
    return not any(pattern.match(text) for _tag, pattern in candidates)


def _quoted(text: str) -> str:
    if _PRINTABLE.fullmatch(text):
        return f'"{text}"'
    return yaml.dump(text, default_style='"', allow_unicode=True, width=float("inf")).rstrip("\n")
