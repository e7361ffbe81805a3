"""From runs of characters with their place to lines in reading order: columns one after the other.

A page is cut where a white strip runs down it with enough text on both sides; lines that cross the strip, as titles
do, are read where they stand between the columns. Each column is cut again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

Place = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the bottom left of the page."""

_FEWEST_ROWS = 3
_MOST_CROSSING = 0.25
_STEPS = 60
_SHORTEST_COLUMN_CHARS = 12
_FILLED = 0.45
_FAR, _WIDE = 1.35, 1.45
_ISOLATED = 1.4


@dataclass(slots=True)
class Fragment:
    """A run of characters on one line, without a wide gap."""

    text: str = ""
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0
    chars: int = 0
    bold: bool = False
    aslant: bool = False

    @property
    def size(self) -> float:
        """The height of its line."""
        return max(0.1, self.top - self.bottom)

    @property
    def middle(self) -> float:
        """Where it stands on the page, from the bottom."""
        return (self.top + self.bottom) / 2

    def continues(self, place: Place) -> bool:
        """Whether a character there belongs to the same run: on the same line, without a wide gap; aslant, always."""
        if not self.chars or self.aslant:
            return True
        left, bottom, _, top = place
        size = self.top - self.bottom
        if abs(top + bottom - self.top - self.bottom) >= max(size, top - bottom):
            return False
        return -1.5 * size < left - self.right < 1.2 * size

    def take(self, char: str, place: Place) -> None:
        """Add a character."""
        left, bottom, right, top = place
        self.text += char
        if not self.chars:
            self.left, self.bottom, self.right, self.top = place
        elif top - bottom > self.top - self.bottom:
            self.bottom, self.top = bottom, top
        self.left, self.right = min(self.left, left), max(self.right, right)
        self.chars += 1

    def closed(self) -> Iterator[Fragment]:
        """The run itself, when it has any character that shows."""
        self.text = self.text.strip()
        if self.text and self.chars:
            yield self


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page; ``apart`` when more white than usual is above it."""

    text: str
    size: float
    bold: bool
    apart: bool


def body_size(lines: Iterable[PageLine]) -> float:
    """The size that most characters have."""
    sizes = sorted((line.size, len(line.text)) for line in lines)
    half, seen = sum(chars for _, chars in sizes) / 2, 0
    for size, chars in sizes:
        seen += chars
        if seen >= half:
            return size
    return 1.0


def page_lines(fragments: list[Fragment]) -> list[PageLine]:
    """The lines of a page, in reading order."""
    head, body, foot = _ends(fragments)
    lines: list[PageLine] = []
    for group in [head, *_in_order(body, depth=0), foot]:
        lines += _joined(group)
    return lines


def _ends(fragments: list[Fragment]) -> tuple[list[Fragment], list[Fragment], list[Fragment]]:
    """The first row, the rest and the last row of a page, where white parts them: they belong to no column."""
    body = sorted(fragments, key=lambda one: -one.middle)
    cut = [0, len(body)]
    for place, (above, below) in enumerate(itertools.pairwise(body), 1):
        if above.bottom - below.top > _ISOLATED * max(above.size, below.size):
            if body[0].bottom - above.bottom < above.size / 2:
                cut[0] = place
            if below.top - body[-1].top < below.size / 2:
                cut[1] = place
                break
    return body[: cut[0]], body[cut[0] : cut[1]], body[cut[1] :]


def _in_order(fragments: list[Fragment], depth: int) -> list[list[Fragment]]:
    """Groups of fragments, each to be read from top to bottom, in reading order."""
    gutter = _gutter(fragments) if depth < 3 else None
    if gutter is None:
        return [fragments] if fragments else []
    across = sorted((one for one in fragments if _crosses(one, gutter)), key=lambda one: -one.middle)
    rest = [one for one in fragments if not _crosses(one, gutter)]
    groups: list[list[Fragment]] = []
    for title in [*across, None]:
        floor = title.middle if title else float("-inf")
        band = [one for one in rest if one.middle > floor]
        rest = [one for one in rest if one.middle <= floor]
        for side in (
            [one for one in band if _is_left(one, gutter)],
            [one for one in band if not _is_left(one, gutter)],
        ):
            groups += _in_order(side, depth + 1)
        if title:
            groups.append([title])
    return groups


def _crosses(one: Fragment, x: float) -> bool:
    """Whether a fragment runs across a strip; one that only touches it does not."""
    margin = max(1.0, 0.12 * (one.right - one.left))
    return one.left < x - margin and one.right > x + margin


def _is_left(one: Fragment, x: float) -> bool:
    return (one.left + one.right) / 2 <= x


def _gutter(fragments: list[Fragment]) -> float | None:
    """Where a white strip parts two columns; None when there is none."""
    if len(fragments) < 2 * _FEWEST_ROWS:
        return None
    first, last = min(one.left for one in fragments), max(one.right for one in fragments)
    best, fewest = None, _MOST_CROSSING * len(fragments)
    for step in range(_STEPS // 5, _STEPS - _STEPS // 5):
        x = first + (last - first) * step / _STEPS
        crossing = sum(_crosses(one, x) for one in fragments)
        if crossing <= fewest and _are_columns(fragments, x, first, last):
            best = x if crossing < fewest or best is None else best
            fewest = crossing
    return best


def _are_columns(fragments: list[Fragment], x: float, first: float, last: float) -> bool:
    """Whether what stands on each side of a strip is running text, side by side; the cells of a table are not."""
    left = [one for one in fragments if not _crosses(one, x) and _is_left(one, x)]
    right = [one for one in fragments if not _crosses(one, x) and not _is_left(one, x)]
    if min(len(left), len(right)) < _FEWEST_ROWS:
        return False
    shared = min(_highest(left), _highest(right)) - max(_lowest(left), _lowest(right))
    if shared < 0.4 * min(_highest(left) - _lowest(left), _highest(right) - _lowest(right)):
        return False
    if min(median(len(one.text) for one in side) for side in (left, right)) < _SHORTEST_COLUMN_CHARS:
        return False
    filled = sorted((_filled(left, x - first), _filled(right, last - x)))
    return filled[0] >= _FILLED / 2 and filled[1] >= _FILLED  # the emptier side may be two columns itself


def _filled(column: list[Fragment], width: float) -> float:
    return median(one.right - one.left for one in column) / max(1.0, width)


def _highest(column: list[Fragment]) -> float:
    return max(one.top for one in column)


def _lowest(column: list[Fragment]) -> float:
    return min(one.bottom for one in column)


def _joined(group: list[Fragment]) -> list[PageLine]:
    rows: list[list[Fragment]] = []
    for one in sorted(group, key=lambda one: (-one.middle, one.left)):
        if rows and abs(rows[-1][0].middle - one.middle) < 0.4 * min(rows[-1][0].size, one.size):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [_line(row, apart=place == 0 or _is_apart(rows, place)) for place, row in enumerate(rows)]


def _is_apart(rows: list[list[Fragment]], place: int) -> bool:
    """Whether more white is above a row than between the lines of a paragraph, given its size and the others'."""
    steps = [above[0].middle - below[0].middle for above, below in itertools.pairwise(rows)]
    usual = min((step for step in steps if step > 0), default=0.0)
    size = max(rows[place][0].size, rows[place - 1][0].size)
    return steps[place - 1] > _FAR * min(max(usual, 1.15 * size), _WIDE * size)


def _line(row: list[Fragment], *, apart: bool) -> PageLine:
    row = sorted(row, key=lambda one: one.left)
    chars = sum(one.chars for one in row)
    text = " ".join(" ".join(one.text.split()) for one in row)
    size = max(row, key=lambda one: one.chars).size
    return PageLine(text, size, sum(one.chars for one in row if one.bold) > 0.8 * chars, apart)
