"""Reading what waits: one file at a time, in a child process, by whoever takes it first.

A process takes a file, says so and for how long, reads it with no transaction open, then says what came of it. Killed
in between, it leaves a file that is taken again; one that ends its reader time after time is given up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from savoirs.database import reading, transaction
from savoirs.documents.limits import Limits
from savoirs.documents.originals import original_path
from savoirs.documents.reading import read
from savoirs.documents.splitting import Cut, cut
from savoirs.documents.text import ReadDocument
from savoirs.errors import SavoirsError
from savoirs.imports.choosing import RETRIED
from savoirs.imports.pieces import keep_pieces, of_proposals
from savoirs.imports.tidying import drop_original
from savoirs.models import Import, ImportState
from savoirs.models.base import utc_now

MOST_ATTEMPTS = 3
_SPARE = dt.timedelta(minutes=1)
"""What cutting and writing may take beside the reading itself."""

_SMALL_BYTES = 3_000_000


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file in hand; ``until`` says whose hand it is."""

    id: str
    name: str
    sha256: str
    until: dt.datetime
    given_up: bool


def read_next(
    sessions: sessionmaker[Session],
    data_dir: Path,
    limits: Limits,
    *,
    only: str = "",
    budget_s: float | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> str | None:
    """Read the file that has waited longest; its import, or None when nothing waits.

    Args:
        sessions: Sessions on the database.
        data_dir: Where originals are kept.
        limits: What a file may cost.
        only: The id of the only import to read.
        budget_s: For who cannot wait: large files are left for another, and so is one that takes longer than this.
        clock: Gives the present moment.
    """
    taken = _take(sessions, limits, clock(), only=only, small=budget_s is not None)
    if taken is None:
        return None
    in_time = limits if budget_s is None else replace(limits, timeout_s=min(limits.timeout_s, budget_s))
    try:
        if taken.given_up:
            raise SavoirsError("document_reader_stopped")
        document = read(original_path(data_dir, taken.sha256), in_time, name=taken.name)
        done: tuple[ReadDocument, Cut] | SavoirsError = (document, cut(document))
    except SavoirsError as error:
        done = error
    except Exception:  # rules that stumble on a text hold up that text only
        done = SavoirsError("document_reader_stopped")
    if isinstance(done, SavoirsError) and done.code == "document_too_slow" and in_time is not limits:
        _put_back(sessions, taken)
        return None
    _settle(sessions, data_dir, taken, done, clock())
    return taken.id


def _take(
    sessions: sessionmaker[Session], limits: Limits, now: dt.datetime, *, only: str, small: bool
) -> _Taken | None:
    free = or_(
        Import.state == ImportState.QUEUED,
        and_(Import.state == ImportState.READING, Import.claimed_until <= now),
    )
    which = [free, *([Import.id == only] if only else []), *([Import.size_bytes <= _SMALL_BYTES] if small else [])]
    with reading(sessions) as session:  # most often there is none: nobody is made to wait for that
        if session.scalar(select(Import.id).where(*which).limit(1)) is None:
            return None
    until = now + dt.timedelta(seconds=limits.timeout_s) + _SPARE
    with transaction(sessions) as session:
        first = select(Import).where(*which).order_by(Import.created_at, Import.id).limit(1)
        row = session.scalar(first.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.state, row.claimed_until, row.attempts = ImportState.READING, until, row.attempts + 1
        return _Taken(row.id, row.name, row.sha256, until, row.attempts > MOST_ATTEMPTS)


def _put_back(sessions: sessionmaker[Session], taken: _Taken) -> None:
    mine = (Import.id == taken.id, Import.state == ImportState.READING, Import.claimed_until == taken.until)
    back = {"state": ImportState.QUEUED, "claimed_until": None, "attempts": Import.attempts - 1}
    with transaction(sessions) as session:
        session.execute(update(Import).where(*mine).values(**back))


def _settle(
    sessions: sessionmaker[Session],
    data_dir: Path,
    taken: _Taken,
    done: tuple[ReadDocument, Cut] | SavoirsError,
    now: dt.datetime,
) -> None:
    """Keep what came of a reading, unless the import was cancelled or taken by another meanwhile."""
    with transaction(sessions) as session:
        row = session.get(Import, taken.id, with_for_update=True)
        if row is None or row.state is not ImportState.READING or row.claimed_until != taken.until:
            return
        row.claimed_until, row.finished_at = None, now
        if not isinstance(done, SavoirsError):
            document, found = done
            row.state, row.text = ImportState.READY, found.text
            row.format, row.pages, row.recognised = document.format, document.pages, document.recognised
            keep_pieces(row, of_proposals(found.proposals))
            return
        params = {name: value for name, value in done.params.items() if isinstance(value, int | str)}
        row.state, row.error_code = ImportState.FAILED, done.code
        row.error_params = {**params, "name": row.name}
        if done.code not in RETRIED:
            drop_original(session, data_dir, row.sha256, but=row.id)
