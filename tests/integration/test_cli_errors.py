"""What the command line says when it is used wrongly, or when something is missing."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests import cli
from web.cli import COMMANDS, main


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command and group under a group, with what is typed to run it."""
    found = [(path, command)] if path else []
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            under = command.get_command(ctx, name)
            assert under is not None
            found += leaves(under, (*path, name))
    return found


ALL = leaves(main)


@pytest.mark.parametrize("path", [path for path, _ in ALL], ids=" ".join)
def test_every_command_has_a_french_help_with_an_example(path: tuple[str, ...]) -> None:
    """The help of each command is in French and shows what to type."""
    ran = cli.run_well(*path, "--help")
    assert ran.out.startswith("Utilisation : savoirs")
    assert "Exemple" in ran.out
    assert f"savoirs {path[0]}" in ran.out
    assert "Show this message" not in ran.out


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_option_has_help(path: tuple[str, ...], command: click.Command) -> None:
    """No option is left unexplained."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (path, parameter.name)


def test_the_help_lists_every_command() -> None:
    """A newcomer sees all there is."""
    out = cli.run_well("--help").out
    assert all(f"\n  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("bidule",), "Commande inconnue : bidule."),
        (("search", "--bidule"), "Option inconnue : --bidule."),
        (("search", "--page", "0"), "--page"),
        (("search", "--page"), "--page"),
        (("related",), "Il manque IDENTIFIANT."),
        (("related", "a", "b"), "mot de trop"),
        (("peers",), "besoin"),
        (("load", "nulle-part"), "n’existe pas"),
        (("evaluate", "search"), "--judgements"),
        (("index",), ""),
    ],
)
def test_a_mistake_of_typing_leaves_with_two(typed: tuple[str, ...], said: str) -> None:
    """Usage mistakes are one French line on stderr and code 2."""
    ran = cli.run(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "typed",
    [
        ("search", "x"),
        ("related", "abcdefghij"),
        ("peers", "x"),
        ("serve",),
        ("index", "status"),
        ("export", "ailleurs"),
        ("load", "."),
        ("account", "list"),
    ],
)
def test_without_a_data_folder_each_command_says_to_run_init(typed: tuple[str, ...], no_data: Path) -> None:
    """One French line that names the way out, code 1, and no folder left behind."""
    ran = cli.run(*typed)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "savoirs init" in ran.err
    assert not no_data.exists()


def test_a_wrong_setting_is_named(no_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be read is named in one line."""
    monkeypatch.setenv("SAVOIRS_PORT", "beaucoup")
    ran = cli.run("doctor")
    assert ran.code == 1
    assert "SAVOIRS_PORT" in ran.err
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
