"""French typography: curly apostrophes and no-break spaces, set when a template is compiled, never on users’ words.

U+00A0 and not U+202F: the narrow no-break space is in neither of our two fonts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

_BEFORE_SIGN = re.compile(r" (?=[;:?!%»€])")
_AFTER_QUOTE = re.compile(r"(?<=«) ")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:h|min|mois|ans?|jours?|fiches?)\b)")
_VERBATIM = ("textarea", "script", "style", "pre", "code")
_PIECE = re.compile(r"<[^>]*>?|[^<]+")


def typo(text: str) -> str:
    """A plain French text with its typography set; applying it twice changes nothing more."""
    text = text.replace("'", "’")
    text = _BEFORE_SIGN.sub(NO_BREAK_SPACE, text)
    text = _AFTER_QUOTE.sub(NO_BREAK_SPACE, text)
    return _BEFORE_UNIT.sub(NO_BREAK_SPACE, text)


class HtmlTypography:
    """Sets the typography of HTML read in pieces, as a template gives it, leaving tags and verbatim elements alone."""

    def __init__(self) -> None:
        self._in_tag = False
        self._verbatim = ""

    def feed(self, html: str) -> str:
        """The next piece of HTML, with the typography of its text set."""
        if self._in_tag:
            end = html.find(">")
            if end < 0:
                return html
            self._in_tag = False
            return html[: end + 1] + self.feed(html[end + 1 :])
        return "".join(self._piece(piece) for piece in _PIECE.findall(html))

    def _piece(self, piece: str) -> str:
        if not piece.startswith("<"):
            return piece if self._verbatim else typo(piece)
        self._in_tag = not piece.endswith(">")
        name = piece[1:].split(">", 1)[0].split(maxsplit=1)[0].lower() if len(piece) > 1 else ""
        if self._verbatim:
            self._verbatim = "" if name == f"/{self._verbatim}" else self._verbatim
        elif name in _VERBATIM:
            self._verbatim = name
        return piece


class TypographyExtension(Extension):
    """Jinja extension: templates are written with a plain keyboard and compiled with the right characters."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Set the typography of the template's own text; expressions are left as they are."""
        html = HtmlTypography()
        for token in stream:
            yield Token(token.lineno, token.type, html.feed(token.value)) if token.type == "data" else token
