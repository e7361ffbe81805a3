"""Everything merged into one segment by another process while this one answers: its memory, and how long searches take.

The other process runs alone (``python -m web.bench.merging``), reads one JSON object on its standard input and writes
one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from indexer import kernels, store
from indexer.analysis import Analyser
from indexer.engine import Document, SearchEngine, Update
from indexer.language import Language
from indexer.maintenance import MAX_BEHIND
from indexer.recipe import Recipe
from indexer.vectors import open_vectors
from savoirs import lexicon
from savoirs.config import Settings
from web.bench import ours
from web.bench.child import Still, memory_mb
from web.bench.notes import Notes
from web.bench.queries import questions
from web.bench.run import invented
from web.wiring import build_engine

SMALL = 4
"""One note in so many comes after the first build: as many as make a merge of everything worth while."""

SEGMENTS = 5
"""The segments that these notes are written in, or fewer when there are few notes."""

SAMPLED_EVERY_S = 0.02


@dataclass
class Growing:
    """A feed of invented notes that come one after the other; the number of a change is how many there are.

    Attributes:
        notes: All of them.
        seq: How many have come.
    """

    notes: Notes
    seq: int

    def last_seq(self) -> int:
        """The number of the last change."""
        return self.seq

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """The notes that came."""
        return [Update(note.id, note) for note in self.notes.some(range(after, upto))]

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """All that have come."""
        return self.seq, islice(self.notes, self.seq)


@dataclass(frozen=True, slots=True)
class Merged:
    """What was measured.

    Attributes:
        segments: How many there were before.
        left: How many there are afterwards.
        cpu_s: CPU time of the process that merged.
        wall_s: The same on the wall.
        resting_mb: Its anonymous memory before.
        anonymous_mb: The most that it held.
        waits_ms: Median and 99th percentile of what a search took on the wall: before, meanwhile, afterwards.
        asked: How many searches were answered meanwhile.
    """

    segments: int
    left: int
    cpu_s: float
    wall_s: float
    resting_mb: float
    anonymous_mb: float
    waits_ms: dict[str, tuple[float, float]]
    asked: int


def measured(notes: int, queries: int, seed: int, tell: Callable[[str], None]) -> Merged:
    """Build an index of several segments, and search it while they are merged.

    Args:
        notes: How many notes, 1,000 at least.
        queries: How many different searches.
        seed: Of the notes and searches.
        tell: Hears, in French, what is being done.
    """
    kernels.prepare(wait=True)
    drawn = invented(notes, seed)
    feed = Growing(drawn, notes - notes // SMALL)
    with TemporaryDirectory(prefix="savoirs-merge-") as folder:
        directory = Path(folder)
        engine = opened(directory)
        try:
            tell(f"Construction de l’index : {feed.seq} fiches…")
            engine.rebuild(feed)
            tell("Apprentissage…")
            engine.maintain(feed)
            tell("Ajout des autres…")
            step = max(notes // SMALL // SEGMENTS, MAX_BEHIND + 1)  # enough to be written to disk at once
            while feed.seq < notes:
                feed.seq = feed.seq + step if notes - feed.seq >= 2 * step else notes
                engine.catch_up(feed)
            texts = questions(drawn, queries).any_word
            tell("Recherches avant, pendant et après la fusion…")
            return _meanwhile(engine, feed, directory, texts)
        finally:
            engine.close()


def opened(directory: Path) -> SearchEngine:
    """The default engine over a folder."""
    return build_engine(ours.NAME, directory, _language(), vectors=ours.vectors_dir(directory))


def _meanwhile(engine: SearchEngine, feed: Growing, directory: Path, texts: Sequence[str]) -> Merged:
    asked = cycle(texts)
    _waits(engine, feed, asked, len(texts))  # warm
    segments = _segments(directory)
    before = _waits(engine, feed, asked, 2 * len(texts))
    with subprocess.Popen(
        [sys.executable, "-m", "web.bench.merging"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipe to the child process")
        process.stdin.write(json.dumps({"directory": str(directory), "seq": feed.seq}))
        process.stdin.close()
        during: list[float] = []
        while process.poll() is None:
            during += _waits(engine, feed, asked, 1)
        told = json.loads(process.stdout.read() or "null")
    if told is None:
        raise RuntimeError("the child process failed")
    engine.maintain(feed)  # nothing is left to merge: what the other wrote is taken
    after = _waits(engine, feed, asked, 2 * len(texts))
    waits = {"before": before, "during": during, "after": after}
    percentiles = {name: np.percentile(some, (50, 99)).tolist() for name, some in waits.items()}
    return Merged(
        segments,
        _segments(directory),
        **told,
        waits_ms={name: (median, slowest) for name, (median, slowest) in percentiles.items()},
        asked=len(during),
    )


def _waits(engine: SearchEngine, feed: Growing, texts: Iterator[str], count: int) -> list[float]:
    """What some searches took on the wall, each after a look at the journal as a page does, in milliseconds."""
    found = []
    for _ in range(count):
        request = ours.bare(next(texts))
        began = time.perf_counter()
        engine.poll(feed)
        engine.search(request)
        found.append(1e3 * (time.perf_counter() - began))
    return found


def _segments(directory: Path) -> int:
    """How many segments the generation in use has."""
    recipe = Recipe(Analyser(_language()), open_vectors(ours.vectors_dir(directory)))
    return len(store.current(directory, recipe.fingerprint).parts)


def _language() -> Language:
    return lexicon.read_language(Settings.load().corpus_dir / "language")


class _Peak(threading.Thread):
    """The most anonymous memory this process holds, in megabytes, looked at often."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.resting_mb = self.highest_mb = memory_mb("RssAnon")
        self._over = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self._over.wait(SAMPLED_EVERY_S):
            self.highest_mb = max(self.highest_mb, memory_mb("RssAnon"))

    def stop(self) -> None:
        """End the looking."""
        self._over.set()
        self.join()


def _merge(asked: dict[str, Any]) -> dict[str, float]:
    kernels.prepare(wait=True)
    feed = Still(asked["seq"])
    engine = opened(Path(asked["directory"]))
    engine.catch_up(feed)
    peak = _Peak()
    peak.start()
    cpu, wall = time.process_time(), time.perf_counter()
    engine.maintain(feed)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak.stop()
    return {"cpu_s": cpu, "wall_s": wall, "resting_mb": peak.resting_mb, "anonymous_mb": peak.highest_mb}


if __name__ == "__main__":
    print(json.dumps(_merge(json.load(sys.stdin))))
