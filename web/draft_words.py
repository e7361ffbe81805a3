"""What the fields of a note are called, in mistakes and in comparisons of versions."""

from __future__ import annotations

from collections.abc import Iterable

from savoirs.cards import Named
from savoirs.themes import ThemeNode
from web.labels import AUDIENCES, INDICATOR_NATURES, KINDS, ROLES, STANCES_TOLD

FIELD_NAMES = {
    "kind": "Type de fiche",
    "title": "Titre",
    "summary": "En une phrase",
    "introduction": "Introduction",
    "context": "Le contexte",
    "action": "Ce qui a été fait",
    "worked": "Ce qui a marché",
    "failed": "Ce qui n’a pas marché",
    "themes": "Thèmes",
    "audiences": "Publics",
    "date": "Date",
    "true_as_of": "Toujours vrai au",
    "for_whom": "Pour qui",
    "time_needed": "Temps",
    "cost": "Argent",
    "requires": "Il faut",
    "anonymous": "Anonymat",
    "experiences": "Qui l’a vécu",
    "organisation": "Association",
    "stance": "Où en est l’association",
    "tools": "Outils utilisés",
    "tips": "Vos conseils",
    "figures": "Quelques chiffres",
    "tool": "Outil",
    "category": "Usage de l’outil",
    "aliases": "Autres noms de l’outil",
    "indicator": "Indicateur",
    "dimension": "Ce que l’indicateur montre",
    "measure": "Comment le mesurer",
    "examples": "Exemples",
    "testimony_author": "Nom de la personne",
    "organisation_name": "Association à reconnaître",
    "organisation_stance": "Où en est l’association",
}
"""By name of field, of ``NoteDraft`` or of the form."""

FIELD_OF_FORM = {
    "experiences": "organisation",
    "organisation_name": "organisation",
    "organisation_stance": "stance",
    "true_as_of": "still_true",
    "tool.category": "category",
    "tool.aliases": "aliases",
    "indicator.dimension": "dimension",
    "indicator.measure": "measure",
    "indicator.examples": "examples",
}
"""For a field of ``NoteDraft``, the one of the page where its mistake is shown, when it has another name."""


def value_names(organisations: Iterable[Named], themes: Iterable[ThemeNode]) -> dict[str, str]:
    """French words for the values that a comparison of drafts may show: ids, keys and enums."""
    nodes = (node for root in themes for node in (root, *root.children))
    return {
        **AUDIENCES,
        **INDICATOR_NATURES,
        **KINDS,
        **ROLES,
        **STANCES_TOLD,
        "true": "oui",
        **{node.key: node.name for node in nodes},
        **{organisation.id: organisation.name for organisation in organisations},
    }
