"""Markdown written by people → safe HTML: no raw HTML is read, and what comes out is filtered again."""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

HIGHEST_HEADING = 3
"""Headings inside a part of a note start here: the part's own title is an ``h2``."""

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "h3", "h4", "h5", "h6", "hr"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https"}


def markdown_to_html(text: str) -> Markup:
    """Safe HTML of a Markdown text.

    Links keep to ``http`` and ``https`` and carry ``rel="noopener noreferrer nofollow"``; images are left out: a page
    of ours loads nothing from elsewhere.
    """
    if not text.strip():
        return Markup("")
    html = _parser().render(text)
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return Markup(clean)  # noqa: S704  (filtered just above)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False})
    parser.disable(["image", "html_block", "html_inline"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


def _lower_headings(state: object) -> None:
    """Headings as an outline that starts at h3 and never skips a level, whatever levels were typed."""
    tokens: list[Token] = state.tokens  # type: ignore[attr-defined]
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1:])
            above = [*(level for level in above if level < typed), typed]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, HIGHEST_HEADING + len(above) - 1)}"
