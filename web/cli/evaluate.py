"""Measuring quality: on public collections, and on our own judgements."""

from __future__ import annotations

from pathlib import Path

import click

from web.cli import evaluate_tables as tables
from web.cli.evaluate_writing import duplicates, themes
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.measuring import asked, collection_in, corpus, empty_engine, language, readable
from web.cli.output import json_option, print_json, progress
from web.cli.pruning import pruning
from web.cli.tuning import tune

PEER_LISTS = {"solved": "Ont résolu ce qui vous bloque", "same": "Vivent la même chose"}


@click.group(cls=FrenchGroup, epilog=example("savoirs evaluate search --judgements"))
def evaluate() -> None:
    """Mesure la qualité de la recherche et des pairs.

    N’a besoin d’aucun dossier de données, et n’en laisse pas.
    """


evaluate.add_command(tune)
evaluate.add_command(pruning)
evaluate.add_command(themes)
evaluate.add_command(duplicates)


@evaluate.command("search", cls=FrenchCommand, epilog=example("savoirs evaluate search eval/piaf --compare"))
@click.argument("directory", metavar="[DOSSIER]", required=False, type=click.Path(exists=True, path_type=Path))
@option("--judgements", is_flag=True, help="Mesure sur nos jugements plutôt que sur un dossier.")
@option(
    "--half",
    type=click.Choice(["tuning", "held"]),
    help="Une moitié des requêtes : celle sur laquelle les poids ont été choisis (tuning, sha256 de « 17:identifiant » "
    "pair) ou l’autre (held, impair).",
)
@option("--compare", is_flag=True, help="Montre à côté BM25 simple et BM25F seul.")
@option("--ablate", is_flag=True, help="Montre ce qu’apporte chaque composante, en l’ôtant.")
@option("--typos", metavar="GRAINE", type=int, help="Mesure aussi avec une faute de frappe par requête.")
@option(
    "--words",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Un dossier de mots (stopwords.txt, families.txt, synonyms.txt) à essayer à la place des nôtres.",
)
@json_option
def evaluate_search(
    *,
    directory: Path | None,
    judgements: bool,
    half: str | None,
    compare: bool,
    ablate: bool,
    typos: int | None,
    words: Path | None,
    as_json: bool,
) -> None:
    """Mesure la recherche, sur un dossier au format BEIR ou sur nos jugements.

    Un dossier BEIR a trois fichiers : corpus.jsonl, queries.jsonl et qrels.tsv.
    """
    _one_of(directory, judgements)
    more = asked(compare=compare, ablate=ablate, typos=typos, words=words)
    if directory is None and not more and half is None:
        _compare_judgements(as_json)
        return
    collection = collection_in(directory)
    found = more.measure(collection.half(half) if half else collection)
    if as_json:
        print_json(found)
    else:
        tables.say_search(found)


@evaluate.command("peers", cls=FrenchCommand, epilog=example("savoirs evaluate peers eval/entities.jsonl --json"))
@click.argument("file", metavar="[FICHIER]", required=False, type=click.Path(exists=True, path_type=Path))
@option("--judgements", is_flag=True, help="Mesure sur nos jugements plutôt que sur un fichier.")
@json_option
def evaluate_peers(file: Path | None, judgements: bool, as_json: bool) -> None:
    """Mesure les pairs proposés, sur un fichier d’entités étiquetées ou sur nos jugements."""
    _one_of(file, judgements)
    if file is not None:
        from indexer import measuring  # noqa: PLC0415  (heavy)

        with readable(), empty_engine() as engine:
            progress("Mesure…")
            figures = measuring.evaluate_peers(file, engine)
        if as_json:
            print_json(figures)
        else:
            tables.say_figures(figures)
        return
    _compare_needs(as_json)


def _one_of(path: Path | None, judgements: bool) -> None:
    if (path is None) == (not judgements):
        raise click.UsageError("Donnez un chemin, ou --judgements.", click.get_current_context())


def _compare_judgements(as_json: bool) -> None:
    from savoirs import judgements as judging  # noqa: PLC0415  (heavy)

    with corpus() as (folder, documents), empty_engine() as engine:
        queries = judging.read_queries(folder / "judgements" / "search.yaml", documents)
        compared = judging.compare_search(engine, language(), documents, queries)
    if as_json:
        print_json(tables.as_json(compared))
    else:
        tables.say_comparison("Recherche", compared)


def _compare_needs(as_json: bool) -> None:
    from savoirs import judgements as judging  # noqa: PLC0415  (heavy)

    compared = {}
    with corpus() as (folder, documents):
        for group in PEER_LISTS:
            with empty_engine() as engine, empty_engine() as profiles:
                needs = judging.read_needs(folder / "judgements" / "peers.yaml", group)
                compared[group] = judging.compare_peers(engine, profiles, language(), documents, needs, group)
    if as_json:
        print_json({group: tables.as_json(comparison) for group, comparison in compared.items()})
        return
    for group, comparison in compared.items():
        tables.say_comparison(PEER_LISTS[group], comparison)
