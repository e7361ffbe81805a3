"""The Markdown of a note in a file, and its five parts."""

from __future__ import annotations

import re

from savoirs.corpus.problems import FileError

HEADINGS = {
    "context": "Le contexte",
    "action": "Ce qui a été fait",
    "worked": "Ce qui a marché",
    "failed": "Ce qui n’a pas marché",
}
"""The heading of each part but the introduction, which has none, in their order."""

PARTS = ("introduction", *HEADINGS)

_HEADING = re.compile(r"^#{1,2}(?=\s|$)\s*(.*?)\s*#*$")
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_BY_TITLE = {title.casefold(): part for part, title in HEADINGS.items()}


def split(body: str) -> dict[str, str]:
    """The parts of a note, each by its name, empty when it has none.

    Raises:
        FileError: ``unknown_heading`` or ``heading_order``, with the line in ``body``.
    """
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    present = 0
    for number, line, heading in _lines(body):
        if heading is None:
            parts[PARTS[present]].append(line)
            continue
        part = _BY_TITLE.get(heading.replace("'", "’").casefold())
        if part is None:
            raise FileError("unknown_heading", number, heading=heading, allowed=", ".join(HEADINGS.values()))
        if PARTS.index(part) <= present:
            raise FileError("heading_order", number, heading=heading, allowed=", ".join(HEADINGS.values()))
        present = PARTS.index(part)
    return {part: "\n".join(lines).strip("\n") for part, lines in parts.items()}


def join(parts: dict[str, str]) -> str:
    """The Markdown of a note. A heading inside a part that would pass for one of ours goes down to level 3."""
    blocks = []
    for part in PARTS:
        text = _lowered(parts[part].strip("\n"))
        if text:
            blocks += [f"## {HEADINGS[part]}", text] if part in HEADINGS else [text]
    return "\n\n".join(blocks)


def _lowered(text: str) -> str:
    return "\n".join(line if heading is None else f"### {heading}" for _, line, heading in _lines(text))


def _lines(text: str) -> list[tuple[int, str, str | None]]:
    """Each line with its number, and its heading when it is one of level 1 or 2 outside a code block."""
    found = []
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.match(line)
        heading = None if fence or mark else _HEADING.match(line)
        if mark and fence in {"", mark.group(1)}:
            fence = "" if fence else mark.group(1)
        found.append((number, line, heading.group(1) if heading else None))
    return found
