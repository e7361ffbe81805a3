"""Searches that an account keeps: found again in its own page, and told by letter when something new answers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from savoirs.draft_checks import clean_text
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.filters import checked_filters
from savoirs.journal import last_seq
from savoirs.models import Account, SavedSearch
from savoirs.models.base import utc_now
from savoirs.plaintext import masked

MOST = 30
"""Searches that an account keeps, at most."""

TEXT_CHARS = 500
"""How much of a search is kept, in characters."""

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search that an account keeps. ``by_email``: whether news of it are sent; ``sent_at``, when they last were."""

    id: int
    text: str
    filters: Filters
    by_email: bool
    created_at: dt.datetime
    sent_at: dt.datetime | None


def keep(
    session: Session,
    account: Account,
    text: str,
    filters: Filters,
    *,
    by_email: bool = True,
    now: dt.datetime | None = None,
) -> SavedSearch:
    """Keep a search; one that is kept already is not kept twice. What is there today is no news.

    Raises:
        SavoirsError: ``bad_filter``; ``empty_search`` without words and filters; ``too_many_searches`` (``max``).
    """
    text = masked(" ".join(clean_text(text).split())[:TEXT_CHARS])
    checked = {name: sorted(values) for name, values in checked_filters(filters).items()}
    if not text and not checked:
        raise SavoirsError("empty_search")
    session.get(Account, account.id, with_for_update=True)  # of two clicks, the second sees what the first one kept
    mine = session.scalars(select(SavedSearch).where(SavedSearch.account_id == account.id)).all()
    for one in mine:
        if (one.text, one.filters) == (text, checked):
            one.by_email = by_email
            return one
    if len(mine) >= MOST:
        raise SavoirsError("too_many_searches", max=MOST)
    kept = SavedSearch(
        account_id=account.id,
        text=text,
        filters=checked,
        by_email=by_email,
        last_seq=last_seq(session),
        created_at=now or utc_now(),
    )
    session.add(kept)
    session.flush()
    return kept


def listing(session: Session, account: Account) -> tuple[KeptSearch, ...]:
    """The searches of an account, the latest first. One query."""
    rows = session.scalars(
        select(SavedSearch).where(SavedSearch.account_id == account.id).order_by(SavedSearch.id.desc())
    )
    return tuple(
        KeptSearch(row.id, row.text, filters_of(row), row.by_email, row.created_at, row.last_sent_at) for row in rows
    )


def filters_of(row: SavedSearch) -> dict[str, tuple[str, ...]]:
    """The filters of a kept search, as a search takes them."""
    return {name: tuple(values) for name, values in row.filters.items()}


def remove(session: Session, account: Account, search_id: int) -> None:
    """Keep a search no more; one that is not there any more is no mistake."""
    session.execute(delete(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.account_id == account.id))


def send_news(session: Session, account: Account, search_id: int, wanted: bool) -> None:
    """Send the news of a search, or not.

    Raises:
        NotFoundError: ``unknown_search``: it is not there, or somebody else's.
    """
    row = session.get(SavedSearch, search_id)
    if row is None or row.account_id != account.id:
        raise NotFoundError("unknown_search")
    if wanted and not row.by_email:
        row.last_seq = last_seq(session)
    row.by_email = wanted


def stop_all_news(session: Session, account_id: str, now: dt.datetime) -> None:  # noqa: ARG001
    """Send no news of any search of an account: one click in a letter. Twice is as once."""
    session.execute(update(SavedSearch).where(SavedSearch.account_id == account_id).values(by_email=False))
