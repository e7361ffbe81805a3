"""What is said of a peer in words: how it differs from who looks, and why it may not be reached."""

from __future__ import annotations

from collections.abc import Iterable

from savoirs.peers import Difference
from web.dates import date_in_words
from web.typography import typo

_AVAILABILITY = {
    "relay": "Joignable par le relais.",
    "pending": "Pas encore joignable : son accord n'a pas été recueilli.",
    "closed": "Cette organisation ne souhaite pas être jointe.",
    "paused": "En pause en ce moment.",
    "none": "Pas encore joignable : Savoirs ne connaît personne à qui écrire.",
}


def availability_words(availability: str, paused_until: str | None) -> str:
    """Whether an organisation may be reached, and if not, why, as one sentence."""
    if availability == "paused" and paused_until:
        return typo(f"En pause jusqu'au {date_in_words(paused_until)}.")
    return typo(_AVAILABILITY[availability])


def difference_words(differences: Iterable[Difference]) -> list[str]:
    """How a peer differs, each as a few words."""
    return [words for words in map(_words, differences) if words]


def _words(difference: Difference) -> str:  # noqa: ARG001
    return ""
