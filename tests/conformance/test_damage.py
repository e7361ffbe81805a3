"""An index that is missing, stale or damaged is made again, and the next search is right."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.engine import Document, SearchEngine
from indexer.language import Language
from tests.conformance.engines import find, make_document
from tests.fakes_feed import MemoryFeed

Open = Callable[..., SearchEngine]
Harm = Callable[[Path], object]


def _feed() -> MemoryFeed:
    return MemoryFeed(
        make_document(f"d{number}", "Un repas", f"entre bénévoles, le soir {number}", theme="lien")
        for number in range(8)
    )


def _assert_right(engine: SearchEngine) -> None:
    ids = [f"d{number}" for number in range(8)]
    assert find(engine, "repas") == find(engine, '"entre bénévoles"') == find(engine, "soi*") == ids
    assert find(engine, "", filters={"theme": ("lien",)}) == ids
    assert find(engine, "bénévolat ET 3") == ["d3"]


def _flip(path: Path, at: float) -> None:
    data = bytearray(path.read_bytes())
    data[min(int(len(data) * at), len(data) - 1)] ^= 0x10
    path.write_bytes(data)


HARMS: dict[str, Harm] = {
    "removed": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "flipped at the beginning": lambda path: _flip(path, 0),
    "flipped in the middle": lambda path: _flip(path, 0.5),
    "flipped at the end": lambda path: _flip(path, 1),
    "filled with noise": lambda path: path.write_bytes(bytes(range(256)) * 4),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_damaged_file_is_noticed_and_the_index_made_again(open_engine: Open, directory: Path, harm: Harm) -> None:
    """Whichever file it is, and whatever happened to it."""
    feed = _feed()
    engine = open_engine()
    engine.rebuild(feed)
    engine.close()
    whole = directory.with_name("whole")
    shutil.copytree(directory, whole)
    names = [path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and path.stat().st_size]
    assert names
    for name in names:
        shutil.rmtree(directory)
        shutil.copytree(whole, directory)
        harm(directory / name)
        engine = open_engine()
        engine.catch_up(feed)
        _assert_right(engine)
        engine.close()


def test_a_missing_directory_is_made(open_engine: Open, directory: Path) -> None:
    """At the first start, and after somebody removed it: every index is disposable."""
    feed = _feed()
    assert not directory.exists()
    for _ in range(2):
        engine = open_engine()
        assert engine.catch_up(feed) == feed.last_seq()
        _assert_right(engine)
        engine.close()
        shutil.rmtree(directory)


def test_an_index_made_with_other_words_is_stale(open_engine: Open) -> None:
    """Adding a family to the language makes the index again by itself."""
    feed = MemoryFeed([make_document("a", "Un festin")])
    engine = open_engine(Language.parse("un", "", ""))
    engine.catch_up(feed)
    assert find(engine, "repas") == []
    engine.close()
    engine = open_engine(Language.parse("un", "repas, festin", ""))
    engine.catch_up(feed)
    assert find(engine, "repas") == ["a"]


def test_an_index_ahead_of_the_feed_is_stale(open_engine: Open) -> None:
    """The database was restored from a backup: what came after it is no more."""
    feed = _feed()
    engine = open_engine()
    engine.rebuild(feed)
    engine.close()
    older = MemoryFeed([make_document("only", "Un repas")])
    engine = open_engine()
    assert engine.catch_up(older) == 1
    assert find(engine, "") == ["only"]
    assert engine.verify(older) == ()
    assert any("ahead" in notice for notice in engine.status().notices)


def test_an_index_ahead_of_the_feed_is_noticed_while_open(open_engine: Open) -> None:
    """The same, in a process that was running meanwhile."""
    engine = open_engine()
    engine.catch_up(_feed())
    assert engine.catch_up(MemoryFeed([make_document("only", "Un repas")])) == 1
    assert find(engine, "") == ["only"]


class _Failing(MemoryFeed):
    """A feed that fails half-way."""

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        seq, documents = super().snapshot()
        return seq, (self._fail() if document.id == "x" else document for document in documents)

    def _fail(self) -> Document:
        raise ConnectionError


def test_an_interrupted_rebuild_leaves_the_index_as_it_was(open_engine: Open) -> None:
    """A feed that fails half-way swaps nothing in, and keeps no lock."""
    feed = _feed()
    engine = open_engine()
    engine.catch_up(feed)
    with pytest.raises(ConnectionError):
        engine.rebuild(_Failing([make_document("w", "Une chose"), make_document("x", "Autre chose")]))
    _assert_right(engine)
    engine.close()
    engine = open_engine()
    engine.catch_up(feed)
    _assert_right(engine)
    engine.rebuild(feed)
    _assert_right(engine)


def test_verify_names_what_differs(open_engine: Open) -> None:
    """Missing, left over, or with another content; nothing when index and feed agree."""
    same = make_document("same", "Un repas")
    first = MemoryFeed([same, make_document("changed", "Un"), make_document("extra", "Deux")])
    other = MemoryFeed([same, make_document("changed", "Un", theme="lien"), make_document("missing", "Trois")])
    engine = open_engine()
    engine.catch_up(first)
    assert engine.verify(first) == ()
    assert engine.verify(other) == ("changed", "extra", "missing")


def test_status_tells_what_is_in_the_index(open_engine: Open, engine_name: str, directory: Path) -> None:
    """Enough for an operator to see that it follows."""
    feed = _feed()
    engine = open_engine()
    engine.rebuild(feed)
    feed.remove("d0")
    engine.catch_up(feed)
    status = engine.status()
    assert (status.engine, status.seq, status.documents) == (engine_name, feed.last_seq(), 7)
    assert status.terms > 0
    assert status.size_bytes > 0
    assert status.path == str(directory)


def test_folders_do_not_pile_up(open_engine: Open, directory: Path) -> None:
    """A rebuild removes what it replaces, at the latest when the next one does."""
    feed = _feed()
    engine = open_engine()
    engine.rebuild(feed)
    needed = len([path for path in directory.iterdir() if path.is_dir()])
    for _ in range(4):
        engine.rebuild(feed)
    assert len([path for path in directory.iterdir() if path.is_dir()]) <= 2 * needed
