"""Several engines over one folder, crashes and damage between any two steps: what is found is what the feed says."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import bundle, embedded, maintenance, store
from indexer.building import Builder
from indexer.embedded import EmbeddedEngine
from indexer.engine import Facet, Request
from indexer.view import Part, View
from tests.conformance.engines import LANGUAGE
from tests.fakes_feed import MemoryFeed
from tests.property.generating import make_documents

SEEDS = 8
STEPS = 50
ENGINES = 3
QUERIES = (
    "",
    "repas",
    "bénévoles accueil lien",
    "jardin ET SAUF numérique",
    '"lien social"',
    "form*",
    "bénévle~",
    "titre:repas",
    "acceuil lez",
    "aux* OU d*",
)
Seen = dict[str, tuple[frozenset[str], tuple[tuple[str, tuple[Facet, ...]], ...]]]


@pytest.fixture(autouse=True)
def _small_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few documents are enough for tails to be written, segments merged, models fitted again."""
    monkeypatch.setattr(maintenance, "MAX_BEHIND", 6)
    monkeypatch.setattr(maintenance, "FLUSH_AT", 3)
    monkeypatch.setattr(maintenance, "CHUNK_DOCUMENTS", 8)
    monkeypatch.setattr(maintenance, "SMALLEST_REFIT", 24)
    monkeypatch.setattr(embedded, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(embedded, "PATIENCE_S", 30.0)


class World:
    """A feed, a folder, engines that come and go, and the steps taken so far.

    Args:
        directory: Of the index.
        seed: Of everything that happens.
    """

    def __init__(self, directory: Path, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  (no secret here)
        self.directory = directory
        self.pool = make_documents(self.rng, 60)
        self.feed = MemoryFeed(self.pool[: self.rng.randrange(12)])
        self.engines = [self.opened() for _ in range(ENGINES)]
        self.told: list[str] = []
        self.lost = False
        self._expected: dict[int, Seen] = {}
        self._steps = {
            "put": 8, "put many": 2, "remove": 3, "remove many": 1, "poll": 8, "catch up": 5, "maintain": 5,
            "rebuild": 1, "reopen": 3, "crash": 3, "lose a file": 1, "damage": 2, "lose everything": 0.3,
        }  # fmt: skip

    def opened(self) -> EmbeddedEngine:
        """An engine over the folder."""
        return EmbeddedEngine(self.directory, LANGUAGE)

    def step(self) -> None:
        """Something happens, and who follows the feed is right."""
        (name,) = self.rng.choices(list(self._steps), list(self._steps.values()))
        self.told.append(name)
        number = self.rng.randrange(ENGINES)
        getattr(self, f"_{name.replace(' ', '_')}")(number)

    def check(self, engine: EmbeddedEngine) -> None:
        """The engine finds what a new one in memory finds."""
        seq = self.feed.last_seq()
        if seq not in self._expected:
            fresh = EmbeddedEngine(None, LANGUAGE)
            fresh.catch_up(self.feed)
            self._expected[seq] = seen(fresh)
        assert seen(engine) == self._expected[seq], self.told

    def close(self) -> None:
        """No engine is left."""
        for engine in self.engines:
            engine.close()

    # What may happen

    def _put(self, _: int) -> None:
        document = self.rng.choice(self.pool)
        for changed in make_documents(self.rng, 1):
            self.feed.put(replace(changed, id=document.id))

    def _put_many(self, number: int) -> None:
        for _ in range(self.rng.randrange(5, 25)):
            self._put(number)

    def _remove(self, _: int) -> None:
        self.feed.remove(self.rng.choice(self.pool).id)

    def _remove_many(self, _: int) -> None:
        for document in self.pool[self.rng.randrange(40) :]:
            self.feed.remove(document.id)

    def _poll(self, number: int) -> None:
        for _ in range(100):
            if self.engines[number].poll(self.feed):
                break
            time.sleep(0.01)
        self.check(self.engines[number])

    def _catch_up(self, number: int) -> None:
        assert self.engines[number].catch_up(self.feed) == self.feed.last_seq()
        self.check(self.engines[number])

    def _maintain(self, number: int) -> None:
        engine = self.engines[number]
        engine.maintain(self.feed)
        self.check(engine)
        assert not engine.needs_maintenance(self.feed), self.told

    def _rebuild(self, number: int) -> None:
        self.engines[number].rebuild(self.feed)
        self.check(self.engines[number])

    def _reopen(self, number: int) -> None:
        self.engines[number].close()
        self.engines[number] = self.opened()

    def _crash(self, number: int) -> None:
        """The process is gone, what it was writing is there in part."""
        self.engines[number].close()  # the kernel lets go of what it held
        self.engines[number] = self.opened()
        if self.directory.is_dir():
            leave_behind(self.directory, self.rng)

    def _lose_a_file(self, _: int) -> None:
        """Under open engines, which keep what they have mapped."""
        files = files_of(self.directory)
        if files:
            path = self.rng.choice(files)
            self.told.append(str(path.relative_to(self.directory)))
            path.unlink()
            self.lost = True

    def _damage(self, _: int) -> None:
        """While nothing runs: any file cut, changed or gone. Who opens it next is right, and tells."""
        for number in range(ENGINES):
            self._reopen(number)
        files = files_of(self.directory)
        if files:
            path = self.rng.choice(files)
            needed = needed_of(self.directory)
            self.told.append(damage(path, self.rng))
            number = self.rng.randrange(ENGINES)
            self._catch_up(number)
            if path in needed and (path.name in {"CURRENT", "manifest.json"} or path.suffix == ".json"):
                assert "rebuilt: damaged" in self.engines[number].status().notices, self.told

    def _lose_everything(self, _: int) -> None:
        """An index is disposable, even under who has it open."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.lost = True


def seen(engine: EmbeddedEngine) -> Seen:
    """Which documents each query finds, and how facets count them."""
    pages = {query: engine.search(Request(query, limit=1000)) for query in QUERIES}
    return {
        query: (frozenset(hit.id for hit in page.hits), tuple(sorted(page.facets.items())))
        for query, page in pages.items()
    }


def rebuilt_with_the_model_of(engine: EmbeddedEngine, feed: MemoryFeed) -> EmbeddedEngine:
    """An engine of one part over all documents, under the model that another engine has."""
    view = engine._view
    assert view is not None
    builder = Builder(engine.analyser)
    for document in feed.snapshot()[1]:
        builder.add(document)
    segment, _ = builder.build(view.model)
    rebuilt = EmbeddedEngine(None, LANGUAGE)
    rebuilt.show(View((Part.whole(segment),), view.model, engine.analyser, view.seq))
    return rebuilt


def files_of(directory: Path) -> list[Path]:
    """Every file of an index, in order."""
    return sorted(path for path in directory.rglob("*") if path.is_file())


def needed_of(directory: Path) -> set[Path]:
    """The files that make the index, when it is whole."""
    name = store.current_name(directory)
    try:
        found = bundle.read_checked(directory / f"{name}.json")
    except (OSError, bundle.DamagedError):
        return set()
    folders = {found["model"], *(part[kind] for part in found["parts"] for kind in ("segment", "dense"))} - {""}
    if not all((directory / folder / "lock").is_file() for folder in folders):
        return set()
    files = {path for folder in folders for path in (directory / folder).iterdir()}
    return {directory / "CURRENT", directory / f"{name}.json", *files}


def damage(path: Path, rng: random.Random) -> str:
    """Harm a file; returns how."""
    content = path.read_bytes()
    how = rng.choice(("gone", "empty", "cut", "longer", "flipped", "flipped", "noise"))
    at, bit = rng.randrange(len(content)) if content else 0, 1 << rng.randrange(8)
    if how == "gone":
        path.unlink()
    else:
        harmed = {
            "empty": b"",
            "cut": content[:at],
            "longer": content + b"\0",
            "flipped": content[:at] + bytes(byte ^ bit for byte in content[at : at + 1]) + content[at + 1 :],
            "noise": rng.randbytes(len(content)),
        }
        path.write_bytes(harmed[how])
    return f"{path.parent.name}/{path.name} {how} at {at} of {len(content)}"


def leave_behind(directory: Path, rng: random.Random) -> None:
    """What a process killed at one moment or another leaves."""
    kinds = rng.sample(("new", "new without lock", "finished", "generation", "drafts", "stale CURRENT"), 3)
    whole = [path for path in sorted(directory.glob("s*")) if (path / "arrays.bin").is_file()]
    generations = sorted(directory.glob("g*.json"))
    for kind in kinds:
        if kind.startswith("new"):
            folder = directory / f"new-s-{rng.randrange(10**6)}-{rng.randrange(10**9)}"
            folder.mkdir()
            (folder / "arrays.bin").write_bytes(rng.randbytes(100))
            if kind == "new":
                (folder / "lock").touch()
        elif kind == "finished" and whole:
            shutil.copytree(whole[0], directory / bundle.next_name(directory, "s"))
        elif kind == "generation" and generations:
            shutil.copyfile(generations[-1], directory / f"{bundle.next_name(directory, 'g')}.json")
        elif kind == "drafts":
            (directory / "g000007-abcdef.json.77.new").write_bytes(b"0000")
            (directory / "CURRENT.new").write_bytes(b"g0")
        elif kind == "stale CURRENT":
            (directory / "CURRENT.123.new").write_bytes(b"g000001-abcdef")


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """The world of one seed."""
    made = World(tmp_path / "index", request.param)
    yield made
    made.close()


@pytest.mark.parametrize("world", range(SEEDS), indirect=True)
def test_any_interleaving_ends_as_a_rebuild(world: World) -> None:
    """After any step, who follows the feed finds what a new index finds; at the end, with the same scores."""
    for _ in range(STEPS):
        world.step()
    queries = [query for query in QUERIES if query]
    for engine in world.engines:
        engine.catch_up(world.feed)
        world.check(engine)
        if engine.verify(world.feed):
            assert world.lost, world.told
            engine.rebuild(world.feed)
            assert engine.verify(world.feed) == (), world.told
        same_model = rebuilt_with_the_model_of(engine, world.feed)
        for query in queries:
            one, other = (searched.search(Request(query, limit=1000)) for searched in (engine, same_model))
            scores = {hit.id: hit.score for hit in other.hits}
            assert {hit.id: hit.score for hit in one.hits} == pytest.approx(scores, abs=1e-5), query


@pytest.mark.parametrize("world", range(2), indirect=True)
def test_what_crashes_leave_goes(world: World) -> None:
    """After a rebuild, only what the index is made of is there, and what was made without a lock in the last hour."""
    for _ in range(STEPS):
        world.step()
        leave_behind(world.directory, world.rng) if world.directory.is_dir() else None
    world.close()
    for folder in world.directory.glob("new-*"):
        (folder / "lock").touch()
    world.engines[0].rebuild(world.feed)
    world.close()
    needed = {path.relative_to(world.directory).parts[0] for path in needed_of(world.directory)}
    expected = {"writer.lock", "merger.lock", *needed}
    assert {path.name for path in world.directory.iterdir()} == expected
