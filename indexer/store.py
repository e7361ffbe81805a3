"""The index on disk: which segments make it, which of their documents are dead, up to which change.

    index/CURRENT            the name of the generation in use, replaced by rename
    index/g000012-77ab01.json  a generation: the journal's number, the model, segments with their dead documents
    index/m000003-20c4d7/    the model: what was fitted
    index/s000007-3fa91c/    a segment; d000009-… its dense arrays under a model
    index/writer.lock        held while a generation is replaced; merger.lock, while segments are merged

A generation is replaced at once: whoever is killed leaves the one before or the one after. Readers keep the folders
they have mapped; those that no generation names and nobody maps are removed.
"""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import bundle
from indexer.bundle import DamagedError
from indexer.engine import FACETS, FIELDS

_MAX_TRIES = 5
_NAME = re.compile(r"[a-z0-9-]+")
_NO_NAME = "unreadable"


@dataclass(frozen=True)
class PartName:
    """A segment of a generation.

    Attributes:
        segment: Its folder's name.
        dense: The folder of its dense arrays; empty when there are none.
        dead: Rows that count no more, int32, ascending.
    """

    segment: str
    dense: str = ""
    dead: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))


@dataclass(frozen=True)
class Generation:
    """What makes the index at one change.

    Attributes:
        name: Of its file, without its ending; empty before it is written.
        seq: The number of the last change in it.
        model: The folder of what was fitted.
        parts: Oldest first.
    """

    name: str
    seq: int
    model: str
    parts: tuple[PartName, ...]

    @property
    def folders(self) -> frozenset[str]:
        """The folders it needs."""
        names = {part.segment for part in self.parts} | {part.dense for part in self.parts} | {self.model}
        return frozenset(names - {""})


def current_name(directory: Path) -> str | None:
    """The name of the generation in use, None when there is none; another than any has when it cannot be read."""
    try:
        name = (directory / "CURRENT").read_text("latin-1").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return _NO_NAME
    return name if _NAME.fullmatch(name) else _NO_NAME


def current(directory: Path, fingerprint: str) -> Generation:
    """The generation in use.

    Args:
        directory: Of the index.
        fingerprint: Of the analyser.

    Raises:
        DamagedError: ``missing``, ``stale`` (made with other words or another version) or ``damaged``.
    """
    for _ in range(_MAX_TRIES):
        name = current_name(directory)
        if name is None:
            # Whoever was killed before the end of the first rebuild leaves no generation, or one that was never used.
            raise DamagedError("damaged" if _written(directory) else "missing")
        try:
            found = bundle.read_checked(directory / f"{name}.json")
        except OSError as error:
            if current_name(directory) == name:
                raise DamagedError("damaged") from error
            continue  # replaced and removed between two lines
        return _generation(name, found, fingerprint)
    raise DamagedError("damaged")


def _generation(name: str, found: dict[str, Any], fingerprint: str) -> Generation:
    try:
        made = (found["format"], found["fingerprint"], tuple(found["fields"]), tuple(found["facets"]))
        if made != (bundle.FORMAT_VERSION, fingerprint, FIELDS, FACETS):
            raise DamagedError("stale")
        parts = tuple(PartName(one["segment"], one["dense"], _unpacked(one["dead"])) for one in found["parts"])
        return Generation(name, int(found["seq"]), found["model"], parts)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError("damaged") from error


def _written(directory: Path) -> list[Path]:
    """Files of generations."""
    return list(directory.glob("g*.json"))


def replace(directory: Path, generation: Generation, fingerprint: str) -> Generation:
    """Write a generation and make it the one in use. Call it under ``bundle.alone(directory, "writer")``."""
    name = bundle.next_name(directory, "g")
    bundle.write_checked(
        directory / f"{name}.json",
        {
            "format": bundle.FORMAT_VERSION,
            "fingerprint": fingerprint,
            "fields": FIELDS,
            "facets": FACETS,
            "seq": generation.seq,
            "model": generation.model,
            "parts": [
                {"segment": part.segment, "dense": part.dense, "dead": _packed(part.dead)} for part in generation.parts
            ],
        },
    )
    bundle.put_in_place(directory / "CURRENT", name.encode())
    bundle.sync_folder(directory)
    written = Generation(name, generation.seq, generation.model, generation.parts)
    remove_unused(directory)
    return written


def clean(directory: Path) -> None:
    """Remove what nobody needs, unless somebody is writing."""
    with bundle.alone(directory, "writer", wait=False) as mine:
        if mine:
            remove_unused(directory)


def has_unused(directory: Path) -> bool:
    """Whether folders are left that the generation in use does not need: somebody reads them still."""
    name = current_name(directory)
    try:
        needed = bundle.read_checked(directory / f"{name}.json")
    except (DamagedError, OSError):
        return False
    return bundle.has_unused(directory, _folders(needed))


def _folders(needed: dict[str, Any]) -> frozenset[str]:
    return frozenset({needed["model"], *(part[one] for part in needed["parts"] for one in ("segment", "dense"))})


def remove_unused(directory: Path) -> None:
    """Remove generations that are past and folders that nobody needs any more. Call it as ``replace``.

    When the generation in use cannot be read, nothing is needed: whoever opens it will make all of it again.
    """
    name = current_name(directory)
    folders: frozenset[str] = frozenset()
    try:
        folders = _folders(bundle.read_checked(directory / f"{name}.json"))
    except (DamagedError, FileNotFoundError, KeyError, TypeError):
        name = None
    except OSError:
        return  # it is perhaps whole
    for path in [*_written(directory), *directory.glob("g*.json.*.new"), *directory.glob("CURRENT.*new")]:
        if path.name != f"{name}.json" and not path.is_dir():
            with contextlib.suppress(OSError):
                path.unlink()
    with contextlib.suppress(OSError):
        bundle.remove_unused(directory, folders)


def _packed(rows: Sequence[int] | NDArray[np.int32]) -> str:
    return base64.b64encode(np.asarray(rows, dtype="<i4").tobytes()).decode()


def _unpacked(text: str) -> NDArray[np.int32]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype="<i4")
