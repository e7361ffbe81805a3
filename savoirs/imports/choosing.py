"""Which imports there are, and who may see them: their account, and editors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.errors import ForbiddenError, NotFoundError
from savoirs.models import Account, Import, ImportState
from savoirs.note_rights import is_editor

MOST = 200
"""The most that a list shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """An import in a list; ``author`` is empty for one's own."""

    id: str
    name: str
    state: ImportState
    found: int
    kept: int
    error_code: str
    error_params: Mapping[str, Any]
    created_at: dt.datetime
    author: str
    retried: bool

    @property
    def moving(self) -> bool:
        """Whether something is still to come of it by itself."""
        return self.state in (ImportState.QUEUED, ImportState.READING)


def of_account(session: Session, account: Account) -> tuple[Line, ...]:
    """The imports of an account, the latest first. One query."""
    return _lines(session, account, Import.account_id == account.id)


def lines(session: Session, editor: Account) -> tuple[Line, ...]:
    """Imports of others that are ready, the latest first: what an editor may go on with. One query."""
    return _lines(session, editor, Import.account_id != editor.id, Import.state == ImportState.READY)


def get(session: Session, import_id: str, account: Account, *, lock: bool = False) -> Import:
    """An import, for who may see it.

    Raises:
        NotFoundError: ``unknown_import``.
        ForbiddenError: ``not_your_import``.
    """
    row = session.get(Import, import_id, with_for_update=lock)
    if row is None:
        raise NotFoundError("unknown_import", id=import_id)
    if row.account_id != account.id and not is_editor(account):
        raise ForbiddenError("not_your_import")
    return row


def _lines(session: Session, reader: Account, *which: Any) -> tuple[Line, ...]:
    columns = (
        Import.id, Import.name, Import.state, Import.found, Import.kept, Import.error_code, Import.error_params,
        Import.created_at, Import.account_id, Account.name.label("author"), Account.login,
    )  # fmt: skip
    rows = session.execute(
        select(*columns)
        .join(Account, Account.id == Import.account_id)
        .where(*which)
        .order_by(Import.created_at.desc(), Import.id)
        .limit(MOST)
    )
    return tuple(
        Line(
            row.id, row.name, row.state, row.found, row.kept, row.error_code, row.error_params, row.created_at,
            "" if row.account_id == reader.id else row.author or row.login, row.error_code in RETRIED,
        )
        for row in rows
    )  # fmt: skip


RETRIED = ("document_too_slow", "document_reader_stopped")
"""What may go better another time: the file is kept. Any other failure is the file's own, and it is not."""
