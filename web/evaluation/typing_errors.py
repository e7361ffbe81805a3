"""Queries with one typing error, made from a seed: the share of the figure that is left tells what is understood."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping

from indexer.analysis import Analyser

LEAST_LETTERS = 5
"""Shorter words are left alone: one letter off, they are often another word."""


def misspelt(queries: Mapping[str, str], analyser: Analyser, seed: int) -> dict[str, str]:
    """Queries, each with one error in one word; those without a word long enough stay as they are.

    Args:
        queries: Texts by id.
        analyser: Says which words are stop words.
        seed: With a query's id, decides its word, its error and its place, whatever the other queries are.
    """
    return {id_: _misspell(text, analyser, random.Random(f"{seed}:{id_}")) for id_, text in queries.items()}  # noqa: S311


def _misspell(text: str, analyser: Analyser, rng: random.Random) -> str:
    places = [
        (token.start, token.end)
        for token in analyser.tokens(text)
        if token.form.term and token.end - token.start >= LEAST_LETTERS and text[token.start : token.end].isalpha()
    ]
    if not places:
        return text
    start, end = rng.choice(places)
    return text[:start] + typed_wrong(text[start:end], rng) + text[end:]


def typed_wrong(word: str, rng: random.Random) -> str:
    """A word with one letter more, one less, one for another, or two neighbours swapped: each as likely."""
    while True:
        kind, place, letter = rng.randrange(4), rng.randrange(len(word)), rng.choice(string.ascii_lowercase)
        before, after = word[:place], word[place + 1 :]
        if kind == 0:
            wrong = before + letter + word[place:]
        elif kind == 1:
            wrong = before + after
        elif kind == 2:
            wrong = before + letter + after
        else:
            wrong = before + after[:1] + word[place] + after[1:]
        if wrong != word:
            return wrong
