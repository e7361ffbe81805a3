"""In which order results come, by pages, with which scores and reasons."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

import pytest

from indexer.engine import Request, SearchEngine, Sort
from tests.conformance.engines import find, make_document

Index = Callable[..., SearchEngine]

DATED = (
    make_document("b", "Étape", "repas", day=738_000),
    make_document("a", "zèbre", "repas", day=738_000),
    make_document("d", "arbre", "repas", day=739_000),
    make_document("c", "Erreur", "repas", day=737_000),
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.NEWEST, ["d", "a", "b", "c"]),
        (Sort.OLDEST, ["c", "a", "b", "d"]),
        (Sort.TITLE, ["d", "c", "b", "a"]),
    ],
)
def test_orders_are_what_they_are_called_and_ties_go_by_id(index: Index, sort: Sort, expected: list[str]) -> None:
    """By date either way, or by title without minding accents and capitals, whatever the query."""
    engine = index(*DATED)
    assert find(engine, "repas", sort=sort) == expected
    assert find(engine, "", sort=sort) == expected


def test_the_empty_query_lists_everything_newest_first(index: Index) -> None:
    """Ties go by id, a document without a date comes last."""
    assert find(index(*DATED, make_document("0", "Sans date")), "") == ["d", "a", "b", "c", "0"]


def test_a_document_without_a_date_comes_last_by_date(index: Index) -> None:
    """Whichever way one looks."""
    engine = index(*DATED, make_document("0", "Sans date"))
    assert find(engine, "", sort=Sort.NEWEST)[-1] == "0"
    assert find(engine, "", sort=Sort.OLDEST)[-1] == "0"


def test_a_lone_word_scores(index: Index) -> None:
    """Even in one field of many: some ways of joining fields give it nothing."""
    hits = index(*DATED, make_document("e", "Un jardin")).search(Request("jardin")).hits
    assert [hit.id for hit in hits] == ["e"]
    assert hits[0].score > 0


def test_equal_documents_come_by_id(index: Index) -> None:
    """Relevance has ties too."""
    ids = [f"d{number}" for number in (5, 3, 1, 4, 2)]
    assert find(index(*(make_document(id_, "Un repas") for id_ in ids)), "repas") == sorted(ids)


def test_a_word_in_the_title_is_worth_more(index: Index) -> None:
    """And two words of the query more than one."""
    filler = [make_document(f"z{number}", "Divers", "tout autre chose") for number in range(6)]
    engine = index(
        make_document("body", "Un soir", "un repas entre voisins"),
        make_document("title", "Un repas", "un soir entre voisins"),
        make_document("both", "Des bénévoles", "un repas entre voisins"),
        *filler,
    )
    assert find(engine, "repas") == ["title", "body", "both"]
    assert find(engine, "repas bénévoles")[0] == "both"


@pytest.mark.parametrize(
    "query", ["", "repas", "repas bénévoles soir", "repas ET soir", "rep* OU voisin~", "SAUF repas"]
)
@pytest.mark.parametrize("sort", Sort)
def test_pages_cover_every_result_once(index: Index, query: str, sort: Sort) -> None:
    """Pages one after the other are the whole list; beyond the last there is nothing; the total never changes."""
    words = ("repas", "bénévoles", "soir", "voisins")
    engine = index(
        *(make_document(f"d{n:02}", words[n % 4], " ".join(words[: n % 5]), day=738_000 + n % 7) for n in range(43))
    )
    whole = engine.search(Request(query, sort=sort, limit=1000))
    ids = [hit.id for hit in whole.hits]
    assert len(ids) == len(set(ids)) == whole.total
    pages = [engine.search(Request(query, sort=sort, offset=start, limit=10)) for start in range(0, 60, 10)]
    assert [hit.id for page in pages for hit in page.hits] == ids
    assert {page.total for page in pages} == {whole.total}
    assert engine.search(Request(query, sort=sort, offset=10_000)).hits == ()
    assert engine.search(Request(query, sort=sort, limit=0)).hits == ()
    assert engine.search(Request(query, sort=sort, limit=0)).total == whole.total


@pytest.mark.parametrize(
    "query", ["repas", "repas bénévoles soir voisins", '"repas du soir"', "rep* OU voisin~", "repas SAUF rien"]
)
def test_scores_never_grow_and_reasons_sum_to_one(index: Index, query: str) -> None:
    """Scores are in [0, 1]; each hit says which typed words earned it, shares summing to 1."""
    engine = index(
        make_document("a", "Un repas", "le repas du soir avec les bénévoles"),
        make_document("b", "Un soir", "un repas"),
        make_document("c", "Des voisins", "un repas du soir pour les voisins"),
        make_document("d", "Autre chose", "rien"),
    )
    hits = engine.search(Request(query)).hits
    assert hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits:
        assert 0 <= hit.score <= 1
        assert all(0 < reason.share <= 1 and reason.label for reason in hit.reasons)
        assert fsum(reason.share for reason in hit.reasons) == pytest.approx(1, abs=1e-9)
        shares = [reason.share for reason in hit.reasons if reason.term]
        assert shares == sorted(shares, reverse=True)


def test_a_reason_bears_the_typed_word(index: Index) -> None:
    """Not the stem that was searched."""
    hits = index(make_document("a", "Les bénévoles"), make_document("b", "Rien")).search(Request("Bénévolat")).hits
    assert [reason.label for reason in hits[0].reasons] == ["bénévolat"]


def test_many_words_end_with_the_others(index: Index) -> None:
    """A list of reasons stays short: its last stands for all that is not listed."""
    words = "repas soir voisins accueil local argent jardin musique théâtre lecture"
    reasons = index(make_document("a", words)).search(Request(words)).hits[0].reasons
    assert len(reasons) < 10
    assert (reasons[-1].term, reasons[-1].label) == ("", "autres mots")
    assert fsum(reason.share for reason in reasons) == pytest.approx(1, abs=1e-9)
