"""Killed at any moment of its work, a process leaves an index that is right; and nobody waits for another's work.

The work is done in real processes: this module, run as one, forks a child for each task it reads, says its number, and
then how it ended.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy.orm import Session, sessionmaker

from indexer import embedded, maintenance
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Request
from indexer.language import Language
from savoirs import database, journal
from savoirs.journal import JournalFeed
from savoirs.models import Note
from tests.builders import make_note, make_theme
from tests.fakes_feed import MemoryFeed

pytestmark = pytest.mark.timeout(300)  # seconds alone, minutes when the machine does much else

ROOT = Path(__file__).parents[2]
KILLS = 26
LONGEST_WORK_S = 0.25
"""A child is killed within this time, or works for no longer than it may."""

BASE = 60
CHANGES = 400
DYING_AT = BASE + 40
KILLED = 9
QUERIES = (
    "",
    "repas",
    "jardin accueil",
    "visite ET SAUF repas",
    '"bénévoles et voisins"',
    "ja*",
    "acceuil~",
    "titre:visite",
)
Seen = list[tuple[int, frozenset[str], dict[str, Any]]]


def small_thresholds() -> None:
    """For children and for this process alike: few documents make a long tail, and much to merge."""
    maintenance.MAX_BEHIND = 12
    maintenance.FLUSH_AT = 4
    maintenance.CHUNK_DOCUMENTS = 40
    maintenance.SMALLEST_REFIT = 80
    embedded.LOOK_EVERY_S = 0.0


@pytest.fixture(autouse=True, scope="module")
def _small_thresholds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MAX_BEHIND", "FLUSH_AT", "CHUNK_DOCUMENTS", "SMALLEST_REFIT"):
            patch.setattr(maintenance, name, getattr(maintenance, name))  # put back at the end
        patch.setattr(embedded, "LOOK_EVERY_S", embedded.LOOK_EVERY_S)
        small_thresholds()
        yield


# Documents, the same in every process


def feed_at(changes: int) -> MemoryFeed:
    """A feed after so many changes: what was added, changed and removed is always the same."""
    rng = random.Random(9)  # noqa: S311  (no secret here)
    words = ("repas", "jardin", "visite", "accueil", "atelier", "bénévoles et voisins", "maraude")
    feed = MemoryFeed()
    for number in range(changes):
        id_ = f"d{rng.randrange(BASE * 2):03}"
        title, body = (" ".join(rng.choices(words, k=length)) for length in (2, 12))
        if number > BASE and rng.random() < 0.3:
            feed.remove(id_)
        else:
            facets = {"kind": ("practice",), "theme": (rng.choice(words),)}
            feed.put(Document(id_, "practice", title, body, facets=facets, day=rng.randrange(9)))
    return feed


def seen(engine: EmbeddedEngine) -> Seen:
    """What each query finds."""
    pages = [engine.search(Request(query, limit=1000)) for query in QUERIES]
    return [(page.total, frozenset(hit.id for hit in page.hits), dict(page.facets)) for page in pages]


class Right(Protocol):
    """Checks that who opens an index finds what a new one finds, further on than any child gets."""

    def __call__(self, directory: Path, when: object, changes: int = BASE + CHANGES) -> None:
        """Check it after so many changes. Twelve behind or less, what was left is followed; more, it is made again."""


@pytest.fixture(scope="module")
def assert_right() -> Right:
    """One, for this module."""
    feeds: dict[int, MemoryFeed] = {}
    truths: dict[int, Seen] = {}

    def check(directory: Path, when: object, changes: int = BASE + CHANGES) -> None:
        if changes not in feeds:
            feeds[changes] = feed_at(changes)
            fresh = EmbeddedEngine(None, Language())
            fresh.catch_up(feeds[changes])
            truths[changes] = seen(fresh)
        feed = feeds[changes]
        engine = EmbeddedEngine(directory, Language())
        assert engine.catch_up(feed) == feed.last_seq(), when
        assert seen(engine) == truths[changes], when
        engine.close()
        assert engine.verify(feed) == (), when  # by which it is opened again
        engine.close()

    return check


# Children


class Children:
    """Starts processes that work on an index.

    Args:
        process: This module, run as a process.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, **task: Any) -> int:
        """Start one; returns its number, once it is about to work."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return int(self._read())

    def end(self) -> int:
        """Wait for the one that was started last; returns how it ended, as ``os.waitstatus_to_exitcode``."""
        return int(self._read())

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextlib.contextmanager
def forking() -> Iterator[Children]:
    """A process ready to start children."""
    command = [sys.executable, "-m", "tests.integration.test_kill_nine"]
    with subprocess.Popen(  # noqa: S603  (our own module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield Children(process)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    """One such process for this module."""
    with forking() as found:
        yield found


def main() -> None:
    """Fork a child for each task, a line of JSON on the standard input."""
    small_thresholds()
    for line in sys.stdin:
        task = json.loads(line)
        ready, told = os.pipe()
        child = os.fork()
        if not child:
            os.close(ready)
            _work(told, **task)
        os.close(told)
        with open(ready, "rb") as pipe:  # noqa: PTH123  (a descriptor)
            pipe.read()
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _work(told: int, job: str, **task: Any) -> None:
    """Do a job in this process, and leave it without more ado."""
    code = 1
    try:
        code = JOBS[job](told, **task)
    except Exception:
        logging.exception("%s failed", job)
    os._exit(code)


def _keep_writing(told: int, directory: str, start: int) -> int:
    """Rebuild, write tails, merge, over and over, while documents change."""
    engine = EmbeddedEngine(Path(directory), Language())
    rng = random.Random(start)  # noqa: S311
    os.close(told)
    began, at = time.monotonic(), start
    while time.monotonic() - began < LONGEST_WORK_S * 2:
        feed = feed_at(at)
        engine.catch_up(feed)
        (engine.rebuild if rng.random() < 0.2 else engine.maintain)(feed)
        at = min(at + rng.randrange(1, 20), BASE + CHANGES)
    return 0


def _stop_at(told: int, directory: str, *, what: str, changes: int, stop: int, torn: bool) -> int:
    """Do one thing, and die at its nth step: a call that opens, names, flushes or removes; some that make room."""
    engine = EmbeddedEngine(Path(directory), Language())
    feed = feed_at(changes)
    os.close(told)
    steps = rooms = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == stop:
            os._exit(KILLED)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal rooms
        rooms += event == "mmap.__new__"
        here = event in STEPS and str(arguments[0]).startswith(directory)
        if (here and (event != "open" or "w" in str(arguments[1]))) or (event == "mmap.__new__" and not rooms % 60):
            step()

    fsync = os.fsync

    def counted_fsync(descriptor: int) -> None:
        if torn and steps + 1 == stop:
            _tear(descriptor)
        step()
        fsync(descriptor)

    os.fsync = counted_fsync  # type: ignore[assignment]
    if not torn:
        sys.addaudithook(heard)
    (engine.rebuild if what == "rebuild" else engine.maintain)(feed)
    return 0


STEPS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")


def _tear(descriptor: int) -> None:
    """What was not flushed is lost, as when the power fails: the file is there, its second half is not."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)


