"""Each rival finds what it should, so that its time is that of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.engine import Document
from web.bench.queries import Questions, Sample
from web.bench.rivals import NEEDS, Contender, missing, open_rival

EVERYBODY = tuple(NEEDS)


def make_notes() -> list[Document]:
    """Thirty notes: three about hives, the others about a choir."""
    hives = [
        Document(f"h{number}", "practice", "Ruches partagées", f"Le rucher pédagogique du quartier numéro {number}.")
        for number in range(3)
    ]
    choir = [
        Document(f"c{number:02}", "practice", "Chorale", f"Une chorale répète avec les habitants, salle {number}.")
        for number in range(27)
    ]
    return [*hives, *choir]


def make_questions() -> Questions:
    """One question of each kind, about hives."""
    return Questions(
        any_word=("rucher inconnaissable",),
        all_words=(("rucher", "quartier"),),
        boolean=(("rucher", "chorale", "habitants"),),
        phrase=(("rucher", "pédagogique"),),
        related=(Sample("h0", ("ruches", "rucher", "pédagogique", "quartier")),),
        peers=("rucher pédagogique du quartier",),
    )


@contextmanager
def built(name: str, folder: Path) -> Iterator[Contender]:
    """A rival over the notes."""
    if missing([name]):
        pytest.skip(f"{name} is not installed: it comes with requirements/bench.txt")
    rival = open_rival(name, folder)
    try:
        rival.build(make_notes())
        yield rival
    finally:
        rival.close()


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_rival_finds_the_same_notes_for_a_rare_word(name: str, tmp_path: Path) -> None:
    """The three notes that have it, and an unknown word changes nothing."""
    with built(name, tmp_path) as rival:
        [found] = [action() for action in rival.actions(make_questions())["any_word"]]
    assert set(found) == {"h0", "h1", "h2"}


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_rival_answers_the_other_questions_it_knows(name: str, tmp_path: Path) -> None:
    """Together, a OR b but not c, one after the other, like a note, like a need."""
    with built(name, tmp_path) as rival:
        answers = {measure: own[0]() for measure, own in rival.actions(make_questions()).items()}
    for measure in {"all_words", "boolean", "phrase"} & set(answers):
        assert set(answers[measure]) == {"h0", "h1", "h2"}, measure
    if name != "tantivy":  # its « more like this » wants words of five notes at least
        assert {"h1", "h2"} <= set(answers["related"]) <= {"h1", "h2"} | {note.id for note in make_notes()} - {"h0"}
        assert set(answers["peers"][:3]) == {"h0", "h1", "h2"}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_rival_finds_a_note_that_was_added(name: str, tmp_path: Path) -> None:
    """By its one word of its own; an engine that would have to be built again says so."""
    note = Document("added", "practice", "Une autre ruche motunique00001", "Du miel.")
    with built(name, tmp_path) as rival:
        found = rival.added(note, "motunique00001")
    assert found == (None if name.startswith("bm25s") else ["added"])


def test_a_rival_that_is_not_installed_is_told() -> None:
    """SQLite always is."""
    assert missing(["fts5"]) == []
