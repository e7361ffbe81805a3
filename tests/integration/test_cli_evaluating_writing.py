"""What is proposed to somebody who writes is measured on the shipped corpus, and held there."""

from __future__ import annotations

from tests import cli


def test_one_of_three_themes_proposed_is_nearly_always_right() -> None:
    """Each note left out in turn: one of the themes proposed for its text is its own, 85 times in 100 at least."""
    found = cli.run_well("evaluate", "themes", "--json").json
    assert found["notes"] >= 190
    assert found["top3"] >= 0.85
    assert found["kinds"]["right"] >= 0.8 * found["kinds"]["proposed"]
    assert "l’un des trois" in cli.run_well("evaluate", "themes").out


def test_what_is_told_already_is_said_and_nothing_else() -> None:
    """Copies, shortened, lengthened and reworded notes are recognised; another story of the same subject is not."""
    found = cli.run_well("evaluate", "duplicates", "--json").json
    assert found["pairs"] >= 60
    assert found["precision"] >= 0.9
    assert found["recall"] >= 0.8
    assert {"reworded", "same_subject", "copied", "shortened", "lengthened", "neighbour"} == set(found["sorts"])
    assert found["sorts"]["same_subject"]["right"] >= 10
    assert "précision" in cli.run_well("evaluate", "duplicates").out