def _write_versions(told: int, url: str, directory: str, number: int, seconds: float) -> int:
    """Give notes new versions, in title and body at once, and look after the index as ``serve`` does."""
    sessions = database.session_factory(database.open_database(url))
    feed = JournalFeed(sessions)
    engine = EmbeddedEngine(Path(directory), Language())
    maintenance.MAX_BEHIND = 100
    rng = random.Random(number)  # noqa: S311
    engine.catch_up(feed)
    os.close(told)
    began, version = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        version += 1
        with database.transaction(sessions) as session:
            for key in rng.sample(range(NOTES), rng.randrange(1, 5)):
                note = session.get_one(Note, note_id(key))
                note.title, note.context = version_of(number, version)
                journal.record_change(session, "note", note.id)
        if version % 3 == 0 and engine.poll(feed) and engine.needs_maintenance(feed):
            engine.maintain(feed)
        if number == 0 and version % 25 == 0:
            engine.rebuild(feed)
        time.sleep(0.02)
    engine.close()
    return 0


def _read_versions(told: int, url: str, directory: str, number: int, seconds: float) -> int:
    """Search as a page does; whatever is wrong ends this process with a code of its own."""
    feed = JournalFeed(database.session_factory(database.open_database(url)))
    engine = EmbeddedEngine(Path(directory), Language())
    maintenance.MAX_BEHIND = 100
    rng = random.Random(100 + number)  # noqa: S311
    engine.catch_up(feed)
    os.close(told)
    began, searches, longest_s = time.monotonic(), 0, 0.0
    while time.monotonic() - began < seconds:
        before = time.monotonic()
        if engine.poll(feed):
            searches += 1
            version = f"version{rng.randrange(2)}n{rng.randrange(1, 200)}"
            for query in (f"titre:{version} SAUF texte:{version}", f"texte:{version} SAUF titre:{version}"):
                if engine.search(Request(query, exact=True)).total:
                    return MIXED
            if {engine.search(Request(query)).total for query in ("titre:constant", "constant")} != {NOTES}:
                return MISSING
        longest_s = max(longest_s, time.monotonic() - before)
    if longest_s > MOST_PATIENT_S:
        return SLOW
    return 0 if searches else IDLE


