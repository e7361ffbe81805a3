"""French words for imports: what decided a proposal, how sure it is, where a file is on its way."""

from __future__ import annotations

from collections.abc import Sequence

from savoirs.errors import SavoirsError
from savoirs.imports import Line, Piece
from web.labels import KINDS, number
from web.messages import message_of

MEGABYTE = 1_000_000

GROUPS = {
    "day": "La journée",
    "workshops": "Ateliers",
    "frameworks": "Cadre d’évaluation",
    "practices": "Pratiques",
    "tools": "Outils",
    "indicators": "Indicateurs",
    "principles": "Principes",
    "testimonies": "Témoignages",
    "reports": "Comptes rendus",
    "organisations": "Organisations",
    "contacts": "Contacts",
}

PIECES = {
    **KINDS,
    "objective": "Objectif",
    "slot": "Créneau",
    "framework": "Cadre d’évaluation",
    "contact": "Contact",
}

NOTE_KINDS = ("practice", "tool", "indicator", "principle", "testimony", "report")

RULES = {
    "title_and_parts": "un titre de journée, puis ses parties",
    "under_aims": "sa place sous le titre des objectifs",
    "begins_with_an_hour": "l’heure en début de ligne",
    "workshop_heading": "un titre d’atelier",
    "listed_question": "sa place dans la liste des ateliers",
    "numbered_sections": "des parties numérotées",
    "calls_itself_a_principle": "un mot qui annonce un principe",
    "names_a_tool": "un nom dans une liste d’outils",
    "row_of_tools": "une ligne d’un tableau d’outils",
    "row_of_indicators": "une ligne d’un tableau d’indicateurs",
    "row_of_organisations": "une ligne d’un tableau d’associations",
    "listed_indicator": "sa place dans une liste d’indicateurs",
    "says_what_to_do": "un verbe qui dit quoi faire",
    "purpose_of_tools": "ce à quoi servent les outils cités",
    "under_advice": "sa place sous un titre de conseils",
    "signed": "une signature sous le texte",
    "section": "une partie du document",
    "has_a_contact": "un contact à ce nom",
    "signs_a_testimony": "une signature de témoignage",
    "offers_a_tool": "un outil proposé par elle",
    "named_with_its_kind": "un mot comme « association » ou « mairie »",
    "given_as_an_example": "un exemple donné à son nom",
    "hosts_a_group": "un groupe ouvert chez elle",
    "stands_alone": "un nom seul sur sa ligne",
    "has_a_role": "ce qu’elle fait dans la journée",
    "among_participants": "sa place parmi les participants",
    "address": "une adresse e-mail, gardée à part",
    "telephone": "un numéro de téléphone, gardé à part",
    "cut_by_a_reader": "une coupe faite à la main",
}
"""What decided a proposal, by rule."""

_OTHERWISE = "sa forme dans le document"
_SURE, _LIKELY = 0.85, 0.65

STATES = {
    "queued": ("hourglass", "", "en attente de lecture"),
    "reading": ("hourglass", "", "lecture en cours"),
    "ready": ("circle-check", "etat--oui", "à relire"),
    "failed": ("x", "etat--non", "pas lu"),
    "cancelled": ("x", "", "annulé"),
    "done": ("check", "etat--oui", "relu en entier"),
}
"""Icon, class and words of each state of a file."""


def sureness(piece: Piece) -> str:
    """How sure a proposal is, in words."""
    if piece.edited:
        return "corrigée à la main"
    if piece.confidence >= _SURE:
        return "très probable"
    return "probable" if piece.confidence >= _LIKELY else "à vérifier"


def why(piece: Piece) -> str:
    """What decided a proposal."""
    return RULES.get(piece.rule, _OTHERWISE)


def lines_of(first: int, last: int) -> str:
    """« ligne 4 » or « lignes 4 à 7 »."""
    return f"ligne {first}" if first == last else f"lignes {first} à {last}"


def size(size_bytes: int) -> str:
    """A size as people say it: « 20 Mo »."""
    if size_bytes >= 1000 * MEGABYTE:
        return f"{size_bytes / 1000 / MEGABYTE:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " Go"
    if size_bytes >= MEGABYTE:
        return f"{size_bytes / MEGABYTE:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " Mo"
    return f"{max(1, round(size_bytes / 1000))} Ko"


def failure(line: Line) -> str:
    """Why a file was not read, in one sentence."""
    return sentence(SavoirsError(line.error_code, **dict(line.error_params)))


def sentence(error: SavoirsError) -> str:
    """The sentence of an error about a file, its numbers by groups of three digits."""
    params = {name: number(value) if isinstance(value, int) else value for name, value in error.params.items()}
    return message_of(SavoirsError(error.code, **params))


def words_of(words: Sequence[str]) -> tuple[str, ...]:
    """The words of the document that a rule went by, each once."""
    return tuple(dict.fromkeys(word for word in words if word))[:4]
