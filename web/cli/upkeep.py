"""The index's upkeep beside a server: a thread that asks whether there is some, and a child process that does it.

Merging and learning take memory, time and scikit-learn, none of which the serving process should pay for.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from indexer.engine import Feed, SearchEngine
from savoirs.config import Settings

WAKE_S = 5.0
"""How often to ask whether there is something to do."""

LONGEST_PAUSE_S = 3_600.0
"""Between two tries, after failures in a row have doubled the pause each time."""

NICENESS = 10
COMMAND = (sys.executable, "-P", "-m", "web.cli", "index", "maintain", "--json")

_STOP_TIMEOUT_S = 10.0

_log = logging.getLogger(__name__)


class Upkeep:
    """Keeps an index in order from ``start`` to ``stop``. Never raises: a server lives without.

    Args:
        engine: Says whether something is to be done.
        feed: What it follows.
        environment: The child's: it must open the same data folder.
        command: What does it, one process at a time.
        load: Takes what the child prepared; returns whether there is nothing to prepare.
        wake_s: How long to wait between two questions.
    """

    def __init__(
        self,
        engine: SearchEngine,
        feed: Feed,
        environment: Mapping[str, str],
        *,
        command: Sequence[str] = COMMAND,
        load: Callable[[], bool] = lambda: True,
        wake_s: float = WAKE_S,
    ) -> None:
        self._engine = engine
        self._feed = feed
        self._environment = environment
        self._command = command
        self._load = load
        self._wake_s = wake_s
        self._failures = 0
        self._child: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="upkeep")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and the child with it: what it was writing is not swapped in."""
        with self._lock:
            self._stopping.set()
            if self._child is not None:
                self._child.terminate()
        if self._thread.is_alive():
            self._thread.join(_STOP_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.wait(self._pause_s()):
            try:
                self._engine.poll(self._feed)  # nobody may be searching: an old index is let go of all the same
                if not self._load() or self._engine.needs_maintenance(self._feed):
                    self._tell(*self._maintained())
            except Exception as error:  # a database that is locked, a file that is gone: ask again later
                self._tell(type(error).__name__)

    def _pause_s(self) -> float:
        pause_s: float = self._wake_s * 2 ** min(self._failures, 20)
        return min(pause_s, max(LONGEST_PAUSE_S, self._wake_s))

    def _maintained(self) -> tuple[str, ...]:
        """Run the child to its end; what went wrong, nothing when all went well."""
        with self._lock:
            if self._stopping.is_set():
                return ()
            child = self._child = subprocess.Popen(  # noqa: S603  (our own command)
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env=self._environment,
            )
            _lower_priority(child.pid)
        told = self._told_at_the_end_of(child)
        with self._lock:
            self._child = None
        return () if child.returncode == 0 or self._stopping.is_set() else (f"code {child.returncode}", told.strip())

    def _told_at_the_end_of(self, child: subprocess.Popen[str]) -> str:
        """What the child complained of; meanwhile the index is followed."""
        while True:
            try:
                return child.communicate(timeout=WAKE_S)[1]
            except subprocess.TimeoutExpired:
                with suppress(Exception):  # a database that is locked: ask again at the next turn
                    self._engine.poll(self._feed)

    def _tell(self, *problem: str) -> None:
        """Log the first failure of a row, and count it."""
        if problem and not self._failures:
            _log.warning("index upkeep failed, and will be tried again: %s", ": ".join(problem))
        self._failures = self._failures + 1 if problem else 0


def environment_for(settings: Settings) -> dict[str, str]:
    """This process's environment, with the settings that say which index is meant."""
    named = {"DATA_DIR": settings.data_dir, "CORPUS_DIR": settings.corpus_dir, "ENGINE": settings.engine}
    given = {"DATABASE_URL": settings.database_url} if settings.database_url else {}
    return os.environ | {f"SAVOIRS_{name}": str(value) for name, value in (named | given).items()}


def _lower_priority(process_id: int) -> None:
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process_id, NICENESS)
