"""French sentences for what the knowledge base refuses: one a code, with the error's parameters in braces."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from savoirs.errors import SavoirsError
from web.typography import typo

MESSAGES = {
    "sign_in_needed": "Connectez-vous pour ouvrir cette page.",
    "editors_only": "Cette page est réservée aux personnes qui relisent les fiches.",
    "unknown_note": "Cette fiche n’existe pas, ou n’est plus publiée.",
    "unknown_organisation": "Cette organisation n’est pas dans Savoirs.",
    "unknown_gathering": "Cette journée n’est pas dans Savoirs.",
    "bad_page": "Le numéro de page doit être un nombre à partir de 1.",
    "bad_sort": "Ce classement n’existe pas.",
    "bad_filter": "Cette valeur n’est pas de celles que ce filtre accepte.",
}
"""Sentences of the pages; those of the corpus and of the services are in the modules named just below."""

_MORE = (
    "web.messages_corpus",
    "web.messages_savoirs",
    "web.messages_privacy",
    "web.messages_documents",
    "web.messages_imports",
)
_UNKNOWN = "Cette demande ne peut pas aboutir ({code})."


def message(code: str, **params: object) -> str:
    """The sentence of a code, its typography set; a code without a sentence is named, never hidden."""
    sentence = _sentences().get(code)
    if sentence is None:
        return typo(_UNKNOWN.format(code=code))
    return typo(sentence.format_map(_Params(params)))


def message_of(error: SavoirsError) -> str:
    """The sentence of an error."""
    return message(error.code, **error.params)


class _Params(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


def _sentences() -> dict[str, str]:
    sentences = dict(MESSAGES)
    for name in _MORE:
        if find_spec(name) is not None:
            sentences.update(import_module(name).MESSAGES)
    return sentences
