"""Invented notes and the questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from savoirs.generation import vocabulary_of
from web.bench.notes import BLOCK, Notes
from web.bench.queries import questions, words_of

CORPUS = Path(__file__).parents[2] / "corpus"
STOP_WORDS = frozenset(("le", "la", "les", "de", "des", "du", "un", "une", "et", "pour", "dans", "avec", "en", "que"))


@pytest.fixture(scope="module")
def vocabulary() -> list[str]:
    """A few thousand words."""
    return vocabulary_of(CORPUS, 8_000)


def make_notes(vocabulary: Sequence[str], count: int = 40, seed: int = 3) -> Notes:
    """Notes about topics."""
    return Notes(vocabulary, count, seed, STOP_WORDS)


def test_the_same_seed_gives_the_same_notes_as_often_as_they_are_read(vocabulary: list[str]) -> None:
    """An engine built after another has the same notes."""
    notes = make_notes(vocabulary)
    assert list(notes) == list(notes) == list(make_notes(vocabulary))
    assert list(notes) != list(make_notes(vocabulary, seed=4))


def test_there_are_as_many_notes_as_asked_for(vocabulary: list[str]) -> None:
    """Not as many as a block holds."""
    for count in (1, BLOCK, BLOCK + 1):
        ids = [note.id for note in make_notes(vocabulary, count)]
        assert len(set(ids)) == len(ids) == count


def test_a_note_of_a_number_is_the_one_met_on_the_way(vocabulary: list[str]) -> None:
    """Whatever the order they are asked in."""
    notes = make_notes(vocabulary, BLOCK + 10)
    read = list(notes)
    assert notes.some([BLOCK + 3, 0, 7]) == [read[BLOCK + 3], read[0], read[7]]


def test_notes_beyond_the_last_are_not_in_the_base(vocabulary: list[str]) -> None:
    """They are there to be added."""
    notes = make_notes(vocabulary, 40)
    assert notes.some([40])[0] not in list(notes)


def test_a_note_is_as_long_as_a_real_one_and_somebody_lived_it(vocabulary: list[str]) -> None:
    """Texts of 60 to 400 words, a title of 4 to 10, every facet, one link."""
    for note in make_notes(vocabulary):
        assert 60 <= len(note.body.split()) <= 400
        assert 4 <= len(note.title.split()) <= 10
        assert set(note.facets) == {"kind", "theme", "organisation", "territory", "stance", "year"}
        assert [link.entity for link in note.links] == list(note.facets["organisation"])


def test_notes_are_about_something(vocabulary: list[str]) -> None:
    """A note repeats words of its topic: it has fewer distinct ones than words drawn one by one would give."""
    notes = list(make_notes(vocabulary, 200))
    rare = set(vocabulary[2_000:])
    repeated = [sum(words.count(word) > 1 for word in rare & set(words)) for words in (words_of(n.body) for n in notes)]
    assert sum(repeated) / len(notes) > 1


def test_a_tiny_vocabulary_is_enough() -> None:
    """Topics then share all their words, and there are questions all the same."""
    notes = Notes(["un", "atelier", "partage"], 3, 1)
    assert len(list(notes)) == 3
    assert all(len(one) == 3 for one in questions(notes, 2).boolean)


def test_the_same_questions_are_drawn_again(vocabulary: list[str]) -> None:
    """Two days can be compared."""
    notes = make_notes(vocabulary, 300)
    assert questions(notes, 20) == questions(notes, 20)


def test_questions_have_an_answer(vocabulary: list[str]) -> None:
    """Words that a note has together are in a note, phrases follow one another in one, related notes exist."""
    notes = make_notes(vocabulary, 300)
    read = {note.id: note for note in notes}
    words = {id_: words_of(f"{note.title} {note.body}") for id_, note in read.items()}
    asked = questions(notes, 20)
    assert all(1 <= len(text.split()) <= 6 for text in asked.any_word)
    assert all(any(set(one) <= set(own) for own in words.values()) for one in asked.all_words)
    runs = {run for own in words.values() for run in (*pairwise(own), *zip(own, own[1:], own[2:], strict=False))}
    assert all(one in runs for one in asked.phrase)
    assert all(sample.id in read and set(sample.words) <= set(words[sample.id]) for sample in asked.related)
    assert all(len(one) == 3 for one in asked.boolean)
