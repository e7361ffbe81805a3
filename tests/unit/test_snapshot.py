"""What is on disk is read back as it was written, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer import snapshot
from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.language import Language
from tests.conformance.engines import make_document


def make_snapshot(directory: Path) -> Path:
    """A snapshot of three documents; its folder."""
    builder = Builder(Analyser(Language()))
    for number, text in enumerate(("un repas partagé", "un jardin", "le repas du soir")):
        builder.add(make_document(f"d{number}", text.title(), text, theme="lien"))
    segment, model = builder.build()
    with snapshot.writing(directory):
        return snapshot.write(directory, segment, model, 7, "print")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Arrays, texts, model and number."""
    builder = Builder(Analyser(Language()))
    builder.add(make_document("a", "Été", "un été"))
    segment, model = builder.build()
    with snapshot.writing(tmp_path):
        snapshot.write(tmp_path, segment, model, 42, "print")
    found = snapshot.read(tmp_path, "print")
    assert (found.seq, found.model.documents, found.model.norm) == (42, 1, model.norm)
    assert found.model.frequencies == model.frequencies
    assert (list(found.segment.terms), list(found.segment.ids)) == (list(segment.terms), list(segment.ids))
    for name, array in segment.arrays.items():
        np.testing.assert_array_equal(found.segment.arrays[name], array)
    found.close()


def test_another_analyser_makes_it_stale(tmp_path: Path) -> None:
    """Terms of other words are of no use."""
    make_snapshot(tmp_path)
    with pytest.raises(snapshot.DamagedSnapshotError, match="stale"):
        snapshot.read(tmp_path, "other")


@pytest.mark.parametrize("name", ["manifest.json", "arrays.bin", "texts.bin", "lock"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated"])
def test_a_file_gone_or_cut_is_seen(tmp_path: Path, name: str, damage: str) -> None:
    """Whatever the file; but for the lock, which holds nothing."""
    path = make_snapshot(tmp_path) / name
    if name == "lock" and damage != "missing":
        return
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: 0 if damage == "empty" else -3])
    with pytest.raises(snapshot.DamagedSnapshotError):
        snapshot.read(tmp_path, "print")


def test_any_byte_flipped_is_seen(tmp_path: Path) -> None:
    """Each byte of the manifest and the texts, and one in seven of the arrays; padding between arrays is no data."""
    folder = make_snapshot(tmp_path)
    found = snapshot.read(tmp_path, "print")
    whole = {name: array.tobytes() for name, array in found.segment.arrays.items()}
    found.close()
    for name, step in (("manifest.json", 1), ("texts.bin", 1), ("arrays.bin", 7)):
        path = folder / name
        content = path.read_bytes()
        for at in range(0, len(content), step):
            path.write_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
            try:
                again = snapshot.read(tmp_path, "print")
            except snapshot.DamagedSnapshotError:
                continue
            assert {n: a.tobytes() for n, a in again.segment.arrays.items()} == whole, (name, at)
            again.close()
        path.write_bytes(content)


def test_a_reader_keeps_its_folder(tmp_path: Path) -> None:
    """An old folder goes when nobody reads it any more."""
    first = make_snapshot(tmp_path)
    reader = snapshot.read(tmp_path, "print")
    second = make_snapshot(tmp_path)
    assert first.exists()
    reader.close()
    third = make_snapshot(tmp_path)
    assert [path.name for path in sorted(tmp_path.iterdir()) if path.is_dir()] == [third.name]
    assert second != third
