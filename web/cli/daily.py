"""What a server does each day beside itself: nothing is kept longer than it is said to be."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from savoirs.config import Settings
from savoirs.privacy.log_files import FOLDER, DailyFiles
from web.cli.upkeep import environment_for
from web.erasure import unfinished

FIRST_S = 60.0
"""Before the first time: a server that starts has better things to do."""

EVERY_S = 86_400.0
COMMAND = (sys.executable, "-P", "-m", "web.cli", "privacy", "run", "--json")

_STOP_TIMEOUT_S = 10.0
_LONGEST_S = 3_600.0

_log = logging.getLogger(__name__)


@contextmanager
def tidied_daily(
    settings: Settings,
    *,
    command: Sequence[str] = COMMAND,
    first_s: float = FIRST_S,
    every_s: float = EVERY_S,
) -> Iterator[None]:
    """Tidy in a child process, soon and then each day, until the end of the ``with``. Never raises."""
    stopping = threading.Event()
    thread = threading.Thread(
        target=_run, args=(stopping, command, settings, first_s, every_s), daemon=True, name="daily"
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_STOP_TIMEOUT_S)


@contextmanager
def logged(settings: Settings) -> Iterator[None]:
    """Write warnings and errors in the data folder too, until the end of the ``with``."""
    handler = DailyFiles(settings.data_dir / FOLDER)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


def _run(stopping: threading.Event, command: Sequence[str], settings: Settings, first_s: float, every_s: float) -> None:
    pause_s = first_s
    while not stopping.wait(pause_s):
        try:
            done = subprocess.run(  # noqa: S603  (our own command)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env=environment_for(settings),
                timeout=_LONGEST_S,
                check=False,
            )
            problem = done.stderr.strip() if done.returncode else ""
        except (OSError, subprocess.SubprocessError) as error:
            problem = type(error).__name__
        if problem:
            _log.warning("what is too old could not be removed, and will be tomorrow: %s", problem)
        pause_s = first_s if unfinished(settings.data_dir) else every_s  # what an erasure left is not left for a day
