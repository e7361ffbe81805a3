"""What each application and each database of the tests would compile again, though it is the same for all of them.

Templates, routes and SQL: half of the time of a test that makes an application, shows a page and ends. Only what
depends on nothing but its own source is kept; applications share no state, nor do databases share rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Sqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

Built = Callable[..., tuple[str, str]]

STATEMENTS = 4_000
"""More than there are in all the tests."""


class CompiledTemplates(BytecodeCache):
    """Compiled templates, in memory, each with the checksum of its source: one that changes is compiled again."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled, if the template is known."""
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._known[bucket.key] = bucket.bytecode_to_string()


def keep_compiled(patch: pytest.MonkeyPatch) -> None:
    """Keep what Jinja, Werkzeug and SQLAlchemy compile, for as long as the patch lasts."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()})
    _keep_routes(patch)
    _keep_statements(patch)


def _keep_routes(patch: pytest.MonkeyPatch) -> None:
    """What builds an address is a function of the rule's parts: it looks for converters in the rule it is called on."""
    compile_builder: Callable[[Rule, bool], Built] = Rule._compile_builder
    known: dict[tuple[Any, ...], Built] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Built:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    patch.setattr(Rule, "_compile_builder", compiled)


def _keep_statements(patch: pytest.MonkeyPatch) -> None:
    """SQLAlchemy keeps statements by engine and dialect: engines share one place, dialects of one SQLite are equal."""
    known: LRUCache[Any, Any] = LRUCache(STATEMENTS)

    def created(_class: type[Sqlite], engine: Engine) -> None:
        engine._compiled_cache = known

    def equal(one: Sqlite, other: object) -> bool:
        return type(one) is type(other) and one.dbapi is getattr(other, "dbapi", None)

    patch.setattr(Sqlite, "engine_created", classmethod(created))
    patch.setattr(Sqlite, "__eq__", equal)
    patch.setattr(Sqlite, "__hash__", lambda dialect: hash(type(dialect)))
