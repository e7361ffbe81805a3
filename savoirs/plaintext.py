"""Markdown as plain text, cut in sentences, with addresses and telephone numbers masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[…]"
"""What stands where an address or a number was."""

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_AUTOLINK = re.compile(r"<(https?://[^>\s]+)>")
_FENCE = re.compile(r"^\s*(?:```|~~~).*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_STARS = re.compile(r"\*+|~~|`+")
_UNDERSCORES = re.compile(r"(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SENTENCE_END = re.compile(r"(?<=[.!?…])([ \u00a0]?»)?\s+(?=[\ue000\ue001]?[A-ZÀ-ÖØ-ÞŒ0-9«—–“\"(])")

EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]+\s?(?:@|\(at\)|\[at\]|\(arobase\)|\[arobase\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
"""An e-mail address, even spelt with « (at) »."""

TELEPHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\d{2,3}[\s.\u00a0-]?(?:\(0\))?[\s.\u00a0-]?[1-9]|0[1-9])(?:[\s.\u00a0/-]{0,2}\d{2}){4}(?!\d)"
)
"""A French telephone number, in any usual spelling."""

_AT = re.compile(r"@|[(\[]a(?:t|robase)[)\]]", re.IGNORECASE)
_DIGITS = re.compile(r"\d{2}[\s.\u00a0/-]{0,2}\d{2}[\s.\u00a0/-]{0,2}\d{2}")
"""What every address or number has: cheap to look for, as every text of an index build is."""


def holds_email(text: str) -> bool:
    """Whether a text has an e-mail address, even spelt with « (at) »."""
    return _AT.search(text) is not None and EMAIL.search(text) is not None


def holds_telephone(text: str) -> bool:
    """Whether a text has a French telephone number, in any usual spelling."""
    return _DIGITS.search(text) is not None and TELEPHONE.search(text) is not None


def masked(text: str) -> str:
    """The text without e-mail addresses and telephone numbers."""
    if holds_email(text):
        text = EMAIL.sub(MASK, text)
    return TELEPHONE.sub(MASK, text) if holds_telephone(text) else text


def masked_within(value: Any) -> Any:
    """The same JSON value, every text in it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: masked_within(inner) for name, inner in value.items()}
    return [masked_within(inner) for inner in value] if isinstance(value, list) else value


def plain_text(markdown: str) -> str:
    """Markdown as plain text, one paragraph, heading or list item a line.

    By patterns, not by a parser: an index build reads thousands of notes a second; a mark left behind costs nothing.
    """
    blocks: list[list[str]] = [[]]
    for line in markdown.splitlines():
        if not line.strip() or _FENCE.match(line) or _RULE.match(line):
            blocks.append([])
            continue
        heading = _HEADING.match(line)
        quoted = _QUOTE.sub("", line)
        item = _ITEM.match(quoted)
        if heading or item:
            blocks.append([])
        blocks[-1].append((heading.group(1) if heading else _ITEM.sub("", quoted)).strip())
        if heading:
            blocks.append([])
    return "\n".join(_inline(" ".join(block)) for block in blocks if block)


def sentences(text: str) -> list[str]:
    """The sentences of a plain text, in order."""
    found = []
    for block in text.split("\n"):
        start = 0
        for end in _SENTENCE_END.finditer(block):
            closed = end.end(1) if end.group(1) else end.start()
            found.append(block[start:closed].strip())
            start = end.end()
        found.append(block[start:].strip())
    return [sentence for sentence in found if sentence]


def first_sentence(markdown: str, limit: int = 200) -> str:
    """The first sentence of a Markdown text, plain, masked, and cut between words beyond ``limit`` characters."""
    found = sentences(plain_text(markdown[: 10 * limit]))
    return shortened(masked(found[0]), limit) if found else ""


def shortened(text: str, limit: int) -> str:
    """The text, cut between two words and ended with « … » when it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:\u00a0")
    return f"{cut}…"


def _inline(text: str) -> str:
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", text)
    text = _STARS.sub("", text)
    if "_" in text:
        text = _UNDERSCORES.sub("", text)
    return _ESCAPE.sub(r"\1", text)
