"""A folder of arrays is read back as it was written, or not at all; it goes when nobody needs it, and not before."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import bundle
from indexer.bundle import Bundle, DamagedError, Writer
from indexer.texts import Texts

ROOT = Path(__file__).parents[2]
ARRAYS: dict[str, NDArray[Any]] = {
    "numbers": np.arange(50, dtype=np.int32).reshape(10, 5),
    "nothing": np.zeros(0, dtype=np.float32),
    "bytes": np.array([1, 2, 3], dtype=np.uint8),
}
TEXTS = {"words": Texts.of(["été", "", "hiver"]), "none": Texts.of(())}
META = {"documents": 10, "name": "œuvre"}


def make_bundle(directory: Path, kind: str = "s") -> Bundle:
    """A small one."""
    return bundle.write(directory, kind, META, ARRAYS, TEXTS)


def assert_same(found: Bundle) -> None:
    """It holds what ``make_bundle`` wrote, and nothing can be written to it."""
    assert found.meta == META
    assert found.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
        assert not found.arrays[name].flags.writeable
    assert {name: list(texts) for name, texts in found.texts.items()} == {name: list(t) for name, t in TEXTS.items()}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Arrays with their types and shapes, texts, and what was said beside them."""
    with make_bundle(tmp_path) as written:
        assert_same(written)
        with bundle.read(tmp_path, written.name) as found:
            assert_same(found)
            assert found.size_bytes == sum(
                path.stat().st_size for path in (tmp_path / written.name).iterdir() if path.name != "lock"
            )


def test_arrays_outlive_their_folder(tmp_path: Path) -> None:
    """A search that began before the folder was let go and removed ends as it began."""
    found = make_bundle(tmp_path)
    found.close()
    bundle.remove_unused(tmp_path, frozenset())
    assert list(tmp_path.iterdir()) == []
    assert_same(found)


def test_a_folder_without_arrays_is_one(tmp_path: Path) -> None:
    """No file can be mapped that is empty."""
    with bundle.write(tmp_path, "s", {}, {}, {}) as written, bundle.read(tmp_path, written.name) as found:
        assert (found.arrays, found.texts, found.meta) == ({}, {}, {})


def test_another_version_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrays that mean something else are of no use, whole or not."""
    with make_bundle(tmp_path) as found:
        name = found.name
    monkeypatch.setattr(bundle, "FORMAT_VERSION", bundle.FORMAT_VERSION + 1)
    with pytest.raises(DamagedError, match="stale"):
        bundle.read(tmp_path, name)


@pytest.mark.parametrize("name", ["manifest.json", "arrays.bin", "lock"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "longer"])
def test_a_file_gone_cut_or_longer_is_seen(tmp_path: Path, name: str, damage: str) -> None:
    """Whichever; but for what the lock holds, which is nothing."""
    with make_bundle(tmp_path) as found:
        path = tmp_path / found.name / name
    if damage == "missing":
        path.unlink()
    elif name == "lock":
        return
    else:
        path.write_bytes({"empty": b"", "cut": path.read_bytes()[:-1], "longer": path.read_bytes() + b"\0"}[damage])
    with pytest.raises(DamagedError):
        bundle.read(tmp_path, found.name)


@pytest.mark.parametrize("name", ["manifest.json", "arrays.bin"])
def test_any_byte_flipped_is_seen(tmp_path: Path, name: str) -> None:
    """Each byte of each file; padding between arrays is no data."""
    with make_bundle(tmp_path) as found:
        path = tmp_path / found.name / name
    content = path.read_bytes()
    padding = 0
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
        try:
            with bundle.read(tmp_path, found.name) as again:
                assert_same(again)
            padding += 1
        except DamagedError:
            pass
    assert padding <= (0 if name == "manifest.json" else 64 * (len(ARRAYS) + 2 * len(TEXTS)))


@pytest.mark.parametrize(
    "content",
    [b"", b"00000000\n", b"\xff\xfe", b"00000000\n[]", b"2144df1c\n0", b"no checksum"],
    ids=["empty", "checksum of nothing", "no text", "wrong checksum", "number", "words"],
)
def test_a_manifest_that_is_none_is_damage(tmp_path: Path, content: bytes) -> None:
    """Whatever is there instead, the reader is told, and nothing else is raised."""
    with make_bundle(tmp_path) as found:
        (tmp_path / found.name / "manifest.json").write_bytes(content)
        with pytest.raises(DamagedError):
            bundle.read(tmp_path, found.name)


def test_a_whole_manifest_may_lie(tmp_path: Path) -> None:
    """One whose checksum is right and whose entries are not is damage too."""
    with make_bundle(tmp_path) as found:
        path = tmp_path / found.name / "manifest.json"
        right = bundle.read_checked(path)
        lies: tuple[dict[str, object], ...] = (
            {"entries": []},
            {"entries": {"numbers": {**right["entries"]["numbers"], "shape": [11, 5]}}},
            {"entries": {"numbers": {**right["entries"]["numbers"], "dtype": "?!"}}},
            {"entries": {"numbers": {**right["entries"]["numbers"], "at": 1 << 70}}},
            {"texts": ["others"]},
            {"bytes": -1},
        )
        for lie in lies:
            bundle.write_checked(path, right | lie)
            with pytest.raises(DamagedError):
                bundle.read(tmp_path, found.name)


def test_threads_that_write_at_once_get_names_of_their_own(tmp_path: Path) -> None:
    """Nobody's folder takes the place of another's."""
    names: list[str] = []

    def write() -> None:
        for _ in range(10):
            with make_bundle(tmp_path) as found:
                names.append(found.name)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 40 == len(list(tmp_path.iterdir()))


def test_a_name_is_never_given_again(tmp_path: Path) -> None:
    """Not even when all was removed: a process that runs may know the old folder by it."""
    names = set()
    for _ in range(5):
        with make_bundle(tmp_path) as found:
            names.add(found.name)
        bundle.remove_unused(tmp_path, frozenset())
    assert len(names) == 5


def test_a_folder_is_removed_when_nobody_needs_it(tmp_path: Path) -> None:
    """Neither the index, nor who reads it, nor who has just written it."""
    needed, read, written = (make_bundle(tmp_path) for _ in range(3))
    needed.close()
    with bundle.read(tmp_path, read.name) as reader:
        read.close()
        bundle.remove_unused(tmp_path, frozenset([needed.name]))
        assert {path.name for path in tmp_path.iterdir()} == {needed.name, reader.name, written.name}
    written.close()
    bundle.remove_unused(tmp_path, frozenset([needed.name]))
    assert [path.name for path in tmp_path.iterdir()] == [needed.name]


def test_a_folder_that_another_process_has_mapped_is_kept(tmp_path: Path) -> None:
    """Until that process ends, however it ends."""
    with make_bundle(tmp_path) as found:
        name = found.name
    code = (
        "import sys; from pathlib import Path; from indexer import bundle; "
        f"found = bundle.read(Path({str(tmp_path)!r}), {name!r}); print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603  (our own code)
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        bundle.remove_unused(tmp_path, frozenset())
        assert (tmp_path / name).is_dir()
        reader.kill()
    bundle.remove_unused(tmp_path, frozenset())
    assert not (tmp_path / name).exists()


def test_what_is_no_folder_of_ours_is_left_alone(tmp_path: Path) -> None:
    """Somebody's notes beside the index are not for us to remove."""
    for name in ("notes", "s12", "sauvegarde", "x000001.old"):
        (tmp_path / name).mkdir()
    (tmp_path / "s000001").write_text("a file")
    bundle.remove_unused(tmp_path, frozenset())
    assert len(list(tmp_path.iterdir())) == 5


