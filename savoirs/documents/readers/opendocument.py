"""ODT and ODP, through odfdo's tree: headings, paragraphs, lists, tables; a slide is a page."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from savoirs.documents.readers.gathered import Gathered
from savoirs.documents.text import Line, LineKind

_SILENT = (
    "text:tracked-changes", "office:forms", "text:sequence-decls", "text:variable-decls", "office:annotation",
    "text:user-field-decls", "svg:title", "svg:desc", "draw:plugin", "text:table-of-content-source",
)  # fmt: skip
_SPACES = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}


def lines(file: BinaryIO) -> tuple[list[Line], int | None]:
    """The lines of a text or a presentation, and how many slides it has."""
    import odfdo  # noqa: PLC0415  (in the child process only)

    document = odfdo.Document(io.BytesIO(file.read()))
    reader = _Reader()
    reader.walk(document.body, 0)
    return reader.out.lines, reader.page


class _Reader:
    def __init__(self) -> None:
        self.out = Gathered()
        self.page: int | None = None

    def walk(self, parent: Any, depth: int, kind: LineKind = LineKind.TEXT) -> None:
        """Read what an element holds."""
        for element in parent.children:
            self._element(element, depth, kind)

    def _element(self, element: Any, depth: int, kind: LineKind) -> None:
        tag = element.tag
        if tag in _SILENT:
            return
        if tag == "text:h":
            self._paragraph(element, LineKind.HEADING, int(element.get_attribute("text:outline-level") or 1))
        elif tag == "text:p":
            self._paragraph(element, kind, depth if kind is LineKind.ITEM else 1)
        elif tag == "text:list":
            self.walk(element, depth + 1, LineKind.TEXT if kind is LineKind.HEADING else LineKind.ITEM)
        elif tag == "table:table":
            self._table(element)
        elif tag == "draw:page":
            self.page = (self.page or 0) + 1
            self.out.gap(self.page)
            self.walk(element, 0)
        elif tag == "draw:frame" and element.get_attribute("presentation:class") == "title":
            self.walk(element, 0, LineKind.HEADING)
        else:
            self.walk(element, depth, kind)

    def _paragraph(self, element: Any, kind: LineKind, level: int) -> None:
        boxes: list[Any] = []
        text = _text(element, boxes)
        if text.strip():
            self.out.add(text, kind, level=level if kind is not LineKind.TEXT else 0, page=self.page)
        elif not boxes:
            self.out.gap(self.page)
        for box in boxes:
            self._element(box, 0, LineKind.TEXT)

    def _table(self, table: Any) -> None:
        for row in _rows(table):
            cells = [cell for cell in row.children if cell.tag in ("table:table-cell", "table:covered-table-cell")]
            texts = [" ".join(_text(one, []) for one in cell.children) for cell in cells]
            while texts and not texts[-1].strip():
                texts.pop()
            if len(texts) == 1:
                self.out.add(texts[0], page=self.page)
            else:
                self.out.row(texts, page=self.page)


def _rows(element: Any) -> list[Any]:
    """The rows of a table, those of its heading and groups too; not those of a table within it."""
    found = []
    for child in element.children:
        if child.tag == "table:table-row":
            found.append(child)
        elif child.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            found += _rows(child)
    return found


def _text(element: Any, boxes: list[Any]) -> str:
    """The text of a paragraph; frames in it are put in ``boxes``, notes come in brackets where they are."""
    tag = element.tag
    if tag in _SILENT or tag == "text:note-citation":
        return element.tail or ""
    if tag in _SPACES:
        many = element.get_attribute("text:c")
        return _SPACES[tag] * min(int(many), 100) if many and str(many).isdigit() else _SPACES[tag]
    parts = [element.text or ""]
    for child in element.children:
        if child.tag in ("draw:frame", "draw:custom-shape", "draw:g"):
            boxes.append(child)
        elif child.tag == "text:note-body":
            parts.append(f" ({' '.join(_text(one, boxes) for one in child.children)}) ")
        else:
            parts.append(_text(child, boxes))
        if child.tag not in _SILENT:
            parts.append(child.tail or "")
    return "".join(parts)
