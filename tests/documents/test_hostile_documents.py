"""Documents that mean harm, or are broken: one sentence each, and nothing happens to whoever reads them."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from savoirs import documents
from savoirs.documents.limits import Limits
from savoirs.errors import SavoirsError
from tests.documents import hostile_files
from tests.documents.making import pdf, write_docx
from web.messages import message_of

MEGABYTE = 1 << 20


def memory_mb() -> float:
    """The memory of this process that is its own."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def refused(path: Path, limits: Limits | None = None) -> SavoirsError:
    """The error that a document is refused with."""
    with pytest.raises(SavoirsError) as caught:
        documents.read(path, limits)
    return caught.value


@pytest.mark.parametrize("make", hostile_files.REFUSED, ids=lambda make: str(make.__name__))
def test_a_hostile_document_gets_one_sentence(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """A code of its own, a French sentence that names the file, and no memory taken from us."""
    path = make(tmp_path)
    before = memory_mb()
    error = refused(path)
    assert error.code == hostile_files.REFUSED[make]
    assert memory_mb() - before < 25
    sentence = message_of(error)
    assert path.name in sentence
    assert "\n" not in sentence
    assert sentence.endswith((".", "!"))


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    """Its size is enough to refuse it; the sentence says the most that is taken."""
    path = tmp_path / "gros.txt"
    with path.open("wb") as file:
        file.truncate(21_000_000)
    error = refused(path)
    assert (error.code, error.params["maximum"]) == ("document_too_large", 20_000_000)


def test_a_reader_without_memory_dies_alone(tmp_path: Path) -> None:
    """The child is refused memory, whatever library asks for it, and we say so."""
    path = tmp_path / "lourd.html"
    path.write_text("<p>mot</p>" * 100_000, "utf-8")
    error = refused(path, Limits(memory_bytes=40 * MEGABYTE))
    assert error.code == "document_too_heavy"


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """At the end of its time, and no later."""
    path = tmp_path / "lent.html"
    path.write_text("<p>mot</p>" * 300_000, "utf-8")
    began = time.monotonic()
    assert refused(path, Limits(timeout_s=0.15)).code == "document_too_slow"
    assert time.monotonic() - began < 5


def test_a_reader_that_is_killed_half_way_is_said(tmp_path: Path) -> None:
    """Somebody kills the child: one sentence, nothing half-read, and the next document is read as ever."""
    path = tmp_path / "long.html"
    path.write_text("<p>mot</p>" * 300_000, "utf-8")
    stop = threading.Event()
    killer = threading.Thread(target=kill_readers, args=(os.getpid(), stop))
    killer.start()
    try:
        error = refused(path)
    finally:
        stop.set()
        killer.join()
    assert error.code == "document_reader_stopped"
    assert documents.read(write_docx(tmp_path / "apres.docx", [("text", "Bonjour")])).lines


def kill_readers(parent: int, stop: threading.Event) -> None:
    """Kill the child processes that read documents, until told to stop."""
    while not stop.is_set():
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                mine = int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1]) == parent
                if mine and b"savoirs.documents.child" in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.005)


def test_the_reader_knows_nothing_of_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of our environment reaches the child, whose tesseract here shows all that it has."""
    monkeypatch.setenv("SAVOIRS_SECRET_KEY", "tres-secret")
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n/usr/bin/env\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([b"0.5 g 50 50 300 400 re f"]))
    text = "\n".join(line.text for line in documents.read(path, Limits(memory_bytes=1 << 30)).lines)
    assert "PYTHONIOENCODING" in text
    assert "SAVOIRS" not in text
    assert "tres-secret" not in text


def test_a_page_nested_deep_is_read(tmp_path: Path) -> None:
    """Twenty thousand elements in one another break nothing."""
    document = documents.read(hostile_files.nested_html(tmp_path))
    assert [line.text for line in document.lines] == ["Bonjour à toutes et à tous"]


def test_a_name_that_climbs_is_only_a_name(tmp_path: Path) -> None:
    """What a browser sends as a name says nothing of where the file goes."""
    path = write_docx(tmp_path / "x.docx", [("text", "Bonjour")])
    assert documents.read(path, name="../../etc/passwd\0.docx").name == "passwd.docx"
    assert documents.read(path, name="C:\\dossier\\rapport.docx").name == "rapport.docx"
