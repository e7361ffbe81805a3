"""Letters to send: kept with what they are about in the same transaction, sent by whoever runs the outbox.

A process takes one letter at a time, says so and for how long, sends it with no transaction open, then says what came
of it. Killed in between, it leaves a letter that is sent again later under the same Message-ID: the reader's mail
program, or its server, knows it for the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker

from savoirs.database import reading, transaction
from savoirs.models import Contact, Letter, LetterState
from savoirs.models.base import utc_now

CLAIM = dt.timedelta(minutes=10)
"""How long a letter stays in the hands of a process that says nothing more."""

DELAYS = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 480, 720, 1080, 1440, 1440))
"""How long to wait after each try that failed: about three and a half days in all, then no more."""

_Composed = TypeVar("_Composed")


class Fate(StrEnum):
    """What came of a try.

    ``REFUSED``: the address is, for good; ``REJECTED``: this letter is, for good; ``LATER``: try again; ``DOWN``: try
    again, and no other letter before, for the server itself does not answer.
    """

    SENT = "sent"
    REFUSED = "refused"
    REJECTED = "rejected"
    LATER = "later"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try, and a short code of why, with no person's data: « smtp 550 », « timeout »."""

    fate: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    """What follows in the knowledge base, in the same transaction.

    ``sent``: a letter has left. ``refused``: an address was, for good. ``lost``: a letter will not leave, for another
    reason: it has no object any more, was rejected, or was tried for days.
    """

    sent: Callable[[Session, Letter, dt.datetime], None] = field(default=lambda _session, _letter, _now: None)
    lost: Callable[[Session, Letter, dt.datetime], None] = field(default=lambda _session, _letter, _now: None)
    refused: Callable[[Session, Contact, dt.datetime], None] = field(default=lambda _session, _contact, _now: None)


def post(
    session: Session,
    kind: str,
    contact: Contact,
    key: str,
    params: Mapping[str, Any] | None = None,
    now: dt.datetime | None = None,
) -> Letter:
    """Put a letter in the outbox; one that was already put there, by its ``key``, is not put twice.

    Args:
        session: In which what the letter is about is written too.
        kind: What ``web.letters`` writes it as.
        contact: To whom. The address is read when the letter leaves.
        key: What it is about, for example ``introduction/12/reminder``.
        params: Ids that its writer needs; never a person's data.
        now: The present moment.
    """
    kept = session.scalar(select(Letter).where(Letter.key == key))
    if kept is not None:
        return kept
    now = now or utc_now()
    letter = Letter(kind=kind, contact=contact, key=key, params=dict(params or {}), created_at=now, next_attempt_at=now)
    session.add(letter)
    session.flush()
    return letter


def run(
    sessions: sessionmaker[Session],
    compose: Callable[[Session, Letter], _Composed | None],
    deliver: Callable[[_Composed], Outcome],
    *,
    events: Events = Events(),
    clock: Callable[[], dt.datetime] = utc_now,
    most: int = 500,
) -> Counter[str]:
    """Send what is due, the oldest first. Several processes may run it at once: each letter is in one hand.

    Args:
        sessions: Sessions on the database.
        compose: Writes a letter, in a session that reads; None when it has no reason to leave any more.
        deliver: Sends what was written; no session is open meanwhile. Never raises for a server's refusal.
        events: What follows.
        clock: Gives the present moment.
        most: How many letters to try.

    Returns:
        How many were sent, refused, rejected, dropped, or are to be tried later (``later``, ``down``).
    """
    counts: Counter[str] = Counter()
    for _ in range(most):
        letter_id = _claim(sessions, clock())
        if letter_id is None:
            break
        try:
            with reading(sessions) as session:
                letter = session.get_one(Letter, letter_id, options=[joinedload(Letter.contact)])
                composed = compose(session, letter) if _may_be_written_to(letter.contact) else None
            outcome = None if composed is None else deliver(composed)
        except Exception as error:  # a writer that breaks holds up its own letter only
            outcome = Outcome(Fate.LATER, type(error).__name__)
        counts[_settle(sessions, letter_id, outcome, events, clock())] += 1
        if outcome is not None and outcome.fate is Fate.DOWN:
            break
    return counts


def waiting(session: Session) -> int:
    """How many letters wait to leave. One query."""
    pending = select(func.count()).select_from(Letter).where(Letter.state == LetterState.PENDING)
    return session.scalar(pending) or 0


def latest(session: Session, most: int = 100) -> tuple[Letter, ...]:
    """The latest letters, with whom they go to. One query."""
    whole = joinedload(Letter.contact).joinedload(Contact.organisation)
    query = select(Letter).options(whole).order_by(Letter.id.desc()).limit(most)
    return tuple(session.scalars(query))


def get(session: Session, letter_id: int) -> Letter | None:
    """A letter, with whom it goes to; None when there is none. One query."""
    return session.get(Letter, letter_id, options=[joinedload(Letter.contact).joinedload(Contact.organisation)])


def _claim(sessions: sessionmaker[Session], now: dt.datetime) -> int | None:
    """Take the oldest letter that is due and in nobody's hands."""
    due = (
        Letter.state == LetterState.PENDING,
        Letter.next_attempt_at <= now,
        or_(Letter.claimed_until.is_(None), Letter.claimed_until <= now),
    )
    with reading(sessions) as session:  # most often there is none: nobody is made to wait for that
        if session.scalar(select(Letter.id).where(*due).limit(1)) is None:
            return None
    with transaction(sessions) as session:
        first = select(Letter.id).where(*due).order_by(Letter.next_attempt_at, Letter.id).limit(1)
        letter_id = session.scalar(first.with_for_update(skip_locked=True))
        if letter_id is not None:
            taken = {"claimed_until": now + CLAIM, "attempts": Letter.attempts + 1}
            session.execute(update(Letter).where(Letter.id == letter_id).values(**taken))
        return letter_id


def _settle(
    sessions: sessionmaker[Session], letter_id: int, outcome: Outcome | None, events: Events, now: dt.datetime
) -> str:
    """Keep what came of a try; None is for a letter that had no reason to leave."""
    with transaction(sessions) as session:
        letter = session.get_one(Letter, letter_id, with_for_update=True)
        letter.claimed_until = None
        if outcome is None:
            letter.state = LetterState.DROPPED
            events.lost(session, letter, now)
            return letter.state
        letter.last_error = outcome.why[:40]
        if outcome.fate is Fate.SENT:
            letter.state, letter.sent_at = LetterState.SENT, now
            events.sent(session, letter, now)
        elif outcome.fate in (Fate.LATER, Fate.DOWN) and letter.attempts <= len(DELAYS):
            letter.next_attempt_at = now + DELAYS[letter.attempts - 1]
        else:
            letter.state = LetterState.FAILED
            if outcome.fate is Fate.REFUSED:
                letter.contact.bounced_at = letter.contact.bounced_at or now
                events.refused(session, letter.contact, now)
            events.lost(session, letter, now)
        return outcome.fate


def _may_be_written_to(contact: Contact) -> bool:
    return contact.email is not None and contact.bounced_at is None
