"""What trials and checks say of a note, as one number that the ranking may count: 0 when nobody said anything.

A trial that was given up is knowledge too: whoever reads the note learns from it. So it takes away little, while a
note of which somebody said that it is over sinks.
"""

from __future__ import annotations

from savoirs.models import Verdict

ADOPTED, ADAPTED, ABANDONED = 1.0, 0.7, -0.25
"""What a trial is worth, by what came of it."""

UNSURE = 3
"""Trials that say nothing, added to those that were told: one trial is not yet a proof."""

TRIALS_SHARE = 0.6
"""Most that trials count for, however many."""

VERDICTS = {None: 0.0, Verdict.CONFIRMED: 0.4, Verdict.CHANGED: -0.2}
"""What the last check counts for."""

ENDED = -0.9
"""Where a note stands that is said to be over, whatever its trials were."""


def standing(adopted: int, adapted: int, abandoned: int, last_verdict: Verdict | None) -> float:
    """How well a note stood the test of others, in [-1, 1]; 0 when nothing is known.

    It is ``0.6 · Σ worth / (trials + 3)``, plus what the last check counts for. Grows with each trial that was adopted
    or adapted, by less each time.

    Args:
        adopted: Trials kept as they were.
        adapted: Trials kept with changes.
        abandoned: Trials given up.
        last_verdict: The last answer to « toujours vrai ? », None when nobody answered.
    """
    if last_verdict is Verdict.ENDED:
        return ENDED
    told = adopted + adapted + abandoned
    worth = (ADOPTED * adopted + ADAPTED * adapted + ABANDONED * abandoned) / (told + UNSURE)
    return max(-1.0, min(1.0, TRIALS_SHARE * worth + VERDICTS[last_verdict]))
