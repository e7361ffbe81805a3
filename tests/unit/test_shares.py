"""Whole percents of shares."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from web.shares import percentages


def test_rounding_goes_to_the_largest_remainders() -> None:
    """44.4, 31.3, 17.2 and 7.1 lose one percent to rounding down, which goes to the largest remainder."""
    assert percentages([0.444, 0.313, 0.172, 0.071]) == (45, 31, 17, 7)


def test_three_thirds_make_a_hundred() -> None:
    """Ties go to the first."""
    assert percentages([1 / 3, 1 / 3, 1 / 3]) == (34, 33, 33)


def test_no_share_is_no_percent() -> None:
    """Nothing to share gives zeros, not an error."""
    assert percentages([]) == ()
    assert percentages([0.0, 0.0]) == (0, 0)


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=30))
def test_percents_always_sum_to_a_hundred_and_stay_near_their_share(shares: list[float]) -> None:
    """Whatever the shares, the sum is exact and no percent is one or more away from its exact value."""
    whole = percentages(shares)
    assert sum(whole) == 100
    assert all(abs(part - 100 * share / sum(shares)) < 1 for part, share in zip(whole, shares, strict=True))
