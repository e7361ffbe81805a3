"""HTML, by the standard library's parser: it asks nothing of the network, and follows no entity but characters."""

from __future__ import annotations

from html.parser import HTMLParser

from savoirs.documents.readers.gathered import Gathered
from savoirs.documents.readers.plain import decoded
from savoirs.documents.text import Line, LineKind

_SILENT = ("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "nav")
_BLOCKS = (
    "p", "div", "section", "article", "header", "footer", "main", "aside", "ul", "ol", "table", "tbody", "thead",
    "tfoot", "blockquote", "pre", "dl", "dt", "dd", "figure", "figcaption", "form", "fieldset", "address", "hr", "body",
    "head", "title", "caption", "details", "summary",
)  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class _Page(HTMLParser):
    """Gathers paragraphs, headings, items and rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out = Gathered()
        self._text: list[str] = []
        self._silent = 0
        self._depth = 0
        self._kind = LineKind.TEXT
        self._level = 0
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._text.append("\n")
        elif tag in _HEADINGS:
            self._end()
            self._kind, self._level = LineKind.HEADING, _HEADINGS[tag]
        elif tag == "li":
            self._end()
            self._kind, self._level = LineKind.ITEM, max(1, self._depth)
        elif tag == "tr":
            self._end()
            self._cells = []
        elif tag in _BLOCKS and self._cells is None:
            self._end()
            self._depth += tag in ("ul", "ol")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("".join(self._text))
            self._text = []
        elif tag == "tr" and self._cells is not None:
            cells, self._cells = self._cells, None
            self.out.row(cells)
        elif (tag in _HEADINGS or tag == "li" or tag in _BLOCKS) and self._cells is None:
            self._end()
            self._depth = max(0, self._depth - (tag in ("ul", "ol")))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(" ".join(data.split("\n")) if data.strip() else " ")

    def close(self) -> None:
        super().close()
        if self._cells:
            self.out.row(self._cells)
            self._cells = None
        self._end()

    def _end(self) -> None:
        text = "\n".join(" ".join(line.split()) for line in "".join(self._text).split("\n")).strip()
        if text:
            self.out.add(text, self._kind, level=self._level)
        self._text, self._kind, self._level = [], LineKind.TEXT, 0


def lines(data: bytes) -> list[Line]:
    """The lines of a page."""
    page = _Page()
    page.feed(decoded(data))
    page.close()
    return page.out.lines
