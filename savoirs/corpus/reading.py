"""From files to records: where they are, what they say, on which line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from savoirs.corpus import note_parts, schema, yaml_reading
from savoirs.corpus.problems import FileError, Problem
from savoirs.corpus.records import FOLDERS, Record
from savoirs.corpus.records import Path as KeyPath
from savoirs.errors import SavoirsError

MAX_FILE_BYTES = 1_000_000
_DATES = ("date", "true_as_of")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and its file.

    Attributes:
        record: The record.
        path: The file.
        name: The file as messages name it, from the folder that was given.
        body_line: The line where its Markdown begins.
    """

    record: Record
    path: Path
    name: str
    body_line: int

    def line_of(self, where: KeyPath) -> int:
        """The line of a value of the front matter."""
        return yaml_reading.line_of(_split(read_text(self.path))[0], where) + 1

    def problem(self, where: KeyPath, code: str, **params: object) -> Problem:
        """A problem about a value of the front matter."""
        return Problem(self.name, self.line_of(where), code, params)


def read(root: Path) -> tuple[list[Entry], list[Problem]]:
    """Read every record under a folder, or one file.

    Args:
        root: A corpus folder, a part of one, or one file.

    Returns:
        What could be read, by path, and what is wrong with the rest.

    Raises:
        SavoirsError: ``corpus_not_found`` (``path``) when there is nothing there.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in find(root):
        name = path.name if path == root else path.relative_to(root).as_posix()
        try:
            entry = _entry(path, name)
        except FileError as mistake:
            problems.append(mistake.of(name))
            continue
        except ExceptionGroup as group:
            problems += [mistake.of(name) for mistake in group.exceptions if isinstance(mistake, FileError)]
            continue
        wrong = list(_misplaced(entry))
        problems += wrong
        if not wrong:
            entries.append(entry)
    return entries, problems


def find(root: Path) -> list[Path]:
    """The files of records under a folder, sorted; the folder itself when it is one file.

    Raises:
        SavoirsError: ``corpus_not_found`` (``path``) when there is nothing there.
    """
    if root.is_file():
        return [root]
    folders = [root / folder for folder in FOLDERS.values() if (root / folder).is_dir()] or [root]
    paths = sorted(path for folder in folders for path in folder.rglob("*.md") if path.name != "README.md")
    if not paths and not (root / "language").is_dir():
        raise SavoirsError("corpus_not_found", path=str(root))
    return paths


def read_text(path: Path) -> str:
    """The text of a file, its line ends and composed letters made ours.

    Raises:
        FileError: ``too_large``, ``not_utf8`` or ``unreadable``.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FileError("too_large", maximum=MAX_FILE_BYTES)
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError("not_utf8", line) from error
    except OSError as error:
        raise FileError("unreadable") from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _entry(path: Path, name: str) -> Entry:
    yaml_text, body, body_line = _split(read_text(path))
    try:
        front = yaml_reading.load(yaml_text)
    except FileError as problem:
        raise FileError(problem.code, problem.line + 1, **problem.params) from problem
    if not isinstance(front, dict):
        raise FileError("no_front_matter")
    front = _with_text_dates(front)
    mistakes = [
        FileError(code, yaml_reading.line_of(yaml_text, where) + 1, **params)
        for where, code, params in schema.mistakes(front)
    ]
    if mistakes:
        raise ExceptionGroup(name, mistakes)
    kind = front["record"]
    if kind == "note":
        body = _note_body(body, body_line)
    record = Record(kind, front["id"], schema.normal(kind, _without_name(front)), body, _folder(path, kind))
    return Entry(record, path, name, body_line)


def _note_body(body: str, body_line: int) -> str:
    """The text of a note, its parts told apart and put together again: blank lines and empty headings go."""
    try:
        return note_parts.join(note_parts.split(body))
    except FileError as problem:
        raise FileError(problem.code, body_line + problem.line - 1, **problem.params) from problem


def _split(text: str) -> tuple[str, str, int]:
    """The front matter (its first line is the file's second), the body, and the line where the body begins."""
    if not text.startswith("---\n"):
        raise FileError("no_front_matter")
    front, fence, rest = text[4:].partition("\n---\n")
    if not fence:
        front, fence = text[4:].removesuffix("\n---"), "\n---" if text.endswith("\n---") else ""
    if not fence:
        raise FileError("no_front_matter")
    body = rest.strip("\n")
    blank = len(rest) - len(rest.lstrip("\n"))
    return front, body, front.count("\n") + 4 + blank


def _with_text_dates(front: Mapping[str, Any]) -> dict[str, Any]:
    """YAML reads ``date: 2017`` as a number."""
    numbers = {name: str(front[name]) for name in _DATES if type(front.get(name)) is int}
    return {**front, **numbers}


def _without_name(front: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in front.items() if name not in {"record", "id"}}


def _folder(path: Path, kind: str) -> str:
    parts = path.parent.parts
    if kind != "note" or "notes" not in parts:
        return ""
    last = len(parts) - 1 - parts[::-1].index("notes")
    return "/".join(parts[last + 1 :])


def _misplaced(entry: Entry) -> Iterator[Problem]:
    record = entry.record
    if entry.path.stem != record.key:
        yield entry.problem(("id",), "wrong_file_name", id=record.key, wanted=f"{record.key}.md")
    top = entry.name.partition("/")[0]
    if top in FOLDERS.values() and top != FOLDERS[record.kind]:
        yield entry.problem(("record",), "wrong_folder", record=record.kind, wanted=f"{FOLDERS[record.kind]}/")
