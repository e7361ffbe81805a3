"""The weekly letter: what is new for the searches that an account keeps. At most one a week, none without news."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import Feed, Request, SearchEngine, Sort
from savoirs import outbox
from savoirs.database import reading, transaction
from savoirs.fallback import answered, ready
from savoirs.journal import last_seq
from savoirs.models import Account, Change, Contact, Note, NoteStatus, SavedSearch
from savoirs.own_contacts import own_contacts
from savoirs.saved_searches import filters_of

WEEK = dt.timedelta(days=7)

LOOKED_AT = 50
"""The best hits of a search in words: what is new and further down does not answer it well enough to write."""

LOOKED_AT_WITHOUT_WORDS = 500
"""Hits of a search by filters alone, the newest first."""

SHOWN = 5
"""Notes of a search that a letter names, at most."""


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A published note that changed: the number of its last change, and when it was published."""

    seq: int
    published_at: dt.datetime


def run(sessions: sessionmaker[Session], engine: SearchEngine, feed: Feed, now: dt.datetime) -> int:
    """Post the letters that are due; returns how many. Done twice, it is as done once.

    Searching is done between transactions: nobody waits for it to write.

    Args:
        sessions: Where sessions come from.
        engine: The search engine; nothing is done while it is not ready.
        feed: What it follows.
        now: The present moment.
    """
    if not ready(engine, feed):
        return 0
    with reading(sessions) as session:
        seq = last_seq(session)
        due = _due(session, now)
        fresh = _fresh(session, min((one.last_seq for kept in due.values() for one in kept), default=seq))
    posted = 0
    for account_id, kept in due.items():
        news = {one.id: _news(engine, feed, one, fresh) for one in kept}
        with transaction(sessions) as session:
            posted += _posted(session, account_id, news, seq, now)
    return posted


def _due(session: Session, now: dt.datetime) -> Mapping[str, Sequence[SavedSearch]]:
    """The searches to tell of, by account: of accounts that can be written to, and were not for a week. Two queries."""
    last = (
        select(SavedSearch.account_id)
        .group_by(SavedSearch.account_id)
        .having((func.max(SavedSearch.last_sent_at) <= now - WEEK) | func.max(SavedSearch.last_sent_at).is_(None))
    )
    rows = session.scalars(
        select(SavedSearch)
        .join(Account, Account.id == SavedSearch.account_id)
        .where(SavedSearch.by_email.is_(True), Account.disabled_at.is_(None), SavedSearch.account_id.in_(last))
        .order_by(SavedSearch.account_id, SavedSearch.id)
    ).all()
    reachable = own_contacts(session, {row.account_id for row in rows}) if rows else {}
    due: dict[str, list[SavedSearch]] = defaultdict(list)
    for row in rows:
        if row.account_id in reachable:
            due[row.account_id].append(row)
    return due


def _fresh(session: Session, after: int) -> Mapping[str, _Fresh]:
    """The published notes that changed after a number of the journal. One query."""
    rows = session.execute(
        select(Note.id, func.max(Change.seq), Note.published_at)
        .join(Change, Change.record_id == Note.id)
        .where(Change.seq > after, Change.record == "note", Note.status == NoteStatus.PUBLISHED)
        .group_by(Note.id, Note.published_at)
    )
    return {id_: _Fresh(seq, published) for id_, seq, published in rows if published is not None}


def _news(engine: SearchEngine, feed: Feed, kept: SavedSearch, fresh: Mapping[str, _Fresh]) -> list[str]:
    """Notes that answer a search and were published since it was last told of, or kept; the best first."""
    since = kept.last_sent_at or kept.created_at
    new = {id_ for id_, one in fresh.items() if one.seq > kept.last_seq and one.published_at > since}
    if not new:
        return []
    words = bool(kept.text.strip())
    request = Request(
        text=kept.text,
        filters=filters_of(kept),
        sort=Sort.RELEVANCE if words else Sort.NEWEST,
        limit=LOOKED_AT if words else LOOKED_AT_WITHOUT_WORDS,
        facets=(),
        explain=False,
    )
    hits = answered(engine, feed, lambda: engine.search(request).hits, lambda: ())
    return [hit.id for hit in hits if hit.id in new]


def _posted(session: Session, account_id: str, news: Mapping[int, Sequence[str]], seq: int, now: dt.datetime) -> int:
    """Put an account's letter in the outbox, if there is any news; what was looked at is not looked at again."""
    contact: Contact | None = own_contacts(session, [account_id]).get(account_id)
    kept = session.scalars(select(SavedSearch).where(SavedSearch.id.in_(news), SavedSearch.by_email.is_(True))).all()
    told = [one for one in kept if news[one.id]]
    if contact is None:
        return 0
    for one in kept:
        one.last_seq = max(one.last_seq, seq)
    if not told:
        return 0
    year, week, _ = now.isocalendar()
    params = {"account": account_id, "searches": [[one.id, list(news[one.id])[:SHOWN]] for one in told]}
    outbox.post(session, "digest.weekly", contact, f"digest/{account_id}/{year}-{week:02}", params, now)
    for one in told:
        one.last_sent_at = now
    return 1
