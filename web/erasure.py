"""Erasing a person from everything that is open: the database, its files, the index."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from savoirs.database import transaction
from savoirs.errors import SavoirsError
from savoirs.privacy import erasing, finishing
from savoirs.privacy.erasing import Erased
from savoirs.privacy.ledger import Ledger
from savoirs.privacy.persons import Person
from web.wiring import Services, old_index_left

PATIENCE_S = 20.0
"""How long to wait for other processes to let go of the old index."""

_PAUSE_S = 0.2

_log = logging.getLogger(__name__)


def erase(
    services: Services, whom: Callable[[Session], Person], *, texts: bool = False, notes: Collection[str] = ()
) -> Erased:
    """Erase a person; when this returns, no file of ours holds them.

    Args:
        services: What is open.
        whom: Finds the person, in the transaction that erases them.
        texts: Whether the notes they wrote go too.
        notes: Ids of further notes to remove whole.

    Raises:
        SavoirsError: See ``savoirs.privacy.erasing.erase``; nothing was changed.
    """
    with _marked(services) as mark:
        with transaction(services.sessions) as session:
            ledger = Ledger(services.settings.data_dir)
            erased = erasing.erase(session, ledger, whom(session), texts=texts, notes=notes)
        finishing.remove_originals(services.settings.data_dir, [erased])
        _finish(services, [mark], journal=erased.journal)
    return erased


def replay(services: Services) -> int:
    """Apply the erasures that the database lacks, because it was put back from elsewhere; returns how many.

    An erasure that was committed, and then killed before the files were clean, is ended too.

    Raises:
        SavoirsError: ``bad_ledger``.
    """
    folder = services.settings.data_dir
    ledger = Ledger(folder)
    erased: tuple[Erased, ...] = ()
    if ledger.entries():
        with transaction(services.sessions) as session:
            erased = erasing.replay(session, ledger)
        finishing.remove_originals(folder, erased)
    marks = unfinished(folder)
    if erased or marks:
        _finish(services, marks, journal=True)
    return len(erased)


def unfinished(folder: Path) -> list[Path]:
    """Marks of erasures after which the files of a data folder were not clean yet."""
    return sorted(folder.glob("erasing-*.mark"))


@contextmanager
def _marked(services: Services) -> Iterator[Path]:
    """A mark that stays if this process is killed on the way; an erasure that is refused leaves none."""
    mark = services.settings.data_dir / f"erasing-{secrets.token_hex(4)}.mark"
    mark.touch(mode=0o600)
    try:
        yield mark
    except SavoirsError:
        mark.unlink()
        raise


def _finish(services: Services, marks: Collection[Path], *, journal: bool) -> None:
    clean = finishing.finish(services.database, services.search_engine, services.feed, journal=journal)
    if clean and (not journal or _let_go(services)):
        for mark in marks:
            mark.unlink(missing_ok=True)
    else:
        _log.warning("somebody reads old files without a pause: what was erased leaves them at the next tidying")


def _let_go(services: Services) -> bool:
    """Whether no process holds the old index any more: a server takes the new one within seconds."""
    until = time.monotonic() + PATIENCE_S
    while old_index_left(services.settings):
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE_S)
    return True
