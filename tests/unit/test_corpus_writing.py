"""Whatever a record says, its file says the same, to YAML as to us."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from savoirs.corpus import note_parts, yaml_reading
from savoirs.corpus.problems import FileError
from savoirs.corpus.records import Record
from savoirs.corpus.writing import written

HARD = [
    "oui",
    "no",
    "~",
    "null",
    "1e3",
    "0x1",
    "1_000",
    "12:30",
    "2025-01-01",
    "=",
    "<<",
    ".5",
    "a: b",
    "a #b",
    "a:",
    "@x",
]

texts = st.one_of(
    st.sampled_from(HARD),
    st.text(alphabet=st.sampled_from("ab «»’é:#,[]{}&*!|>'\"%@`-?\\ \u00a01.~=\n"), min_size=1, max_size=12),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
)


def _front(file: str) -> Any:
    return yaml_reading.load(file.removeprefix("---\n").partition("\n---\n")[0])


@given(texts, st.lists(texts, min_size=1, max_size=4))
def test_any_text_is_read_back_as_it_was(title: str, tools: list[str]) -> None:
    """Bare or quoted, in a block or in a list, for our reader and for PyYAML's own."""
    file = written(Record("note", "x", {"kind": "practice", "title": title, "themes": ["a"], "tools": tools}))
    front = _front(file)
    assert (front["title"], front["tools"]) == (title, tools)
    assert yaml.safe_load(file.removeprefix("---\n").partition("\n---\n")[0])["title"] == title


@given(texts)
def test_any_text_is_read_back_inside_a_mapping_on_one_line(text: str) -> None:
    """Objectives and slots are written on one line each."""
    file = written(Record("gathering", "x", {"title": "t", "year": 2017, "themes": [], "objectives": [{"text": text}]}))
    assert _front(file)["objectives"] == [{"text": text}]


def test_a_plain_text_is_written_without_quotes_and_a_number_like_one_with() -> None:
    """People edit these files: quotes are there only when they are needed."""
    file = written(
        Record(
            "organisation",
            "x",
            {"name": "L’été, à deux", "kind": "association", "departement": "09", "fictional": True},
        )
    )
    assert "name: L’été, à deux\n" in file
    assert 'departement: "09"\n' in file


parts = st.fixed_dictionaries(
    {part: st.text(alphabet="ab#` \n-", max_size=20).map(lambda text: text.strip()) for part in note_parts.PARTS}
)


@given(parts)
def test_parts_of_a_note_are_told_apart_again(told: dict[str, str]) -> None:
    """Splitting what was joined gives the parts, once their own headings went down a level."""
    joined = note_parts.join(told)
    try:
        again = note_parts.split(joined)
    except FileError:  # a code block left open swallows the headings after it
        assert "```" in joined
        return
    assert note_parts.join(again) == joined


@pytest.mark.parametrize("heading", ["## Le contexte", "## le contexte ", "##  Le contexte ##"])
def test_a_heading_is_known_by_its_words(heading: str) -> None:
    """Case and spaces do not matter."""
    assert note_parts.split(f"Avant.\n\n{heading}\n\nAprès.")["context"] == "Après."


def test_a_straight_apostrophe_is_as_good_as_a_typographic_one() -> None:
    """Not every keyboard has the other."""
    assert note_parts.split("## Ce qui n'a pas marché\n\nRien.")["failed"] == "Rien."
