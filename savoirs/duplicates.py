"""Whether what somebody writes is already told: published notes that a draft may rather complete.

Two notes on one subject are not one note told twice. What tells them apart is how much of the vocabulary of one,
weighed by how rare each word is, the other has: all of it for a copy, even a shortened or a lengthened one; a passing
part for another story (measured by ``savoirs evaluate duplicates``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from savoirs.near_texts import Near

COMPARED = 10
"""Notes, the nearest, that are compared in full."""

LEAST_TERMS = 12
"""Different words from which a draft says enough to be compared."""

CONTAINED = 0.6
"""From this share of the vocabulary of one found in the other, a draft is said to be already told."""

WORDS_TOLD = 4


@dataclass(frozen=True, slots=True)
class Likely:
    """A note that a draft may rather complete: the share of one found in the other, and words they share."""

    note_id: str
    share: float
    words: tuple[str, ...]


def likely(near: Near | None, *, limit: int = 3) -> tuple[Likely, ...]:
    """Notes that tell already what a draft tells, the most alike first; none when the draft says too little."""
    if near is None or len(near.terms) < LEAST_TERMS:
        return ()
    nearest = np.argsort(-near.likeness, kind="stable")[:COMPARED].tolist()
    found = [_compared(near, row) for row in nearest if near.likeness[row] > 0]
    kept = [one for one in found if one.share >= CONTAINED]
    return tuple(sorted(kept, key=lambda one: (-one.share, one.note_id))[:limit])


def _compared(near: Near, row: int) -> Likely:
    some = slice(int(near.table.starts[row]), int(near.table.starts[row + 1]))
    shared = np.isin(near.numbers, near.table.terms[some])
    of_draft = float(near.weights[shared].sum() / near.weights.sum())
    of_note = 0.0
    if some.stop - some.start >= LEAST_TERMS:
        weights = near.table.weights[some]
        of_note = float(weights[np.isin(near.table.terms[some], near.numbers)].sum() / weights.sum())
    order = np.argsort(-np.where(shared, near.weights, 0), kind="stable").tolist()
    words = [near.words[at] for at in order if shared[at] and not near.words[at].isdigit()]
    return Likely(near.table.ids[row], max(of_draft, of_note), tuple(words[:WORDS_TOLD]))
