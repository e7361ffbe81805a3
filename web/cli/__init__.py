"""The command line ``savoirs``: one module a group of commands, read only when it is needed."""

from __future__ import annotations

import logging
from importlib import import_module

import click

from web.cli.french import FrenchGroup, example

COMMANDS = {
    "demo": "web.cli.demo:demo",
    "init": "web.cli.setting_up:init",
    "serve": "web.cli.serving:serve",
    "load": "web.cli.corpus:load",
    "export": "web.cli.corpus:export",
    "import": "web.cli.importing:import_documents",
    "search": "web.cli.finding:search",
    "related": "web.cli.finding:related",
    "peers": "web.cli.finding:peers",
    "index": "web.cli.index:index",
    "evaluate": "web.cli.evaluate:evaluate",
    "bench": "web.cli.bench:bench",
    "account": "web.cli.account:account",
    "outbox": "web.cli.outbox:outbox",
    "privacy": "web.cli.privacy:privacy",
    "backup": "web.cli.backup:backup",
    "restore": "web.cli.backup:restore",
    "doctor": "web.cli.doctor:doctor",
}
"""Commands in the order of the help, and where each is."""


class SavoirsGroup(FrenchGroup):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """A command, imported now."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=SavoirsGroup, epilog=example("savoirs demo", 'savoirs search "animer mes bénévoles"'))
def main() -> None:
    """Savoirs, la mémoire partagée d’un réseau d’associations.

    Tout est gardé dans un seul dossier, celui du réglage SAVOIRS_DATA_DIR (« data » par défaut).
    """
    # What a command has to say, it says itself; ``serve`` and ``demo`` let warnings through.
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
