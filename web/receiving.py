"""Files that a form sends: written to the disk as they come, never held in memory, and counted before they are kept."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from flask import request
from werkzeug.formparser import FormDataParser

LARGEST_BODY_BYTES = 1_000_000_000
"""The most that one form may weigh: the server takes no more either."""

MOST_PARTS = 10_000
_OF_THE_FORM_BYTES = 100_000


def largest_body(max_bytes: int, most: int) -> int:
    """The most that some files may weigh together.

    Args:
        max_bytes: The largest file.
        most: How many files.
    """
    return min(LARGEST_BODY_BYTES, max_bytes * most)


@contextmanager
def receiving_files(folder: Path, *, max_bytes: int, most: int) -> Iterator[None]:
    """Let this request bring files, until the end of the ``with``. Must come before anything reads its form.

    Files beyond ``most`` are counted, and written nowhere: the caller refuses them all.

    Args:
        folder: On whose disk they are written meanwhile, without a name.
        max_bytes: The largest file.
        most: How many files.
    """
    request.max_content_length = largest_body(max_bytes, most) + _OF_THE_FORM_BYTES
    request.max_form_parts = MOST_PARTS
    places = _Places(folder, most)

    def parser(**options: Any) -> FormDataParser:
        return FormDataParser(**(options | {"stream_factory": places.open}))

    request.form_data_parser_class = parser  # type: ignore[assignment]
    with places.opened:
        yield


class _Places:
    """Where the files of one request are written."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._left = most
        self.opened = ExitStack()

    def open(
        self,
        total_content_length: int | None = None,  # noqa: ARG002  (werkzeug's protocol)
        content_type: str | None = None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        """A place for the next file."""
        self._left -= 1
        if self._left < 0:
            return _Nowhere()
        return self.opened.enter_context(tempfile.TemporaryFile("w+b", dir=self._folder))


class _Nowhere(io.BytesIO):
    """Takes anything, and keeps nothing."""

    def write(self, data: Any) -> int:
        """Drop it."""
        return len(data)
