"""The ledger of erasures: a file outside the database, so that restoring an older database forgets none of them.

It holds ids and keyed digests of addresses, never a name or an address. A line is on the disk before an erasure is
acknowledged. The key is a file of its own: digests stay good when the installation's secret key is changed.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from savoirs.errors import SavoirsError

LINES = "erasures.jsonl"
KEYS = "erasures.key"


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure: of whom, and whether the texts of their notes went with them.

    Attributes:
        id: Of the erasure.
        at: ISO moment.
        account: The account's id.
        contacts: Ids of contacts.
        addresses: Keyed digests of addresses, for contacts that only an older database has.
        notes: Ids of notes that were removed whole.
        texts: Whether all notes of the account go.
        testimonies: Whether the person's name goes off testimonies.
    """

    id: str
    at: str
    account: str | None = None
    contacts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    texts: bool = False
    testimonies: bool = True


def new_erasure(now: dt.datetime, **values: object) -> Erasure:
    """An erasure with an id of its own."""
    return Erasure(secrets.token_hex(16), now.isoformat(timespec="seconds"), **values)  # type: ignore[arg-type]


class Ledger:
    """The ledger of a data folder. Several processes may write it at once.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self.lines = folder / LINES
        self.keys = folder / KEYS

    def entries(self) -> tuple[Erasure, ...]:
        """All erasures, the oldest first. A last line that was cut was never acknowledged, and is no erasure.

        Raises:
            SavoirsError: ``bad_ledger`` (``line``) when another line cannot be read.
        """
        try:
            content = self.lines.read_bytes()
        except FileNotFoundError:
            return ()
        whole = content[: content.rfind(b"\n") + 1]
        return tuple(_read(line, number) for number, line in enumerate(whole.splitlines(), 1) if line.strip())

    def append(self, *erasures: Erasure) -> None:
        """Write erasures; they are on the disk when this returns."""
        if not erasures:
            return
        with _alone(self.lines) as file:
            content = file.read()
            file.truncate(content.rfind(b"\n") + 1)  # what a killed process left of a line
            file.seek(0, os.SEEK_END)
            for erasure in erasures:
                file.write(json.dumps(asdict(erasure), sort_keys=True).encode() + b"\n")
        _sync(self.lines.parent)

    def absorb(self, other: Ledger) -> None:
        """Take the erasures and the keys of another ledger that this one lacks."""
        with _alone(self.keys) as file:
            known = file.read().decode("ascii").split()
            file.write("".join(f"{key}\n" for key in other._keys() if key not in known).encode())
        ids = {erasure.id for erasure in self.entries()}
        self.append(*(erasure for erasure in other.entries() if erasure.id not in ids))

    def digest(self, address: str) -> str:
        """The digest of an address under this ledger's key, which is made at the first call."""
        with _alone(self.keys) as file:
            known = file.read().decode("ascii").split()
            if not known:
                known = [secrets.token_hex(32)]
                file.write(f"{known[0]}\n".encode())
        return _digest(known[0], address)

    def digests(self, address: str) -> frozenset[str]:
        """The digests of an address under every key."""
        return frozenset(_digest(key, address) for key in self._keys())

    def _keys(self) -> list[str]:
        try:
            return self.keys.read_text("ascii").split()
        except FileNotFoundError:
            return []


class Rehearsal(Ledger):
    """A ledger that nothing is written in: to see what would be done."""

    def append(self, *erasures: Erasure) -> None:
        """Write nothing."""

    def digest(self, address: str) -> str:  # noqa: ARG002
        """Make no key."""
        return ""


def _read(line: bytes, number: int) -> Erasure:
    try:
        found = json.loads(line)
        return Erasure(
            id=str(found["id"]),
            at=str(found["at"]),
            account=found["account"],
            contacts=tuple(map(str, found["contacts"])),
            addresses=tuple(map(str, found["addresses"])),
            notes=tuple(map(str, found["notes"])),
            texts=bool(found["texts"]),
            testimonies=bool(found["testimonies"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SavoirsError("bad_ledger", file=LINES, line=number) from error


def _digest(key: str, address: str) -> str:
    return hmac.new(bytes.fromhex(key), address.strip().casefold().encode(), hashlib.sha256).hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    """A file that is the owner's only, open to read and append, locked, and flushed to the disk at the end."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
