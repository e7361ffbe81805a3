"""Collections to measure with: documents, queries and grades, read from a folder in BEIR's layout, and their halves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.engine import Document

Grades = Mapping[str, Mapping[str, int]]
"""Query id → document id → grade."""


HALVES = ("tuning", "held")
"""Weights are chosen on one half of the queries; what is told to the world is measured on the other."""


class UnreadableCollectionError(ValueError):
    """A collection that is not in the format; says the file, the line and what is wrong."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")
        self.file, self.line, self.problem = file, line, problem


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries that have a relevant one, and their grades.

    Attributes:
        documents: All of them.
        queries: Texts by id.
        grades: At least those of the queries.
    """

    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    grades: Grades

    def half(self, name: str) -> Collection:
        """The same documents, with the queries of one half: ``tuning`` or ``held``; see ``half_of``."""
        kept = {id_: text for id_, text in self.queries.items() if half_of(id_) == name}
        return Collection(self.documents, kept, self.grades)


def half_of(query: str) -> str:
    """The half of a query, by its id: ``tuning`` when the sha256 of « 17:id » is even, else ``held``."""
    return HALVES[hashlib.sha256(f"17:{query}".encode()).digest()[-1] % 2]


def read_collection(directory: Path) -> Collection:
    """Read a folder in BEIR's layout.

    Args:
        directory: Holds ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``.

    Raises:
        UnreadableCollectionError: When a file is not in the format.
    """
    documents = tuple(
        Document(id=row["_id"], kind="practice", title=str(row.get("title") or ""), body=str(row.get("text") or ""))
        for row in json_lines(directory / "corpus.jsonl", ("_id",))
    )
    grades = _read_grades(directory / "qrels.tsv")
    rows = json_lines(directory / "queries.jsonl", ("_id", "text"))
    queries = {row["_id"]: str(row["text"]) for row in rows if any(grades.get(row["_id"], {}).values())}
    return Collection(documents, queries, grades)


def json_lines(path: Path, required: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of a file of one a line, blank lines left out.

    Raises:
        UnreadableCollectionError: When a line is not an object with the keys required.
    """
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UnreadableCollectionError(path.name, number, error.msg) from error
            missing = [key for key in required if not isinstance(row, dict) or key not in row]
            if missing:
                raise UnreadableCollectionError(path.name, number, f"missing {', '.join(missing)}")
            rows.append(row)
    return rows


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            cells = line.rstrip("\n").split("\t")
            if number == 1 or not line.strip():
                continue
            try:
                query, document, grade = cells
                grades.setdefault(query, {})[document] = int(grade)
            except ValueError as error:
                raise UnreadableCollectionError(path.name, number, "expected query, document, score") from error
    return grades
