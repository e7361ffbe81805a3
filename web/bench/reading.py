"""How much computing it takes to read documents, each in its child process, and to cut them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from savoirs import documents
from savoirs.generation import Writer
from web.bench.papers import WRITERS, write_pdf

_LONG_PAGES = 11
_PARAGRAPHS = 12


def long_pdf(writer: Writer) -> float:
    """CPU seconds to read and cut a PDF of eleven pages."""
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        path = Path(folder) / "long.pdf"
        paragraphs: list[str] = []
        while not path.exists() or path.read_bytes().count(b"/Type /Page ") < _LONG_PAGES:
            paragraphs.append(writer.note().text)
            write_pdf(path, "Long", paragraphs)
        return _seconds([path])


def many(writer: Writer, count: int) -> float:
    """CPU seconds to read and cut documents, as many of each format."""
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        paths = []
        for number in range(count):
            extension = list(WRITERS)[number % len(WRITERS)]
            path = Path(folder) / f"{number}.{extension}"
            WRITERS[extension](path, writer.note().title, [writer.note().text for _ in range(_PARAGRAPHS)])
            paths.append(path)
        return _seconds(paths)


def _seconds(paths: list[Path]) -> float:
    """CPU seconds, of this process and of its children: on a shared machine, the wall tells who else works."""
    before = os.times()
    for path in paths:
        documents.split(documents.read(path))
    after = os.times()
    return sum(after[:4]) - sum(before[:4])
