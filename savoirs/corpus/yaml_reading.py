"""YAML as the corpus writes it: no aliases, no repeated keys, dates left as text; and the line of any value."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from savoirs.corpus.problems import FileError
from savoirs.corpus.records import Path

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster, and not everywhere


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader, stricter."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML looks there)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Refuse an alias: the same node is asked for twice (a few of them, nested, make gigabytes)."""
        if node in self.constructed_objects or node in self.recursive_objects:
            raise FileError("yaml_alias", node.start_mark.line + 1)
        return super().construct_object(node, deep=deep)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a key written twice: the first value would be lost without a word."""
        seen: set[str] = set()
        for name, _value in node.value:
            if not isinstance(name.value, str):
                raise FileError("bad_yaml", name.start_mark.line + 1)
            if name.value in seen:
                raise FileError("repeated_key", name.start_mark.line + 1, key=name.value)
            seen.add(name.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def load(text: str) -> Any:
    """Read a YAML text.

    Raises:
        FileError: ``bad_yaml``, ``yaml_alias`` or ``repeated_key``, with lines counted in ``text``.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a stricter SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError("bad_yaml", mark.line + 1 if mark else 1) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError("bad_yaml", 1) from error


def line_of(text: str, path: Path) -> int:
    """The line of a value, or of the innermost one around it that exists, from 1 in ``text``."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for step in path:
        found = _step(node, step)
        if found is None:
            return line
        node, line = found
    return line


def _step(node: Any, step: str | int) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == step:
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    return None
