"""The text of a document, as its reader hands it over: lines, and what each one is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LineKind(StrEnum):
    """What a line is, when its file says so; a plain text says nothing, and all its lines are ``TEXT``."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document.

    Attributes:
        number: Counted from 1; for a text file, a line of the file, else a line of the text taken out of it.
        text: Its text as the file has it, typography noise included.
        kind: What the file says it is.
        level: The level of a heading or an item, from 1; 0 when there is none.
        page: The page or slide, from 1, where there are any.
        whole: Whether it is a whole paragraph, which no neighbour continues.
        cells: The cells of a row.
        last: The last line of the file it covers, when it covers several.
    """

    number: int
    text: str
    kind: LineKind = LineKind.TEXT
    level: int = 0
    page: int | None = None
    whole: bool = False
    cells: tuple[str, ...] = ()
    last: int = 0

    @property
    def end(self) -> int:
        """The last line of the file that it covers."""
        return self.last or self.number

    def packed(self) -> list[Any]:
        """The line as a plain list, for the way from the child process."""
        return [self.number, self.text, self.kind.value, self.level, self.page, self.whole, self.cells, self.last]

    @classmethod
    def unpacked(cls, packed: list[Any]) -> Line:
        """The line that ``packed`` made a list of."""
        number, text, kind, level, page, whole, cells, last = packed
        return cls(
            int(number), str(text), LineKind(kind), int(level), page, bool(whole), tuple(map(str, cells)), int(last)
        )


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read.

    Attributes:
        name: The file's name, without its folder.
        format: ``pdf``, ``docx``, ``odt``, ``pptx``, ``odp``, ``html``, ``markdown``, ``text``, ``csv``, ``xlsx`` or
            ``ods``.
        sha256: Of the file, in hexadecimal.
        size_bytes: Of the file.
        lines: Its text; never empty.
        pages: How many pages, slides or sheets; None where there are none.
        recognised: Whether the text was read from images, and may have mistakes.
    """

    name: str
    format: str
    sha256: str
    size_bytes: int
    lines: tuple[Line, ...]
    pages: int | None = None
    recognised: bool = False

    @property
    def line_count(self) -> int:
        """How many lines the file, or the text taken out of it, has."""
        return self.lines[-1].end
