"""CSV and spreadsheets: each line of the file is a row of cells; a sheet is a page."""

from __future__ import annotations

import csv
import io
from typing import Any, BinaryIO

from savoirs.documents.limits import MOST_CHARS
from savoirs.documents.readers.plain import decoded
from savoirs.documents.text import Line, LineKind
from savoirs.errors import SavoirsError

_DELIMITERS = ";,\t|"
_LONGEST_CELL = 100_000


def csv_lines(data: bytes) -> list[Line]:
    """The rows of a CSV file, whatever its delimiter and encoding.

    Raises:
        SavoirsError: ``document_damaged`` or ``document_too_long``.
    """
    text = decoded(data)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    found: list[Line] = []
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(_row(before + 1, cells, last=reader.line_num))
            before = reader.line_num
    except csv.Error as error:
        raise SavoirsError("document_damaged") from error
    return found


def sheet_lines(file: BinaryIO) -> tuple[list[Line], int]:
    """The rows of every sheet, and how many sheets there are. Lines count on from one sheet to the next.

    Raises:
        SavoirsError: ``document_too_long``.
    """
    import python_calamine  # noqa: PLC0415  (in the child process only)

    book = python_calamine.CalamineWorkbook.from_filelike(file)
    found: list[Line] = []
    offset = chars = 0
    for page, name in enumerate(book.sheet_names, 1):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for place, row in enumerate(rows, 1):
            cells = [_cell(value) for value in row]
            chars += sum(map(len, cells))
            if chars > MOST_CHARS:
                raise SavoirsError("document_too_long")
            if any(cells):
                found.append(_row(offset + place, cells, page=page))
        offset += len(rows)
    return found, len(book.sheet_names)


def _row(number: int, cells: list[str], *, page: int | None = None, last: int = 0) -> Line:
    tidy = tuple(" ".join(cell.split()) for cell in cells)
    shown = " | ".join(tidy).rstrip(" |")
    return Line(number, shown, LineKind.ROW, 0, page, whole=True, cells=tidy, last=last if last > number else 0)


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines in the same number of cells, more than one."""
    sample = [line for line in text.splitlines()[:20] if line.strip()]
    best, most = ";", 0.0
    for delimiter in _DELIMITERS:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        if counts and counts[0] > 1:
            agreeing = sum(count == counts[0] for count in counts) / len(counts)
            if agreeing * counts[0] > most:
                best, most = delimiter, agreeing * counts[0]
    return best


def _cell(value: Any) -> str:
    """A cell as people read it: a whole number without « .0 », yes and no in words."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if value is not None else ""
