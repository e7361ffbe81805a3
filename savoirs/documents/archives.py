"""Zipped documents, looked at before any library opens them: size, entries, names, macros, encryption, entities."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from savoirs.documents.limits import MOST_ENTRIES
from savoirs.errors import SavoirsError

_MOST_RATIO = 150
"""The most a document unfolds to, times its size; a text full of spaces stays under 40."""

_SMALL_BYTES = 10_000_000
"""Below this unfolded size, the ratio is no matter."""

_ENCRYPTED_FLAGS = 0x1 | 0x40
_DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_MANIFEST = "META-INF/manifest.xml"
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("basic/", "scripts/")
_CHUNK = 1 << 16


def check_archive(file: BinaryIO, size_bytes: int, max_unzipped_bytes: int) -> None:
    """Refuse a zipped document that is not what a document is.

    Args:
        file: The document, seekable.
        size_bytes: Its size.
        max_unzipped_bytes: The most its entries may unfold to, all together.

    Raises:
        SavoirsError: ``document_too_heavy``, ``document_bad_names``, ``document_encrypted``, ``document_macros``,
            ``document_dtd`` or ``document_damaged``.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(entries, size_bytes, max_unzipped_bytes)
            _check_names([entry.filename for entry in entries])
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SavoirsError("document_damaged") from error
    except Exception as error:  # zlib.error and its like have no common class
        if isinstance(error, SavoirsError):
            raise
        raise SavoirsError("document_damaged") from error


def _check_sizes(entries: list[zipfile.ZipInfo], size_bytes: int, max_unzipped_bytes: int) -> None:
    unzipped = sum(entry.file_size for entry in entries)
    suspicious = unzipped > _SMALL_BYTES and unzipped > _MOST_RATIO * size_bytes
    if len(entries) > MOST_ENTRIES or unzipped > max_unzipped_bytes or suspicious:
        raise SavoirsError("document_too_heavy")


def _check_names(names: list[str]) -> None:
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or "\\" in name or ":" in name or "\0" in name:
            raise SavoirsError("document_bad_names")
    if len(set(names)) != len(names):
        raise SavoirsError("document_bad_names")
    for name in (name.lower() for name in names):
        if name.endswith(_MACROS) or (
            name.startswith(_MACRO_FOLDERS) and name.endswith((".xml", ".py", ".js", ".bsh"))
        ):
            raise SavoirsError("document_macros")


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED_FLAGS:
        raise SavoirsError("document_encrypted")
    name = entry.filename.lower()
    if not name.endswith((".xml", ".rels", ".rdf")):
        return
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            seen = tail + chunk
            if any(word in seen for word in _DECLARATIONS):
                raise SavoirsError("document_dtd")
            if entry.filename == _MANIFEST and b"encryption-data" in seen:
                raise SavoirsError("document_encrypted")
            if name == "[content_types].xml" and b"macroEnabled" in seen:
                raise SavoirsError("document_macros")
            tail = chunk[-64:]
