"""What came of a meeting, as each of the two tells it, in their own page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, InvalidError, SavoirsError
from savoirs.introductions.drafts import person_free
from savoirs.introductions.locking import locked
from savoirs.models import Introduction, IntroductionStatus

OUTCOMES = ("helped", "talked", "not_yet", "nothing")
"""It helped · they talked · they have not talked yet · nothing came of it."""

SIDES = ("requester", "recipient")
LINE_MAX = 300


def keep_outcome(session: Session, introduction_id: int, side: str, outcome: str, line: str) -> Introduction:
    """Keep what one side tells; told again, it replaces what was told.

    Raises:
        NotFoundError: ``unknown_introduction``.
        SavoirsError: ``request_over`` when no addresses were exchanged.
        InvalidError: ``outcome`` or ``line`` has a mistake.
    """
    one = locked(session, introduction_id)
    if one.status != IntroductionStatus.ACCEPTED or side not in SIDES:
        raise SavoirsError("request_over")
    line = " ".join(clean_text(line).split())
    errors = list(person_free("line", line))
    if outcome not in OUTCOMES:
        errors.insert(0, FieldError("outcome", "no_outcome"))
    if len(line) > LINE_MAX:
        errors.append(FieldError("line", "too_long", {"max": LINE_MAX, "length": len(line)}))
    if errors:
        raise InvalidError(tuple(errors))
    setattr(one, f"{side}_outcome", outcome)
    setattr(one, f"{side}_line", line)
    return one
