"""Putting restored files in place of those in use: killed at any moment, it is gone on with at the next start.

Folders are moved inside the data folder, which may be a mount and cannot be moved itself. A mark says how far it came.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from savoirs.errors import SavoirsError

RESTORING = "restoring"
REPLACED = "replaced"
MARK = "restoring.mark"
LOCK = "in-use.lock"

NAMES = (
    "savoirs.sqlite3",
    "savoirs.sqlite3-wal",
    "savoirs.sqlite3-shm",
    "savoirs.sqlite3-journal",
    "secret_key",
    "erasures.jsonl",
    "erasures.key",
    "originals",
    "index",
)
"""What a restored folder replaces; all else (logs, compiled loops, word vectors) stays."""

_ASIDE, _IN = "aside", "in"


@contextmanager
def in_use(folder: Path, *, alone: bool) -> Iterator[None]:
    """Say that a data folder is being served, or that nobody may serve it for now.

    Args:
        folder: The data folder.
        alone: For who replaces it; else for who serves it.

    Raises:
        SavoirsError: ``folder_in_use``.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SavoirsError("folder_in_use" if alone else "folder_restoring", folder=str(folder)) from error
        yield


def swap(folder: Path) -> None:
    """Put what is in ``restoring`` in place. Call it while ``in_use`` alone."""
    _mark(folder, _ASIDE)
    go_on(folder)


def is_interrupted(folder: Path) -> bool:
    """Whether a swap was begun and not ended. Light: looks at names only."""
    return (folder / MARK).exists() or (folder / REPLACED).exists()


def go_on(folder: Path) -> None:
    """End a swap that was begun; nothing to do is no mistake. Call it while ``in_use`` alone."""
    mark = folder / MARK
    if mark.exists():
        if mark.read_text("ascii").strip() == _ASIDE:
            _move(folder, folder / REPLACED, NAMES)
            _mark(folder, _IN)
        _move(folder / RESTORING, folder, NAMES)
        mark.unlink()
        _sync(folder)
        shutil.rmtree(folder / RESTORING, ignore_errors=True)
    shutil.rmtree(folder / REPLACED, ignore_errors=True)


def _move(source: Path, target: Path, names: tuple[str, ...]) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for name in names:
        if (source / name).exists():
            (source / name).rename(target / name)
    _sync(target)


def _mark(folder: Path, phase: str) -> None:
    draft = folder / f"{MARK}.new"
    with draft.open("w", encoding="ascii") as file:
        file.write(phase)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / MARK)
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
