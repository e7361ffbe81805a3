"""Markdown of people becomes safe HTML."""

from __future__ import annotations

import re

import pytest

from web.markdown import markdown_to_html


def test_the_usual_marks_become_html() -> None:
    """Paragraphs, lists, emphasis and links come out as their elements."""
    html = markdown_to_html("Un *repas*, puis **un duo**.\n\n- un\n- deux\n\n[le site](https://example.org/a)")
    assert "<em>repas</em>" in html
    assert "<strong>un duo</strong>" in html
    assert "<li>un</li>" in html
    assert 'href="https://example.org/a"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "[clic](data:text/html;base64,PHNjcmlwdD4=)",
        "![image](https://example.org/pixel.png)",
        "<style>body{display:none}</style>",
        '<a href="https://example.org" onclick="x()" style="color:red">a</a>',
        "<iframe src=//example.org></iframe>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[a](<javascript:alert(1)>)",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_loads(hostile: str) -> None:
    """No script, style, image, frame, handler or address but http(s) survives."""
    tags = "".join(re.findall(r"<[^>]*>", markdown_to_html(hostile))).lower()
    for forbidden in ("script", "<img", "<style", "<iframe", "onclick", "data:", "style="):
        assert forbidden not in tags


@pytest.mark.parametrize(("typed", "level"), [("# Un", "h3"), ("## Un", "h3"), ("### Un", "h3"), ("##### Un", "h3")])
def test_headings_stay_under_the_part_they_are_in(typed: str, level: str) -> None:
    """A part's title is an h2: what people write in it starts at h3, so that levels never jump up."""
    assert markdown_to_html(typed) == f"<{level}>Un</{level}>\n"


def test_headings_never_skip_a_level() -> None:
    """What is under what is kept; how deep it was typed is not."""
    html = markdown_to_html("# A\n\n#### B\n\n## C\n\n###### D\n\n# E")
    assert re.findall(r"<h(\d)>(\w)", html) == [("3", "A"), ("4", "B"), ("4", "C"), ("5", "D"), ("3", "E")]


@pytest.mark.parametrize("empty", ["", "  \n "])
def test_nothing_gives_nothing(empty: str) -> None:
    """An empty part has no HTML at all."""
    assert markdown_to_html(empty) == ""
