"""What a note's page shows of its life: trials as points, and the sentences that say the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from savoirs.models import Outcome
from savoirs.upkeep import CheckLine, TrialLine, Upkeep
from web.labels import OUTCOMES_SAID, counted

SHOWN_POINTS = 14
"""Beyond it the points are not drawn: nobody counts twenty, and the sentence says it."""

STEP, MARGIN = 31, 16
"""Between the middles of two points; from the edge to the first one."""


@dataclass(frozen=True, slots=True)
class Point:
    """A trial as a point: what came of it, and where its middle is."""

    outcome: Outcome
    x: int


@dataclass(frozen=True, slots=True)
class Points:
    """Points in a row, kept ones first, and the width of the drawing."""

    points: tuple[Point, ...]
    width: int


def points(upkeep: Upkeep) -> Points | None:
    """The trials of a note as points; None when there are too many, or none."""
    outcomes = [outcome for outcome in Outcome for _ in range(upkeep.count(outcome))]
    if not 0 < len(outcomes) <= SHOWN_POINTS:
        return None
    drawn = tuple(Point(outcome, MARGIN + STEP * place) for place, outcome in enumerate(outcomes))
    return Points(drawn, STEP * len(drawn) + 1)


def trials_in_words(upkeep: Upkeep) -> str:
    """« 5 gardés, 1 adapté, 1 abandonné »; what nobody said is left out."""
    counts = ((outcome, upkeep.count(outcome)) for outcome in Outcome)
    return ", ".join(counted(count, OUTCOMES_SAID[outcome]) for outcome, count in counts if count)


def teller(line: TrialLine | CheckLine) -> str:
    """Who says it: an association, never a person."""
    if line.organisation is not None:
        return line.organisation.name
    return "l’association qui raconte" if line.teller else "une personne qui relit les fiches"
