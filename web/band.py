"""Squares of a band of themes: a number that is written, and how dark its square is; never the colour alone."""

from __future__ import annotations

from dataclasses import dataclass

_STEPS = (2, 5, 10, 16, 28)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a band, and how dark its square is, 0 to 5."""

    count: int
    shade: int


def cell(count: int) -> Cell:
    """The square of a number."""
    return Cell(count, sum(count >= step for step in _STEPS))
