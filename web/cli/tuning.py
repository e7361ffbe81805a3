"""Choosing the weights of the ranking on half of the queries of some collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from savoirs.config import Settings
from web.cli.evaluate_tables import signed
from web.cli.french import FrenchCommand, example
from web.cli.measuring import collection_in, folders, language
from web.cli.output import json_option, number, print_json, progress, refuse, say

if TYPE_CHECKING:
    from web.evaluation.tuning import Measured


@click.command("tune", cls=FrenchCommand, epilog=example("savoirs evaluate tune eval/piaf eval/service-public-qr"))
@folders
@json_option
def tune(directories: Sequence[Path], as_json: bool) -> None:
    """Cherche les meilleurs poids du classement, et les montre sans rien changer.

    Ils sont choisis sur la moitié « tuning » des requêtes de chaque dossier, qui comptent autant l’un que l’autre ;
    l’autre moitié dit ce qu’ils valent.
    """
    collections = {directory.resolve().name: _read(directory) for directory in directories}
    progress("Recherche des poids…")
    found = _found(collections)
    if as_json:
        print_json(found)
    else:
        _say(found)


def _read(directory: Path) -> Measured:
    from web.evaluation import tuning  # noqa: PLC0415  (heavy)
    from web.evaluation.engines import Engines  # noqa: PLC0415

    progress(f"Lecture de {directory.resolve().name}…")
    with Engines.over(Settings.load(), collection_in(directory)) as engines:
        try:
            return tuning.read(engines, language())
        except tuning.NoComponentsError as error:
            raise refuse("Ce moteur ne dit pas de quoi ses scores sont faits : rien à régler.") from error


def _found(collections: Mapping[str, Measured]) -> dict[str, Any]:
    from indexer.beir import HALVES  # noqa: PLC0415  (heavy)
    from indexer.weights import Ranking  # noqa: PLC0415
    from web.evaluation import tuning  # noqa: PLC0415

    now, best = Ranking(), tuning.best(list(collections.values()))

    def figures(measured: Measured) -> dict[str, dict[str, float]]:
        return {half: {"now": measured.ndcg(half, now), "best": measured.ndcg(half, best)} for half in HALVES}

    found: dict[str, Any] = {
        "now": asdict(now),
        "best": asdict(best),
        "ndcg@10": {name: figures(measured) for name, measured in collections.items()},
    }
    if len(collections) > 1:
        found["left_out"] = {}
        for name, measured in collections.items():
            ranking = tuning.best([other for key, other in collections.items() if key != name])
            shown = {half: measured.ndcg(half, ranking) for half in HALVES}
            found["left_out"][name] = {"weights": asdict(ranking), **shown}
    return found


def _say(found: Mapping[str, Any]) -> None:
    say("Poids (à côté de 1 pour BM25F) : aujourd’hui, les meilleurs trouvés")
    for name, value in found["now"].items():
        click.echo(f"  {name:<28}{number(value, 2):<10}{number(found['best'][name], 2):<10}")
    say("\nnDCG@10 : aujourd’hui, les meilleurs, écart")
    for name, halves in found["ndcg@10"].items():
        for half, figures in halves.items():
            now, best = figures["now"], figures["best"]
            click.echo(f"  {name + ' · ' + half:<38}{number(now):<10}{number(best):<10}{signed(best - now):<10}")
    for name, figures in found.get("left_out", {}).items():
        told = ", ".join(f"{half} {number(figures[half])}" for half in found["ndcg@10"][name])
        say(f"Poids choisis sans {name} : {told}")
