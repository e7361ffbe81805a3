"""The README tells all there is, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs.config import Settings
from tests.web import make_app
from web.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def commands(command: click.Command, path: str = "savoirs") -> list[str]:
    """What is typed for each command, groups left out."""
    if not isinstance(command, click.Group):
        return [path]
    ctx = click.Context(command)
    found = [path] if command.invoke_without_command else []
    for name in command.list_commands(ctx):
        under = command.get_command(ctx, name)
        assert under is not None
        found += commands(under, f"{path} {name}")
    return found


def test_every_command_is_documented() -> None:
    """Each has its row, and each row is a command."""
    rows = re.findall(r"^\| `(savoirs [a-z ]+?)(?: [A-Z]+…?)?` \|", README, re.MULTILINE)
    assert sorted(rows) == sorted(commands(main))


def test_every_setting_is_documented() -> None:
    """Each has its row with its default, and each row is a setting; each has French help."""
    rows = dict(re.findall(r"^\| `SAVOIRS_([A-Z_]+)` \| ([^|]*) \|", README, re.MULTILINE))
    fields = Settings.model_fields
    assert sorted(rows) == sorted(name.upper() for name in fields)
    for name, field in fields.items():
        assert field.description, name
        if isinstance(field.default, str | int | float | Path) and field.default != "":
            assert (
                f"`{field.default:g}`"
                if isinstance(field.default, float)
                else f"`{field.default}`" in rows[name.upper()]
            )


def test_every_page_and_route_is_documented(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Each page by the beginning of its address, each route of the API by its method and path."""
    for rule in make_app(session_factory, tmp_path).url_map.iter_rules():
        if rule.endpoint == "static" or rule.methods is None:
            continue
        if rule.rule.startswith("/api/v1/") and rule.endpoint.startswith("api."):
            path = rule.rule.removeprefix("/api/v1")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                assert f"`{method} {path}`" in README, (method, path)
        elif "GET" in rule.methods:
            start = re.match(r"/[a-z0-9-]*", rule.rule)
            assert start is not None
            assert f"`{start.group()}" in README, rule.rule


def test_rows_of_a_table_have_its_columns() -> None:
    """A row that slipped from one table into another is seen here before a reader sees it."""
    tables = re.findall(r"(?:^\|.*\n)+", README, re.MULTILINE)
    assert len(tables) > 5
    for table in tables:
        columns, rule, *rows = [line.count("|") for line in table.splitlines()]
        assert rows, table
        assert {rule, *rows} == {columns}, table


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
def test_every_make_target_is_documented(target: str) -> None:
    """Ten of them at most."""
    assert f"make {target}" in README
    assert len(re.findall(r"^[a-z]+:.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)) <= 10


def test_no_registry_and_no_machine_is_named() -> None:
    """Locks, Makefile and CI name no index and no path of a machine."""
    files = [ROOT / "Makefile", ROOT / ".ci" / "run", ROOT / "pyproject.toml", *(ROOT / "requirements").glob("*.txt")]
    for file in files:
        text = file.read_text("utf-8")
        assert not re.search(r"--(extra-)?index-url|--find-links|https?://(?!127\.0\.0\.1)|/home/|/root/", text), (
            file.name
        )
