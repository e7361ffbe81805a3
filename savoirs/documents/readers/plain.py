"""Texts and Markdown: the lines of the file are the lines of the document."""

from __future__ import annotations

import re

from savoirs.documents.limits import MOST_CHARS
from savoirs.documents.text import Line, LineKind
from savoirs.errors import SavoirsError

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+\S")
_ENDS = re.compile(r"\r\n|\r|\n")
_CELLS = re.compile(r"(?<!\\)\|")
_RULE_ROW = re.compile(r"^\s*\|?\s*:?-{2,}[\s|:-]*$")


def decoded(data: bytes) -> str:
    """The text of bytes: UTF-8, UTF-16 with its mark, else Windows-1252, which French software writes.

    Raises:
        SavoirsError: ``document_damaged`` when it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if text.count("\0") > len(text) // 1000:
        raise SavoirsError("document_damaged")
    if len(text) > MOST_CHARS:
        raise SavoirsError("document_too_long")
    return text.replace("\0", "")


def split_lines(text: str) -> list[str]:
    """The lines of a text as an editor counts them: a form feed or a vertical tab ends none."""
    lines = _ENDS.split(text)
    return lines[:-1] if lines and not lines[-1] else lines


def text_lines(data: bytes) -> list[Line]:
    """The lines of a plain text, its empty ones too."""
    return [Line(number, text) for number, text in enumerate(split_lines(decoded(data)), 1)]


def markdown_lines(data: bytes) -> list[Line]:
    """The lines of a Markdown file: headings and rows of tables are told; the rest is noise for whoever splits."""
    lines = []
    for number, text in enumerate(split_lines(decoded(data)), 1):
        heading = _HEADING.match(text)
        if heading:
            lines.append(Line(number, text, LineKind.HEADING, len(heading.group(1)), whole=True))
        elif text.lstrip().startswith("|") and not _RULE_ROW.match(text):
            cells = tuple(cell.strip() for cell in _CELLS.split(text.strip().strip("|")))
            lines.append(Line(number, " | ".join(cells), LineKind.ROW, whole=True, cells=cells))
        else:
            lines.append(Line(number, "" if _RULE_ROW.match(text) else text))
    return lines
