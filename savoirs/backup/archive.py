"""The file itself: a gzipped tar whose first member says what the others are, and is believed in nothing else."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from savoirs.errors import SavoirsError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "savoirs.sqlite3"
PRODUCT = "savoirs"

_LARGEST_MANIFEST = 50_000_000
_CHUNK_BYTES = 1 << 20
_NAME = re.compile(r"(savoirs\.sqlite3|secret_key|erasures\.jsonl|erasures\.key|originals(/[\w-][\w.-]*)+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Attributes:
        version: Of Savoirs, that made it.
        revision: The last step of the database's migrations.
        made_at: ISO moment.
        files: By name.
        format: Of the file.
        product: Whose backup it is.
    """

    version: str
    revision: str
    made_at: str
    files: Mapping[str, Kept]
    format: int = FORMAT
    product: str = PRODUCT

    @property
    def size_bytes(self) -> int:
        """What its files take together."""
        return sum(file.size_bytes for file in self.files.values())

    def to_json(self) -> bytes:
        """As it is kept."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def may_be_kept(name: str) -> bool:
    """Whether a name is one of those that a backup has: nothing of it leads anywhere else."""
    return _NAME.fullmatch(name) is not None


def measured(path: Path) -> Kept:
    """A file on the disk as a manifest tells it."""
    with path.open("rb") as file:
        size, digest = _digested(file)
    return Kept(size, digest)


def verify(path: Path) -> Manifest:
    """Read a whole backup and write nothing.

    Raises:
        SavoirsError: ``backup_foreign``, ``backup_too_new`` (``format``) or ``backup_damaged``.
    """
    with _opened(path) as (manifest, members):
        seen = {}
        for name, content in members:
            size, digest = _digested(content)
            seen[name] = Kept(size, digest)
        if seen != manifest.files:
            raise SavoirsError("backup_damaged")
        return manifest


def extract(path: Path, manifest: Manifest, folder: Path) -> None:
    """Write the files of a backup that was verified; each must be what it was then.

    Raises:
        SavoirsError: As ``verify``.
    """
    with _opened(path) as (_, members):
        for name, content in members:
            target = folder / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("xb") as file:
                target.chmod(0o600)
                size, digest = _digested(content, file)
            if manifest.files.get(name) != Kept(size, digest):
                raise SavoirsError("backup_damaged")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Manifest, Iterator[tuple[str, IO[bytes]]]]]:
    try:
        with gzip.open(path) as whole:
            with tarfile.open(fileobj=whole, mode="r:") as tar:
                manifest = _manifest(tar, tar.next())
                yield manifest, _members(tar, manifest)
            while whole.read(_CHUNK_BYTES):  # to the end, where gzip's own checksum is
                pass
    except gzip.BadGzipFile as error:
        raise SavoirsError("backup_foreign" if _is_foreign(path) else "backup_damaged") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError, UnicodeError) as error:
        raise SavoirsError("backup_damaged") from error


def _is_foreign(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) != b"\x1f\x8b"


def _manifest(tar: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
        raise SavoirsError("backup_foreign")
    content = tar.extractfile(first)
    assert content is not None  # noqa: S101  (a regular file)
    try:
        found = json.loads(content.read())
        if found["product"] != PRODUCT:
            raise SavoirsError("backup_foreign")
        if int(found["format"]) > FORMAT:
            raise SavoirsError("backup_too_new", format=int(found["format"]))
        files = {str(name): Kept(int(one["size_bytes"]), str(one["sha256"])) for name, one in found["files"].items()}
        manifest = Manifest(str(found["version"]), str(found["revision"]), str(found["made_at"]), files)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SavoirsError("backup_foreign") from error
    if DATABASE not in files or not all(may_be_kept(name) for name in files):
        raise SavoirsError("backup_damaged")
    return manifest


def _members(tar: tarfile.TarFile, manifest: Manifest) -> Iterator[tuple[str, IO[bytes]]]:
    """Files after the first, each once, each one that the manifest names and as long as it says."""
    seen: set[str] = set()
    while (member := tar.next()) is not None:
        kept = manifest.files.get(member.name)
        if kept is None or member.name in seen or not member.isreg() or member.size != kept.size_bytes:
            raise SavoirsError("backup_damaged")
        seen.add(member.name)
        content = tar.extractfile(member)
        assert content is not None  # noqa: S101  (a regular file)
        yield member.name, content
    if seen != set(manifest.files):
        raise SavoirsError("backup_damaged")


def _digested(content: IO[bytes], into: IO[bytes] | None = None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if into is not None:
            into.write(chunk)
    return size, digest.hexdigest()
