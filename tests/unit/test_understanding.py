"""Questions as people ask them, understood with the words that ship: what is searched, dropped and corrected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Request, Understanding
from indexer.measuring import ListFeed
from savoirs import lexicon

LANGUAGE = lexicon.read_language(Path(__file__).parents[2] / "corpus" / "language")
TEXTS = {
    "stay": "Les bénévoles restent quand on les remercie. Un bénévole est resté dix ans.",
    "money": "Financer un salarié par des subventions publiques. L’association gère l’isolement.",
    "hall": "Louer une salle gratuite à la mairie, sans argent. Embaucher un stagiaire en 2017.",
    "many": "Dix mille repas, soit 10 000 repas servis la 2e année, et 1000 colis.",
    "rna": "Le numéro R.N.A. de l’association",
}


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbeddedEngine]:
    """An engine that knows a few sentences."""
    made = EmbeddedEngine(None, LANGUAGE)
    made.catch_up(ListFeed([Document(id_, "practice", "", text) for id_, text in TEXTS.items()]))
    yield made
    made.close()


def understood(engine: EmbeddedEngine, text: str) -> Understanding:
    """What the engine understood of a query."""
    return engine.search(Request(text)).understanding


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("comment faire pour que mes bénévoles restent ?", ["bénévoles", "restent"]),
        ("est-ce que je peux financer un salarié ?", ["financer", "salarié"]),
        ("Est-ce qu’on pourrait louer une salle ?", ["louer", "salle"]),
        ("qu'est-ce qu'on peut faire contre l'isolement", ["isolement"]),
        ("peut-on embaucher un stagiaire ?", ["embaucher", "stagiaire"]),
        ("y a-t-il des subventions ?", ["subventions"]),
        ("nous souhaiterions louer une salle", ["louer", "salle"]),
        ("faudrait-il financer la salle ?", ["financer", "salle"]),
        ("l’association, qu’en faites-vous ?", ["association"]),
    ],
)
def test_a_question_comes_to_its_words(engine: EmbeddedEngine, asked: str, searched: list[str]) -> None:
    """What only asks is dropped; the words that tell are searched, in the order they were typed."""
    told = understood(engine, asked)
    assert [word.typed for word in told.words] == searched
    assert not told.strict


def test_what_asks_is_told_as_dropped(engine: EmbeddedEngine) -> None:
    """So that the page can say what was not searched."""
    dropped = understood(engine, "comment faire pour que mes bénévoles restent ?").dropped
    assert dropped == ("comment", "faire", "pour", "que", "mes")


@pytest.mark.parametrize("kept", ["sans", "ne", "pas"])
def test_what_changes_the_meaning_is_never_dropped(engine: EmbeddedEngine, kept: str) -> None:
    """« sans local » is not « local »."""
    assert kept not in LANGUAGE.stopwords
    assert engine.analyser.form(kept).term


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rester", "stay"),
        ("il reste", "stay"),
        ("bénévolat", "stay"),
        ("financement", "money"),
        ("gestion", "money"),
        ("locations", "hall"),
        ("stage", "hall"),
        ("2017", "hall"),
        ("10000", "many"),
        ("1 000", "many"),
        ("2ème", "many"),
        ("deuxième", "many"),
        ("RNA", "rna"),
        ("r.n.a", "rna"),
    ],
)
def test_a_form_finds_the_others(engine: EmbeddedEngine, typed: str, found: str) -> None:
    """Verbs, families, numbers, ordinals, years and acronyms, whichever way they are written."""
    assert found in [hit.id for hit in engine.search(Request(typed)).hits]


def test_a_typing_error_in_a_question_is_corrected_and_told(engine: EmbeddedEngine) -> None:
    """The page shows what was used; asked for exactly, nothing is replaced."""
    told = understood(engine, "comment garder mes benevolse ?")
    assert ("benevolse", True) in [(word.typed, word.corrected) for word in told.words]
    assert told.suggestion == "comment garder mes bénévoles ?"
    exact = engine.search(Request("benevolse", exact=True))
    assert (exact.total, exact.understanding.suggestion) == (0, None)
