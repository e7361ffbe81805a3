"""The tables of the commands that measure quality, in French."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from web.cli.output import number, say

NAMES = {
    "savoirs": "Savoirs",
    "profiles": "par profil",
    "themes": "par thèmes",
    "bm25": "BM25 simple",
    "cosine": "TF-IDF, cosinus",
}
COMPONENTS = {
    "savoirs": "Savoirs",
    "bm25f": "BM25F seul",
    "bm25": "BM25 simple",
    "latent": "sans l’espace latent",
    "passage": "sans le meilleur passage",
    "passage_vector": "… sans son vecteur",
    "vector": "sans les vecteurs",
    "title_words": "sans les mots du titre",
    "title_vector": "sans le vecteur du titre",
    "meaning": "sans aucun vecteur",
    "synonyms": "sans les synonymes",
    "families": "sans les familles",
    "corrections": "sans les corrections",
}
SHOWN = ("ndcg@10", "recall@10", "recall@100", "mrr@10")


def say_figures(figures: Mapping[str, float]) -> None:
    """One figure a line."""
    for name, value in figures.items():
        say(f"{name} : {number(value, 0 if isinstance(value, int) else 3)}")


def say_search(found: Mapping[str, Any]) -> None:
    """What ``evaluate search`` found: the usual figures, then a table for each thing asked beside."""
    say_figures({name: value for name, value in found.items() if not isinstance(value, Mapping)})
    if "compare" in found:
        say("\nCôte à côte")
        _say_rows({COMPONENTS[name]: figures for name, figures in found["compare"].items()})
    if "ablate" in found:
        say("\nCe qu’apporte chaque composante (nDCG@10, écart avec Savoirs)")
        whole = found["ablate"]["savoirs"]["ndcg@10"]
        for name, figures in found["ablate"].items():
            value = figures["ndcg@10"]
            _say_row(COMPONENTS.get(name, name), [number(value), signed(value - whole)])
    if "typos" in found:
        errors = found["typos"]
        say("\nUne faute de frappe par requête")
        _say_rows({"telles quelles": errors["clean"], "avec une faute": errors["misspelt"]})
        say(f"part gardée du nDCG@10 : {number(100 * errors['share'], 1)} %")
    if "words" in found:
        say("\nAvec d’autres mots")
        _say_rows({"avant": found["words"]["before"], "après": found["words"]["after"]})


def as_json(compared: Any) -> dict[str, Any]:
    """A comparison on our judgements, as plain values."""
    return {
        "texts": compared.texts,
        "scores": _scores(compared.scores),
        "tags": {tag: {"texts": texts, "scores": _scores(scores)} for tag, (texts, scores) in compared.tags.items()},
    }


def say_comparison(title: str, compared: Any) -> None:
    """A comparison on our judgements, the whole then tag by tag."""
    say(f"\n{title} : {compared.texts} textes jugés (nDCG@10, P@3)")
    _say_row("", [told for name, told in NAMES.items() if name in compared.scores])
    _say_row("ensemble", _cells(compared.scores))
    for tag, (texts, scores) in compared.tags.items():
        _say_row(f"{tag} ({texts})", _cells(scores))


def signed(value: float) -> str:
    """A difference, its sign always told."""
    return f"{'+' if value >= 0 else '−'}{number(abs(value))}"


def _scores(scores: Any) -> dict[str, dict[str, float]]:
    return {name: {"ndcg@10": score.ndcg, "p@3": score.precision} for name, score in scores.items()}


def _cells(scores: Any) -> list[str]:
    return [f"{number(scores[name].ndcg)}  {number(scores[name].precision)}" for name in NAMES if name in scores]


def _say_rows(rows: Mapping[str, Mapping[str, float]]) -> None:
    _say_row("", SHOWN)
    for head, figures in rows.items():
        _say_row(head, [number(figures[name]) for name in SHOWN])


def _say_row(head: str, cells: Iterable[str]) -> None:
    click.echo(f"  {head:<28}" + "".join(f"{cell:<20}" for cell in cells))
