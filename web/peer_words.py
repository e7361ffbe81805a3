"""What is said of a peer in words: how it differs from who looks, and why it may not be reached."""

from __future__ import annotations

from collections.abc import Iterable

from savoirs.peers import Difference
from savoirs.slugs import slugify
from web.dates import date_in_words
from web.labels import AUDIENCES, counted, number
from web.typography import typo

_ARTICLES = {"association": "l’", "fondation": "la ", "mairie": "la ", "fédération": "la "}
"""For the first word of a name, the article that goes before it."""

_AVAILABILITY = {
    "relay": "Joignable par le relais.",
    "pending": "Pas encore joignable : son accord n'a pas été recueilli.",
    "closed": "Cette organisation ne souhaite pas être jointe.",
    "paused": "En pause en ce moment.",
    "busy": "Déjà sollicitée cette semaine. Réessayez dans quelques jours.",
    "none": "Pas encore joignable : Savoirs ne connaît personne à qui écrire.",
}

_WITH_EN = frozenset(
    {
        "Auvergne-Rhône-Alpes",
        "Bourgogne-Franche-Comté",
        "Bretagne",
        "Corse",
        "Guadeloupe",
        "Guyane",
        "Martinique",
        "Normandie",
        "Nouvelle-Aquitaine",
        "Nouvelle-Calédonie",
        "Occitanie",
        "Polynésie française",
        "Provence-Alpes-Côte d’Azur",
        "Île-de-France",
    }
)


def availability_words(availability: str, paused_until: str | None) -> str:
    """Whether an organisation may be reached, and if not, why, as one sentence."""
    if availability == "paused" and paused_until:
        return typo(f"En pause jusqu'au {date_in_words(paused_until)}.")
    return typo(_AVAILABILITY[availability])


def to_organisation(name: str) -> str:
    """« à l’Association Exemple Le Fil », « à la Fondation Monoprix », « à Dons Solidaires »."""
    return f"à {the_organisation(name)}"


def the_organisation(name: str) -> str:
    """« l’Association Exemple Le Fil », « la Fondation Monoprix », « Dons Solidaires »: inside a sentence."""
    return f"{_ARTICLES.get(name.partition(' ')[0].lower(), '')}{name}"


def of_organisation(name: str) -> str:
    """« de l’Association Exemple Le Fil », « de Dons Solidaires », « d’Emmaüs »."""
    named = the_organisation(name)
    elided = named == name and slugify(name)[:1] in tuple("aeiouy")
    return f"d’{name}" if elided else f"de {named}"


def difference_words(differences: Iterable[Difference]) -> list[str]:
    """How a peer differs, each as a few words."""
    return [words for words in map(_words, differences) if words]


def _words(difference: Difference) -> str:
    theirs, yours = difference.params.get("theirs"), difference.params.get("yours")
    if difference.code == "volunteers" and isinstance(theirs, int) and isinstance(yours, int):
        return f"{counted(theirs, 'bénévole')}, vous en avez {number(yours)}"
    if difference.code == "employees" and isinstance(theirs, int):
        return (
            f"{counted(theirs, 'personne salariée', 'personnes salariées')}, vous aucune" if theirs else "sans salarié"
        )
    if difference.code == "audiences" and isinstance(theirs, tuple):
        return f"public : {', '.join(AUDIENCES.get(str(one), str(one)) for one in theirs)}".replace(
            " :", "\N{NO-BREAK SPACE}:"
        )
    return f"en {theirs}" if difference.code == "territory" and _takes_en(str(theirs)) else str(theirs or "")


def _takes_en(region: str) -> bool:
    """Whether one says « en Bretagne »; of the other regions the name alone is said."""
    return region in _WITH_EN
