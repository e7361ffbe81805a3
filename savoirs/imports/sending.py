"""A file comes in: looked at, kept by its SHA-256, and put in the queue. The same file is the same import."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.documents.formats import EXTENSIONS, PROGRAMS
from savoirs.documents.originals import keep_file, original_path
from savoirs.documents.reading import digest, tidy_name
from savoirs.errors import SavoirsError
from savoirs.models import Account, Import, ImportState
from savoirs.plaintext import masked

_HEAD_BYTES = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What was looked at of a file that somebody sent."""

    name: str
    sha256: str
    size_bytes: int


def check(file: BinaryIO, name: str, *, max_bytes: int) -> Sent:
    """Look at a file without opening what is in it: its size, its extension, its first bytes.

    Args:
        file: The file, seekable; read in pieces.
        name: As its sender called it.
        max_bytes: The largest that is taken.

    Raises:
        SavoirsError: ``document_empty``, ``document_too_large``, ``document_unknown_type`` or ``document_executable``,
            with ``name``.
    """
    shown = shown_name(name)
    size = file.seek(0, 2)
    if size == 0:
        raise SavoirsError("document_empty", name=shown)
    if size > max_bytes:
        raise SavoirsError("document_too_large", name=shown, maximum=max_bytes)
    file.seek(0)
    if file.read(_HEAD_BYTES).startswith(PROGRAMS):
        raise SavoirsError("document_executable", name=shown)
    extension = PurePath(shown).suffix.lower()
    if extension not in EXTENSIONS:
        raise SavoirsError("document_unknown_type", name=shown, extension=extension or "—")
    return Sent(shown, digest(file), size)


def shown_name(name: str) -> str:
    """A file's name without its folder, without an address in it, and with its extension."""
    path = PurePath(tidy_name(name))
    return f"{masked(path.stem)[-180:]}{path.suffix[:16]}"


def add(session: Session, data_dir: Path, file: BinaryIO, sent: Sent, account: Account, now: dt.datetime) -> Import:
    """Keep a file and put it in the queue; one that this account sent already goes on from where it is.

    Args:
        session: A session that writes.
        data_dir: Where originals are kept.
        file: The file, seekable.
        sent: What ``check`` said of it.
        account: Who sends it.
        now: The present moment.

    Raises:
        SavoirsError: ``document_changed``.
    """
    file.seek(0)
    keep_file(data_dir, file, sent.sha256, name=sent.name)
    row = session.scalar(select(Import).where(Import.account_id == account.id, Import.sha256 == sent.sha256))
    if row is None:
        row = Import(id=new_id(), account_id=account.id, name=sent.name, sha256=sent.sha256)
        row.size_bytes, row.created_at = sent.size_bytes, now
        session.add(row)
    elif row.state in (ImportState.FAILED, ImportState.CANCELLED):
        queue(row, now)
        row.name = sent.name
    session.flush()
    if not original_path(data_dir, sent.sha256).exists():  # whoever needed it no more removed it just before
        file.seek(0)
        keep_file(data_dir, file, sent.sha256, name=sent.name)
    return row


def queue(row: Import, now: dt.datetime) -> None:
    """Put an import in the queue, as if it had just been sent."""
    row.state, row.created_at = ImportState.QUEUED, now
    row.attempts, row.claimed_until, row.finished_at = 0, None, None
    row.error_code, row.error_params = "", {}


def new_id() -> str:
    """An id that nobody guesses, of the form of all ids."""
    return base64.b32encode(secrets.token_bytes(7)).decode("ascii").lower()[:10]
