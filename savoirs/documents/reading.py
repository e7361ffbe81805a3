"""Reading a document without letting it near us: a child process opens it, and we keep only the text it hands back."""

from __future__ import annotations

import hashlib
import json
import os
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from savoirs.documents.limits import MOST_ANSWER_BYTES, Limits
from savoirs.documents.text import Line, ReadDocument
from savoirs.errors import SavoirsError

_CHUNK = 1 << 16
_LONGEST_NAME = 200


def read(path: Path, limits: Limits | None = None, *, name: str = "") -> ReadDocument:
    """Read a document: its text, with the structure that its format tells.

    Args:
        path: The file.
        limits: What it may cost; the defaults when not given.
        name: What to call it, when the path is not its own name.

    Raises:
        SavoirsError: One code for each thing that can be wrong, all beginning with ``document_``; ``name`` is among
            their parameters.
    """
    limits = limits or Limits()
    name = tidy_name(name or path.name)
    try:
        with path.open("rb") as file:
            size = _size(file, limits)
            sha256 = digest(file)
            said = _ask(file, name, size, limits)
    except SavoirsError as error:
        raise SavoirsError(error.code, **error.params | {"name": name}) from error
    except (OSError, ValueError) as error:
        raise SavoirsError("document_not_found", name=name) from error
    lines = tuple(Line.unpacked(line) for line in said["lines"])
    return ReadDocument(name, said["format"], sha256, size, lines, said["pages"], said["recognised"])


def digest(file: BinaryIO) -> str:
    """The SHA-256 of a file, in hexadecimal, read in pieces."""
    file.seek(0)
    whole = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        whole.update(chunk)
    return whole.hexdigest()


def tidy_name(name: str) -> str:
    """The last part of a name, whatever came before it and whatever the system it came from."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable())[-_LONGEST_NAME:] or "document"


def _size(file: BinaryIO, limits: Limits) -> int:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise SavoirsError("document_not_found")
    if status.st_size == 0:
        raise SavoirsError("document_empty")
    if status.st_size > limits.max_bytes:
        raise SavoirsError("document_too_large", maximum=limits.max_bytes)
    return status.st_size


def _ask(file: BinaryIO, name: str, size: int, limits: Limits) -> dict[str, Any]:
    asked = {
        "name": name,
        "size_bytes": size,
        "max_unzipped_bytes": limits.max_unzipped_bytes,
        "max_pages": limits.max_pages,
        "memory_bytes": limits.memory_bytes,
        "cpu_s": max(1, round(limits.timeout_s)),
        "timeout_s": limits.timeout_s,
        "ocr": shutil.which("tesseract"),
    }
    file.seek(0)
    process = subprocess.Popen(  # noqa: S603  (our own module; the file is its input, never a word of its command)
        [sys.executable, "-I", "-m", "savoirs.documents.child", json.dumps(asked)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        said = _listen(process, limits.timeout_s)
    finally:
        _end(process)
    return _understood(process.returncode, said)


def _listen(process: subprocess.Popen[bytes], timeout_s: float) -> bytes:
    """What the child says, within the time and the size it has."""
    deadline = time.monotonic() + timeout_s
    pieces, total = [], 0
    assert process.stdout is not None  # noqa: S101  (asked for above)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise SavoirsError("document_too_slow")
            chunk = os.read(process.stdout.fileno(), _CHUNK)
            if not chunk:
                break
            total += len(chunk)
            if total > MOST_ANSWER_BYTES:
                raise SavoirsError("document_too_long")
            pieces.append(chunk)
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise SavoirsError("document_too_slow") from error
    return b"".join(pieces)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child, and what it may have started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (OSError, AttributeError):
            process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _understood(code: int, said: bytes) -> dict[str, Any]:
    if code == -getattr(signal, "SIGXCPU", 24):
        raise SavoirsError("document_too_slow")
    if code in (-signal.SIGSEGV, -signal.SIGABRT, -getattr(signal, "SIGTRAP", 5), -signal.SIGILL):
        raise SavoirsError("document_too_heavy")  # pypdfium2 ends so when it is refused memory
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise SavoirsError("document_reader_stopped") from error
    if code != 0:
        raise SavoirsError("document_reader_stopped")
    if "error" in answer:
        raise SavoirsError(answer["error"], **answer["params"])
    return answer
