"""What a file really is, by its first bytes, whatever its name says."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import BinaryIO

from savoirs.errors import SavoirsError

EXTENSIONS = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".pptx": "pptx",
    ".odp": "odp",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".csv": "csv",
    ".tsv": "csv",
}
"""The formats that are read, by extension."""

TEXTS = ("html", "markdown", "text", "csv")
"""Formats without a signature: any text may be one of them."""

_HEAD_BYTES = 4096
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_OFFICE_PARTS = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!")
"""How programs begin."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"{\\rtf": "rtf",
    b"\x89PNG": "image",
    b"\xff\xd8\xff": "image",
    b"GIF8": "image",
    b"RIFF": "image",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
    b"\x1f\x8b": "archive",
    b"PK\x05\x06": "archive",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def format_of(name: str, file: BinaryIO) -> str:
    """The format of a file, once its name and its content agree.

    Args:
        name: The file's name.
        file: The file, seekable, read from its start.

    Raises:
        SavoirsError: ``document_unknown_type``, ``document_executable``, ``document_encrypted``,
            ``document_old_format``, ``document_wrong_type`` or ``document_damaged``.
    """
    extension = PurePath(name).suffix.lower()
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if head.startswith(PROGRAMS):
        raise SavoirsError("document_executable")
    wanted = EXTENSIONS.get(extension)
    if wanted is None:
        raise SavoirsError("document_unknown_type", extension=extension or "—")
    found = _signed(head, file, wanted)
    if found == wanted or (found == "" and wanted in TEXTS):
        return wanted
    if found == "":
        raise SavoirsError("document_damaged" if _is_binary(head) else "document_wrong_type", extension=extension)
    raise SavoirsError("document_wrong_type", extension=extension)


def _signed(head: bytes, file: BinaryIO, wanted: str) -> str:
    """The format that the first bytes tell; empty when they tell none."""
    if head.startswith(_OLD_OFFICE):
        raise SavoirsError("document_old_format" if wanted not in ("docx", "pptx", "xlsx") else "document_encrypted")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file)
    for start, kind in _OTHERS.items():
        if head.startswith(start):
            return kind
    if wanted in TEXTS and not head.startswith(_UTF16) and _is_binary(head):
        return "binary"
    return ""


def _zipped(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= _HEAD_BYTES:
                with archive.open("mimetype") as entry:
                    kind = entry.read(_HEAD_BYTES).strip()
                return _OPEN_DOCUMENTS.get(kind.removesuffix(b"-template"), "archive")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SavoirsError("document_damaged") from error
    return _office(names)


def _office(names: Iterable[str]) -> str:
    for name in names:
        for start, kind in _OFFICE_PARTS.items():
            if name.startswith(start):
                return kind
    return "archive"


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text: a NUL, or many control characters."""
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return b"\0" in head or controls > len(head) // 50
