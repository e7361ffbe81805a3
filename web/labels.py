"""French words for values: kinds, stances, facets, publics. What users read of an enum is here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

KINDS = {
    "practice": "Pratique",
    "tool": "Outil",
    "indicator": "Indicateur",
    "principle": "Principe",
    "testimony": "Témoignage",
    "report": "Compte rendu",
    "evaluation": "Évaluation",
    "organisation": "Organisation",
    "gathering": "Journée",
    "workshop": "Atelier",
}

KINDS_PLURAL = {
    "practice": "Pratiques",
    "tool": "Outils",
    "indicator": "Indicateurs",
    "principle": "Principes",
    "testimony": "Témoignages",
    "report": "Comptes rendus",
    "evaluation": "Évaluations",
    "organisation": "Organisations",
    "gathering": "Journées",
    "workshop": "Ateliers",
}

KIND_ICONS = {
    "practice": "lightbulb",
    "tool": "wrench",
    "indicator": "gauge",
    "principle": "info",
    "testimony": "message-square-quote",
    "report": "files",
    "evaluation": "clipboard-list",
    "organisation": "users",
    "gathering": "calendar-days",
    "workshop": "users-round",
    "failed": "milestone",
}

STANCES = {
    "need": "Cherche une solution",
    "ongoing": "Essai en cours",
    "solved": "A trouvé une solution",
    "failed": "Échec utile",
}

STANCES_TOLD = {
    "need": "cherche une solution",
    "ongoing": "essaie en ce moment",
    "solved": "a trouvé une solution",
    "failed": "raconte un échec utile",
}
"""What an organisation does in a note, after its name."""

ROLES = {"lived": "l’a vécu", "cited": "en exemple dans cette fiche", "participant": "a participé"}

AUDIENCES = {
    "benevoles": "bénévoles",
    "personnes-agees": "personnes âgées",
    "aidants": "aidants",
    "enfants": "enfants",
    "jeunes": "jeunes",
    "etudiants": "étudiants",
    "familles": "familles",
    "habitants": "habitants",
    "personnes-exilees": "personnes exilées",
    "personnes-sans-abri": "personnes sans abri",
    "personnes-handicapees": "personnes handicapées",
    "personnes-malades": "personnes malades",
    "personnes-detenues": "personnes détenues",
    "demandeurs-emploi": "demandeurs d’emploi",
    "femmes": "femmes",
    "tout-public": "tout public",
}

ORGANISATION_KINDS = {
    "association": "Association",
    "foundation": "Fondation",
    "company": "Entreprise",
    "public": "Collectivité ou service public",
    "platform": "Plateforme",
}

PARTICIPATION_ROLES = {
    "organiser": "organise",
    "funder": "finance",
    "facilitator": "anime",
    "testimony": "témoigne",
    "participant": "participe",
}

SLOT_KINDS = {
    "welcome": "accueil",
    "plenary": "tous ensemble",
    "icebreaker": "brise-glace",
    "workshop": "ateliers",
    "meal": "repas",
    "restitution": "restitution",
}

WORKSHOP_OUTPUTS = {
    "tools": "des outils recommandés",
    "indicators": "des indicateurs de réussite",
    "framework": "un cadre pour rendre compte",
}

NOTE_STATUSES = {
    "draft": "brouillon",
    "pending": "en attente de relecture",
    "published": "publiée",
    "withdrawn": "retirée",
}

OUTCOME_CHOICES = (
    ("adopted", "Nous l’avons gardé", "tel quel, ou presque"),
    ("adapted", "Nous l’avons adapté", "en changeant quelque chose"),
    ("abandoned", "Nous l’avons abandonné", "cela n’a pas tenu chez nous"),
)
"""Answers to « Qu’en avez-vous fait ? »: value, title, words."""

OUTCOMES_SAID = {"adopted": "gardé", "adapted": "adapté", "abandoned": "abandonné"}
"""Of trials: what came of each."""

VERDICT_CHOICES = (
    ("confirmed", "C’est toujours vrai", "rien n’a changé"),
    ("changed", "Cela a changé", "en partie seulement"),
    ("ended", "Cela n’existe plus", "ou ne marche plus"),
)
"""Answers to « Toujours vrai ? »: value, title, words."""

VERDICTS_SAID = {"confirmed": "Toujours vrai", "changed": "Cela a changé", "ended": "N’existe plus"}
VERDICTS_TOLD = {"confirmed": "Confirmé", "changed": "A changé, dit", "ended": "N’existe plus, dit"}
"""Before « par Association Exemple… »; « confirmé » takes the gender of what it is said of."""

INTRODUCTION_ENDS = {
    "accepted": "d’accord",
    "passed": "« pas moi, voyez… »",
    "declined": "« pas en ce moment »",
    "sent": "en attente de réponse",
    "closed": "closes sans réponse",
}

INTRODUCTION_OUTCOMES = {
    "helped": "cela nous a aidés",
    "talked": "nous nous sommes parlé",
    "not_yet": "pas encore parlé",
    "nothing": "rien n’en est sorti",
}

INDICATOR_NATURES = {"qualitative": "qualitatif", "quantitative": "chiffré"}

FACETS = {
    "theme": "Thème",
    "kind": "Type de fiche",
    "stance": "Où en est l’association",
    "territory": "Territoire",
    "organisation": "Organisation",
    "year": "Année",
}
"""Facets in the order of the page."""

SORTS = {
    "relevance": "ressemblance",
    "newest": "récentes d’abord",
    "oldest": "anciennes d’abord",
    "title": "titre",
}
"""What results may be sorted by, after « Classer : »."""

_FACET_VALUES: Mapping[str, Mapping[str, str]] = {"kind": KINDS_PLURAL, "stance": STANCES}


def facet_value(facet: str, value: str, label: str) -> str:
    """What is read beside a facet's box.

    Args:
        facet: The name of the facet.
        value: The value, as it is in the address.
        label: What the search calls it: the name of a theme, an organisation, a territory; else the value.
    """
    return _FACET_VALUES.get(facet, {}).get(value, label)


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number and its noun: « aucune fiche » is the caller's business, « 0 fiche » is not plural in French."""
    noun = one if count < 2 else (many or f"{one}s")
    return f"{number(count)}\N{NO-BREAK SPACE}{noun}"


def number(value: int) -> str:
    """A whole number by groups of three digits."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")
