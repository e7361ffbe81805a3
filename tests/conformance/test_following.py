"""Following the feed: what is added, changed or removed is seen by the next search, of every process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from indexer.engine import PeersRequest, Request, SearchEngine
from tests.conformance.engines import find, make_document
from tests.fakes_feed import MemoryFeed

Open = Callable[..., SearchEngine]
ROOT = Path(__file__).parents[2]


def test_what_is_added_changed_or_removed_is_seen_by_the_next_search(open_engine: Open) -> None:
    """And by nothing before."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    engine = open_engine()
    assert engine.catch_up(feed) == 1
    feed.put(make_document("b", "Un jardin partagé"))
    assert find(engine, "jardin", exact=True) == []
    assert engine.catch_up(feed) == 2
    assert find(engine, "jardin") == ["b"]
    feed.put(make_document("b", "Une maraude", theme="rue"))
    engine.catch_up(feed)
    assert find(engine, "jardin", exact=True) == []
    assert find(engine, "maraude") == find(engine, "", filters={"theme": ("rue",)}) == ["b"]
    feed.remove("b")
    assert engine.catch_up(feed) == 4
    assert find(engine, "maraude", exact=True) == []
    assert find(engine, "") == ["a"]


def test_a_removed_word_is_unknown_again(open_engine: Open) -> None:
    """Not completed, not corrected to, not counted: nothing of a removed document is left in what a user sees."""
    feed = MemoryFeed([make_document("a", "Un repas"), make_document("b", "Confidentiel", theme="secret")])
    engine = open_engine()
    engine.catch_up(feed)
    assert engine.complete("conf") == ("confidentiel",)
    feed.remove("b")
    engine.catch_up(feed)
    page = engine.search(Request("confidentiel"))
    assert page.understanding.dropped == ("confidentiel",)
    assert page.facets["theme"] == ()
    assert engine.complete("conf") == ()
    assert find(engine, "confidentel") == find(engine, "conf*") == find(engine, "confidentiel~") == []
    assert find(engine, "SAUF repas") == []
    assert engine.related("b") == ()
    assert engine.peers(PeersRequest(document="b")).groups == {"solved": (), "same": ()}


def test_many_changes_at_once_and_one_by_one_come_to_the_same(open_engine: Open) -> None:
    """Whether it follows each change, all of them together, or writes itself again, an engine finds the same."""
    feed = MemoryFeed()
    engine = open_engine()
    words = ("repas", "visite", "accueil", "jardin")
    for number in range(40):
        feed.put(make_document(f"d{number % 25:02}", words[number % 4], f"corps {words[number % 3]}", day=number + 1))
        if number % 6 == 5:
            feed.remove(f"d{number % 25 - 3:02}")
        if number % 3:
            engine.catch_up(feed)
    engine.catch_up(feed)
    queries = ("", "repas", "visite ET accueil", "SAUF jardin", '"corps repas"', "titre:acc*", "jadrin~")

    def seen() -> list[tuple[int, object, set[str]]]:
        pages = [engine.search(Request(query, limit=100)) for query in queries]
        return [(page.total, page.facets, {hit.id for hit in page.hits}) for page in pages]

    followed = seen()
    assert engine.verify(feed) == ()
    engine.rebuild(feed)
    assert followed == seen()


def test_a_document_changed_twice_between_two_searches_counts_once(open_engine: Open) -> None:
    """The feed gives one update an id; removing what is not there is nothing."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    engine = open_engine()
    engine.catch_up(feed)
    for title in ("Une visite", "Un accueil"):
        feed.put(make_document("b", title))
    feed.remove("never-there")
    engine.catch_up(feed)
    assert engine.search(Request("")).total == 2
    assert find(engine, "accueil") == ["b"]


def test_everything_can_go_and_come_back(open_engine: Open) -> None:
    """An index emptied is an empty index."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    engine = open_engine()
    engine.catch_up(feed)
    feed.remove("a")
    engine.catch_up(feed)
    assert engine.search(Request("")).total == 0
    feed.put(make_document("a", "Un autre repas"))
    engine.catch_up(feed)
    assert find(engine, "repas") == ["a"]


