"""What is wrong in a corpus: which file, which line, and a code whose French sentence says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a corpus.

    Attributes:
        file: The file, from the folder that was given.
        line: Its line, from 1.
        code: A stable snake_case name of the mistake.
        params: Values the French sentence needs.
    """

    file: str
    line: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict, compare=False)


class FileError(ValueError):
    """A mistake met while reading one file, before its name is known."""

    def __init__(self, code: str, line: int = 1, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = params

    def of(self, file: str) -> Problem:
        """The problem, once the file is known."""
        return Problem(file, self.line, self.code, self.params)
