"""The default engine when the disk is full, closed, or changes under it: it answers, and tells."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import maintenance
from indexer.embedded import EmbeddedEngine
from tests.conformance.engines import LANGUAGE, find, make_document
from tests.fakes_feed import MemoryFeed


def make_feed(count: int = 8) -> MemoryFeed:
    """Meals."""
    return MemoryFeed(make_document(f"d{number}", "Un repas", f"le soir {number}") for number in range(count))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    """An engine over a folder to be made."""
    made = EmbeddedEngine(tmp_path / "index", LANGUAGE)
    yield made
    made.close()


def told(engine: EmbeddedEngine) -> set[str]:
    """The codes of its notices that are about files."""
    codes = {notice.partition(":")[0] for notice in engine.status().notices}
    return codes & {"unwritable", "damaged", "rebuilt"}


def names_in(directory: Path) -> set[str]:
    """What there is."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}


def fill_disk(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let some arrays be written before the disk is full."""
    left = [after]
    reserve = os.posix_fallocate

    def full(descriptor: int, start: int, size: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        reserve(descriptor, start, size)

    monkeypatch.setattr(os, "posix_fallocate", full)


@pytest.mark.parametrize("after", [0, 5, 40])
def test_on_a_full_disk_it_answers_from_memory_and_tells(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whenever it is full; nothing is left behind, however often it is tried; with room again, all is well again."""
    feed = make_feed()
    with monkeypatch.context() as patch:
        fill_disk(patch, after)
        for number in range(3):
            feed.put(make_document(f"new{number}", "Un repas"))
            engine.rebuild(feed)
            engine.maintain(feed)
            assert len(find(engine, "repas")) == 9 + number
            fill_disk(patch, after)
        assert "unwritable" in told(engine)
        assert not [name for name in names_in(tmp_path / "index") if name.startswith("new-")]
        assert len(names_in(tmp_path / "index")) <= 12
    engine.rebuild(feed)
    assert told(engine) <= {"rebuilt"}
    assert engine.verify(feed) == ()


def test_a_full_disk_takes_nothing_from_an_index_that_is_there(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tail stays in memory; the files are as they were."""
    feed = make_feed()
    engine.rebuild(feed)
    before = names_in(tmp_path / "index")
    fill_disk(monkeypatch, 3)
    monkeypatch.setattr(maintenance, "MAX_BEHIND", 5)
    for number in range(12):
        feed.put(make_document(f"new{number}", "Un repas"))
    engine.catch_up(feed)
    engine.maintain(feed)
    assert len(find(engine, "repas")) == 20
    assert told(engine) == {"unwritable"}
    assert names_in(tmp_path / "index") == before


def test_where_nothing_can_be_written_it_answers_from_memory(tmp_path: Path) -> None:
    """A file stands where the folder should be: the same errors as a folder that is read-only, even for root."""
    (tmp_path / "index").write_text("a file")
    feed = make_feed()
    engine = EmbeddedEngine(tmp_path / "index", LANGUAGE)
    engine.catch_up(feed)
    feed.put(make_document("new", "Un repas"))
    assert engine.poll(feed)
    engine.maintain(feed)
    assert len(find(engine, "repas")) == 9
    assert told(engine) == {"unwritable"}
    assert engine.verify(feed) == ()
    engine.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes to read-only folders")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    """It answers from memory."""
    directory = tmp_path / "index"
    directory.mkdir()
    directory.chmod(0o500)
    engine = EmbeddedEngine(directory, LANGUAGE)
    engine.catch_up(make_feed())
    assert len(find(engine, "repas")) == 8
    assert told(engine) == {"unwritable"}
    engine.close()


def test_verify_finds_files_damaged_since_they_were_mapped(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """All documents of a damaged segment differ, others do not; a rebuild puts it right."""
    feed = make_feed()
    engine.rebuild(feed)
    feed.put(make_document("new", "Un repas"))
    engine.catch_up(feed)
    (path,) = (tmp_path / "index").glob("s*/arrays.bin")
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    assert engine.verify(feed) == tuple(f"d{number}" for number in range(8))
    assert f"damaged: {path.parent.name}" in engine.status().notices
    engine.rebuild(feed)
    assert engine.verify(feed) == ()
    assert told(engine) == {"rebuilt"}


@pytest.mark.parametrize("name", ["CURRENT", "g*.json", "m*/arrays.bin", "m*/manifest.json", "s*/manifest.json"])
def test_verify_finds_files_that_went(engine: EmbeddedEngine, tmp_path: Path, name: str) -> None:
    """What all documents rely on makes all of them differ; upkeep writes the index again."""
    feed = make_feed()
    engine.rebuild(feed)
    (path,) = (tmp_path / "index").glob(name)
    path.unlink()
    assert len(engine.verify(feed)) == 8
    assert "damaged" in told(engine)
    engine.rebuild(feed)
    assert engine.verify(feed) == ()


def test_a_merge_carries_no_damage_into_a_new_file(
    engine: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was damaged since it was mapped would have had a right checksum from then on."""
    monkeypatch.setattr(maintenance, "MAX_BEHIND", 5)
    feed = make_feed(20)
    engine.rebuild(feed)
    (path,) = (tmp_path / "index").glob("s*/arrays.bin")
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    for number in range(7):
        feed.put(make_document(f"new{number}", "Un repas"))
    engine.maintain(feed)
    assert told(engine) == {"rebuilt"}
    assert engine.verify(feed) == ()
    assert len(find(engine, "repas")) == 27
