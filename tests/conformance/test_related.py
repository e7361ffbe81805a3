"""Related documents: the nearest ones, with the words that say so."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum

import pytest

from indexer.engine import SearchEngine
from tests.conformance.engines import make_document

Index = Callable[..., SearchEngine]

DOCUMENTS = (
    make_document("repas", "Un repas partagé", "les bénévoles cuisinent ensemble avant la permanence"),
    make_document("cuisine", "Cuisiner ensemble", "un repas partagé entre voisins, préparé par les bénévoles"),
    make_document("accueil", "Accueillir", "les bénévoles arrivent pour une visite"),
    make_document("budget", "Tenir un budget", "comptabilité, trésorerie, subventions"),
    make_document("vide"),
)


def test_the_nearest_come_first_and_never_the_document_itself(index: Index) -> None:
    """Scores are in [0, 1] and fall."""
    engine = index(*DOCUMENTS)
    hits = engine.related("repas")
    assert [hit.id for hit in hits][:1] == ["cuisine"]
    assert "repas" not in [hit.id for hit in hits]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_reasons_are_words_of_both_and_sum_to_one(index: Index) -> None:
    """As they are written, not as stems."""
    for hit in index(*DOCUMENTS).related("repas"):
        assert fsum(reason.share for reason in hit.reasons) == pytest.approx(1, abs=1e-9)
        assert all(0 < reason.share <= 1 for reason in hit.reasons)
        assert {reason.label for reason in hit.reasons} <= {
            "repas", "partagé", "bénévoles", "cuisinent", "cuisiner", "ensemble", "autres mots",
        }  # fmt: skip


def test_reasons_are_left_out_when_none_are_asked_for(index: Index) -> None:
    """The same documents, in the same order, with the same scores."""
    engine = index(*DOCUMENTS)
    told = engine.related("repas")
    assert engine.related("repas", explain=False) == tuple(hit._replace(reasons=()) for hit in told)


@pytest.mark.parametrize("document", ["budget", "vide", "unknown", ""])
def test_nothing_close_is_nothing(index: Index, document: str) -> None:
    """No filler: an empty list says that nothing is close, or that there is no such document."""
    assert index(*DOCUMENTS).related(document) == ()


def test_equal_neighbours_come_by_id_and_the_limit_is_kept(index: Index) -> None:
    """So that two pages of the same index are the same."""
    ids = [f"d{number}" for number in (4, 2, 5, 1, 3)]
    filler = [make_document(f"z{number}", "Autre", "sujet tout différent") for number in range(3)]
    engine = index(*(make_document(id_, "Un repas partagé", f"mot{id_} seul{id_}") for id_ in ids), *filler)
    assert [hit.id for hit in engine.related("d3")] == ["d1", "d2", "d4", "d5"]
    assert [hit.id for hit in engine.related("d3", limit=2)] == ["d1", "d2"]
    assert engine.related("d3", limit=0) == ()
