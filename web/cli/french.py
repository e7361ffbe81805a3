"""Click in French: help, usage mistakes, and one line on the error output whatever goes wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

import click

from savoirs.errors import SavoirsError
from web.cli.mistakes import sentence_of

DEBUG = "SAVOIRS_DEBUG"
"""When set, an unforeseen error shows where it happened."""

USAGE = "Utilisation : "


def example(*lines: str) -> str:
    """The end of a command's help: what to type."""
    title = "Exemple :" if len(lines) == 1 else "Exemples :"
    return "\b\n" + "\n".join((title, *(f"  {line}" for line in lines)))


class _French(click.Command):
    """What commands and groups share."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Montre cette aide."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=USAGE)


class FrenchOption(click.Option):
    """An option whose value is named in French."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value in the help."""
        if self.metavar is not None or isinstance(self.type, click.Choice):
            return super().make_metavar(ctx)
        if isinstance(self.type, click.types.IntParamType):
            return "NOMBRE"
        return "CHEMIN" if isinstance(self.type, click.Path) else "TEXTE"


option = partial(click.option, cls=FrenchOption)
"""``click.option``, in French."""


class FrenchCommand(_French):
    """A command whose help is in French."""


class FrenchGroup(_French, click.Group):
    """A group whose help is in French, and which ends the process with one French line on any error."""

    command_class = FrenchCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "COMMANDE …", **kwargs})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=80)) for name, command in commands if command is not None]
        with formatter.section("Commandes"):
            formatter.write_dl(rows)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002  (click's signature)
        **extra: Any,
    ) -> NoReturn:
        """Run, and leave with 0, with 1 after an error, with 2 after a mistake in what was typed."""
        run = super().main
        sys.exit(_code(lambda: run(args, prog_name, complete_var, standalone_mode=False, **extra)))


def _code(run: Callable[[], Any]) -> int:
    try:
        result = run()
    except (click.ClickException, click.Abort, SavoirsError) as error:
        return _say(error)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _say(error)
    return result if isinstance(result, int) else 0


def _say(error: BaseException) -> int:
    click.echo(sentence_of(error), err=True)
    return 2 if isinstance(error, click.UsageError) else 1
