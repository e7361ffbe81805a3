"""Dates in words, and how old a note is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from web.dates import date_in_words, freshness


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    app = Flask(__name__)
    app.config["SAVOIRS_TODAY"] = dt.date(2026, 11, 23)
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2017", "2017"),
        ("2024-11", "novembre 2024"),
        ("2026-03-12", "12\N{NO-BREAK SPACE}mars 2026"),
        ("2026-02-01", "1er\N{NO-BREAK SPACE}février 2026"),
        ("2026-13", "2026-13"),
        ("bientôt", "bientôt"),
    ],
)
def test_dates_are_told_as_precisely_as_they_are_known(date: str, words: str) -> None:
    """A year, a month or a day in words; what is not a date is shown as it is, never an error."""
    assert date_in_words(date) == words


@pytest.mark.parametrize(
    ("kind", "date", "true_as_of", "lived", "words"),
    [
        ("tool", "2017", None, False, "cité en 2017, à revérifier"),
        ("practice", "2017", None, False, "citée en 2017, à revérifier"),
        ("practice", "2021-05", None, True, "racontée en mai 2021, à revérifier"),
        ("tool", "2017", "2026-03", False, "confirmé en mars 2026"),
        ("practice", "2017", "2019", True, "confirmée en 2019, à revérifier"),
        ("practice", "2025", None, True, None),
        ("testimony", "2017", None, True, None),
        ("practice", None, None, True, None),
    ],
)
def test_what_may_have_changed_is_to_recheck_until_confirmed(
    kind: str, date: str | None, true_as_of: str | None, lived: bool, words: str | None
) -> None:
    """Tools and practices grow old in two years; a confirmation resets it; what tells the past does not age."""
    state = freshness(kind, date, true_as_of, lived=lived)
    assert (state.words if state else None) == words
