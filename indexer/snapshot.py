"""A segment and its model on disk: one folder, a manifest with checksums, arrays mapped from one file, an atomic swap.

    index/CURRENT            the name of the folder in use, replaced by rename
    index/000007/            immutable once CURRENT names it
        manifest.json        versions, the journal's number, what is where, CRC-32 of everything below and of itself
        arrays.bin           every array, each aligned on 64 bytes
        texts.bin            every list of texts, UTF-8
        lock                 held shared by whoever has the folder mapped; removed with it when nobody does

Nothing is trusted before its size, checksum and bounds have been verified: a compiled loop never meets a damaged array.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine import FACETS, FIELDS
from indexer.segment import Model, Segment

FORMAT_VERSION = 1
_ALIGNMENT = 64
_COPY_BYTES = 1 << 20


class DamagedSnapshotError(Exception):
    """What is on disk is missing, made by another version, or not what was written."""


@dataclass
class Snapshot:
    """A segment mapped from disk. Close it to let the folder be removed."""

    segment: Segment
    model: Model
    seq: int
    folder: Path
    size_bytes: int
    _lock: IO[str]

    def close(self) -> None:
        """Let go of the folder. Arrays already handed out stay readable."""
        self._lock.close()


def current_name(directory: Path) -> str | None:
    """The name of the folder in use, None when there is none."""
    try:
        return (directory / "CURRENT").read_text("ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


@contextmanager
def writing(directory: Path) -> Iterator[None]:
    """One writer at a time, whatever the process."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(directory: Path, segment: Segment, model: Model, seq: int, fingerprint: str) -> Path:
    """Write a new folder, make it the one in use, and remove those nobody reads. Call it under ``writing``.

    Everything is flushed to the disk before CURRENT names it, so that a power cut leaves the old folder or the new one.
    """
    folder = directory / f"{_next_number(directory):06d}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "lock").touch()
    texts = _texts(segment, model)
    manifest = {
        "format": FORMAT_VERSION,
        "fingerprint": fingerprint,
        "fields": FIELDS,
        "facets": FACETS,
        "seq": seq,
        "model": {"lengths": model.lengths.tolist(), "documents": model.documents, "norm": model.norm},
        "values": [list(value) for value in segment.values],
        "arrays": _write_arrays(folder / "arrays.bin", {**segment.arrays, **_model_arrays(model)}),
        "texts": _write_texts(folder / "texts.bin", texts),
    }
    body = json.dumps(manifest, sort_keys=True)
    _write_synced(folder / "manifest.json", f"{zlib.crc32(body.encode()):08x}\n{body}".encode())
    _sync_folder(folder)
    _write_synced(directory / "CURRENT.new", folder.name.encode())
    (directory / "CURRENT.new").rename(directory / "CURRENT")
    _sync_folder(directory)
    remove_unused(directory)
    return folder


def read(directory: Path, fingerprint: str) -> Snapshot:
    """Map the folder in use, after verifying all of it.

    Raises:
        DamagedSnapshotError: Saying why it must be made again.
    """
    name = current_name(directory)
    if name is None:
        raise DamagedSnapshotError("missing")
    folder = directory / name
    try:
        lock = (folder / "lock").open()
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError as error:
        raise DamagedSnapshotError("missing") from error
    try:
        manifest = _read_manifest(folder / "manifest.json")
        if (manifest["format"], manifest["fingerprint"]) != (FORMAT_VERSION, fingerprint):
            raise DamagedSnapshotError("stale")
        if (tuple(manifest["fields"]), tuple(manifest["facets"])) != (FIELDS, FACETS):
            raise DamagedSnapshotError("stale")
        arrays = _read_arrays(folder / "arrays.bin", manifest["arrays"])
        texts = _read_texts(folder / "texts.bin", manifest["texts"])
        frequencies = dict(zip(texts["model_terms"], arrays.pop("model_frequencies").tolist(), strict=True))
        fitted = manifest["model"]
        model = Model(np.array(fitted["lengths"], dtype=np.float64), fitted["documents"], frequencies, fitted["norm"])
        segment = Segment(
            terms=texts["terms"],
            labels=texts["labels"],
            words=texts["words"],
            shown=texts["shown"],
            ids=texts["ids"],
            titles=texts["titles"],
            values=[(name, value) for name, value in manifest["values"]],
            entities=texts["entities"],
            arrays=arrays,
        )
        _check(segment)
    except (OSError, KeyError, ValueError, TypeError, IndexError, OverflowError) as error:
        lock.close()
        raise DamagedSnapshotError("damaged") from error
    except DamagedSnapshotError:
        lock.close()
        raise
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Snapshot(segment, model, manifest["seq"], folder, size, lock)