def test_an_unfinished_folder_is_removed_once_nobody_writes_it(tmp_path: Path) -> None:
    """While it is being written it stays; left behind by a killed process, it goes."""
    with Writer(tmp_path, "s") as writer:
        writer.put("numbers", ARRAYS["numbers"])
        bundle.remove_unused(tmp_path, frozenset())
        name = writer.finish({})
    bundle.read(tmp_path, name).close()
    left = tmp_path / "new-s-1-2"
    left.mkdir()
    (left / "lock").touch()
    bundle.remove_unused(tmp_path, frozenset([name]))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_left_before_it_had_a_lock_goes_later(tmp_path: Path) -> None:
    """Somebody may be about to make the lock: an hour is long enough to be sure."""
    left = tmp_path / "new-s-1-2"
    left.mkdir()
    bundle.remove_unused(tmp_path, frozenset())
    assert left.is_dir()
    os.utime(left, (0, 0))
    bundle.remove_unused(tmp_path, frozenset())
    assert not left.exists()


def test_a_finished_folder_without_its_lock_goes_at_once(tmp_path: Path) -> None:
    """It is damaged, and nobody is about to make the lock."""
    with make_bundle(tmp_path) as found:
        (tmp_path / found.name / "lock").unlink()
    bundle.remove_unused(tmp_path, frozenset())
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """At any moment before its end."""

    def write() -> None:
        with Writer(tmp_path, "s") as writer:
            writer.put("numbers", ARRAYS["numbers"])
            raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        write()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["posix_fallocate", "fsync"])
def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Whether there is no room for an array, or what was written cannot be flushed."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        make_bundle(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_room_is_made_where_the_system_cannot_reserve_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By writing zeros; what is written is the same."""

    def unsupported(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", unsupported)
    with make_bundle(tmp_path) as found:
        assert_same(found)


def test_a_directory_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    """An error of the disk, which whoever writes expects."""
    directory = tmp_path / "index"
    directory.write_text("a file")
    with pytest.raises(OSError, match="Not a directory"):
        make_bundle(directory)


def test_a_checked_file_is_replaced_at_once_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the new one cannot be flushed, the old one is still there, and nothing else."""
    path = tmp_path / "some.json"
    bundle.write_checked(path, {"a": 1})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            bundle.write_checked(path, {"a": 2})
    assert bundle.read_checked(path) == {"a": 1}
    assert [one.name for one in tmp_path.iterdir()] == ["some.json"]


def _tried(directory: Path) -> bool:
    with bundle.alone(directory, "writer", wait=False) as mine:
        return mine


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """Threads of one process, and different locks, do not mix."""
    with bundle.alone(tmp_path / "new", "writer"):
        assert not _tried(tmp_path / "new")
        with bundle.alone(tmp_path / "new", "merger", wait=False) as other:
            assert other
    assert _tried(tmp_path / "new")


def test_a_lock_is_let_go_by_an_error(tmp_path: Path) -> None:
    """Whatever happened under it."""
    with pytest.raises(ValueError, match="inside"), bundle.alone(tmp_path, "writer"):
        raise ValueError("inside")
    assert _tried(tmp_path)


def _in_thread(task: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=task)
    thread.start()
    return thread


def test_who_waits_for_a_lock_gets_it(tmp_path: Path) -> None:
    """One after the other, none at the same time."""
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(20):
            with bundle.alone(tmp_path, "writer"):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    for thread in [_in_thread(work) for _ in range(4)]:
        thread.join()
    assert most == [1]
