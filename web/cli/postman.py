"""The post beside a server: a thread that makes a round each minute. No page ever waits for a mail server."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from savoirs import digests
from savoirs.models.base import utc_now
from web.posting import follow_up, send
from web.wiring import Services

ROUND_S = 60.0
FOLLOW_UP_EVERY = dt.timedelta(hours=1)
"""How often to look for what the days bring."""

_STOP_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class Postman:
    """Makes rounds from ``start`` to ``stop``. Never raises: a server lives without.

    Args:
        services: The database and the settings.
        round_s: How long to wait before each round.
    """

    def __init__(self, services: Services, *, round_s: float = ROUND_S) -> None:
        self._services = services
        self._round_s = round_s
        self._followed_at: dt.datetime | None = None
        self._failing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="postman")

    def start(self) -> None:
        """Begin; the first round is after a wait."""
        self._thread.start()

    def stop(self) -> None:
        """End. A letter in hand is settled, or sent again later under the same Message-ID."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_TIMEOUT_S)

    def _run(self) -> None:
        while not self._stopping.wait(self._round_s):
            try:
                self._round(utc_now())
                self._failing = False
            except Exception as error:  # a database that is locked: the next round will do
                if not self._failing:
                    _log.warning("the post failed, and will be tried again: %s", type(error).__name__)
                self._failing = True

    def _round(self, now: dt.datetime) -> None:
        sessions, settings = self._services.sessions, self._services.settings
        if self._followed_at is None or now - self._followed_at >= FOLLOW_UP_EVERY:
            follow_up(sessions, settings, now)
            digests.run(sessions, self._services.search_engine, self._services.feed, now)
            self._followed_at = now
        send(sessions, settings)
