"""Following at the speed of a search, and doing apart what can wait."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from indexer.engine import SearchEngine
from tests.conformance.engines import find, make_document
from tests.fakes_feed import MemoryFeed

Open = Callable[..., SearchEngine]
LONGEST_S = 30.0


def _feed(count: int = 5) -> MemoryFeed:
    return MemoryFeed(make_document(f"d{number}", "Un repas", f"le soir {number}") for number in range(count))


def _polled(engine: SearchEngine, feed: MemoryFeed) -> bool:
    """Whether the engine answers for the last change in the end."""
    end = time.monotonic() + LONGEST_S
    while not engine.poll(feed):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_small_steps_are_followed_at_once(open_engine: Open) -> None:
    """The search that comes after a change finds it."""
    feed = _feed()
    engine = open_engine()
    engine.catch_up(feed)
    for number in range(5, 12):
        feed.put(make_document(f"d{number}", "Un repas"))
        assert engine.poll(feed)
        assert len(find(engine, "repas")) == number + 1
    feed.remove("d0")
    assert engine.poll(feed)
    assert len(find(engine, "repas")) == 11


def test_what_is_to_be_made_is_made_while_somebody_else_answers(open_engine: Open, directory: Path) -> None:
    """At the first start, and when the folder went while nothing ran: in the end it answers right."""
    feed = _feed()
    for _ in range(2):
        engine = open_engine()
        assert _polled(engine, feed)
        assert len(find(engine, "repas")) == 5
        engine.close()
        shutil.rmtree(directory)


def test_a_folder_removed_under_an_open_engine_is_made_again(open_engine: Open, directory: Path) -> None:
    """It goes on answering; after its upkeep, another that opens the folder finds it whole."""
    feed = _feed()
    engine = open_engine()
    engine.catch_up(feed)
    shutil.rmtree(directory)
    feed.put(make_document("new", "Un repas"))
    assert _polled(engine, feed)
    engine.maintain(feed)
    assert len(find(engine, "repas")) == 6
    other = open_engine()
    assert _polled(other, feed)
    assert len(find(other, "repas")) == 6
    assert other.verify(feed) == ()


def test_damage_met_while_polling_is_told(open_engine: Open, directory: Path) -> None:
    """The index is made again, the operator is told, nothing is raised; a process that opens it later has no news."""
    feed = _feed()
    engine = open_engine()
    engine.rebuild(feed)
    engine.close()
    path = max((path for path in directory.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes()[:-1])
    engine = open_engine()
    assert _polled(engine, feed)
    assert len(find(engine, "repas")) == 5
    assert any("damaged" in notice for notice in engine.status().notices)
    later = open_engine()
    later.catch_up(feed)
    assert not any("damaged" in notice for notice in later.status().notices)


def test_upkeep_ends(open_engine: Open) -> None:
    """After it nothing is left to do, and every search is as before."""
    feed = _feed()
    engine = open_engine()
    engine.catch_up(feed)
    for number in range(150):
        feed.put(make_document(f"n{number % 40}", "Un repas", f"numéro {number}"))
        if number % 10 == 9:
            engine.poll(feed)
    before = find(engine, "repas"), find(engine, "149")
    engine.maintain(feed)
    assert not engine.needs_maintenance(feed)
    assert (find(engine, "repas"), find(engine, "149")) == before
    assert engine.verify(feed) == ()


def test_upkeep_may_come_first(open_engine: Open) -> None:
    """Before there is any index: the first search is right all the same."""
    feed = _feed()
    engine = open_engine()
    engine.maintain(feed)
    assert _polled(engine, feed)
    assert len(find(engine, "repas")) == 5
    assert not engine.needs_maintenance(feed)
