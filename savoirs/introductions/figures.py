"""What programme officers see of requests: numbers over a year, never a name, nothing about a group of a few."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from savoirs.introductions.outcomes import OUTCOMES
from savoirs.models import Introduction, IntroductionStatus
from savoirs.moments import aware

PERIOD = dt.timedelta(days=365)
SMALLEST = 5
"""A group of fewer requests, or of fewer organisations, is not shown."""

ANSWERS = (IntroductionStatus.ACCEPTED, IntroductionStatus.PASSED, IntroductionStatus.DECLINED)
ENDS = (*ANSWERS, IntroductionStatus.SENT, IntroductionStatus.CLOSED)
"""What a request that was received may have become, in the order of the page."""

_RECEIVED = (*ENDS, IntroductionStatus.REPORTED)


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests of the last year. A number that would tell of a few is None.

    Attributes:
        received: How many requests an organisation received.
        organisations: How many organisations received one.
        ends: What they became, by status; reports count as closed.
        answer_rate: The share of those answered, among those that had their time, in [0, 1].
        delay_days: Half of the answers came within this many days.
        load: Requests an organisation that was asked received, on average, in the last thirty days.
        outcomes: What each side told a month later, by outcome.
    """

    received: int | None
    organisations: int | None
    ends: Mapping[str, int | None]
    answer_rate: float | None
    delay_days: float | None
    load: float | None
    outcomes: Mapping[str, int | None]


def figures(session: Session, now: dt.datetime) -> Figures:
    """The figures of the last year. One query."""
    moment = func.coalesce(Introduction.confirmed_at, Introduction.created_at)
    rows = session.execute(
        select(
            Introduction.organisation_id,
            Introduction.status,
            moment.label("at"),
            Introduction.sent_at,
            Introduction.answered_at,
            Introduction.requester_outcome,
            Introduction.recipient_outcome,
        ).where(moment > now - PERIOD, Introduction.status.in_(_RECEIVED), Introduction.recipient_id.is_not(None))
    ).all()
    ends = Counter(str(IntroductionStatus.CLOSED if row.status == "reported" else row.status) for row in rows)
    delays = [
        (aware(row.answered_at) - aware(row.sent_at)) / dt.timedelta(days=1)
        for row in rows
        if row.status in ANSWERS and row.answered_at and row.sent_at
    ]
    recent = [row.organisation_id for row in rows if aware(row.at) > now - dt.timedelta(days=30)]
    told = Counter(one for row in rows for one in (row.requester_outcome, row.recipient_outcome) if one)
    asked = {row.organisation_id for row in rows}
    over = [row for row in rows if row.status != IntroductionStatus.SENT]
    answered = sum(row.status in ANSWERS for row in over)
    enough = len(asked) >= SMALLEST
    return Figures(
        received=_shown(len(rows)),
        organisations=_shown(len(asked)),
        ends=without_small({name: ends[name] for name in ENDS}, hidden=not enough),
        answer_rate=answered / len(over) if enough and len(over) >= SMALLEST else None,
        delay_days=median(delays) if enough and len(delays) >= SMALLEST else None,
        load=len(recent) / len(set(recent)) if len(set(recent)) >= SMALLEST else None,
        outcomes=without_small({name: told[name] for name in OUTCOMES}, hidden=not enough),
    )


def without_small(counts: Mapping[str, int], *, hidden: bool = False) -> dict[str, int | None]:
    """Counts without those of a few: None. When it would be one alone, the next smallest goes with it.

    Otherwise the total, less the others, would tell it.

    Args:
        counts: By name.
        hidden: Whether all are of a few organisations, and none but a zero is shown.
    """
    by_size = sorted((count, name) for name, count in counts.items() if count)
    small = [name for count, name in by_size if hidden or count < SMALLEST]
    if len(small) == 1:
        small += [name for _count, name in by_size if name not in small][:1]
    return {str(name): None if name in small else count for name, count in counts.items()}


def _shown(count: int) -> int | None:
    return None if 0 < count < SMALLEST else count
