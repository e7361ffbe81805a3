"""What the form asks, by kind of note: the same fields, the questions that fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from savoirs.models import NoteKind
from web.typography import typo

SECTIONS = {"tips": ("action", "Conseils"), "figures": ("worked", "Chiffres")}
"""Fields that are kept as a section: the part they end, and their heading (``savoirs.guided_parts``)."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question, and a line of help under it; may be empty."""

    label: str
    help: str = ""


_PRACTICE: Mapping[str, Prompt] = {
    "title": Prompt(
        "1. Un titre qui dit l'action",
        "Commencez par un verbe ou par ce qui change. Par exemple : « Accueillir les nouveaux autour d'un repas ».",
    ),
    "context": Prompt("2. Le contexte", "Qui, où, combien de personnes, quel problème au départ ?"),
    "action": Prompt("3. Ce que vous avez fait", "Les étapes, comme si vous les expliquiez au téléphone."),
    "worked": Prompt("4. Ce qui a marché", "Ce qui a changé, et pour qui."),
    "failed": Prompt("5. Ce qui n'a pas marché", "Ce que vous feriez autrement. C'est souvent le plus utile."),
    "tips": Prompt("Vos conseils (facultatif)", "À qui voudrait essayer demain : par quoi commencer, quoi éviter ?"),
    "figures": Prompt("Quelques chiffres (facultatif)", "Même petits : personnes, heures, euros, avant et après."),
}

_OTHERS: Mapping[NoteKind, Mapping[str, Prompt]] = {
    NoteKind.TOOL: {
        "title": Prompt(
            "1. Le nom de l'outil, et à quoi il sert", "Par exemple : « Un tableur partagé pour le planning »."
        ),
        "context": Prompt("2. Le besoin", "Qu'est-ce qui vous manquait, à qui, et que faisiez-vous avant ?"),
        "action": Prompt("3. Comment vous l'utilisez", "Qui s'en sert, quand, et ce qu'il a fallu apprendre."),
        "worked": Prompt("4. Ce qu'il fait bien", ""),
        "failed": Prompt("5. Ses limites", "Prix, connexion, données, ce qu'il ne sait pas faire."),
        "tips": Prompt("Vos conseils (facultatif)", "Pour bien démarrer, ou pour choisir autre chose."),
    },
    NoteKind.TESTIMONY: {
        "title": Prompt("1. Un titre, ou une phrase qui reste", "Par exemple : « Je ne pensais pas revenir »."),
        "context": Prompt("2. La situation", "Qui parle, sans nom si possible, et où en était-on ?"),
        "action": Prompt("3. Ce qui s'est passé", "Racontez comme à quelqu'un qui n'y était pas."),
        "worked": Prompt("4. Ce qui a aidé", ""),
        "failed": Prompt("5. Ce qui a manqué", ""),
    },
    NoteKind.REPORT: {
        "title": Prompt(
            "1. Un titre qui dit le moment", "Par exemple : « Assemblée de mars : ce que nous avons décidé »."
        ),
        "context": Prompt("2. Qui, où, pour quoi faire ?", ""),
        "action": Prompt("3. Ce qui s'est dit", "Les idées, dans l'ordre qui aide à comprendre."),
        "worked": Prompt("4. Ce qui est décidé ou retenu", ""),
        "failed": Prompt("5. Ce qui reste ouvert", ""),
    },
    NoteKind.EVALUATION: {
        "title": Prompt("1. Un titre qui dit ce qui est évalué", ""),
        "context": Prompt("2. Ce qui était prévu", "Le but, pour qui, avec quels moyens."),
        "action": Prompt("3. Ce qui a été fait, et comment on l'a mesuré", ""),
        "worked": Prompt("4. Les résultats", "Ce qui a changé pour les personnes."),
        "failed": Prompt("5. Les écarts, et pourquoi", ""),
    },
    NoteKind.INDICATOR: {
        "title": Prompt(
            "1. La question que pose l'indicateur", "Par exemple : « Combien de prénoms connaissez-vous ici ? »"
        ),
        "context": Prompt("2. Ce que vous vouliez savoir", ""),
        "action": Prompt("3. Comment vous comptez", "Qui demande, à qui, quand, et où la réponse est notée."),
        "worked": Prompt("4. Ce que cela dit bien", ""),
        "failed": Prompt("5. Ce que cela ne dit pas", ""),
    },
    NoteKind.PRINCIPLE: {
        "title": Prompt("1. Le principe, en une phrase", ""),
        "context": Prompt("2. D'où il vient", ""),
        "action": Prompt("3. Ce qu'il change chaque jour", ""),
        "worked": Prompt("4. Quand il aide", ""),
        "failed": Prompt("5. Quand il gêne", ""),
    },
}


def prompts(kind: str | None) -> dict[str, Prompt]:
    """The questions for a kind, by name of field; those of a practice for what is no kind."""
    own = _OTHERS.get(NoteKind(kind), {}) if kind in set(NoteKind) else {}
    return {**_PRACTICE, **own}


def prompts_json(kind: str) -> str:
    """The same for the script: by name of field, the question and its help, as they are shown."""
    return json.dumps(
        {name: [typo(one.label), typo(one.help)] for name, one in prompts(kind).items()}, ensure_ascii=False
    )
