"""Completion: words of the index, as they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.engine import SearchEngine
from tests.conformance.engines import make_document

Index = Callable[..., SearchEngine]

DOCUMENTS = (
    make_document("a", "Les bénévoles", "une école et un écran"),
    make_document("b", "Les bénévoles", "une école, le bénéfice"),
    make_document("c", "Une école", "l’éclairage"),
)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("béné", ("bénévoles", "bénéfice")),
        ("bene", ("bénévoles", "bénéfice")),
        ("BENE", ("bénévoles", "bénéfice")),
        ("éc", ("école", "éclairage", "écran")),
        ("former les béné", ("bénévoles", "bénéfice")),
        ("l’éc", ("école", "éclairage", "écran")),
        ("école", ("école",)),
        ("zzz", ()),
        ("", ()),
        ("bénévoles ", ()),
        ("un", ()),
    ],
)
def test_the_last_word_is_completed_commonest_first(index: Index, prefix: str, expected: tuple[str, ...]) -> None:
    """Ties go by word; stop words are not proposed; nothing is proposed after a space."""
    assert index(*DOCUMENTS).complete(prefix) == expected


def test_at_most_so_many(index: Index) -> None:
    """The limit is kept."""
    engine = index(*DOCUMENTS)
    assert engine.complete("éc", limit=2) == ("école", "éclairage")
    assert engine.complete("éc", limit=0) == ()
