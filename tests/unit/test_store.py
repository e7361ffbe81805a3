"""A generation is replaced at once, read whole, and what none names is removed."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from indexer import bundle, store
from indexer.bundle import DamagedError
from indexer.store import Generation, PartName

DEAD = np.array([0, 3, 70_000], dtype=np.int32)


def make_folder(directory: Path, kind: str) -> str:
    """A folder that nobody has mapped; its name."""
    with bundle.write(directory, kind, {}, {"numbers": np.arange(3)}, {}) as found:
        return found.name


def make_generation(directory: Path, seq: int = 7) -> Generation:
    """One of two segments, in use."""
    parts = (
        PartName(make_folder(directory, "s"), make_folder(directory, "d"), DEAD),
        PartName(make_folder(directory, "s")),
    )
    with bundle.alone(directory, "writer"):
        return store.replace(directory, Generation("", seq, make_folder(directory, "m"), parts), "print")


def names_in(directory: Path) -> set[str]:
    """What is there, but for locks."""
    return {path.name for path in directory.iterdir() if path.suffix != ".lock"}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """The number, the model, the segments in order with their vectors and dead documents."""
    written = make_generation(tmp_path, 42)
    found = store.current(tmp_path, "print")
    assert (found.name, found.seq, found.model) == (written.name, 42, written.model)
    assert [(part.segment, part.dense) for part in found.parts] == [(one.segment, one.dense) for one in written.parts]
    np.testing.assert_array_equal(found.parts[0].dead, DEAD)
    assert len(found.parts[1].dead) == 0


def test_an_index_that_never_was_is_missing(tmp_path: Path) -> None:
    """Nobody lost anything: there is nothing to tell."""
    for directory in (tmp_path, tmp_path / "none"):
        assert store.current_name(directory) is None
        with pytest.raises(DamagedError, match="missing"):
            store.current(directory, "print")


def test_other_words_make_it_stale(tmp_path: Path) -> None:
    """Terms of another analyser are of no use."""
    make_generation(tmp_path)
    with pytest.raises(DamagedError, match="stale"):
        store.current(tmp_path, "other")


@pytest.mark.parametrize("which", ["CURRENT", "generation"])
def test_any_damage_is_seen(tmp_path: Path, which: str) -> None:
    """Each byte of CURRENT, one in three of the other changed in several ways; cut anywhere, emptied, removed."""
    name = make_generation(tmp_path).name
    path = tmp_path / ("CURRENT" if which == "CURRENT" else f"{name}.json")
    content = path.read_bytes()
    step = 1 if which == "CURRENT" else 3
    places = [(at, byte) for at in range(0, len(content), step) for byte in (0, 47, 200)]
    harmed = [content[:at] + bytes([byte]) + content[at + 1 :] for at, byte in places]
    harmed += [content[:at] for at in range(0, len(content), step)]
    for one in (*harmed, None):
        if one is None:
            path.unlink()
        else:
            path.write_bytes(one)
        if one is not None and one.strip() == content:
            continue
        with pytest.raises(DamagedError, match="damaged"):
            store.current(tmp_path, "print")
    path.write_bytes(content)
    assert store.current(tmp_path, "print").seq == 7


def test_a_whole_file_may_lie(tmp_path: Path) -> None:
    """One whose checksum is right and whose content is not is damage too."""
    path = tmp_path / f"{make_generation(tmp_path).name}.json"
    right = bundle.read_checked(path)
    lies: tuple[dict[str, object], ...] = (
        {"parts": [{"segment": "s"}]},
        {"parts": 3},
        {"seq": "x"},
        {"fields": 1},
        {"parts": [{"segment": "s", "dense": "", "dead": "?"}]},
        {"parts": [{"segment": "s", "dense": "", "dead": "AA=="}]},
    )
    for lie in lies:
        bundle.write_checked(path, right | lie)
        with pytest.raises(DamagedError, match="damaged"):
            store.current(tmp_path, "print")


def test_the_generation_before_goes_with_what_only_it_needed(tmp_path: Path) -> None:
    """What both need stays."""
    first = make_generation(tmp_path)
    kept = first.parts[1]
    with bundle.alone(tmp_path, "writer"):
        second = store.replace(tmp_path, Generation("", 8, first.model, (kept,)), "print")
    assert names_in(tmp_path) == {"CURRENT", f"{second.name}.json", first.model, kept.segment}


def test_what_a_killed_writer_left_goes(tmp_path: Path) -> None:
    """Drafts, generations that were never used, folders that none names."""
    generation = make_generation(tmp_path)
    whole = names_in(tmp_path)
    make_folder(tmp_path, "s")
    for name in ("CURRENT.new", "CURRENT.12.new", "g000900-abcdef.json", "g000901-abcdef.json.12.new"):
        (tmp_path / name).write_text("x")
    store.clean(tmp_path)
    assert names_in(tmp_path) == whole
    assert store.current(tmp_path, "print").name == generation.name


@pytest.mark.parametrize("damage", ["CURRENT removed", "CURRENT unreadable", "generation damaged"])
def test_what_an_unreadable_generation_needed_goes(tmp_path: Path, damage: str) -> None:
    """All is to be written again, and there must be room for it; but for what somebody has mapped."""
    generation = make_generation(tmp_path)
    mapped = bundle.read(tmp_path, generation.model)
    if damage == "CURRENT removed":
        (tmp_path / "CURRENT").unlink()
    elif damage == "CURRENT unreadable":
        (tmp_path / "CURRENT").write_bytes(b"\0")
    else:
        (tmp_path / f"{generation.name}.json").write_bytes(b"")
    store.clean(tmp_path)
    assert names_in(tmp_path) - {"CURRENT"} == {mapped.name}
    mapped.close()


def test_nothing_is_cleaned_while_somebody_writes(tmp_path: Path) -> None:
    """What is about to be named is not removed, and nobody waits."""
    make_generation(tmp_path)
    (tmp_path / "g000900-abcdef.json").write_text("x")
    with bundle.alone(tmp_path, "writer"):
        store.clean(tmp_path)
        assert (tmp_path / "g000900-abcdef.json").exists()
    store.clean(tmp_path)
    assert not (tmp_path / "g000900-abcdef.json").exists()


def test_a_reader_never_sees_a_generation_half_replaced(tmp_path: Path) -> None:
    """While another replaces it as fast as it can, removing the one before: it looks again, and finds a whole one."""
    model = make_folder(tmp_path, "m")
    problems: list[object] = []
    done = threading.Event()

    def write() -> None:
        for seq in range(60):
            with bundle.alone(tmp_path, "writer"):
                store.replace(tmp_path, Generation("", seq, model, ()), "print")
        done.set()

    with bundle.alone(tmp_path, "writer"):
        store.replace(tmp_path, Generation("", 0, model, ()), "print")
    writer = threading.Thread(target=write)
    writer.start()
    before = 0
    while not done.is_set():
        try:
            seq = store.current(tmp_path, "print").seq
        except DamagedError as error:
            problems.append(error)
        else:
            if seq < before:
                problems.append((before, seq))
            before = seq
    writer.join()
    assert problems == []
    assert store.current(tmp_path, "print").seq == 59
