"""Shares as whole percents that sum to 100."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentages(shares: Sequence[float]) -> tuple[int, ...]:
    """Whole percents by the largest remainder method (Hamilton, 1792): their sum is 100 exactly, or 0 for no share.

    Args:
        shares: Numbers that are not negative; they need not sum to 1.
    """
    total = sum(shares)
    if total <= 0:
        return tuple(0 for _ in shares)
    exact = [100 * share / total for share in shares]
    whole = [math.floor(value) for value in exact]
    missing = 100 - sum(whole)
    by_remainder = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in by_remainder[:missing]:
        whole[at] += 1
    return tuple(whole)
