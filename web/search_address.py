"""The state of a search and its address: every filter, sort and page is in the URL, and only there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from savoirs.search import Query
from web.forms.fields import clean_text
from web.labels import FACETS, SORTS

PATH = "/recherche"


def read_query(args: MultiDict[str, str], per_page: int) -> Query:
    """The search that an address asks for; a page or a sort that makes no sense is as if it were not there."""
    sort = args.get("sort", "")
    return Query(
        text=clean_text(args.get("q")),
        filters=read_filters(args),
        sort=sort if sort in SORTS else "relevance",
        page=_page(args.get("page", "")),
        per_page=per_page,
        exact=args.get("exact", "") == "1",
    )


def read_filters(args: MultiDict[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Filters by facet, without empty or repeated values."""
    values = {facet: tuple(dict.fromkeys(filter(None, args.getlist(facet)))) for facet in FACETS}
    return {facet: chosen for facet, chosen in values.items() if chosen}


def search_url(query: Query) -> str:
    """The address of a search; what has its default value is left out."""
    pairs = [("q", query.text)] if query.text else []
    pairs += kept_fields(query)
    if query.page > 1:
        pairs.append(("page", str(query.page)))
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def kept_fields(query: Query) -> list[tuple[str, str]]:
    """All of a search but its words and page, as a form's hidden fields."""
    pairs = [(facet, value) for facet in FACETS for value in query.filters.get(facet, ())]
    if query.sort != "relevance":
        pairs.append(("sort", query.sort))
    if query.exact:
        pairs.append(("exact", "1"))
    return pairs


def with_text(query: Query, text: str) -> str:
    """The address of the same search with other words."""
    return search_url(replace(query, text=text, page=1, exact=False))


def with_exact(query: Query, exact: bool) -> str:
    """The address of the same search, correcting unknown words or not."""
    return search_url(replace(query, exact=exact, page=1))


def with_sort(query: Query, sort: str) -> str:
    """The address of the same search in another order."""
    return search_url(replace(query, sort=sort, page=1))


def with_page(query: Query, page: int) -> str:
    """The address of another page of the same search."""
    return search_url(replace(query, page=page))


def without_facet(query: Query, facet: str) -> str:
    """The address of the same search without the filters of a facet."""
    filters = {name: values for name, values in query.filters.items() if name != facet}
    return search_url(replace(query, filters=filters, page=1))


def without_filters(query: Query) -> str:
    """The address of the same words without any filter."""
    return search_url(replace(query, filters={}, page=1))


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else 1
