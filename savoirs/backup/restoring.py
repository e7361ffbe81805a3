"""The way back: a backup is checked whole, made ready beside what is in use, and only then put in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, delete
from sqlalchemy.exc import DatabaseError

from savoirs.backup import archive, swapping
from savoirs.backup.creating import sqlite_file
from savoirs.config import Settings
from savoirs.database import migrate, open_database, session_factory, transaction
from savoirs.errors import SavoirsError
from savoirs.models import SignInLink, SignInSession
from savoirs.privacy import erasing, finishing
from savoirs.privacy.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put in place, and how many erasures were applied again to it."""

    manifest: archive.Manifest
    erasures: int


def restore(settings: Settings, source: Path, build: Callable[[Path], None]) -> Restored:
    """Put a backup in place of the data folder's content.

    Erasures of the ledger in use and of the backup's are applied to it. Everybody has to sign in again: a session that
    was closed since must not open anything.

    Args:
        settings: Of the installation.
        source: The backup.
        build: Builds the index of a data folder.

    Raises:
        SavoirsError: ``backup_foreign``, ``backup_damaged``, ``backup_too_new``, ``backup_no_room``,
            ``backup_not_sqlite`` or ``folder_in_use``; nothing was changed.
    """
    folder = settings.data_dir
    if sqlite_file(settings) != folder / archive.DATABASE:
        raise SavoirsError("backup_not_sqlite")
    manifest = archive.verify(source)
    with swapping.in_use(folder, alone=True):
        swapping.go_on(folder)
        staging = folder / swapping.RESTORING
        shutil.rmtree(staging, ignore_errors=True)
        if shutil.disk_usage(folder).free < 3 * manifest.size_bytes:
            raise SavoirsError("backup_no_room", size_bytes=3 * manifest.size_bytes)
        try:
            staging.mkdir(mode=0o700)
            archive.extract(source, manifest, staging)
            if "secret_key" not in manifest.files and (folder / "secret_key").exists():
                shutil.copy2(folder / "secret_key", staging / "secret_key")
            erasures = _made_ready(staging, Ledger(folder))
            build(staging)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        swapping.swap(folder)
    return Restored(manifest, erasures)


def _made_ready(staging: Path, current: Ledger) -> int:
    """Bring a restored database to the present version, and erase who was erased since; returns how many were."""
    ledger = Ledger(staging)
    ledger.absorb(current)
    database = open_database(URL.create("sqlite", database=str(staging / archive.DATABASE)))
    try:
        with database.connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
                raise SavoirsError("backup_damaged")
        migrate(database)
        with transaction(session_factory(database)) as session:
            erased = erasing.replay(session, ledger)
            for table in (SignInSession, SignInLink):
                session.execute(delete(table))
        finishing.scour(database)
        finishing.remove_originals(staging, erased)
    except DatabaseError as error:
        raise SavoirsError("backup_damaged") from error
    except SavoirsError as error:
        if error.code == "database_too_new":
            raise SavoirsError("backup_too_new", format=error.params["revision"]) from error
        raise
    finally:
        database.dispose()
    return len(erased)
