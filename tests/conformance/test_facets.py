"""Filters and facets: exact counts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from indexer.engine import FACETS, Facet, Request, SearchEngine
from tests.conformance.engines import find, make_document

Index = Callable[..., SearchEngine]

SHELF = (
    make_document("a", "repas", theme=("lien", "repas"), year="2024"),
    make_document("b", "repas", theme="lien", year="2025", kind="tool"),
    make_document("c", "repas", theme="argent", year="2025"),
    make_document("d", "autre", theme="argent", year="2024", kind="tool"),
    make_document("e", "autre"),
)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"a", "b", "c"}),
        ({"theme": ("lien",)}, {"a", "b"}),
        ({"theme": ("lien", "argent")}, {"a", "b", "c"}),
        ({"theme": ("lien",), "year": ("2025",)}, {"b"}),
        ({"theme": ("argent",), "kind": ("tool",)}, set()),
        ({"theme": ("unknown",)}, set()),
        ({"theme": ()}, {"a", "b", "c"}),
    ],
)
def test_filters_are_or_inside_a_facet_and_and_across(
    index: Index, filters: dict[str, tuple[str, ...]], expected: set[str]
) -> None:
    """A document passes with one of the values of each filtered facet; no value is no filter."""
    assert set(find(index(*SHELF), "repas ET repas", filters=filters)) == expected


def test_a_facet_counts_without_its_own_filter(index: Index) -> None:
    """Choosing a value does not hide what its sisters would leave; other facets are counted behind it."""
    page = index(*SHELF).search(Request("repas ET repas", filters={"theme": ("lien",)}))
    assert page.total == 2
    assert page.facets["theme"] == (Facet("lien", 2, True), Facet("argent", 1, False), Facet("repas", 1, False))
    assert page.facets["year"] == (Facet("2024", 1, False), Facet("2025", 1, False))
    assert page.facets["kind"] == (Facet("practice", 1, False), Facet("tool", 1, False))


def test_an_active_value_is_listed_even_at_zero(index: Index) -> None:
    """What was chosen can always be unchosen, known to the index or not."""
    page = index(*SHELF).search(Request("SAUF repas", filters={"theme": ("lien", "unknown")}))
    assert page.total == 0
    assert page.facets["theme"] == (Facet("argent", 1, False), Facet("lien", 0, True), Facet("unknown", 0, True))


def test_every_facet_is_there(index: Index) -> None:
    """All names, whatever is found."""
    engine = index(*SHELF)
    for text in ("", "repas", "xylophone"):
        assert tuple(engine.search(Request(text)).facets) == FACETS


def test_counts_are_those_of_a_count_by_hand(index: Index) -> None:
    """Over random documents and filters, each count is how many results choosing the value would leave."""
    random_ = random.Random(7)  # noqa: S311  # no secret here
    themes, years = ["t1", "t2", "t3", "t4"], ["2023", "2024", "2025"]
    documents = [
        make_document(
            f"d{number:02}",
            random_.choice(("repas", "visite")),
            theme=tuple(random_.sample(themes, random_.randint(0, 3))),
            year=random_.choice(years),
            kind=random_.choice(("practice", "tool")),
        )
        for number in range(60)
    ]
    engine = index(*documents)
    for filters in ({}, {"theme": ("t1",)}, {"theme": ("t1", "t3"), "year": ("2024",)}, {"kind": ("tool",)}):
        page = engine.search(Request("repas ET repas", filters=filters))
        for name in FACETS:
            others = {key: values for key, values in filters.items() if key != name}
            kept = [
                document
                for document in documents
                if document.title == "repas"
                and all(set(values) & set(document.facets.get(key, ())) for key, values in others.items())
            ]
            counts = Counter(value for document in kept for value in document.facets.get(name, ()))
            counted = {facet.value: facet.count for facet in page.facets[name]}
            assert counted == {value: counts[value] for value in {*counts, *filters.get(name, ())}}
            order = [(-facet.count, facet.value) for facet in page.facets[name]]
            assert order == sorted(order)
