"""The reader beside a server: a thread that reads the files that wait, one at a time, each in a child process."""

from __future__ import annotations

import logging
import threading

from savoirs import imports
from savoirs.documents.limits import Limits
from web.wiring import Services

ROUND_S = 1.0
"""How long to wait when nothing waits."""

LONGEST_PAUSE_S = 60.0
"""Between two tries, after failures in a row have doubled the pause each time."""

_STOP_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class Reader:
    """Reads from ``start`` to ``stop``. Never raises: a server lives without.

    Args:
        services: The database and the settings.
        round_s: How long to wait before looking again.
    """

    def __init__(self, services: Services, *, round_s: float = ROUND_S) -> None:
        self._services = services
        self._round_s = round_s
        self._failures = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="reader")

    def start(self) -> None:
        """Begin; the first look is after a wait."""
        self._thread.start()

    def stop(self) -> None:
        """End. A file in hand is taken again by the next server, once its time is over."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_TIMEOUT_S)

    def _run(self) -> None:
        settings, sessions = self._services.settings, self._services.sessions
        limits = Limits.of(settings)
        pause_s = self._round_s
        while not self._stopping.wait(pause_s):
            pause_s = self._round_s
            try:
                while not self._stopping.is_set() and imports.read_next(sessions, settings.data_dir, limits):
                    pass
                self._failures = 0
            except Exception as error:  # a database that is locked: look again later
                if not self._failures:
                    _log.warning("no file can be read, and it will be tried again: %s", type(error).__name__)
                self._failures += 1
                pause_s = min(LONGEST_PAUSE_S, self._round_s * 2 ** min(self._failures, 10))
