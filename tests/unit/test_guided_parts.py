"""Sections at the end of a part: cut off to be edited, put back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savoirs.guided_parts import cut, joined
from savoirs.models import NoteKind
from web.prompts import SECTIONS, prompts, prompts_json

LINES = st.text(alphabet="ab é#\n.-", max_size=60)


@given(LINES, LINES)
def test_what_is_joined_is_cut_as_it_was(text: str, section: str) -> None:
    """Whatever is typed, unless it is itself a heading; nothing is lost in any case."""
    whole = joined(text, "Conseils", section)
    before, after = cut(whole, "Conseils")
    assert joined(before, "Conseils", after) == whole or not after
    if "#" not in text + section and section.strip():
        assert (before, after) == (text.rstrip(), section.strip())


@given(st.text(max_size=200))
def test_cutting_loses_nothing(text: str) -> None:
    """What is cut and put back says the same words in the same order."""
    before, after = cut(text, "Conseils")
    assert joined(before, "Conseils", after).split() == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rien.",
        "### Conseils",
        "### Conseils\n\n",
        "### Conseils\n\nUn.\n\n### Autre\n\nDeux.",
        "Nos ### Conseils\nun",
    ],
)
def test_a_heading_that_is_not_the_last_section_stays_where_it_is(text: str) -> None:
    """Only a last section with words in it is cut."""
    assert cut(text, "Conseils") == (text, "")


def test_every_kind_has_every_question() -> None:
    """Each has its own title, context and action; the sections are asked of all."""
    for kind in NoteKind:
        asked = prompts(kind.value)
        assert {"title", "context", "action", "worked", "failed", *SECTIONS} == set(asked)
        assert all(one.label for one in asked.values())
        assert "’" in prompts_json(kind.value)
    assert prompts("rien") == prompts(None) == prompts("practice")
    assert len({prompts(kind.value)["action"] for kind in NoteKind}) == len(NoteKind)
