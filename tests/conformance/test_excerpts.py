"""Excerpts: the passage that says why, in HTML that cannot hurt."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from indexer.engine import SearchEngine
from tests.conformance.engines import make_document

Index = Callable[..., SearchEngine]

TEXT = (
    "La salle est prêtée par la commune. Les bénévoles s’y retrouvent le mardi soir. "
    + "Rien de tout cela ne coûte cher. " * 20
    + "Un repas partagé ouvre chaque soirée : c’est là que tout se joue."
)


@pytest.fixture
def engine(index: Index) -> SearchEngine:
    """An engine that knows the words of ``TEXT``."""
    return index(make_document("one", "Titre", TEXT))


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("repas", "<mark>repas</mark>"),
        ("bénévolat", "<mark>bénévoles</mark>"),
        ("benevole", "<mark>bénévoles</mark>"),
        ("soirees", "<mark>soirée</mark>"),
        ("titre:repas", "<mark>repas</mark>"),
        ("partag*", "<mark>partagé</mark>"),
        ("comune~", "<mark>commune</mark>"),
        ('"repas partagé"', "<mark>repas</mark> <mark>partagé</mark>"),
    ],
)
def test_the_passage_with_the_words_is_chosen_and_marked(engine: SearchEngine, query: str, marked: str) -> None:
    """Whatever their inflection and accents, as they are written."""
    assert marked in engine.excerpt(TEXT, query)


@pytest.mark.parametrize("query", ["", "xylophone", "SAUF repas"])
def test_without_a_word_to_mark_the_text_begins(engine: SearchEngine, query: str) -> None:
    """Nothing to mark is no reason to show nothing."""
    found = engine.excerpt(TEXT, query)
    assert found.startswith("La salle est prêtée")
    assert "<mark>" not in found


@pytest.mark.parametrize("query", ["repas", "script", "alert", "", '"onerror"', "img* OU mark", "amp"])
def test_markup_in_a_text_is_text(index: Index, query: str) -> None:
    """``<mark>`` is the only tag, and what it holds is escaped like the rest."""
    text = '<script>alert("repas")</script> & <img src=x onerror=alert(1)> &amp; <mark>repas</mark> </mark>'
    found = index(make_document("one", "Titre", text)).excerpt(text, query)
    assert set(re.findall(r"<[^>]*>", found)) <= {"<mark>", "</mark>"}
    plain = re.sub(r"</?mark>", "", found)
    assert "<" not in plain
    assert html.unescape(plain).strip("…") in text


@pytest.mark.parametrize("length", [40, 120, 280])
def test_an_excerpt_is_short_and_made_of_whole_words(engine: SearchEngine, length: int) -> None:
    """It is cut between words, and an ellipsis says where."""
    for query in ("repas", "bénévoles commune", ""):
        plain = html.unescape(re.sub(r"</?mark>", "", engine.excerpt(TEXT, query, length)))
        assert len(plain.strip("…")) <= length
        assert set(re.findall(r"\w+", plain)) <= set(re.findall(r"\w+", TEXT))


def test_an_empty_text_has_an_empty_excerpt(engine: SearchEngine) -> None:
    """And nothing fails."""
    assert engine.excerpt("", "repas") == ""
    assert engine.excerpt(" \n ", "repas").strip() == ""


def test_an_exact_search_marks_no_correction(engine: SearchEngine) -> None:
    """Who chose to search a word as it was typed is not shown another."""
    assert "<mark>bénévoles</mark>" in engine.excerpt("Des bénévoles.", "benevolles")
    assert "<mark>" not in engine.excerpt("Des bénévoles.", "benevolles", exact=True)
