"""What is promised of our engine beside others, and whether it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from web.bench.ours import NAME

Row = dict[str, Any]
"""A line of the result: ``engine``, ``notes``, ``measure`` and figures."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure of ours beside a rival's, as a ratio that is better when larger; or alone, and better when smaller.

    Attributes:
        measure: Ours.
        rival: The engine it is compared with; empty for a figure alone.
        bound: The ratio is at least this; a figure alone is at most this.
        figure: The key of the figure.
        theirs: The rival's measure, the same as ours when empty.
        more: Whether the figure itself is better when larger (notes a second, unlike milliseconds).
    """

    measure: str
    rival: str
    bound: float
    figure: str = "p50_ms"
    theirs: str = ""
    more: bool = False


PROMISES = (
    Promise("any_word_lexical", "tantivy", 3),
    Promise("any_word_lexical", "whoosh", 200),
    Promise("any_word_lexical", "fts5", 150),
    Promise("any_word_lexical", "bm25s", 25),
    Promise("any_word", "tantivy", 0.5),
    Promise("all_words", "tantivy", 0.5),
    Promise("boolean", "tantivy", 0.5),
    Promise("phrase", "tantivy", 0.5),
    Promise("related", "tantivy", 2),
    Promise("peers", "tantivy", 2),
    Promise("peers_note", "tantivy", 2),
    Promise("add", "tantivy", 10, figure="wall_p50_ms"),
    Promise("follow", "tantivy", 0, figure="wall_p50_ms", theirs="add"),
    Promise("build_words", "tantivy", 0.8, figure="notes_per_s", theirs="build", more=True),
    Promise("build", "tantivy", 0, figure="notes_per_s", more=True),
    Promise("memory", "", 160, figure="anonymous_mb"),
    Promise("open", "", 150, figure="without_checksums_ms"),
)
"""« At most twice tantivy's time » is a ratio of one half at least; 0 promises nothing and shows the ratio."""


def ratios(rows: Iterable[Row]) -> Iterator[Row]:
    """Our figures beside those of each rival that was measured, ``promised`` being None where nothing is.

    Yields:
        Objects whose ``measure`` is ``ratio``; ``of`` is our measure, ``value`` the ratio or the figure alone.
    """
    known = {(row["engine"], row["measure"]): row for row in rows}
    rivals = list(dict.fromkeys(engine for engine, _ in known if engine != NAME))
    for measure in dict.fromkeys(measure for engine, measure in known if engine == NAME):
        for one in _of(measure, rivals):
            value = _value(one, known)
            if value is not None:
                yield _row(one, value, known[NAME, measure]["notes"])


def _of(measure: str, rivals: Iterable[str]) -> Iterator[Promise]:
    """What is promised of a measure, and the same ratio, unpromised, to the other rivals."""
    own = [one for one in PROMISES if one.measure == measure]
    yield from (one for one in own if not one.rival)
    beside = {one.rival: one for one in own if one.rival}
    for rival in rivals if beside else ():
        yield beside.get(rival) or replace(next(iter(beside.values())), rival=rival, bound=0)


def _value(one: Promise, known: dict[tuple[str, str], Row]) -> float | None:
    ours = known.get((NAME, one.measure), {}).get(one.figure)
    if ours is None or not one.rival:
        return ours
    theirs = known.get((one.rival, one.theirs or one.measure), {}).get(one.figure)
    if theirs is None:
        return None
    above, below = (ours, theirs) if one.more else (theirs, ours)
    return float(above / max(below, 1e-9))


def _row(one: Promise, value: float, notes: int) -> Row:
    kept = value >= one.bound if one.rival else value <= one.bound
    return {
        "engine": NAME,
        "notes": notes,
        "measure": "ratio" if one.rival else "limit",
        "of": one.measure,
        "against": one.rival or None,
        "figure": one.figure,
        "value": value,
        "promised": one.bound or None,
        "kept": kept if one.bound else None,
    }
