"""Names in a text: proper names, organisations by the words they begin with, persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from savoirs.documents.first_names import FIRST_NAMES
from savoirs.documents.folding import fold

_CAPITAL = "A-ZÀ-ÖØ-ÞŒ"
_LINKS = r"(?:de|du|des|de la|de l['’]|d['’]|et|à|aux|en|sur|sans|pour|la|le|les|l['’]|au)"
_WORD = rf"[{_CAPITAL}][\w’'&.+-]*[\w+]|[{_CAPITAL}]"
PROPER = re.compile(rf"(?:{_WORD})(?:\s+(?:{_LINKS}\s*){{0,2}}(?:{_WORD}|\d+(?=\s|$))(?![’']))*")
"""A run of words with a capital, small words between them allowed."""

GENERIC = frozenset(
    [
        "plateforme",
        "site",
        "application",
        "appli",
        "logiciel",
        "outil",
        "association",
        "asso",
        "groupe",
        "page",
        "compte",
        "reseau",
        "service",
        "le",
        "la",
        "les",
        "un",
        "une",
        "l",
        "formation",
        "atelier",
        "ateliers",
        "formations",
        "cours",
        "chaine",
        "canal",
        "guide",
        "kit",
        "blog",
        "forum",
        "espace",
        "moteur",
        "messagerie",
        "tableur",
        "agenda",
    ]
)
"""Words, folded, that come before a proper name and are no part of it."""

_SORTS = (
    ("foundation", r"[Ff]ondation"),
    ("public", r"Mairie|Ville|Métropole|Communauté (?:de communes|d['’]agglomération)|Conseil (?:départemental|"
               r"régional)|"
               r"Préfecture|Région|Département|CCAS|CAF|Caisse d['’][Aa]llocations|Médiathèque|Bibliothèque|"
               r"Pôle [Ee]mploi|"
               r"France Travail|Maison départementale|Agence"),
    ("association", r"[Aa]ssociation|Asso|Centre social|Maison (?:des|de) [\w]+|MJC|Collectif|Fédération|Union|"
                    r"Réseau|Secours|Foyer|"
                    r"Banque [Aa]limentaire|Restos|Ligue|Comité|Amicale|Régie de quartier|Club|Compagnie|Les Amis"),
    ("company", r"Société|Entreprise|Banque|Caisse d['’][Ée]pargne|Mutuelle|Coopérative|Crédit"),
)  # fmt: skip
_TYPED = tuple(
    (
        kind,
        re.compile(rf"(?<!\w)(?:{start})\s+(?:{_LINKS}\s*){{0,2}}(?:{_WORD})(?:\s+(?:{_LINKS}\s*){{0,2}}(?:{_WORD}))*"),
    )
    for kind, start in _SORTS
)
_HOSTED = re.compile(rf"\b(?:[Gg]roupe|[Pp]age|[Cc]ompte|[Cc]haîne|[Cc]anal|[Ss]erveur)s?\s+([{_CAPITAL}][\w.]+)")
_PARTICLES = ("de", "du", "d", "le", "la", "van", "von", "el", "ben", "m", "mme", "mr", "dr")
_PERSON_WORD = re.compile(rf"^(?:[{_CAPITAL}][\w’'-]*|de|du|d['’]|le|la|[Mm]me|M\.|van|von|el)$")
_NOT_PERSONS = re.compile(
    r"\b(?:association|asso|fondation|lab|collectif|federation|reseau|maison|centre|mairie|ville|club|union|secours|ligue|"
    r"groupe|atelier|comite|banque|service|bureau|equipe|accueil|secretariat|direction|contact|mutuelle|cooperative|"
    r"compagnie|solidaires?|emploi|france|relais|cafe|jardins?|ecole|universite|institut|espace|pole|agence)\b"
)


def strip_article(text: str) -> str:
    """A name without the article before it: « La Fondation » is « Fondation »."""
    match = re.match(r"^(?:(?:[Ll]a|[Ll]e|[Ll]es|[Uu]ne?|[Dd]es)\s+|[LlDd]['’]\s?)(?=\S)", text)
    if not match:
        return text.strip()
    rest = text[match.end() :].strip()
    words = rest.split()
    keep = match.group().strip()[0].isupper() and not any(pattern.match(rest) for _, pattern in _TYPED)
    return text.strip() if keep and words else rest


def organisation_kind(name: str) -> str:
    """The kind of an organisation by the words of its name; an association when they tell nothing."""
    return next((kind for kind, pattern in _TYPED if pattern.match(name)), "association")


def typed_organisations(text: str) -> Iterator[str]:
    """The organisations that a text names with the word that says what they are, or as the host of a page."""
    for _, pattern in _TYPED:
        for match in pattern.finditer(text):
            yield match.group().strip(" .,;")
    for match in _HOSTED.finditer(text):
        yield match.group(1).strip(".")


def hosts(text: str) -> list[str]:
    """The services that host a page or a group named in a text: « un groupe Facebook fermé »."""
    return list(dict.fromkeys(match.group(1).strip(".") for match in _HOSTED.finditer(text)))


def proper_name(text: str) -> str:
    """The first proper name of a text, words like « plateforme » before it left out; empty when there is none."""
    words = text.split()
    while words and fold(words[0]).strip("'’") in GENERIC and len(words) > 1:
        words.pop(0)
    match = PROPER.search(" ".join(words))
    return match.group().strip(" .") if match else ""


def is_person(text: str) -> bool:
    """Whether a short text is somebody's name: a few words with a capital, none of them an organisation's."""
    words = text.replace("\u00a0", " ").split()
    if (
        not 2 <= len(words) <= 5
        or not all(_PERSON_WORD.match(word) for word in words)
        or _NOT_PERSONS.search(fold(text))
    ):
        return False
    capitals = [word for word in words if fold(word).strip("'’.") not in _PARTICLES]
    return len(capitals) >= 1 and (fold(words[0]) in ("m.", "mme", "mr", "mlle") or _first_name(capitals))


def may_be_person(text: str) -> bool:
    """The same, when the first name is a rare one: for places where a name is expected."""
    words = text.split()
    if words and fold(words[0]) in GENERIC:
        return False
    shaped = 2 <= len(words) <= 4 and all(_PERSON_WORD.match(word) for word in words)
    return (
        shaped and not _NOT_PERSONS.search(fold(text)) and not any(word.isupper() and len(word) <= 2 for word in words)
    )


def _first_name(words: list[str]) -> bool:
    return any(fold(part) in FIRST_NAMES for word in (words[0], words[-1]) for part in word.split("-"))
