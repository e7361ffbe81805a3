"""Named arrays and texts in one folder: written once, checked whole when opened, then mapped in memory.

    s000007-3fa91c/          immutable once it has its name, which no other folder ever had or will have
        manifest.json        what is where, CRC-32 of everything and of itself
        arrays.bin           every array, each aligned on 64 bytes
        lock                 held shared by whoever has the folder mapped; removed with it when nobody does

Nothing is trusted before its size and checksum have been verified: a compiled loop never meets a damaged array.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import mmap
import os
import re
import secrets
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.texts import Texts

FORMAT_VERSION = 3
_ALIGNMENT = 64
_CHUNK_BYTES = 1 << 24
_NEW = "new-"
_NAME = re.compile(r"[a-z](\d{6,})(-[0-9a-f]+)?")
_LEFT_BEHIND_S = 3_600
"""A new folder without a lock after this long was left by a writer killed in its first instant."""


class DamagedError(Exception):
    """What is on disk is missing, made by another version, or not what was written."""


@dataclass
class Bundle:
    """A folder mapped in memory. Close it to let the folder be removed; arrays handed out stay readable.

    Attributes:
        name: The folder's.
        meta: What was written beside the arrays.
        arrays: Read-only arrays by name.
        texts: Texts by name.
        size_bytes: Of the files.
        checked_s: How long its checksums took.
    """

    name: str
    meta: Mapping[str, Any]
    arrays: dict[str, NDArray[Any]]
    texts: dict[str, Texts]
    size_bytes: int
    checked_s: float
    _lock: IO[str] = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.close()


class Writer:
    """Writes a folder, which has its final name only when all of it is on disk.

    Used as a context: nobody removes the folder before the end of it, and leaving it by an exception removes what was
    written, unless it has its name already.

    Args:
        directory: Where the folder goes.
        kind: The letter its name begins with.
    """

    def __init__(self, directory: Path, kind: str) -> None:
        self._directory = directory
        self._kind = kind
        self._folder = directory / f"{_NEW}{kind}-{os.getpid()}-{time.monotonic_ns()}"
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            self._lock = _hold_new(self._folder)
            stack.callback(self._lock.close)
            self._file = (self._folder / "arrays.bin").open("w+b")
            stack.pop_all()
        self._entries: dict[str, dict[str, Any]] = {}
        self._texts: list[str] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._lock.close()
        if kind is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def room(self, name: str, dtype: Any, shape: int | tuple[int, ...]) -> NDArray[Any]:
        """An array of zeros in the file, to be filled before ``finish``."""
        dtype, shape = np.dtype(dtype), (shape,) if isinstance(shape, int) else shape
        at = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        size = int(np.prod(shape)) * dtype.itemsize
        _lengthen(self._file, self._end, at + size)
        self._end = at + size
        self._entries[name] = {"at": at, "dtype": dtype.str, "shape": list(shape)}
        if not size:
            return np.zeros(shape, dtype=dtype)
        return np.memmap(self._file, dtype=dtype, mode="r+", offset=at, shape=shape)

    def put(self, name: str, array: NDArray[Any]) -> None:
        """An array as it is."""
        room = self.room(name, array.dtype, array.shape)
        if array.size:
            room[...] = array

    def put_texts(self, name: str, texts: Texts) -> None:
        """Texts, as two arrays."""
        self._texts.append(name)
        self.put(f"{name}.data", texts.data)
        self.put(f"{name}.ends", texts.ends)

    def finish(self, meta: Mapping[str, Any]) -> str:
        """Flush everything to the disk, give the folder its name and return it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        checked = {name: {**entry, "crc": self._checksum(entry)} for name, entry in self._entries.items()}
        manifest = {
            "format": FORMAT_VERSION,
            "meta": meta,
            "bytes": self._end,
            "entries": checked,
            "texts": self._texts,
        }
        write_checked(self._folder / "manifest.json", manifest)
        sync_folder(self._folder)
        name = _take_name(self._folder, self._directory, self._kind)
        sync_folder(self._directory)
        return name

    def _checksum(self, entry: Mapping[str, Any]) -> int:
        self._file.seek(entry["at"])
        left, crc = int(np.prod(entry["shape"])) * np.dtype(entry["dtype"]).itemsize, 0
        while left:
            data = self._file.read(min(left, _CHUNK_BYTES))
            crc, left = zlib.crc32(data, crc), left - len(data)
        return crc


def write(
    directory: Path, kind: str, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, Texts]
) -> Bundle:
    """Write arrays and texts that are in memory, and map them: until it is closed, nobody removes the folder."""
    with Writer(directory, kind) as writer:
        for name, array in arrays.items():
            writer.put(name, array)
        for name, some in texts.items():
            writer.put_texts(name, some)
        return read(directory, writer.finish(meta))


