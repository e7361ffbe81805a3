"""Measuring quality: on public collections, and on our own judgements."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from indexer.language import Language
from savoirs import lexicon
from savoirs.config import Settings
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, number, print_json, progress, refuse, say

NAMES = {"savoirs": "Savoirs", "bm25": "BM25 simple", "cosine": "TF-IDF, cosinus"}
PEER_LISTS = {"solved": "Ont résolu ce qui vous bloque", "same": "Vivent la même chose"}


@click.group(cls=FrenchGroup, epilog=example("savoirs evaluate search --judgements"))
def evaluate() -> None:
    """Mesure la qualité de la recherche et des pairs.

    N’a besoin d’aucun dossier de données, et n’en laisse pas.
    """


@evaluate.command("search", cls=FrenchCommand, epilog=example("savoirs evaluate search eval/piaf --json"))
@click.argument("directory", metavar="[DOSSIER]", required=False, type=click.Path(exists=True, path_type=Path))
@option("--judgements", is_flag=True, help="Mesure sur nos jugements plutôt que sur un dossier.")
@json_option
def evaluate_search(directory: Path | None, judgements: bool, as_json: bool) -> None:
    """Mesure la recherche, sur un dossier au format BEIR ou sur nos jugements.

    Un dossier BEIR a trois fichiers : corpus.jsonl, queries.jsonl et qrels.tsv.
    """
    _one_of(directory, judgements)
    if directory is not None:
        from indexer import measuring  # noqa: PLC0415  (heavy)

        with _readable(), _engine() as engine:
            progress("Mesure…")
            _print(measuring.evaluate_search(directory, engine), as_json)
        return
    from savoirs import judgements as judging  # noqa: PLC0415  (heavy)

    settings = Settings.load()
    with _corpus(settings) as documents, _engine() as engine:
        queries = judging.read_queries(settings.corpus_dir / "judgements" / "search.yaml", documents)
        compared = judging.compare_search(engine, _language(), documents, queries)
    if as_json:
        print_json(_as_json(compared))
    else:
        _say_comparison("Recherche", compared)


@evaluate.command("peers", cls=FrenchCommand, epilog=example("savoirs evaluate peers eval/entities.jsonl --json"))
@click.argument("file", metavar="[FICHIER]", required=False, type=click.Path(exists=True, path_type=Path))
@option("--judgements", is_flag=True, help="Mesure sur nos jugements plutôt que sur un fichier.")
@json_option
def evaluate_peers(file: Path | None, judgements: bool, as_json: bool) -> None:
    """Mesure les pairs proposés, sur un fichier d’entités étiquetées ou sur nos jugements."""
    _one_of(file, judgements)
    if file is not None:
        from indexer import measuring  # noqa: PLC0415  (heavy)

        with _readable(), _engine() as engine:
            progress("Mesure…")
            _print(measuring.evaluate_peers(file, engine), as_json)
        return
    from savoirs import judgements as judging  # noqa: PLC0415  (heavy)

    settings = Settings.load()
    path = settings.corpus_dir / "judgements" / "peers.yaml"
    compared = {}
    with _corpus(settings) as documents:
        for group in PEER_LISTS:
            with _engine() as engine:
                needs = judging.read_needs(path, group)
                compared[group] = judging.compare_peers(engine, _language(), documents, needs, group)
    if as_json:
        print_json({group: _as_json(comparison) for group, comparison in compared.items()})
        return
    for group, comparison in compared.items():
        _say_comparison(PEER_LISTS[group], comparison)


def _one_of(path: Path | None, judgements: bool) -> None:
    if (path is None) == (not judgements):
        raise click.UsageError("Donnez un chemin, ou --judgements.", click.get_current_context())


@contextmanager
def _engine() -> Iterator[Any]:
    """An empty engine of the kind the settings name, with the language of the corpus, gone afterwards."""
    from web.wiring import build_engine  # noqa: PLC0415  (heavy)

    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        engine = build_engine(Settings.load().engine, Path(folder), _language())
        try:
            yield engine
        finally:
            engine.close()


def _language() -> Language:
    return lexicon.read_language(Settings.load().corpus_dir / "language")


@contextmanager
def _corpus(settings: Settings) -> Iterator[list[Any]]:
    """The documents of the whole corpus, loaded into a database that is gone afterwards."""
    from savoirs import corpus, indexing  # noqa: PLC0415  (heavy)
    from savoirs.database import reading, transaction  # noqa: PLC0415
    from web.cli.data import base  # noqa: PLC0415

    progress("Chargement du corpus…")
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        elsewhere = settings.model_copy(update={"data_dir": Path(folder), "database_url": ""})
        with base(elsewhere) as sessions:
            with transaction(sessions) as session:
                corpus.load(session, settings.corpus_dir)
            with reading(sessions) as session:
                documents = list(indexing.all_documents(session))
        yield documents


@contextmanager
def _readable() -> Iterator[None]:
    from indexer.measuring import UnreadableCollectionError  # noqa: PLC0415  (heavy)

    try:
        yield
    except UnreadableCollectionError as error:
        raise refuse(f"{error.file}, ligne {error.line} : le format n’est pas celui attendu.") from error
    except FileNotFoundError as error:
        raise refuse(f"Il manque un fichier : {Path(str(error.filename)).name}.") from error


def _print(figures: dict[str, float], as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        say(f"{name} : {number(value, 0 if isinstance(value, int) else 3)}")


def _as_json(compared: Any) -> dict[str, Any]:
    return {
        "texts": compared.texts,
        "scores": _scores(compared.scores),
        "tags": {tag: {"texts": texts, "scores": _scores(scores)} for tag, (texts, scores) in compared.tags.items()},
    }


def _scores(scores: Any) -> dict[str, dict[str, float]]:
    return {name: {"ndcg@10": score.ndcg, "p@3": score.precision} for name, score in scores.items()}


def _say_comparison(title: str, compared: Any) -> None:
    say(f"\n{title} : {compared.texts} textes jugés (nDCG@10, P@3)")
    _say_row("", NAMES.values())
    _say_row("ensemble", _cells(compared.scores))
    for tag, (texts, scores) in compared.tags.items():
        _say_row(f"{tag} ({texts})", _cells(scores))


def _cells(scores: Any) -> list[str]:
    return [f"{number(scores[name].ndcg)}  {number(scores[name].precision)}" for name in NAMES]


def _say_row(head: str, cells: Any) -> None:
    click.echo(f"  {head:<28}" + "".join(f"{cell:<20}" for cell in cells))
