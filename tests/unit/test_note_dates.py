"""Dates as people type them."""

from __future__ import annotations

import datetime as dt

import pytest

from web.forms.note_dates import read_date, read_day

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025", "2025"),
        (" 2025-3 ", "2025-03"),
        ("03/2025", "2025-03"),
        ("novembre 2025", "2025-11"),
        ("Nov. 2025", "2025-11"),
        ("février 2024", "2024-02"),
        ("3 août 2025", "2025-08-03"),
        ("1er juin 2025", "2025-06-01"),
        ("03/11/2025", "2025-11-03"),
        ("2026-11-23", "2026-11-23"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_was_typed(typed: str, kept: str) -> None:
    """Year, month or day: what is known is kept, and nothing is invented."""
    assert read_date(typed, TODAY) == kept


@pytest.mark.parametrize(
    "typed", ["", "hier", "2027", "24/11/2026", "31/02/2025", "13/2025", "ju 2025", "0012", "1899", "²025", "2025-00"]
)
def test_what_is_no_past_date_is_refused(typed: str) -> None:
    """An unclear, impossible or future date is not guessed at."""
    assert read_date(typed, TODAY) is None


def test_a_day_to_come_is_read_whole_or_not_at_all() -> None:
    """A programme needs a whole day, which may be in the future."""
    assert read_day("12 mars 2027") == "2027-03-12"
    assert read_day("mars 2027") is None
