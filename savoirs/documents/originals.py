"""Original files, kept by their SHA-256 in the data folder, where no page is served from and only we can read."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from savoirs.documents.reading import digest
from savoirs.errors import SavoirsError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 16


def original_path(data_dir: Path, sha256: str) -> Path:
    """Where the original of a document is kept.

    Raises:
        ValueError: It is no SHA-256.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return data_dir / "originals" / sha256[:2] / sha256


@contextmanager
def keeping(data_dir: Path, path: Path, sha256: str) -> Iterator[Path]:
    """Keep a file for as long as what is done with it succeeds: on an error, it is kept only if it was before.

    Raises:
        SavoirsError: ``document_changed`` when it is no longer the file that was read.
    """
    made = keep(data_dir, path, sha256)
    kept = original_path(data_dir, sha256)
    try:
        yield kept
    except BaseException:
        if made:
            kept.unlink(missing_ok=True)
        raise


def keep(data_dir: Path, path: Path, sha256: str) -> bool:
    """Keep a file: whole or not at all, once, readable by its owner only; whether it was not kept before.

    Raises:
        SavoirsError: ``document_changed`` when it is no longer the file that was read.
    """
    known = original_path(data_dir, sha256).exists()
    with path.open("rb") as file:
        keep_file(data_dir, file, sha256, name=path.name)
    return not known


def keep_file(data_dir: Path, file: BinaryIO, sha256: str, *, name: str = "") -> Path:
    """Keep what is left to read of an open file; see ``keep``. One that is kept already is dated anew."""
    target = original_path(data_dir, sha256)
    if target.exists():
        target.touch()
        return target
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.parent.chmod(0o700)
    draft = target.with_name(f"{sha256}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
            copy.flush()
            if digest(copy) != sha256:
                raise SavoirsError("document_changed", name=name)
            os.fsync(copy.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
