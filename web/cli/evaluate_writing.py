"""Measuring what is said to somebody who writes: themes proposed, and notes that tell it already."""

from __future__ import annotations

import click

from web.cli.french import FrenchCommand, example
from web.cli.measuring import language, loaded_corpus
from web.cli.output import json_option, number, print_json, progress, say

SORTS = {
    "reworded": "racontée à nouveau",
    "copied": "copie",
    "shortened": "raccourcie",
    "lengthened": "rallongée",
    "same_subject": "même sujet, autre récit",
    "neighbour": "à côté de ses voisines",
}


@click.command("themes", cls=FrenchCommand, epilog=example("savoirs evaluate themes"))
@json_option
def themes(as_json: bool) -> None:
    """Mesure les thèmes proposés à qui écrit, sur les fiches du corpus.

    Chaque fiche est mise de côté à son tour, puis ses thèmes sont proposés d’après son texte seul.
    """
    from savoirs import theme_judgements  # noqa: PLC0415  (heavy)
    from savoirs.near_texts import NearTexts  # noqa: PLC0415
    from savoirs.suggesting import ThemeWords  # noqa: PLC0415

    with loaded_corpus() as (_folder, tree, documents):
        texts = NearTexts(language())
        texts.put(documents)
        progress("Mesure…")
        found = theme_judgements.measure(texts, ThemeWords(tree, texts), documents)
    if as_json:
        kinds = {"right": found.kinds[0], "proposed": found.kinds[1]}
        figures = {"top1": found.first, "top3": found.three, "silent": found.silent}
        print_json({"notes": found.notes, **figures, "kinds": kinds})
        return
    say(f"{number(found.notes, 0)} fiches mises de côté une à une.")
    say(f"le premier thème proposé est le bon : {number(found.first)}")
    say(f"l’un des trois est le bon : {number(found.three)}")
    say(f"rien de proposé : {number(found.silent)}")
    say(f"type de fiche proposé à bon escient : {found.kinds[0]} sur {found.kinds[1]}")


@click.command("duplicates", cls=FrenchCommand, epilog=example("savoirs evaluate duplicates"))
@json_option
def duplicates(as_json: bool) -> None:
    """Mesure les fiches signalées à qui écrit comme racontant déjà la même chose, sur nos jugements."""
    from savoirs import duplicate_judgements  # noqa: PLC0415  (heavy)
    from savoirs.near_texts import NearTexts  # noqa: PLC0415

    with loaded_corpus() as (folder, _tree, documents):
        texts = NearTexts(language())
        texts.put(documents)
        pairs = duplicate_judgements.read_pairs(folder / "judgements" / "duplicates.yaml", documents)
        progress("Mesure…")
        found = duplicate_judgements.measure(texts, pairs)
    if as_json:
        sorts = {sort: {"right": right, "pairs": pairs} for sort, (right, pairs) in found.right.items()}
        figures = {"precision": found.precision, "recall": found.recall}
        print_json({"pairs": found.pairs, **figures, "sorts": sorts})
        return
    say(f"{number(found.pairs, 0)} brouillons jugés.")
    say(f"précision : {number(found.precision)}")
    say(f"rappel : {number(found.recall)}")
    for sort, (right, count) in found.right.items():
        say(f"  {SORTS[sort]} : {right} sur {count}")