def test_an_engine_opened_later_knows_it_all(open_engine: Open) -> None:
    """Over the same directory, whoever wrote it."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    first = open_engine()
    first.catch_up(feed)
    feed.put(make_document("b", "Un repas"))
    first.catch_up(feed)
    first.close()
    second = open_engine()
    assert second.catch_up(feed) == 2
    assert find(second, "repas") == ["a", "b"]


def test_two_engines_over_one_directory_follow_one_another(open_engine: Open) -> None:
    """Each catches up with the feed, whoever wrote last."""
    feed = MemoryFeed([make_document("a", "Un repas")])
    first, second = open_engine(), open_engine()
    first.catch_up(feed)
    second.catch_up(feed)
    for number in range(6):
        feed.put(make_document(f"d{number}", "Un repas"))
        writer, reader = (first, second) if number % 2 else (second, first)
        assert writer.catch_up(feed) == reader.catch_up(feed) == number + 2
        assert find(writer, "repas") == find(reader, "repas")
    first.rebuild(feed)
    second.catch_up(feed)
    assert len(find(second, "repas")) == 7


def test_another_process_sees_the_feed_and_is_seen(open_engine: Open, engine_name: str, directory: Path) -> None:
    """Processes share a directory, not a memory."""
    feed = MemoryFeed([make_document("a", "Un repas"), make_document("b", "Un repas")])
    engine = open_engine()
    engine.catch_up(feed)
    changes = [("a", "Un repas"), ("b", "Un repas"), ("c", "Un repas"), ("a", None)]
    assert _elsewhere(engine_name, directory, changes, "repas") == ["b", "c"]
    feed.put(make_document("c", "Un repas"))
    feed.remove("a")
    engine.catch_up(feed)
    assert find(engine, "repas") == ["b", "c"]


def _elsewhere(engine_name: str, directory: Path, changes: list[tuple[str, str | None]], query: str) -> list[str]:
    task = {"engine": engine_name, "directory": str(directory), "changes": changes, "query": query}
    command = [sys.executable, "-m", "tests.conformance.other_process"]
    done = subprocess.run(  # noqa: S603  # our own module
        command, input=json.dumps(task), capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def test_threads_search_while_another_catches_up(open_engine: Open) -> None:
    """Each page is of one moment: its total, hits and facets agree, and time only goes forward."""
    feed = MemoryFeed(make_document(f"a{number:02}", "Un repas", "entre bénévoles") for number in range(10))
    engine = open_engine()
    engine.catch_up(feed)
    problems: list[object] = []
    done = threading.Event()

    def search() -> None:
        before = 0
        try:
            while not done.is_set():
                page = engine.search(Request("repas ET bénévoles", limit=100))
                counted = sum(facet.count for facet in page.facets["kind"])
                if not before <= page.total == len(page.hits) == counted:
                    problems.append((before, page.total, len(page.hits), counted))
                before = page.total
                engine.related("a00")
                engine.complete("béné")
        except Exception as error:  # whatever it is, the test must say it
            problems.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        feed.put(make_document(f"b{number:02}", "Un repas", "entre bénévoles"))
        engine.catch_up(feed)
    engine.rebuild(feed)
    done.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert engine.search(Request("repas")).total == 22


def test_threads_that_catch_up_together_apply_each_change_once(open_engine: Open) -> None:
    """Several requests find the journal ahead at the same time."""
    feed = MemoryFeed(make_document(f"a{number}", "Un repas") for number in range(5))
    engine = open_engine()
    problems: list[object] = []

    def follow() -> None:
        try:
            if engine.catch_up(feed) != feed.last_seq() or engine.search(Request("")).total != 5:
                problems.append("behind")
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=follow) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
