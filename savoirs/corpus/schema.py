"""The JSON schema of front matters: what may be in a file, in which order, and what is left out when empty."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from savoirs.corpus.records import FOLDERS, Path

KEPT_EMPTY = frozenset({"tool", "testimony"})
"""Optional mappings that say something even when they are empty: that the note has such a side."""


@cache
def text() -> str:
    """The schema as it is published in a corpus."""
    return files("savoirs.corpus").joinpath("schema.json").read_text("utf-8")


@cache
def definition(kind: str) -> Mapping[str, Any]:
    """The schema of one kind of record, its references replaced by what they name (validation is twice as fast)."""
    definitions = json.loads(text())["$defs"]
    inlined: Mapping[str, Any] = _inline(definitions[kind], definitions)
    return inlined


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(definition(kind))


def mistakes(front: Mapping[str, Any]) -> Iterator[tuple[Path, str, dict[str, object]]]:
    """What is wrong with a front matter: where, code, parameters.

    Args:
        front: The whole front matter, with ``record`` and ``id``.
    """
    kind = front.get("record")
    if not isinstance(kind, str) or kind not in FOLDERS:
        yield ("record",), "unknown_record", {"value": str(kind), "allowed": ", ".join(sorted(FOLDERS))}
        return
    for error in _validator(kind).iter_errors(front):
        path = tuple(error.absolute_path)
        yield from _mistake(path, error)


def normal(kind: str, front: Mapping[str, Any]) -> dict[str, Any]:
    """A front matter in the order of the schema, without optional keys that say nothing."""
    ordered: dict[str, Any] = _normal(definition(kind), front)
    return ordered


def _normal(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_normal(schema.get("items", {}), inner) for inner in value]
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, inner_schema in schema.get("properties", {}).items():
        if name not in value:
            continue
        inner = _normal(inner_schema, value[name])
        if name in schema.get("required", ()) or not _says_nothing(name, inner):
            kept[name] = inner
    return kept


def _says_nothing(name: str, value: Any) -> bool:
    return value is None or value is False or value in ("", []) or (value == {} and name not in KEPT_EMPTY)


def _inline(schema: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inline(inner, definitions) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        schema = {**named, **{name: value for name, value in schema.items() if name != "$ref"}}
    return {name: _inline(value, definitions) for name, value in schema.items()}


def _mistake(path: Path, error: ValidationError) -> Iterator[tuple[Path, str, dict[str, object]]]:
    """Say a schema error in our words; one error may be about several keys."""
    rule = str(error.validator)
    value: Any = error.instance
    wanted: Any = error.validator_value
    around: Any = error.schema
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if rule == "required":
        yield from ((path, "missing_key", {"key": name}) for name in wanted if name not in value)
    elif rule == "additionalProperties":
        known = around["properties"]
        yield from (
            ((*path, name), "unknown_key", {"key": name, "allowed": ", ".join(known)})
            for name in value
            if name not in known
        )
    elif rule == "not":
        name = wanted["required"][0]
        yield (*path, name), _MISPLACED[name], {}
    elif rule == "const":
        yield path, "other_kind_of_note", {"value": str(value), "wanted": str(wanted)}
    elif rule == "enum":
        yield path, "value_not_listed", {"key": key, "value": str(value), "allowed": ", ".join(map(str, wanted))}
    elif rule in {"maxLength", "maxItems"}:
        yield path, "value_too_long", {"key": key, "length": len(value), "maximum": wanted}
    elif rule in {"minItems", "minLength", "minProperties"}:
        yield path, "value_empty", {"key": key, "minimum": wanted}
    elif rule == "uniqueItems":
        yield path, "repeated_value", {"key": key}
    else:
        code = _BY_KEY.get((rule, around.get("title", key)), "value_not_read")
        yield path, code, {"key": key, "value": str(value)[:80]}


_BY_KEY = {
    ("pattern", "date"): "date_not_read",
    ("pattern", "true_as_of"): "date_not_read",
    ("pattern", "id"): "id_not_read",
    ("pattern", "moment"): "moment_not_read",
    ("pattern", "call_id"): "call_id_not_read",
}
"""By rule, and by title of the definition or else by key."""

_MISPLACED = {"stance": "stance_of_another_role", "closed": "closed_of_open_call"}