def remove_unused(directory: Path) -> None:
    """Remove the folders that are neither in use nor mapped by anybody."""
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


def _next_number(directory: Path) -> int:
    return max((int(path.name) for path in directory.iterdir() if path.name.isdigit()), default=0) + 1


def _model_arrays(model: Model) -> dict[str, NDArray[Any]]:
    return {"model_frequencies": np.fromiter(model.frequencies.values(), dtype=np.int32)}


def _texts(segment: Segment, model: Model) -> dict[str, Sequence[str]]:
    return {
        "terms": segment.terms,
        "labels": segment.labels,
        "words": segment.words,
        "shown": segment.shown,
        "ids": segment.ids,
        "titles": segment.titles,
        "entities": segment.entities,
        "model_terms": list(model.frequencies),
    }


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    with path.open("wb") as file:
        for name, value in arrays.items():
            array = np.ascontiguousarray(value)
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
            data = array.data.cast("B") if array.size else memoryview(b"")
            entries[name] = {
                "at": file.tell(),
                "dtype": array.dtype.str,
                "shape": list(array.shape),
                "crc": zlib.crc32(data),
            }
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
        return {"bytes": file.tell(), "entries": entries}


def _read_arrays(path: Path, written: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    if path.stat().st_size != written["bytes"]:
        raise DamagedSnapshotError("damaged")
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if written["bytes"] else memoryview(b"")
    arrays: dict[str, NDArray[Any]] = {}
    for name, entry in written["entries"].items():
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        size = int(np.prod(shape)) * dtype.itemsize
        view = memoryview(mapped)[entry["at"] : entry["at"] + size]
        if len(view) != size or zlib.crc32(view) != entry["crc"]:
            raise DamagedSnapshotError("damaged")
        arrays[name] = np.frombuffer(view, dtype=dtype).reshape(shape)
    return arrays


def _write_texts(path: Path, texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    body = json.dumps(texts, separators=(",", ":")).encode()
    _write_synced(path, body)
    return {"bytes": len(body), "crc": zlib.crc32(body)}


def _read_texts(path: Path, written: Mapping[str, Any]) -> dict[str, list[str]]:
    body = path.read_bytes()
    if len(body) != written["bytes"] or zlib.crc32(body) != written["crc"]:
        raise DamagedSnapshotError("damaged")
    texts: dict[str, list[str]] = json.loads(body)
    return texts


def _read_manifest(path: Path) -> dict[str, Any]:
    checksum, _, body = path.read_text("utf-8").partition("\n")
    if f"{zlib.crc32(body.encode()):08x}" != checksum:
        raise DamagedSnapshotError("damaged")
    manifest: dict[str, Any] = json.loads(body)
    return manifest


def _check(segment: Segment) -> None:
    """Bounds every reader relies on: pointers grow, ids are in range. A manifest can be whole and yet lie."""
    arrays = segment.arrays
    count, terms, words = len(segment), len(segment.terms), len(segment.words)
    _check_pointers(arrays["term_ptr"], terms, len(arrays["term_docs"]))
    _check_pointers(arrays["row_ptr"], count, len(arrays["row_terms"]))
    _check_pointers(arrays["word_ptr"], words, len(arrays["word_docs"]))
    _check_pointers(arrays["stream_ptr"], count, len(arrays["stream"]))
    bounds = {"term_docs": count, "word_docs": count, "link_docs": count, "row_terms": terms, "stream": terms}
    bounds |= {"facet_docs": count, "facet_values": len(segment.values), "link_entities": len(segment.entities)}
    for name, bound in bounds.items():
        array = arrays[name]
        lowest = -2 if name == "stream" else 0
        if array.size and not (lowest <= int(array.min()) and int(array.max()) < bound):
            raise DamagedSnapshotError("damaged")


def _check_pointers(pointers: NDArray[Any], count: int, end: int) -> None:
    if len(pointers) != count + 1 or pointers[0] != 0 or pointers[-1] != end or np.any(np.diff(pointers) < 0):
        raise DamagedSnapshotError("damaged")


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
