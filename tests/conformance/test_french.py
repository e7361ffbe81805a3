"""French done properly: what is written one way is found typed another."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from indexer.engine import SearchEngine
from tests.conformance.engines import find, make_document

Index = Callable[..., SearchEngine]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("fidélité", "fidelite"),
        ("fidelite", "fidélité"),
        ("FIDÉLITÉ", "fidélité"),
        ("La Fête des Voisins", "fete"),
        ("Noël", "noel"),
        ("une œuvre", "oeuvre"),
        ("une oeuvre", "œuvre"),
        ("bon cœur", "COEUR"),
        ("ex æquo", "aequo"),
        ("l’école", "école"),
        ("l'école", "ecole"),
        ("d’accueil", "accueil"),
        ("accueil", "l’accueil"),
        ("aujourd’hui", "aujourd'hui"),
        ("la R.N.A.", "RNA"),
        ("le RNA", "R.N.A."),
        ("porte-à-porte", "porte"),
        ("porte-à-porte", '"porte à porte"'),
        ("porte à porte", '"porte-à-porte"'),
        ("un atelier", "ateliers"),
        ("des ateliers", "atelier"),
        ("le bénévolat", "bénévoles"),
        ("le tissu associatif", "associations"),
        ("se former", "formé"),
        ("10 000 repas en 2017", "2017"),
        ("par e-mail", "e-mail"),
        ("le siège de l’A.G. du C.A.", "AG"),
        ("soixante-dix ans", "soixante"),
        ("des locaux municipaux", "municipal"),
        ("la dame âgée", "âgés"),
        ("lorsqu’elle arrive", "arriver"),
    ],
)
def test_a_form_finds_another(index: Index, written: str, typed: str) -> None:
    """Accents, ligatures, elisions, acronyms, hyphens, plurals and families."""
    engine = index(make_document("this", "Titre", written), make_document("other", "Rien", "tout autre chose"))
    assert find(engine, typed) == ["this"]


def test_decomposed_accents_are_the_same_accents(index: Index) -> None:
    """A text copied from a PDF may hold letters and accents apart."""
    decomposed = unicodedata.normalize("NFD", "une épicerie solidaire à Besançon")
    engine = index(make_document("this", "Titre", decomposed))
    assert find(engine, "épicerie") == ["this"]
    assert find(engine, unicodedata.normalize("NFD", "épicerie")) == ["this"]
    assert find(engine, "besancon") == ["this"]


def test_a_negation_is_kept(index: Index) -> None:
    """« sans » and « ne … pas » change the meaning: they are searched."""
    engine = index(make_document("with", "Un local"), make_document("without", "Sans local"))
    assert find(engine, '"sans local"') == ["without"]
