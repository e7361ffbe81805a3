"""Logs of a server: one file a day in the data folder, in which nobody is, removed when they are old enough."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
from pathlib import Path

from savoirs.plaintext import masked

FOLDER = "logs"

_NAME = re.compile(r"savoirs-(\d{4}-\d{2}-\d{2})\.log")
_QUERY = re.compile(r"\?[^\s'\"]*=[^\s'\"]*")
_LINE = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


def cleaned(text: str) -> str:
    """The text of a log without what was asked (query strings), addresses and numbers."""
    return masked(_QUERY.sub("?…", text))


class DailyFiles(logging.Handler):
    """Writes each day's records in that day's file, readable by its owner only.

    Args:
        folder: Of the logs; made when missing.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(logging.WARNING)
        self._folder = folder
        self.setFormatter(_LINE)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; a disk that refuses it breaks nothing."""
        try:
            day = dt.datetime.fromtimestamp(record.created, dt.UTC).date().isoformat()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / f"savoirs-{day}.log"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as file:
                file.write(cleaned(self.format(record)) + "\n")
        except OSError:
            self.handleError(record)


def old_files(folder: Path, keep_days: int, today: dt.date) -> list[Path]:
    """Files of days that are past keeping, the oldest first."""
    oldest = (today - dt.timedelta(days=keep_days)).isoformat()
    found = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.glob("savoirs-*.log")))
    return [path for path, name in found if name is not None and name[1] < oldest]
