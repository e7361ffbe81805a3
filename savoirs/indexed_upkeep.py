"""What the index knows of a note's life: trials, checks, and the questions that it answers. One query for many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, String, bindparam, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from savoirs.models import Call, CallAnswer, CallStatus, Check, Outcome, Trial, Verdict
from savoirs.standing import standing
from savoirs.upkeep import day_of

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LIVES = union_all(
    select(
        Trial.note_id.label("note"), literal("trial").label("what"), type_coerce(Trial.outcome, String).label("value"),
        day_of(Trial.created_at).label("day"), Trial.id.label("place"),
    ).where(Trial.note_id.in_(_IDS)),
    select(
        Check.note_id, literal("check"), type_coerce(Check.verdict, String), day_of(Check.created_at), Check.id
    ).where(Check.note_id.in_(_IDS)),
    select(CallAnswer.note_id, literal("call"), Call.question, day_of(Call.created_at), literal(0))
    .join(Call, Call.id == CallAnswer.call_id)
    .where(CallAnswer.note_id.in_(_IDS), Call.status.in_((CallStatus.OPEN, CallStatus.CLOSED))),
)  # fmt: skip


@dataclass
class Life:
    """Of one note: how many trials came to what, (day, number, verdict) of checks, questions of calls that it answers.

    A question is a text of the note: whoever searches the words that found nothing finds what was written for them.
    """

    trials: Counter[str] = field(default_factory=Counter)
    checks: list[tuple[str, int, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> str | None:
        """The ISO day of the last confirmation."""
        return max((day for day, _, verdict in self.checks if verdict == Verdict.CONFIRMED), default=None)

    def standing(self) -> float:
        """What readers made of it."""
        last = Verdict(max(self.checks)[2]) if self.checks else None
        tried = self.trials
        return standing(tried[Outcome.ADOPTED], tried[Outcome.ADAPTED], tried[Outcome.ABANDONED], last)


def read_lives(session: Session, ids: Sequence[str]) -> Mapping[str, Life]:
    """The life of each of these notes; an empty one for those of which nothing was said. One query."""
    lives: dict[str, Life] = defaultdict(Life)
    for row in session.execute(_LIVES, {"ids": list(ids)}):
        match row.what:
            case "trial":
                lives[row.note].trials[row.value] += 1
            case "check":
                lives[row.note].checks.append((row.day, row.place, row.value))
            case _:
                lives[row.note].questions.append(row.value)
    return lives
