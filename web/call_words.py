"""Words about calls: the question that a search becomes, and what is said of their answers."""

from __future__ import annotations

from savoirs.calls import LIMITS
from web.labels import counted


def question_of(search: str) -> str:
    """A search as a question to the network, to be read again and changed."""
    words = " ".join(search.split()).rstrip(" .?!…")[:300]
    if not words:
        return ""
    question = f"Qui a déjà vécu ceci : {words} ? Qu’est-ce qui a marché, et qu’est-ce qui n’a pas marché ?"
    return question[: LIMITS["question"]]


def answers_in_words(count: int) -> str:
    """« Pas encore de réponse », « 2 réponses »."""
    return counted(count, "réponse") if count else "Pas encore de réponse"