def read(directory: Path, name: str) -> Bundle:
    """Map a folder, after verifying all of it.

    Raises:
        DamagedError: ``missing``, ``stale`` (another version's) or ``damaged``.
    """
    folder = directory / name
    try:
        lock = (folder / "lock").open()
    except OSError as error:
        raise DamagedError("missing") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        manifest = read_checked(folder / "manifest.json")
        if manifest["format"] != FORMAT_VERSION:
            raise DamagedError("stale")
        began = time.perf_counter()
        arrays = _read_arrays(folder / "arrays.bin", manifest["bytes"], manifest["entries"])
        checked_s = time.perf_counter() - began
        texts = {one: Texts(arrays.pop(f"{one}.data"), arrays.pop(f"{one}.ends")) for one in manifest["texts"]}
        size = manifest["bytes"] + (folder / "manifest.json").stat().st_size
        return Bundle(name, manifest["meta"], arrays, texts, size, checked_s, lock)
    except (OSError, AttributeError, KeyError, ValueError, TypeError, OverflowError) as error:
        lock.close()
        raise DamagedError("damaged") from error
    except DamagedError:
        lock.close()
        raise


def _read_arrays(path: Path, size: int, entries: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    if path.stat().st_size != size:
        raise DamagedError("damaged")
    with path.open("rb") as file:
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b"")
    arrays: dict[str, NDArray[Any]] = {}
    for name, entry in entries.items():
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        view = mapped[entry["at"] : entry["at"] + int(np.prod(shape)) * dtype.itemsize]
        if zlib.crc32(view) != entry["crc"]:
            raise DamagedError("damaged")
        arrays[name] = np.frombuffer(view, dtype=dtype).reshape(shape)
    return arrays


def remove_unused(directory: Path, in_use: frozenset[str]) -> None:
    """Remove the folders that are neither in use, nor mapped, nor being written by anybody."""
    for folder in _unused(directory, in_use):
        remove(folder)


def has_unused(directory: Path, in_use: frozenset[str]) -> bool:
    """Whether there are folders that are not in use: mapped by somebody, or being written."""
    return bool(_unused(directory, in_use))


def _unused(directory: Path, in_use: frozenset[str]) -> list[Path]:
    folders = (path for path in directory.iterdir() if path.is_dir() and path.name not in in_use)
    return [path for path in folders if path.name.startswith(_NEW) or _number(path.name)]


def remove(folder: Path) -> None:
    """Remove a folder, unless somebody has it mapped or is writing it."""
    try:
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            if not folder.name.startswith(_NEW) or time.time() - folder.stat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # somebody reads it, or writes it


def _take_name(folder: Path, directory: Path, kind: str) -> str:
    name = next_name(directory, kind)
    folder.rename(directory / name)
    return name


def next_name(directory: Path, kind: str) -> str:
    """A name of a kind that was never given, even in a directory removed since: processes know folders by name."""
    number = max((_number(path.stem) for path in directory.iterdir()), default=0) + 1
    return f"{kind}{number:06d}-{secrets.token_hex(3)}"


def _number(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else 0


def _hold_new(folder: Path) -> IO[str]:
    """Make a folder and hold it; made again when somebody took it for one left behind before it was held."""
    while True:
        folder.mkdir()
        with contextlib.suppress(FileNotFoundError), contextlib.ExitStack() as stack:
            lock = stack.enter_context((folder / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_SH)
            if os.fstat(lock.fileno()).st_nlink:
                stack.pop_all()
                return lock
        shutil.rmtree(folder, ignore_errors=True)


def _lengthen(file: IO[bytes], start: int, end: int) -> None:
    """Give a file room that is there: on a full disk this fails, where writing to a map would kill the process."""
    if end == start:
        return
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), start, end - start)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise
        else:
            return
    file.seek(start)
    for at in range(start, end, _CHUNK_BYTES):
        file.write(bytes(min(_CHUNK_BYTES, end - at)))
    file.flush()


def write_checked(path: Path, value: Mapping[str, Any]) -> None:
    """JSON behind its checksum, flushed to the disk, and in place at once or not at all."""
    body = json.dumps(value, sort_keys=True)
    put_in_place(path, f"{zlib.crc32(body.encode()):08x}\n{body}".encode())


def put_in_place(path: Path, content: bytes) -> None:
    """A whole file, flushed to the disk, and in place at once or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def read_checked(path: Path) -> dict[str, Any]:
    """What ``write_checked`` wrote.

    Raises:
        DamagedError: When it is not.
        OSError: When it is not there.
    """
    checksum, _, body = path.read_bytes().partition(b"\n")
    if f"{zlib.crc32(body):08x}".encode() != checksum:
        raise DamagedError("damaged")
    try:
        value: dict[str, Any] = json.loads(body)
    except ValueError as error:
        raise DamagedError("damaged") from error
    return value


def sync_folder(folder: Path) -> None:
    """Flush the names of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone(directory: Path, what: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock that one process has at a time; yields False, at once, when another has it and ``wait`` is off."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
