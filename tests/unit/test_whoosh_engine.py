"""What the classical engine promises beyond the protocol, because of what Whoosh lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engine import FACETS, Request
from indexer.whoosh_index import WhooshEngine
from indexer.whoosh_index.similarity import FLOOR, HALF_LIFE_DAYS, freshness
from tests.conformance.engines import LANGUAGE, find, make_document
from tests.fakes_feed import MemoryFeed


def test_a_commit_of_another_engine_is_seen_without_catching_up(tmp_path: Path) -> None:
    """All of the index is on disk: each search looks whether the folder in use is still the same."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    writer, reader = WhooshEngine(tmp_path, LANGUAGE), WhooshEngine(tmp_path, LANGUAGE)
    writer.catch_up(feed)
    assert find(reader, "repas") == ["a"]
    feed.put(make_document("b", "Un repas"))
    writer.catch_up(feed)
    assert find(reader, "repas") == ["a", "b"]
    writer.close()
    reader.close()


def test_verify_finds_damage_under_an_open_index(tmp_path: Path) -> None:
    """Whoosh has no checksums: a byte that changes under it goes unseen but for ours."""
    feed = MemoryFeed([make_document("a", "Un repas"), make_document("b", "Un repas")])
    engine = WhooshEngine(tmp_path, LANGUAGE)
    engine.catch_up(feed)
    (segment,) = tmp_path.rglob("*.seg")
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    assert engine.verify(feed) == ("a", "b")
    engine.rebuild(feed)
    assert engine.verify(feed) == ()
    engine.close()


def test_a_change_over_a_damaged_file_makes_the_index_again(tmp_path: Path) -> None:
    """Damage is not carried into the next folder with the files it takes over."""
    feed = MemoryFeed(make_document(f"a{number}", "Un repas") for number in range(4))
    engine = WhooshEngine(tmp_path, LANGUAGE)
    engine.catch_up(feed)
    (segment,) = tmp_path.rglob("*.seg")
    segment.write_bytes(segment.read_bytes()[:-9])
    feed.put(make_document("b", "Un repas"))
    engine.catch_up(feed)
    assert engine.status().notices == ("damaged",)
    assert len(find(engine, "repas")) == 5
    engine.close()


def test_segments_that_whoosh_merges_are_read_once_more(tmp_path: Path) -> None:
    """Many small commits, which Whoosh joins now and then, lose nothing."""
    feed = MemoryFeed()
    engine = WhooshEngine(tmp_path, LANGUAGE)
    for number in range(20):
        feed.put(make_document(f"d{number:02}", "Un repas", f"le soir {number}"))
        if number % 5 == 4:
            feed.remove(f"d{number - 2:02}")
        engine.catch_up(feed)
    assert len(list(tmp_path.rglob("*.seg"))) < 20
    assert find(engine, '"repas"') == [f"d{number:02}" for number in range(20) if number % 5 != 2]
    engine.close()


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        (700_000, 0, 1.0),
        (0, 700_000, 1.0),
        (700_000, 700_000, 1.0),
        (700_001, 700_000, 1.0),
        (700_000 - int(HALF_LIFE_DAYS), 700_000, 0.75),
        (1, 700_000, FLOOR),
    ],
)
def test_age_takes_away_half_at_most(day: int, today: int, expected: float) -> None:
    """Nothing for an unknown day, or when days do not count."""
    assert freshness(day, today) == pytest.approx(expected, abs=1e-3)


def test_only_what_is_asked_for_is_worked_out(tmp_path: Path) -> None:
    """Facets not asked for come empty, active or not; hits carry reasons when they are asked for."""
    engine = WhooshEngine(tmp_path, LANGUAGE)
    assert engine.poll(MemoryFeed([make_document("a", "Un repas", theme="numerique", year="2017")]))
    filters = {"year": ("2017",)}
    page = engine.search(Request("repas", filters, facets=("theme",), explain=False))
    assert {name: len(facet) for name, facet in page.facets.items() if facet} == {"theme": 1}
    assert set(page.facets) == set(FACETS)
    assert page.hits[0].reasons == ()
    assert engine.search(Request("repas", filters)).hits[0].reasons
    engine.close()


def test_nothing_waits_to_be_maintained(tmp_path: Path) -> None:
    """Each commit is whole, and nothing is learnt."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    engine = WhooshEngine(tmp_path, LANGUAGE)
    engine.catch_up(feed)
    assert not engine.needs_maintenance(feed)
    engine.maintain(feed)
    assert find(engine, "repas") == ["a"]
    engine.close()
