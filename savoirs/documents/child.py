"""The process that opens a document: ``python -I -m savoirs.documents.child``, alone, with limits of its own.

It gets the file as its standard input and what is asked as one argument, and answers one JSON object on its standard
output: the lines, or the code of an error. Whatever a document does to it, it dies and nothing else does.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from savoirs.documents.archives import check_archive
from savoirs.documents.formats import format_of
from savoirs.documents.text import Line
from savoirs.errors import SavoirsError

_ZIPPED = ("docx", "odt", "pptx", "odp", "xlsx", "ods")


def answer(file: BinaryIO, asked: dict[str, Any]) -> dict[str, Any]:
    """Read a document.

    Args:
        file: The document, seekable.
        asked: ``name``, ``size_bytes``, ``max_unzipped_bytes``, ``max_pages``, ``timeout_s`` and ``ocr``.

    Returns:
        ``format``, ``pages``, ``recognised`` and ``lines``, packed; or ``error`` and ``params``.
    """
    try:
        kind = format_of(asked["name"], file)
        if kind in _ZIPPED:
            check_archive(file, asked["size_bytes"], asked["max_unzipped_bytes"])
        file.seek(0)
        lines, pages, recognised = _read(kind, file, asked)
        if not any(line.text.strip() for line in lines):
            raise SavoirsError("document_no_text")
    except SavoirsError as error:
        return {"error": error.code, "params": error.params}
    except (MemoryError, RecursionError):
        return {"error": "document_too_heavy", "params": {}}
    except ImportError:  # a library that finds no room for itself; where it is missing, all documents say the same
        return {"error": "document_reader_stopped", "params": {}}
    except Exception:  # a library stumbled on the file: whatever it says, the file is damaged
        return {"error": "document_damaged", "params": {}}
    return {"format": kind, "pages": pages, "recognised": recognised, "lines": [line.packed() for line in lines]}


def _read(kind: str, file: BinaryIO, asked: dict[str, Any]) -> tuple[list[Line], int | None, bool]:
    """Lines, pages, and whether they were recognised in images. Each library is imported for its format only."""
    # ruff: noqa: PLC0415
    if kind == "pdf":
        from savoirs.documents.readers import pdf

        return pdf.lines(file, asked["max_pages"], asked["ocr"], asked["timeout_s"])
    if kind == "docx":
        from savoirs.documents.readers import word

        return word.lines(file), None, False
    if kind in ("odt", "odp"):
        from savoirs.documents.readers import opendocument

        lines, pages = opendocument.lines(file)
        if pages is not None and pages > asked["max_pages"]:
            raise SavoirsError("document_too_many_pages", maximum=asked["max_pages"])
        return lines, pages, False
    if kind == "pptx":
        from savoirs.documents.readers import slides

        return *slides.lines(file, asked["max_pages"]), False
    if kind in ("xlsx", "ods"):
        from savoirs.documents.readers import tables

        return *tables.sheet_lines(file), False
    return _texts(kind, file.read()), None, False


def _texts(kind: str, data: bytes) -> list[Line]:
    from savoirs.documents.readers import plain, tables, web_page

    readers = {"csv": tables.csv_lines, "html": web_page.lines, "markdown": plain.markdown_lines}
    return readers.get(kind, plain.text_lines)(data)


def _limit(memory_bytes: int, cpu_s: int) -> None:
    """Take away what a document needs not: memory beyond this, time, writing files, core dumps."""
    try:
        import resource
    except ImportError:  # not on Windows, where the parent's clock is the only limit
        return
    for name, value in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", cpu_s),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 64),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def main() -> None:
    """Limit oneself, read, answer."""
    asked = json.loads(sys.argv[1])
    _limit(asked["memory_bytes"], asked["cpu_s"])
    try:
        said = json.dumps(answer(sys.stdin.buffer, asked), ensure_ascii=False).encode("utf-8", "replace")
    except MemoryError:
        said = b'{"error": "document_too_heavy", "params": {}}'
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
