"""What the search page shows, worked out before the template: chips, facets, pages, what to try when all is empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from savoirs.search import FacetValue, Query, Result, Results
from web import search_address as address
from web.labels import FACETS, KINDS, STANCES, facet_value
from web.labels import number as in_digits

SHOWN_VALUES = 7
"""Values of a facet shown before « voir les autres »."""

FEW = 2
"""Results that are little, for a search without a filter."""

LISTED_VALUES = 25
"""Values of a facet listed at all, chosen ones apart: a network may have hundreds of organisations."""

_CLOSED = {"kind": tuple(KINDS), "stance": tuple(STANCES)}
_WORDS = re.compile(r"\S+|\s+")
_REFUSED = re.compile(r"(?<!\w)(?:SAUF|NOT)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Chip:
    """A facet's filters as one chip, « Pratiques ou échecs utiles », and the address without them."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A box of a facet. One that would leave nothing is greyed, not gone."""

    value: str
    label: str
    count: int
    active: bool

    @property
    def disabled(self) -> bool:
        """Whether choosing it would leave nothing."""
        return self.count == 0 and not self.active


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: its first values, those behind « voir les autres », and how many are not listed."""

    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link of the pagination; ``number`` is None for the gap between two runs of pages."""

    number: int | None
    url: str = ""
    current: bool = False


def chips(query: Query, results: Results) -> tuple[Chip, ...]:
    """One chip a facet with filters, in the order of the page."""
    return tuple(
        Chip(_chip_label(results, facet, query.filters[facet]), address.without_facet(query, facet))
        for facet in FACETS
        if query.filters.get(facet)
    )


def facets(results: Results) -> tuple[FacetView, ...]:
    """The facets that have a value to choose, in the order of the page."""
    views = (_facet(name, results.facets.get(name, ()), counted=not results.degraded) for name in FACETS)
    return tuple(view for view in views if view.first)


def pages(query: Query, results: Results) -> tuple[PageLink, ...]:
    """Links to the first, last and nearest pages; empty when there is only one."""
    if results.pages < 2:
        return ()
    wanted = {1, results.pages, *range(results.page - 2, results.page + 3)}
    numbers = sorted(number for number in wanted if 1 <= number <= results.pages)
    links: list[PageLink] = []
    for at, number in enumerate(numbers):
        if at and number > numbers[at - 1] + 1:
            links.append(PageLink(None))
        links.append(PageLink(number, address.with_page(query, number), number == results.page))
    return tuple(links)


def marked_suggestion(typed: str, suggestion: str) -> Markup:
    """The suggested query with the words that were not typed marked; the rest is escaped."""
    known = {word.casefold() for word in typed.split()}
    pieces = [
        Markup("<mark>{}</mark>").format(piece) if piece.strip() and piece.casefold() not in known else escape(piece)
        for piece in _WORDS.findall(suggestion)
    ]
    return Markup("").join(pieces)


def smaller_searches(query: Query, results: Results) -> tuple[tuple[str, str], ...]:
    """Words of a search that found nothing, each as a search of its own: label and address."""
    refused = {word.casefold() for word in _REFUSED.findall(query.text)}
    understood = (word for word in results.understanding.words if word.used)
    words = [word.typed for word in understood if word.typed.casefold() not in refused]
    if len(words) < 2 and not query.filters and not results.understanding.strict:
        return ()
    plain = Query(per_page=query.per_page)
    return tuple((word, address.with_text(plain, word)) for word in dict.fromkeys(words[:4]))


def words_in_title(result: Result) -> int:
    """How many words of the title are marked."""
    return result.title_html.count("<mark>")


def weak(query: Query, results: Results) -> bool:
    """Whether a search found so little that asking the network is worth saying first."""
    if not query.text.strip() or query.filters or results.page > 1 or results.degraded:
        return False
    return results.total <= FEW or all(result.by_meaning for result in results.results)


def last_page(query: Query, results: Results) -> str | None:
    """The address of the last page when the one asked for is beyond it, else None."""
    if query.page <= results.pages:
        return None
    return address.search_url(replace(query, page=results.pages))


def _facet(name: str, values: Sequence[FacetValue], *, counted: bool) -> FacetView:
    """A facet. One that was not counted has only the values chosen: what others would leave is not known."""
    choices = [Choice(v.value, facet_value(name, v.value, v.label), v.count, v.active) for v in values]
    present = {choice.value for choice in choices}
    if choices and counted:
        absent = (value for value in _CLOSED.get(name, ()) if value not in present)
        choices += [Choice(value, facet_value(name, value, value), 0, False) for value in absent]
    active_or_first = [c for at, c in enumerate(choices) if c.active or at < SHOWN_VALUES]
    others = [c for at, c in enumerate(choices) if not c.active and at >= SHOWN_VALUES]
    if len(others) == 1:
        return FacetView(name, FACETS[name], tuple(choices))
    listed = tuple(others[: LISTED_VALUES - SHOWN_VALUES])
    return FacetView(name, FACETS[name], tuple(active_or_first), listed, len(others) - len(listed))


def _chip_label(results: Results, facet: str, values: Sequence[str]) -> str:
    names = {value.value: value.label for value in results.facets.get(facet, ())}
    labels = [facet_value(facet, value, names.get(value, value)) for value in values]
    if facet in ("kind", "stance"):
        labels = labels[:1] + [label.lower() for label in labels[1:]]
    return " ou ".join(labels)


def total_in_words(results: Results, query: Query) -> str:
    """« aucun résultat », « 1 résultat », « 18 fiches »: « fiches » when nothing else can be among them."""
    others = {"organisation", "gathering", "workshop"}
    kinds = query.filters.get("kind") or tuple(value.value for value in results.facets.get("kind", ()) if value.count)
    uncounted = results.degraded and not kinds
    noun = "résultat" if uncounted or others.intersection(kinds) else "fiche"
    if results.total == 0:
        return f"aucun{'e' if noun == 'fiche' else ''} {noun}"
    grouped = in_digits(results.total)
    return f"{grouped}\N{NO-BREAK SPACE}{noun}{'s' if results.total > 1 else ''}"
