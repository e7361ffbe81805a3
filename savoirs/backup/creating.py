"""Making a backup, beside a server that goes on writing."""

from __future__ import annotations

import contextlib
import datetime as dt
import glob
import io
import os
import secrets
import shutil
import tarfile
from importlib.metadata import version
from pathlib import Path

from savoirs.backup.archive import DATABASE, MANIFEST, Manifest, may_be_kept, measured
from savoirs.config import Settings
from savoirs.database import sqlite_module
from savoirs.errors import SavoirsError
from savoirs.models.base import utc_now
from savoirs.privacy.ledger import KEYS, LINES

ORIGINALS = "originals"
SMALL_FILES = ("secret_key", KEYS, LINES)


def create(settings: Settings, target: Path, *, replace: bool = False, now: dt.datetime | None = None) -> Manifest:
    """Write a backup, whole or not at all, for its owner's eyes only.

    Args:
        settings: Of the installation.
        target: The file to write.
        replace: Whether to replace a file that is there.
        now: The present moment.

    Raises:
        SavoirsError: ``backup_not_sqlite``, ``backup_exists``, or ``backup_no_folder``.
    """
    database = sqlite_file(settings)
    if target.is_dir() or not target.parent.is_dir():
        raise SavoirsError("backup_no_folder", file=str(target))
    if target.exists() and not replace:
        raise SavoirsError("backup_exists", file=str(target))
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        _remove(left)  # of a process that was killed
    work = target.parent / f".{target.name}.{secrets.token_hex(4)}.part"
    work.mkdir(mode=0o700)
    try:
        copy = work / DATABASE
        revision = _copied(database, copy)
        files = {DATABASE: copy} | _small_copies(settings.data_dir, work) | _originals(settings.data_dir)
        kept = {name: measured(path) for name, path in sorted(files.items())}
        moment = (now or utc_now()).isoformat(timespec="seconds")
        manifest = Manifest(version("savoirs"), revision, moment, kept)
        _write(work / "archive", manifest, files)
        (work / "archive").rename(target)
        _sync(target.parent)
    finally:
        _remove(work)
    return manifest


def sqlite_file(settings: Settings) -> Path:
    """The file of the database.

    Raises:
        SavoirsError: ``backup_not_sqlite``: another database makes its backups itself.
    """
    url = settings.sqlalchemy_url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SavoirsError("backup_not_sqlite")
    return Path(url.database)


def _copied(database: Path, copy: Path) -> str:
    """Copy the database as it is at one moment; returns the last step of its migrations."""
    module = sqlite_module()
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    with (
        contextlib.closing(module.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(module.connect(str(copy))) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE").close()  # one file, without a log beside it
        row = target.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _small_copies(data_dir: Path, work: Path) -> dict[str, Path]:
    """Files that may grow meanwhile, after the database: the ledger may know more than it, never less."""
    copies = {}
    for name in SMALL_FILES:
        with contextlib.suppress(FileNotFoundError):
            content = (data_dir / name).read_bytes()
            (work / name).write_bytes(content)
            copies[name] = work / name
    return copies


def _originals(data_dir: Path) -> dict[str, Path]:
    found = {path.relative_to(data_dir).as_posix(): path for path in (data_dir / ORIGINALS).rglob("*")}
    return {name: path for name, path in found.items() if path.is_file() and may_be_kept(name)}


def _write(path: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as tar:
            content = manifest.to_json()
            tar.addfile(_info(MANIFEST, len(content)), io.BytesIO(content))
            for name, kept in manifest.files.items():
                with files[name].open("rb") as member:
                    tar.addfile(_info(name, kept.size_bytes), member)
        file.flush()
        os.fsync(file.fileno())


def _info(name: str, size: int) -> tarfile.TarInfo:
    """A member without owner or date: only what is in it counts."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
