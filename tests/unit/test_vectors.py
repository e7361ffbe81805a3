"""Word vectors: those of the installed package, made ours once, whatever happens to the files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer import vectors
from indexer.vectors import WordVectors

pytestmark = pytest.mark.timeout(300)  # made once for all runs, then mapped

needs_the_package = pytest.mark.skipif(not vectors.available(), reason=f"{vectors.PACKAGE} is not installed")

SMALL = {
    "repas": np.array([3, 0, 4], dtype=np.float32),
    "diner": np.array([0, 2, 0], dtype=np.float32),
    "velo": np.array([-1, 0, 0], dtype=np.float32),
}


@pytest.fixture(scope="session")
def words(request: pytest.FixtureRequest) -> WordVectors:
    """The package's vectors, converted at the first run and kept."""
    if not vectors.available():
        pytest.skip(f"{vectors.PACKAGE} is not installed")
    found = vectors.open_vectors(request.config.cache.mkdir("word-vectors"))
    assert found is not None
    return found


def near(words: WordVectors, one: str, other: str) -> float:
    """The cosine of two words."""
    first, second = words.row(one), words.row(other)
    assert min(first, second) >= 0, (one, other)
    return float(words.table[first] @ words.table[second])


def keep(directory: Path, words: WordVectors) -> Path:
    """Write vectors as ``open_vectors`` does; their folder."""
    arrays = {"keys": words.keys, "rows": words.rows, "table": words.table}
    with vectors.bundle.write(directory, "w", {"version": vectors._VERSION}, arrays, {}) as written:
        return directory / written.name


def test_a_word_has_a_row_of_length_1_or_none() -> None:
    """Whatever the length it was given; what is unknown has no row, twice as once."""
    small = WordVectors.of(SMALL)
    for word, vector in SMALL.items():
        assert small.table[small.row(word)] == pytest.approx(vector / np.linalg.norm(vector))
    assert [small.row(word) for word in ("avion", "", "avion")] == [-1, -1, -1]
    assert np.all(np.diff(small.keys.astype(object)) > 0)


def test_other_vectors_have_another_fingerprint() -> None:
    """An index made with them is stale."""
    fewer = WordVectors.of({"repas": SMALL["repas"]})
    shorter = WordVectors.of({word: vector[:2] + 1 for word, vector in SMALL.items()})
    assert len({one.fingerprint for one in (WordVectors.of(SMALL), fewer, shorter)}) == 3


def test_hashes_are_murmurs() -> None:
    """MurmurHash64A: the package has rows under these values, as the next test holds."""
    assert vectors._murmur("bénévole".encode()) == 0x39F105DBF0E641D2
    assert vectors._murmur(b"association") == 0x3DC4D787542BC158
    assert vectors._murmur(b"pizza") == 0xBAA903406C2B05E0
    assert len({vectors._murmur(b"a" * length) for length in range(20)}) == 20


@needs_the_package
def test_the_package_knows_words_by_these_hashes() -> None:
    """Three words, and none of a word that nobody writes."""
    import msgpack

    folder = next(vectors._folders())
    rows = msgpack.unpackb((folder / "key2row").read_bytes(), strict_map_key=False)
    for word in ("bénévole", "association", "pizza"):
        assert rows[vectors._murmur(word.encode())] >= 0
    assert vectors._murmur(b"xyzzyqqq") not in rows


def test_every_row_is_of_length_1(words: WordVectors) -> None:
    """So that products are cosines; 128 numbers, centred."""
    assert words.table.shape[1] == vectors.DIMENSIONS
    assert words.table.dtype == np.float32
    assert np.linalg.norm(words.table, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert float(np.abs(words.table.mean(axis=0)).max()) < 0.05
    assert len(words.keys) == len(words.rows) > 100_000
    assert np.all(words.keys[1:] > words.keys[:-1])


def test_words_are_keyed_without_accents(words: WordVectors) -> None:
    """A search is typed as people type: « benevole » is the word, « bénévole » is folded before it is asked for."""
    for word in ("benevole", "ecole", "coeur", "hotel", "francais"):
        assert words.row(word) >= 0
    assert [words.row(word) for word in ("bénévole", "École", "cœur")] == [-1, -1, -1]


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [
        ("benevole", "volontaire", "pizza"),
        ("ecole", "college", "moteur"),
        ("velo", "bicyclette", "fromage"),
        ("repas", "diner", "avocat"),
        ("subvention", "financement", "chat"),
    ],
)
def test_words_that_mean_alike_are_nearer(words: WordVectors, word: str, like: str, unlike: str) -> None:
    """By far."""
    assert near(words, word, like) > near(words, word, unlike) + 0.1


@needs_the_package
def test_vectors_are_read_as_they_were_written(tmp_path: Path) -> None:
    """The folder that is there is mapped, and nothing is converted."""
    keep(tmp_path, WordVectors.of(SMALL))
    found = vectors.open_vectors(tmp_path)
    assert found is not None
    assert found.fingerprint == WordVectors.of(SMALL).fingerprint
    assert near(found, "repas", "velo") == pytest.approx(-0.6)


@needs_the_package
def test_nothing_is_made_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine then ranks by words."""
    monkeypatch.setattr(vectors, "PACKAGE", "fr_core_news_absent")
    assert not vectors.available()
    assert vectors.open_vectors(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def _small_package(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Conversions of a package of three words; how many there were."""
    made: list[int] = []

    def convert() -> WordVectors:
        made.append(1)
        return WordVectors.of(SMALL)

    monkeypatch.setattr(vectors, "convert", convert)
    return made


@needs_the_package
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "manifest", "stale"])
def test_damaged_vectors_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    """Once; what was there before goes."""
    made = _small_package(monkeypatch)
    folder = keep(tmp_path, WordVectors.of(SMALL))
    file = folder / "arrays.bin"
    content = file.read_bytes()
    if damage == "flipped":
        file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    elif damage == "cut":
        file.write_bytes(content[:-9])
    elif damage == "gone":
        file.unlink()
    elif damage == "manifest":
        (folder / "manifest.json").write_text("{}", "utf-8")
    else:
        monkeypatch.setattr(vectors, "_VERSION", vectors._VERSION + 1)
    for _ in range(2):
        found = vectors.open_vectors(tmp_path)
        assert found is not None
        assert near(found, "repas", "velo") == pytest.approx(-0.6)
    assert len(made) == 1
    assert not folder.exists()
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


ASKING = """
import sys
from pathlib import Path
import numpy as np
from indexer import vectors

def convert():
    print("made", flush=True)
    return vectors.WordVectors.of({"repas": np.array([3, 0, 4], dtype=np.float32)})

vectors.convert = convert
sys.stdin.readline()
found = vectors.open_vectors(Path(sys.argv[1]))
print(found.row("repas"), round(float(found.table[0, 2]), 3), flush=True)
"""


@needs_the_package
def test_of_processes_that_start_at_once_one_makes_them(tmp_path: Path) -> None:
    """The others wait and read what it made."""
    asking = [
        subprocess.Popen(  # noqa: S603  (our own code)
            [sys.executable, "-c", ASKING, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in asking:  # all are there before one begins
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[0].split("\n") for process in asking]
    assert [process.returncode for process in asking] == [0, 0, 0]
    assert sorted(lines.count("made") for lines in told) == [0, 0, 1]
    assert all("0 0.8" in lines for lines in told)
