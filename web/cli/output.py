"""What commands print: results on the standard output, and everything else (progress, warnings) beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from web.typography import typo

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """The option ``--json``, as the parameter ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Écrit le résultat en JSON, et rien d’autre.")(command)


def print_json(value: Any) -> None:
    """Print a value, or a model, as JSON."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def say(line: str) -> None:
    """Print a line of French on the standard output."""
    click.echo(typo(line))


def progress(line: str) -> None:
    """Print a line of French on the error output: it is no part of the result."""
    click.echo(typo(line), err=True)


def refuse(line: str) -> click.ClickException:
    """An error with its French sentence; the process leaves with 1."""
    return click.ClickException(line)


def number(value: float, decimals: int = 3) -> str:
    """A number as French writes it."""
    return f"{value:,.{decimals}f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
