"""What the engine misses when a base is too large for it to compare every note."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from savoirs.config import Settings
from web.cli.french import FrenchCommand, example
from web.cli.measuring import collection_in, folders, language
from web.cli.output import json_option, number, print_json, progress, refuse, say

LABELS = {
    "related": "fiches proches, les dix premières",
    "peers": "pairs d’un besoin",
    "peers_note": "pairs d’une fiche",
    "peers_entity": "pairs d’une association",
    "search": "recherche, les dix premières",
}


@click.command(
    "pruning", cls=FrenchCommand, epilog=example("savoirs evaluate pruning eval/piaf eval/service-public-qr")
)
@folders
@json_option
def pruning(directories: Sequence[Path], as_json: bool) -> None:
    """Mesure ce que l’on trouve sans tout comparer, à côté de ce que l’on trouverait en comparant tout.

    Les dossiers forment une seule base ; qui a vécu quoi est tiré au sort.
    """
    from web.evaluation.pruning import NothingPrunedError, measure  # noqa: PLC0415  (heavy)

    collections = [collection_in(directory) for directory in directories]
    progress("Mesure…")
    try:
        found = measure(collections, Settings.load(), language())
    except NothingPrunedError as error:
        raise refuse("Ces textes sont si peu nombreux que tous sont comparés : rien n’est laissé de côté.") from error
    if as_json:
        print_json(found)
        return
    for name, label in LABELS.items():
        say(f"{label} : {number(100 * found[name], 1)} %")
