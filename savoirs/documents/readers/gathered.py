"""Lines numbered as they come, until the text is too long."""

from __future__ import annotations

from savoirs.documents.limits import MOST_CHARS
from savoirs.documents.text import Line, LineKind
from savoirs.errors import SavoirsError


class Gathered:
    """The lines of a document that has no lines of its own, in reading order."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._chars = 0

    def add(
        self,
        text: str,
        kind: LineKind = LineKind.TEXT,
        *,
        level: int = 0,
        page: int | None = None,
        whole: bool = True,
        cells: tuple[str, ...] = (),
    ) -> None:
        """Add a paragraph; breaks inside it make several lines.

        Raises:
            SavoirsError: ``document_too_long``.
        """
        self._chars += len(text) + 1
        if self._chars > MOST_CHARS:
            raise SavoirsError("document_too_long")
        pieces = [piece.strip() for piece in text.splitlines()] or [""]
        for piece in pieces:
            number = len(self.lines) + 1
            self.lines.append(Line(number, piece, kind, level, page, whole and len(pieces) == 1, cells))

    def row(self, cells: list[str], *, page: int | None = None) -> None:
        """Add a row of a table; an empty one is left out."""
        tidy = tuple(" ".join(cell.split()) for cell in cells)
        if any(tidy):
            self.add(" | ".join(tidy), LineKind.ROW, page=page, cells=tidy)

    def gap(self, page: int | None = None) -> None:
        """Add an empty line, unless the last one is."""
        if self.lines and self.lines[-1].text:
            self.add("", page=page)
