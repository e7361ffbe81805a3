"""Searching without an index: word for word, in SQL. Answers while the index is made again, so less well and slower.

Each word must begin a word of the title or the text. No synonym, no correction, no operator, no meaning, no count of
facets. SQL narrows with ``LIKE``; what matches is decided here, on text whose addresses and numbers are masked.
"""

from __future__ import annotations

import heapq
import html
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.analysis import clean, fold
from indexer.engine import FACETS, Facet, Hit, Page, Reason, Request, Sort, Understanding, Word
from savoirs.indexed_notes import ordinal
from savoirs.models import LexiconLine
from savoirs.plain_rows import candidates
from savoirs.plaintext import masked, sentences, shortened

MAX_CHARS = 1_000
"""How much of a query is read, in characters."""

MAX_WORDS = 12
MAX_WORD_CHARS = 60
_PATTERNS = 3
"""Words, the longest, that SQL narrows with: more cost more than they leave out."""

_TITLE_SCORE, _TEXT_SCORE = 1.0, 0.5
_NEVER = 1 << 40
"""A day after all others: the oldest first, records without a date last."""

_WORD = re.compile(r"[^\W_]+")
_REFUSED = re.compile(r"(?<!\w)(?:SAUF|NOT)\s+[\"«]?\s*\w+|(?<!\S)-\w+")
_OPERATOR = re.compile(r"(?<!\w)(?:ET|OU|AND|OR|SAUF|NOT)(?!\w)|(?<!\w)\w+:(?=\S)")
_LIGATURES = re.compile("oe|ae")
_MAY_HAVE_ACCENTS = re.compile(r"[aceinouy0-9]|[^ -~]")
_MARKS = re.compile("[\u0300-\u036f]+")
"""Accents, once letters are taken apart."""


