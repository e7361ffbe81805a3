"""Erasing a person from everything that is open: the database, its files, the index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from savoirs.database import transaction
from savoirs.privacy import erasing, finishing
from savoirs.privacy.erasing import Erased
from savoirs.privacy.ledger import Ledger
from savoirs.privacy.persons import Person
from web.wiring import Services

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
    with transaction(services.sessions) as session:
        erased = erasing.erase(session, Ledger(services.settings.data_dir), whom(session), texts=texts, notes=notes)
    _finish(services, journal=erased.journal)
    return erased


def replay(services: Services) -> int:
    """Apply the erasures that the database lacks, because it was put back from elsewhere; returns how many.

    Raises:
        SavoirsError: ``bad_ledger``.
    """
    ledger = Ledger(services.settings.data_dir)
    if not ledger.entries():
        return 0
    with transaction(services.sessions) as session:
        count = erasing.replay(session, ledger)
    if count:
        _finish(services, journal=True)
    return count


def _finish(services: Services, *, journal: bool) -> None:
    if not finishing.finish(services.database, services.search_engine, services.feed, journal=journal):
        _log.warning("the database is read without a pause: what was erased leaves its files at the next tidying")
