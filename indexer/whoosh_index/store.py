"""Whoosh's files on disk, with what it lacks: checksums, versions and an atomic swap.

    index/CURRENT            the name of the folder in use, replaced by rename
    index/000007/            immutable once CURRENT names it
        manifest.json        versions, the journal's number, size and checksum of every file of Whoosh's, CRC of itself
        MAIN_*.seg, _MAIN_*.toc
        lock                 held shared by whoever reads the folder

Whoosh never changes a file it has written: a commit adds some and drops some. So the next folder begins with links to
the files of the last, Whoosh commits there, and a reader never sees half of a commit. Nothing is flushed to the disk
but the manifest and CURRENT: what a power cut loses is found by the checksums, and made again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import whoosh

from indexer.bundle import DamagedError
from indexer.store import current_name
from indexer.whoosh_index.schema import SCHEMA_VERSION

_FORMAT = f"whoosh {'.'.join(map(str, whoosh.__version__))}, schema {SCHEMA_VERSION}"


@dataclass
class Folder:
    """A folder verified and held: it is not removed before ``close``."""

    path: Path
    seq: int
    size_bytes: int
    _lock: IO[str]

    def is_current(self, directory: Path) -> bool:
        """Whether it is still the folder in use, and not another of the same name."""
        try:
            here, there = os.fstat(self._lock.fileno()), (self.path / "lock").stat()
        except OSError:
            return False
        return self.path.name == current_name(directory) and os.path.samestat(here, there)

    def close(self) -> None:
        """Let the folder be removed."""
        self._lock.close()


def open_current(directory: Path, fingerprint: str) -> Folder:
    """Hold the folder in use, after verifying every file of it.

    Raises:
        DamagedError: ``missing``, ``stale`` or ``damaged``.
    """
    while True:
        name = current_name(directory)
        if name is None:
            raise DamagedError("missing")
        try:
            return _open(directory / name, fingerprint)
        except DamagedError:
            if current_name(directory) == name:
                raise  # else a writer has swapped folders under us: look again


def _open(path: Path, fingerprint: str) -> Folder:
    try:
        lock = (path / "lock").open()
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError as error:
        raise DamagedError("missing") from error
    try:
        manifest = _read_manifest(path / "manifest.json")
        if (manifest["format"], manifest["fingerprint"]) != (_FORMAT, fingerprint):
            raise DamagedError("stale")
        for name, written in manifest["files"].items():
            if _describe(path / name) != written:
                raise DamagedError("damaged")
        return Folder(path, manifest["seq"], sum(size for size, _ in manifest["files"].values()), lock)
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        lock.close()
        raise DamagedError("damaged") from error
    except DamagedError:
        lock.close()
        raise


def begin(directory: Path, start: Path | None = None) -> Path:
    """A new folder to commit to, holding the files of another if one is given. Call it under ``snapshot.writing``."""
    numbers = [int(path.name) for path in directory.iterdir() if path.name.isdigit()]
    folder = directory / f"{max(numbers, default=0) + 1:06d}"
    folder.mkdir()
    (folder / "lock").touch()
    for path in _data_files(start) if start is not None else ():
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copyfile(path, folder / path.name)  # a file system without links
    return folder


def finish(directory: Path, folder: Path, seq: int, fingerprint: str) -> None:
    """Write the manifest of a folder and make it the one in use."""
    files = {path.name: _describe(path) for path in _data_files(folder)}
    manifest = {"format": _FORMAT, "fingerprint": fingerprint, "seq": seq, "files": files}
    body = json.dumps(manifest, sort_keys=True)
    _write(folder / "manifest.json", f"{zlib.crc32(body.encode()):08x}\n{body}")
    _write(directory / "CURRENT.new", folder.name)
    (directory / "CURRENT.new").replace(directory / "CURRENT")


def _data_files(folder: Path) -> Iterable[Path]:
    """Whoosh's files, its own lock apart."""
    return sorted(path for path in folder.iterdir() if path.suffix in {".seg", ".toc"})


def _describe(path: Path) -> list[Any]:
    data = path.read_bytes()
    return [len(data), hashlib.blake2b(data, digest_size=16).hexdigest()]


def _read_manifest(path: Path) -> dict[str, Any]:
    checksum, _, body = path.read_text("utf-8").partition("\n")
    if f"{zlib.crc32(body.encode()):08x}" != checksum:
        raise DamagedError("damaged")
    manifest: dict[str, Any] = json.loads(body)
    return manifest


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def remove_unused(directory: Path) -> None:
    """Remove the folders that are neither in use nor held by anybody."""
    in_use = current_name(directory)
    for folder in directory.iterdir():
        if folder.is_dir() and folder.name.isdigit() and folder.name != in_use:
            _remove_if_free(folder)


def _remove_if_free(folder: Path) -> None:
    try:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)  # a writer was killed before the lock was there
    except OSError:
        return  # somebody reads it
