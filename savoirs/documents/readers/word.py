"""DOCX: the body in order, with what python-docx leaves aside (text boxes, content controls, notes, headers)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from savoirs.documents.readers.gathered import Gathered
from savoirs.documents.text import Line, LineKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HIDDEN = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "sdtPr", "pPr", "rPr", "tblPr")}
_HEADING = re.compile(r"(?:heading|titre|überschrift)\s*(\d)", re.IGNORECASE)
_TITLES = ("title", "titre", "subtitle", "sous-titre")
_NOTES = ("footnotes", "endnotes")
_AROUND = ("header", "footer")


def lines(file: BinaryIO) -> list[Line]:
    """The lines of a document: its headers, its body, its footers, its notes."""
    import docx  # noqa: PLC0415  (in the child process only)

    document = docx.Document(file)
    out = Gathered()
    styles = {style.style_id: style.name or "" for style in document.styles}
    around = _parts(document, _AROUND)
    for part in (one for one in around if "header" in one[0]):
        _walk(part[1], out, styles)
    out.gap()
    _walk(document.element.body, out, styles)
    out.gap()
    for part in (one for one in around if "header" not in one[0]):
        _walk(part[1], out, styles)
    for part in _parts(document, _NOTES):
        _walk(part[1], out, styles)
    return out.lines


def _parts(document: Any, wanted: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The XML of related parts whose kind is one of these, each once, by name."""
    from docx.oxml import parse_xml  # noqa: PLC0415

    found = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in wanted and not relation.is_external:
            found[f"{kind}{relation.target_part.partname}"] = parse_xml(relation.target_part.blob)
    return sorted(found.items())


def _walk(parent: Any, out: Gathered, styles: dict[str, str]) -> None:
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            _paragraph(element, out, styles)
        elif element.tag == f"{_W}tbl":
            _table(element, out)
        elif isinstance(element.tag, str) and element.tag not in _HIDDEN and element.tag != _FALLBACK:
            _walk(element, out, styles)


def _paragraph(element: Any, out: Gathered, styles: dict[str, str]) -> None:
    text = "".join(_text(element))
    kind, level = _kind(element, styles)
    if text.strip():
        out.add(text, kind, level=level)
    else:
        out.gap()
    for box in element.iter(f"{_W}txbxContent"):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            _walk(box, out, styles)


def _text(element: Any) -> Iterator[str]:
    """The text of a paragraph; what is in a box of its own comes after it."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            yield "\t"
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif isinstance(tag, str) and tag not in _HIDDEN and tag not in (_FALLBACK, f"{_W}txbxContent"):
            yield from _text(child)


def _kind(element: Any, styles: dict[str, str]) -> tuple[LineKind, int]:
    properties = element.find(f"{_W}pPr")
    if properties is None:
        return LineKind.TEXT, 0
    style = properties.find(f"{_W}pStyle")
    name = styles.get(style.get(f"{_W}val"), style.get(f"{_W}val") or "") if style is not None else ""
    heading = _HEADING.match(name)
    if heading or name.lower() in _TITLES:
        return LineKind.HEADING, int(heading.group(1)) if heading else 1
    outline = properties.find(f"{_W}outlineLvl")
    if outline is not None and (outline.get(f"{_W}val") or "9") < "9":
        return LineKind.HEADING, int(outline.get(f"{_W}val")) + 1
    numbered = properties.find(f"{_W}numPr")
    if numbered is not None or name.lower().startswith(("list", "liste")):
        depth = numbered.find(f"{_W}ilvl") if numbered is not None else None
        return LineKind.ITEM, 1 + int(depth.get(f"{_W}val") or 0) if depth is not None else 1
    return LineKind.TEXT, 0


def _table(element: Any, out: Gathered) -> None:
    """A table, row by row; a table of one column is a frame around paragraphs."""
    for row in element.iter(f"{_W}tr"):
        if any(parent.tag == f"{_W}tc" for parent in _up_to(row, element)):
            continue
        cells = []
        for cell in row.iter(f"{_W}tc"):
            if not any(parent.tag == f"{_W}tc" for parent in _up_to(cell, row)):
                cells.append(" ".join("".join(_text(one)) for one in cell.iter(f"{_W}p")))
        if len(cells) == 1:
            out.add(cells[0])
        else:
            out.row(cells)


def _up_to(element: Any, top: Any) -> Iterator[Any]:
    for parent in element.iterancestors():
        if parent is top:
            return
        yield parent
