"""The exact sentences that people agree to, by scope and version. One that changes is a new version: none is edited.

A consent keeps its version; the page shows the sentence that was agreed to, not the one of today.
"""

from __future__ import annotations

from savoirs import consents, introductions
from web.peer_words import of_organisation, the_organisation, to_organisation
from web.typography import typo

_SENTENCES = {
    ("introduction", "2026-1"): (
        "J'accepte que Savoirs transmette ce message {to}.\n"
        "Si elle répond oui, et seulement dans ce cas, mon adresse lui sera donnée, et la sienne me sera donnée."
    ),
    ("relay", "2026-2"): (
        "J'accepte de recevoir par Savoirs, à cette adresse, des demandes de mise en relation pour {the}. "
        "Mon adresse n'est montrée à personne : elle n'est donnée à qui m'écrit que si je réponds « d'accord ». "
        "Cet accord m'est demandé à nouveau chaque année, et je peux le retirer en un clic."
    ),
    ("public", "2026-2"): (
        "J'accepte que mon adresse soit montrée à tout le monde sur la page {of}, et de recevoir par Savoirs "
        "des demandes de mise en relation. Elle n'est ni cherchable ni exportée. "
        "Cet accord m'est demandé à nouveau chaque année, et je peux le retirer en un clic."
    ),
    ("relay", "corpus"): "Accord repris d'un fichier, pour être joint par le relais.",
    ("demonstration", "corpus"): "Accord de démonstration : cette association est inventée, et personne n'est joint.",
}

_UNKNOWN = "Accord dont la phrase n'est plus connue (version {version})."


def wording(scope: str, version: str, name: str) -> str:
    """The sentence of a scope in a version, for an organisation by its name."""
    sentence = _SENTENCES.get((scope, version), _UNKNOWN)
    return typo(
        sentence.format(the=the_organisation(name), of=of_organisation(name), to=to_organisation(name), version=version)
    )


def asked(scope: str, name: str) -> str:
    """The sentence that a contact is asked to agree to today."""
    return wording(scope, consents.WORDING, name)


def requester_sentences(name: str) -> tuple[str, str]:
    """The two sentences that somebody who asks agrees to, one a box."""
    first, second = wording("introduction", introductions.WORDING, name).split("\n")
    return first, second
