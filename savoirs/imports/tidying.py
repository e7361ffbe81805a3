"""What ends an import without a record, or begins it again; and files that nothing needs any more."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from savoirs.documents.originals import original_path
from savoirs.errors import SavoirsError
from savoirs.imports.choosing import RETRIED
from savoirs.imports.sending import queue
from savoirs.models import Account, Import, ImportState, Source

_YOUNG_S = 3_600.0
"""A file younger than this may be about to be somebody's."""


def cancel(session: Session, data_dir: Path, row: Import, now: dt.datetime) -> bool:
    """Stop waiting for a file; what is being read is thrown away when it ends. Returns whether there was something."""
    if row.state not in (ImportState.QUEUED, ImportState.READING):
        return False
    row.state, row.claimed_until, row.finished_at = ImportState.CANCELLED, None, now
    drop_original(session, data_dir, row.sha256, but=row.id)
    return True


def retry(data_dir: Path, row: Import, now: dt.datetime) -> bool:
    """Put a failed import in the queue again; returns whether it was one that may go better.

    Raises:
        SavoirsError: ``original_gone``: the file is not kept any more.
    """
    if row.state is not ImportState.FAILED or row.error_code not in RETRIED:
        return False
    if not original_path(data_dir, row.sha256).exists():
        raise SavoirsError("original_gone", name=row.name)
    queue(row, now)
    return True


def retry_all(session: Session, data_dir: Path, account: Account, now: dt.datetime) -> int:
    """Put what failed and may go better in the queue again, nothing else; returns how many."""
    failed = (Import.state == ImportState.FAILED, Import.error_code.in_(RETRIED))
    rows = session.scalars(select(Import).where(Import.account_id == account.id, *failed).order_by(Import.id)).all()
    kept = [row for row in rows if original_path(data_dir, row.sha256).exists()]
    return sum(retry(data_dir, row, now) for row in kept)


def remove(session: Session, data_dir: Path, row: Import) -> None:
    """Remove an import. The records that it made stay, and with them its file."""
    session.delete(row)
    session.flush()
    drop_original(session, data_dir, row.sha256)


def drop_original(session: Session, data_dir: Path, sha256: str, *, but: str = "") -> bool:
    """Remove a file unless a source, or an import that is not over, needs it; returns whether it was removed.

    Args:
        session: The session of what makes the file useless.
        data_dir: Where originals are kept.
        sha256: Of the file.
        but: The id of an import that does not need it.
    """
    session.flush()
    over = (ImportState.FAILED, ImportState.CANCELLED)
    needed = select(Import.id).where(
        Import.sha256 == sha256,
        Import.id != but,
        or_(Import.state.not_in(over), Import.error_code.in_(RETRIED)),
    )
    source = select(Source.id).where(Source.sha256 == sha256)
    if session.scalar(needed.limit(1)) is not None or session.scalar(source.limit(1)) is not None:
        return False
    path = original_path(data_dir, sha256)
    present = path.exists()
    path.unlink(missing_ok=True)
    return present


def drop_orphans(session: Session, data_dir: Path, *, young_s: float = _YOUNG_S) -> int:
    """Remove files that neither a source nor an import needs; returns how many."""
    needed = set(session.scalars(select(Source.sha256).where(Source.sha256.is_not(None))))
    needed |= set(session.scalars(select(Import.sha256)))
    before = time.time() - young_s
    count = 0
    for path in sorted((data_dir / "originals").glob("*/*")):
        name = path.name.partition(".")[0]
        if name not in needed and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            count += 1
    return count