@dataclass(frozen=True)
class Words:
    """The words of a query: folded ones to look for, and how each was typed; those left aside."""

    text: str
    typed: Mapping[str, str]
    dropped: tuple[str, ...]

    @property
    def everything(self) -> bool:
        """Whether nothing was typed, so that everything answers."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True, order=True)
class _Found:
    """A record that answers, by the place of its sort key."""

    key: tuple[Any, ...]
    id: str
    score: float


def find_page(session: Session, request: Request) -> tuple[Page, tuple[str, ...]]:
    """Answer a search. Two queries; never raises because of the text. Facets hold the active values, not counted.

    The order is the engines', but for the relevance: titles that hold all the words first, then the newest.

    Returns:
        The page, and the folded words with which ``excerpt_of`` marks texts.
    """
    words = read_words(session, request.text, request.exact)
    found = _found(session, words, request)
    ordered = heapq.nsmallest(max(0, request.offset) + max(0, request.limit), found.values())
    reasons = _reasons(words) if request.explain else ()
    page = Page(
        total=len(found),
        hits=tuple(Hit(one.id, one.score, reasons) for one in ordered[max(0, request.offset) :]),
        facets={name: _active(request, name, len(found)) for name in FACETS},
        understanding=understanding(words),
    )
    return page, tuple(words.typed)


def read_words(session: Session, text: str, exact: bool = False) -> Words:
    """The words of a query, but for stop words, operators and words refused. One query, none for an empty text."""
    text = clean(text[:MAX_CHARS])
    if not text.strip():
        return Words(text, {}, ())
    stopwords = _stopwords(session)
    refused = _WORD.findall(" ".join(_REFUSED.findall(text)))
    typed: dict[str, str] = {}
    dropped = [word for word in refused if not _OPERATOR.fullmatch(word)]
    for written in _WORD.findall(_OPERATOR.sub(" ", _REFUSED.sub(" ", text))):
        word = fold(written)[:MAX_WORD_CHARS]
        if word in stopwords or len(typed) >= MAX_WORDS or not _WORD.fullmatch(word):
            dropped.append(written)
        else:
            typed.setdefault(word if exact else _singular(word), written)
    return Words(text, typed, tuple(dict.fromkeys(dropped)))


def understanding(words: Words) -> Understanding:
    """What was understood: each word as it was typed."""
    return Understanding(words.text, tuple(Word(word, (word,)) for word in words.typed.values()), words.dropped)


def excerpt_of(words: Collection[str]) -> Callable[[str, int], str]:
    """Makes excerpts for these folded words: the sentence that holds most of them, as safe HTML with ``<mark>``."""

    def excerpt(text: str, length: int) -> str:
        found = sentences(clean_lines(text)) if len(text) > length else [clean_lines(text).replace("\n", " ")]
        best = max(found, key=lambda one: len({begun for begun, _ in _begun(one, words)}), default="")
        first = next((place for _, place in _begun(best, words)), 0)
        begin = best.rfind(" ", 0, max(0, first - length // 3)) + 1 if first > length * 2 // 3 else 0
        return ("…" if begin else "") + _marked(shortened(best[begin:], length), words)

    return excerpt


def clean_lines(text: str) -> str:
    """The text without control characters, line by line."""
    return "\n".join(clean(line) for line in text.splitlines())


def _found(session: Session, words: Words, request: Request) -> dict[str, _Found]:
    """Everything that answers, once each, with its sort key: narrow rows, so that all may be ordered."""
    if not words.everything and not words.typed:
        return {}
    longest = sorted(words.typed, key=lambda word: (-len(word), word))[:_PATTERNS]
    # The word first, then what was before it: a pattern that begins with letters is looked for several times faster.
    begins = [re.compile(rf"{word}(?<![^\W_]{word})") for word in words.typed]
    sort = Sort.NEWEST if words.everything and request.sort is Sort.RELEVANCE else request.sort
    found: dict[str, _Found] = {}
    for row in candidates(session, [_pattern(word) for word in longest], request.filters):
        title, _, text = _read(row, begins).partition("\n")
        in_title = _holds(title, begins)
        if in_title or _holds(f"{title}\n{text}", begins):
            one = _Found(_key(sort, row, title, in_title), row.id, _score(sort, in_title))
            found[row.id] = min(one, found.get(row.id, one))
    return found


def _read(row: Any, begins: Collection[re.Pattern[str]]) -> str:
    """The title, a line end and the text of a record, folded; masked when it would answer: most do not."""
    whole = f"{row.title}\n{row.text}"
    folded = _folded(whole)
    if not _holds(folded, begins):
        return ""
    clear = masked(whole)
    return folded if clear == whole else _folded(clear)


def _holds(folded: str, begins: Collection[re.Pattern[str]]) -> bool:
    return all(begin.search(folded) for begin in begins)


def _folded(text: str) -> str:
    """As ``indexer.analysis.fold`` does to our letters, ten times faster: it is done to every text there is."""
    text = text.lower()
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae")))


def _key(sort: Sort, row: Any, title: str, in_title: bool) -> tuple[Any, ...]:
    published = row.published_at.date().toordinal() if row.published_at else 0
    day = max(ordinal(row.date) or published, ordinal(row.confirmed))
    match sort:
        case Sort.OLDEST:
            return (day or _NEVER,)
        case Sort.TITLE:
            return (title,)
        case Sort.NEWEST:
            return (-day,)
        case Sort.RELEVANCE:
            return (not in_title, -day)


def _score(sort: Sort, in_title: bool) -> float:
    """Never growing along the results: only the relevance tells records apart."""
    return _TITLE_SCORE if in_title or sort is not Sort.RELEVANCE else _TEXT_SCORE


def _reasons(words: Words) -> tuple[Reason, ...]:
    return tuple(Reason(word, typed, 1 / len(words.typed)) for word, typed in words.typed.items())


def _active(request: Request, name: str, total: int) -> tuple[Facet, ...]:
    """The values chosen, so that a page can name them and take them away; counting the others needs an index."""
    if name not in request.facets:
        return ()
    return tuple(Facet(value, total, True) for value in request.filters.get(name, ()))


def _stopwords(session: Session) -> frozenset[str]:
    lines = session.scalars(
        select(LexiconLine.text).where(LexiconLine.file == "stopwords").order_by(LexiconLine.position)
    )
    return frozenset(fold(line.partition("#")[0].strip()) for line in lines)


def _singular(word: str) -> str:
    """The word without the mark of its plural, since what is searched begins with it."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _pattern(word: str) -> str:
    """A ``LIKE`` pattern of all texts (French, in NFC) that hold a folded word, and of some more.

    A letter that may have an accent, or a figure that may be raised, is any one character; two letters that may be a
    ligature are any run of them.
    """
    pieces = (_MAY_HAVE_ACCENTS.sub("_", piece) for piece in _LIGATURES.split(word))
    return f"%{'%'.join(pieces)}%"


def _begun(text: str, words: Collection[str]) -> list[tuple[str, int]]:
    """The words of a text that begin with one searched: that one, and where the word begins."""
    found = []
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        found += [(word, match.start()) for word in words if folded.startswith(word)][:1]
    return found


def _marked(text: str, words: Collection[str]) -> str:
    pieces, at = [], 0
    for match in _WORD.finditer(text):
        if fold(match.group()).startswith(tuple(words)) and words:
            pieces += [html.escape(text[at : match.start()], quote=False), f"<mark>{match.group()}</mark>"]
            at = match.end()
    return "".join([*pieces, html.escape(text[at:], quote=False)])
