"""What keeps a note alive, as its page tells it: trials, and answers to « toujours vrai ? ». No person is named."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from savoirs.cards import Named, Said
from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, InvalidError, NotFoundError, SavoirsError
from savoirs.models import (
    Account,
    Check,
    ExperienceRole,
    Note,
    NoteKind,
    NoteStatus,
    Organisation,
    Outcome,
    Trial,
    Verdict,
)
from savoirs.moments import first_day
from savoirs.pieces import Pieces, piece
from savoirs.plaintext import holds_email, holds_telephone, masked
from savoirs.slugs import slugify

KINDS = (NoteKind.PRACTICE, NoteKind.TOOL)
"""What can be tried, and may be true no more."""

RECHECK_AFTER = dt.timedelta(days=730)
"""After how long a practice or a tool is to be checked again."""

LINE_CHARS = 300
"""Most characters of the sentence that goes with a trial or a check."""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A trial. ``organisation`` is None when the account has none, or when naming it would tell who is anonymous.

    ``teller`` says that it is the association that tells the note; ``mine``, that the reader's account said it.
    """

    outcome: Outcome
    line: str
    organisation: Named | None
    teller: bool
    day: str
    mine: bool


@dataclass(frozen=True, slots=True)
class CheckLine:
    """An answer to « toujours vrai ? »; as ``TrialLine``."""

    verdict: Verdict
    line: str
    organisation: Named | None
    teller: bool
    day: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is known of a note's life. Trials and checks come the latest first; ``asked`` says if the kind has any."""

    asked: bool
    trials: tuple[TrialLine, ...]
    checks: tuple[CheckLine, ...]

    def count(self, outcome: str) -> int:
        """How many trials came to this."""
        return Counter(one.outcome.value for one in self.trials)[outcome]

    @property
    def last(self) -> CheckLine | None:
        """The check that counts."""
        return self.checks[0] if self.checks else None

    @property
    def held(self) -> str | None:
        """The last check, as ``held`` reads it."""
        return f"{self.last.verdict.value} {self.last.day}" if self.last else None

    @property
    def mine(self) -> TrialLine | None:
        """What the reader said they came to."""
        return next((one for one in self.trials if one.mine), None)


def is_to_recheck(kind: NoteKind, date: str | None, today: dt.date) -> bool:
    """Whether a practice or a tool was last said to hold more than two years ago. Others do not age."""
    since = first_day(date)
    return kind in KINDS and since is not None and since < today - RECHECK_AFTER


def last_check(note_id: Any) -> ScalarSelect[Any]:
    """The last check of each note of a statement, as ``held`` reads it."""
    return (
        select(type_coerce(Check.verdict, String) + " " + day_of(Check.created_at))
        .where(Check.note_id == note_id)
        .order_by(Check.created_at.desc(), Check.id.desc())
        .limit(1)
        .correlate_except(Check)
        .scalar_subquery()
    )


def last_confirmed(note_id: Any) -> ScalarSelect[Any]:
    """The ISO day of the last confirmation of each note of a statement."""
    return (
        select(func.max(day_of(Check.created_at)))
        .where(Check.note_id == note_id, Check.verdict == Verdict.CONFIRMED)
        .correlate_except(Check)
        .scalar_subquery()
    )


def day_of(moment: Any) -> Any:
    """The ISO day of a column of moments: SQLite and PostgreSQL both write a moment beginning with it."""
    return func.substr(cast(moment, String), 1, 10)


def held(true_as_of: str | None, last: str | None) -> tuple[str | None, Said | None]:
    """Since when a note is known to hold, and whether it was said since that it does not.

    Args:
        true_as_of: What the note says.
        last: What ``last_check`` gives.
    """
    if last is None:
        return true_as_of, None
    name, _, day = last.partition(" ")
    verdict = Verdict(name)
    known = first_day(true_as_of)
    if known is not None and known.isoformat() > day:
        return true_as_of, None
    return (day, None) if verdict is Verdict.CONFIRMED else (true_as_of, Said(verdict, day))


def upkeep_pieces(note_id: Any) -> tuple[Select[Any], ...]:
    """The trials and checks of a note, for the statement that reads it whole."""
    return _piece("trial", Trial, Trial.outcome, note_id), _piece("check", Check, Check.verdict, note_id)


def upkeep_of(note: Note, pieces: Pieces, viewer: Account | None) -> Upkeep:
    """What the pieces of a note say of its life. Whoever lived an anonymous note is not named here either."""
    tellers = {row.id for row in pieces.of("experience", note.id) if row.role == ExperienceRole.LIVED}
    viewer_id = viewer.id if viewer else None

    def told(row: Any) -> dict[str, Any]:
        teller = row.id is not None and row.id in tellers
        named = row.id is not None and not (note.anonymous and teller)
        return {
            "line": masked(row.text or ""),
            "organisation": Named(row.id, row.name, slugify(row.name)) if named else None,
            "teller": teller,
            "day": row.date[:10],
            "mine": viewer_id is not None and row.role == viewer_id,
        }

    def latest_first(what: str) -> list[Any]:
        return sorted(pieces.of(what, note.id), key=lambda row: (row.date, row.position), reverse=True)

    trials = [TrialLine(Outcome(row.kind), **told(row)) for row in latest_first("trial")]
    checks = [CheckLine(Verdict(row.kind), **told(row)) for row in latest_first("check")]
    return Upkeep(note.kind in KINDS, tuple(trials), tuple(checks))


def kept_note(session: Session, note_id: str) -> Note:
    """A published note of which one may say something, which nobody else changes before the end of the transaction.

    Raises:
        NotFoundError: ``unknown_note``.
        SavoirsError: ``nothing_to_try``: it is neither a practice nor a tool.
    """
    note = session.get(Note, note_id, with_for_update=True, populate_existing=True)
    if note is None or note.status is not NoteStatus.PUBLISHED:
        raise NotFoundError("unknown_note", id=note_id)
    if note.kind not in KINDS:
        raise SavoirsError("nothing_to_try")
    return note


def checked_line(line: str) -> str:
    """The sentence on one line.

    Raises:
        InvalidError: It is too long, or holds an address or a number.
    """
    line = " ".join(clean_text(line).split())
    errors = []
    if len(line) > LINE_CHARS:
        errors.append(FieldError("line", "too_long", {"max": LINE_CHARS, "length": len(line)}))
    if holds_email(line):
        errors.append(FieldError("line", "holds_email"))
    if holds_telephone(line):
        errors.append(FieldError("line", "holds_telephone"))
    if errors:
        raise InvalidError(tuple(errors))
    return line


def _piece(what: str, table: Any, value: Any, note_id: Any) -> Select[Any]:
    said, kept = aliased(Organisation), aliased(Organisation)
    return (
        piece(
            what, table.note_id, id=kept.id, name=kept.name, kind=value, role=table.account_id, text=table.line,
            date=cast(table.created_at, String), position=table.id,
        )
        .outerjoin(said, said.id == table.organisation_id)
        .outerjoin(kept, kept.id == func.coalesce(said.merged_into_id, said.id))
        .where(table.note_id == note_id)
    )  # fmt: skip
