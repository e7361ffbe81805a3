"""Highlighted excerpts: the best one or two sentences of a plain text, whole words, matched forms marked, safe HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from markupsafe import escape

from indexer.analysis import Analyser, clean

_SENTENCE = re.compile(r"[^\n.!?…]*(?:[.!?…]+(?=[\s\u00a0»)]|$)[\s\u00a0»)]*|[.!?…]+|\n+|$)")


@dataclass(frozen=True)
class Marker:
    """What to mark in a text. Keep it for all the texts of a page: it remembers the words it has met.

    Attributes:
        terms: Terms, and what each is worth (its idf, say).
        prefixes: Beginnings of folded words.
        words: Folded words.
    """

    terms: Mapping[str, float]
    prefixes: tuple[str, ...] = ()
    words: Collection[str] = ()
    _met: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False, compare=False)

    def worth(self, written: str, analyser: Analyser) -> tuple[str, float]:
        """What a written word was matched by and what it is worth; 0 when it is not to be marked."""
        known = self._met.get(written)
        if known is None:
            form = analyser.form(written)
            known = self._met[written] = self._judge(form.word, form.term)
        return known

    def _judge(self, word: str, term: str) -> tuple[str, float]:
        if term and term in self.terms:
            return term, self.terms[term]
        if word in self.words:
            return word, 1.0
        for prefix in self.prefixes:
            if word.startswith(prefix):
                return prefix, 1.0
        return "", 0.0


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    key: str
    worth: float


def mark(text: str, marker: Marker, analyser: Analyser) -> str:
    """The whole of a plain text as safe HTML, its matched words in ``<mark>``."""
    text = clean(text)
    return _render(text, 0, len(text), _matches(text, marker, analyser))


def excerpt(text: str, marker: Marker, analyser: Analyser, length: int = 280) -> str:
    """The passage that holds most of what was searched, as safe HTML; the beginning when nothing is matched.

    Args:
        text: Plain text.
        marker: What to mark.
        analyser: The index's analyser.
        length: How long it may be, in characters; it is cut between words.
    """
    text = "\n".join(clean(line) for line in text.splitlines())
    matches = _matches(text, marker, analyser)
    start, end = _best(text, matches, length)
    start, end = _trim(text, start, end, matches, length)
    before = "…" if text[:start].strip() and not _begins(text, start) else ""
    after = "…" if text[end:].strip() and text[:end].rstrip()[-1:] not in {".", "!", "?", "…", "»"} else ""
    return before + _render(text, start, end, matches) + after


def best_sentence(text: str, marker: Marker, analyser: Analyser, length: int = 240) -> tuple[str, str]:
    """The one sentence that says most of what was searched: as safe HTML, and as plain text."""
    text = "\n".join(clean(line) for line in text.splitlines())
    matches = _matches(text, marker, analyser)
    spans = _sentences(text)
    if not spans:
        return "", ""
    start, end = max(spans, key=lambda span: (_value(matches, *span), span[0] == spans[0][0]))
    start, end = _trim(text, start, end, matches, length)
    cut = "…" if end < len(text) and text[end - 1 : end].isalnum() and not text[:end].endswith((".", "!", "?")) else ""
    return _render(text, start, end, matches) + cut, " ".join(text[start:end].split()) + cut


def _matches(text: str, marker: Marker, analyser: Analyser) -> list[_Span]:
    spans = []
    for match in analyser.find(text):
        key, worth = marker.worth(match.group(), analyser)
        if worth:
            spans.append(_Span(match.start(), match.end(), key, worth))
    return spans


def _sentences(text: str) -> list[tuple[int, int]]:
    """Bounds of the sentences that hold something, without the space around them."""
    found = []
    for match in _SENTENCE.finditer(text):
        body = match.group()
        stripped = body.strip()
        if stripped:
            start = match.start() + body.index(stripped[0])
            found.append((start, start + len(stripped)))
    return found


def _value(matches: list[_Span], start: int, end: int) -> float:
    """What is matched in a passage: each term once whole, then a little for each time it comes back."""
    seen: dict[str, int] = {}
    value = 0.0
    for span in matches:
        if span.start >= end:
            break
        if span.start >= start:
            seen[span.key] = times = seen.get(span.key, 0) + 1
            value += span.worth if times == 1 else span.worth * 0.1
    return value


def _best(text: str, matches: list[_Span], length: int) -> tuple[int, int]:
    """The best sentence, with its neighbours while they fit."""
    spans = _sentences(text)
    if not spans:
        return 0, 0
    values = [_value(matches, *span) for span in spans]
    best = max(range(len(spans)), key=lambda number: (values[number], -number))
    first = last = best
    while True:
        start, end = spans[first][0], spans[last][1]
        after = last + 1 < len(spans) and spans[last + 1][1] - start <= length
        before = first > 0 and end - spans[first - 1][0] <= length
        if after and (not before or values[last + 1] >= values[first - 1]):
            last += 1
        elif before:
            first -= 1
        else:
            return start, end


def _trim(text: str, start: int, end: int, matches: list[_Span], length: int) -> tuple[int, int]:
    """Cut a passage that is too long, between words, around its first match."""
    if end - start <= length:
        return start, end
    first = next((span.start for span in matches if start <= span.start < end), start)
    begin = max(start, first - length // 3)
    if begin > start:
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else first
    limit = min(end, begin + length)
    if limit < end:
        space = text.rfind(" ", begin + length // 2, limit)
        limit = space if space > begin else limit
    return begin, limit


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \u00a0»)")
    return before[-1:] in {".", "!", "?", "…", "\n"}


def _render(text: str, start: int, end: int, matches: list[_Span]) -> str:
    parts: list[str] = []
    at = start
    for span in matches:
        if span.start >= at and span.end <= end:
            parts.append(str(escape(text[at : span.start])))
            parts.append(f"<mark>{escape(text[span.start : span.end])}</mark>")
            at = span.end
    parts.append(str(escape(text[at:end])))
    return " ".join("".join(parts).replace("\n", " ").split(" "))