MIXED, MISSING, SLOW, IDLE = 21, 22, 23, 24
MOST_PATIENT_S = 6.0
NOTES = 40
JOBS: dict[str, Callable[..., int]] = {
    "keep writing": _keep_writing,
    "stop at": _stop_at,
    "write versions": _write_versions,
    "read versions": _read_versions,
}


def version_of(writer: int, version: int) -> tuple[str, str]:
    """The title and the text of a note at one version."""
    word = f"version{writer}n{version}"
    return f"Constant {word}", f"Une fiche constante, {word}."


def note_id(number: int) -> str:
    """The id of a note of the base of versions."""
    from savoirs.models import record_id

    return record_id("note", f"versions-{number}")


# Tests


def test_a_writer_killed_at_any_moment_leaves_an_index_that_is_right(
    children: Children, tmp_path: Path, assert_right: Right
) -> None:
    """Twenty-six processes that rebuild, write and merge in a loop are killed, one after the other, over one folder."""
    rng = random.Random(30)  # noqa: S311
    directory = tmp_path / "index"
    killed = 0
    for number in range(KILLS):
        child = children.start(job="keep writing", directory=str(directory), start=BASE + number * 7)
        time.sleep(rng.uniform(0, LONGEST_WORK_S))
        os.kill(child, signal.SIGKILL)
        killed += children.end() == -signal.SIGKILL
        whole = tmp_path / "as it was left"
        if directory.exists():
            shutil.copytree(directory, whole)
            assert_right(whole, number)
            shutil.rmtree(whole)
    assert killed == KILLS
    assert_right(directory, "at the end")
    assert len([path for path in directory.iterdir() if path.is_dir()]) <= 4, "what was left is removed"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several segments, some of whose documents are dead."""
    directory = tmp_path_factory.mktemp("started") / "index"
    engine = EmbeddedEngine(directory, Language())
    for changes in (BASE, BASE + 13, BASE + 26):
        engine.catch_up(feed_at(changes))
    engine.close()
    assert len(list(directory.glob("s*"))) == 3
    return directory


@pytest.mark.parametrize(
    "dying",
    [(what, torn) for what in ("first", "rebuild", "maintain") for torn in (False, True)],
    ids=lambda dying: f"{dying[0]}, {'power cut' if dying[1] else 'killed'}",
)
def test_a_process_that_dies_at_any_step_leaves_an_index_that_is_right(
    children: Children, tmp_path: Path, started: Path, assert_right: Right, dying: tuple[str, bool]
) -> None:
    """Each step of a rebuild, of a first one, and of the writing of a tail and its merge; none is left out.

    At a power cut, what was not flushed is lost too: then only the steps that flush can differ.
    """
    what, torn = dying
    done, stop = 0, 0
    while done != 1:
        stop += 1
        directory = tmp_path / f"index-{stop}"
        if what != "first":
            shutil.copytree(started, directory)
        job = {"what": "rebuild" if what == "first" else what, "changes": DYING_AT, "stop": stop, "torn": torn}
        children.start(job="stop at", directory=str(directory), **job)
        ended = children.end()
        assert ended in {0, KILLED}, stop
        done += ended == 0
        assert_right(directory, stop, DYING_AT + 10)
        shutil.rmtree(directory)
    assert stop > (5 if torn else 30), "the steps were not seen"


def test_readers_see_whole_changes_and_never_wait(tmp_path: Path, session_factory: sessionmaker[Session]) -> None:
    """Two processes change notes, write, merge and rebuild; two search: no error, no half of a change, no long wait."""
    seconds = 3.0
    url = f"sqlite:///{tmp_path / 'savoirs.sqlite3'}"
    with database.transaction(session_factory) as session:
        theme = make_theme(session)
        for number in range(NOTES):
            title, text = version_of(0, 0)
            make_note(session, title, key=f"versions-{number}", context=text, themes=[theme])
    directory = tmp_path / "index"
    common = {"url": url, "directory": str(directory), "seconds": seconds}
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(forking()) for _ in range(4)]
        for number, process in enumerate(processes):
            job = "write versions" if number < 2 else "read versions"
            process.start(job=job, number=number % 2, **common)
        assert [process.end() for process in processes] == [0] * 4
    feed = JournalFeed(session_factory)
    engine = EmbeddedEngine(directory, Language())
    engine.catch_up(feed)
    assert engine.verify(feed) == ()
    assert engine.search(Request("constant")).total == NOTES
    engine.close()


if __name__ == "__main__":
    main()
