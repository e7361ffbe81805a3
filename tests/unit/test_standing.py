"""What trials and checks are worth to the ranking."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from savoirs.models import Verdict
from savoirs.standing import standing

VERDICTS = (None, *Verdict)


def test_nothing_known_is_worth_nothing() -> None:
    """A note that nobody tried stands where it stood."""
    assert standing(0, 0, 0, None) == 0.0


@pytest.mark.parametrize("verdict", VERDICTS)
def test_it_stays_between_minus_one_and_one(verdict: Verdict | None) -> None:
    """However many say the same."""
    for adopted, adapted, abandoned in product((0, 1, 1000), repeat=3):
        assert -1.0 <= standing(adopted, adapted, abandoned, verdict) <= 1.0


@pytest.mark.parametrize("verdict", [None, Verdict.CONFIRMED, Verdict.CHANGED])
def test_each_trial_kept_counts_for_more_and_less_each_time(verdict: Verdict | None) -> None:
    """One trial is not yet a proof; the tenth adds little to nine."""
    steps = [standing(count, 0, 0, verdict) for count in range(12)]
    gains = [after - before for before, after in pairwise(steps)]
    assert all(gain > 0 for gain in gains)
    assert gains == sorted(gains, reverse=True)


def test_a_trial_given_up_takes_little_away() -> None:
    """A failed trial is knowledge: ten of them weigh less than one confirmation, far less than « n’existe plus »."""
    given_up = standing(0, 0, 10, None)
    assert -0.2 < given_up < 0.0
    assert standing(0, 0, 10, Verdict.CONFIRMED) > 0
    assert given_up > standing(0, 0, 0, Verdict.ENDED) + 0.5


def test_kept_is_above_adapted_above_given_up() -> None:
    """In this order, all else equal."""
    assert standing(3, 0, 0, None) > standing(0, 3, 0, None) > standing(0, 0, 3, None)


def test_what_is_over_sinks_whatever_its_trials() -> None:
    """Many kept it once; it exists no more."""
    assert standing(50, 0, 0, Verdict.ENDED) == standing(0, 0, 0, Verdict.ENDED) < -0.5


def test_the_last_word_on_its_truth_orders_the_rest() -> None:
    """Confirmed, nothing said, changed, over."""
    scores = [standing(2, 1, 1, verdict) for verdict in (Verdict.CONFIRMED, None, Verdict.CHANGED, Verdict.ENDED)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4
