"""A kept search in words, and its address."""

from __future__ import annotations

from collections.abc import Mapping

from savoirs.search import Query
from web.labels import FACETS, counted
from web.search_address import search_url


def search_in_words(text: str, filters: Mapping[str, tuple[str, ...]]) -> str:
    """« fidéliser des bénévoles », avec 2 filtres (thème, type de fiche)."""
    words = f"« {text} »" if text else "Toutes les fiches"
    if not filters:
        return words
    names = ", ".join(FACETS[name].lower() for name in FACETS if name in filters)
    return f"{words}, avec {counted(sum(map(len, filters.values())), 'filtre')} ({names})"


def kept_search_url(text: str, filters: Mapping[str, tuple[str, ...]]) -> str:
    """The address of a kept search."""
    return search_url(Query(text=text, filters=dict(filters)))
