"""How near a text that is not a note yet is to each published note: what suggestions and likely duplicates rest on.

The engine compares documents it holds, and needs an id. While somebody types there is none: this room keeps a small
matrix of its own over the same analyser's terms, follows the journal as the engine does, and answers in milliseconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import NEGATIONS, Analyser, clean
from indexer.engine import Document, Feed
from indexer.language import Language
from savoirs.models import NoteKind

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

_log = logging.getLogger(__name__)

MOST_NOTES = 20_000
"""Beyond, the latest notes are enough to know by, and memory stays small: 8 bytes a note and term."""

FEW_CHANGES = 200
"""Up to this many, changes are followed while somebody waits; more are read in the background."""

SMALL = 1_000
"""A base of no more changes than this is read while somebody waits: it takes less than a second."""

OF_TITLE = 2
"""A word of the title counts as two of the text."""

_KINDS = frozenset(kind.value for kind in NoteKind)


@dataclass(frozen=True, slots=True)
class _Row:
    """A note: its terms, how often each is said, its kind, and the keys of its themes and of their ancestors."""

    terms: Ints
    counts: Floats
    kind: str
    themes: tuple[str, ...]
    day: int


@dataclass(frozen=True, slots=True)
class Table:
    """The notes at one moment, packed: each is ``slice(starts[n], starts[n + 1])`` of terms and weights (unit norm)."""

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    themes: tuple[tuple[str, ...], ...]
    starts: NDArray[np.int64]
    terms: Ints
    weights: Floats
    idf: Floats


@dataclass(frozen=True, slots=True)
class Near:
    """A text beside the notes.

    Attributes:
        table: The notes.
        terms: The text's different terms, in the order of the text.
        words: How each is first written, in lower case.
        numbers: The table's number of each, -1 for a term that no note has, shape (n,).
        weights: What each weighs, of unit norm, shape (n,).
        likeness: The cosine with each note, in [0, 1], shape (notes,).
    """

    table: Table
    terms: tuple[str, ...]
    words: tuple[str, ...]
    numbers: Ints
    weights: Floats
    likeness: Floats

    def by_term(self, rows: Sequence[int]) -> Floats:
        """What each term of the text brings to the sum of its likeness with some notes, shape (n,)."""
        place = np.full(len(self.table.idf) + 1, -1, dtype=np.int64)
        known = np.flatnonzero(self.numbers >= 0)
        place[self.numbers[known]] = known
        brought = np.zeros(len(self.terms), dtype=np.float32)
        for row in rows:
            some = slice(int(self.table.starts[row]), int(self.table.starts[row + 1]))
            at = place[self.table.terms[some]]
            shared = at >= 0
            brought[at[shared]] += self.table.weights[some][shared] * self.weights[at[shared]]
        return brought


class NearTexts:
    """The published notes, as the journal has them. Threads may share it.

    Args:
        language: The words the analyser is made of.
    """

    def __init__(self, language: Language) -> None:
        self._analyser = Analyser(language)
        self._numbers: dict[str, int] = {}
        self._rows: dict[str, _Row] = {}
        self._seq = -1
        self._table: Table | None = None
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None

    def ready(self, feed: Feed, *, wait_s: float = 0.3) -> bool:
        """Follow the journal; whether ``near`` now answers. When much is to be read it is so in the background.

        Args:
            feed: What changed.
            wait_s: How long the caller may be kept waiting for a reading in the background.
        """
        last = feed.last_seq()
        if self._seq == last and self._table is not None:
            return True
        if self._table is not None and 0 <= last - self._seq <= FEW_CHANGES:
            self._catch_up(feed, last)
            return True
        if last <= SMALL:
            self.read(feed)
            return True
        with self._lock:
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read_apart, args=(feed,), name="near-texts", daemon=True)
                self._reader.start()
            reader = self._reader
        reader.join(wait_s)
        return self._table is not None

    def read(self, feed: Feed) -> None:
        """Read every note again."""
        seq, documents = feed.snapshot()
        self.put(documents, seq)

    def _read_apart(self, feed: Feed) -> None:
        """In a thread: a base that cannot be read now is so the next time; no suggestion is worth a failure."""
        try:
            self.read(feed)
        except Exception as error:  # of whichever database
            _log.warning("notes could not be read for suggestions: %s", type(error).__name__)

    def put(self, documents: Iterable[Document], seq: int = 0) -> None:
        """Take these documents for all there is, as at change ``seq``."""
        numbers: dict[str, int] = {}
        rows = {one.id: self._row(one, numbers) for one in documents if one.kind in _KINDS}
        with self._lock:
            self._numbers, self._rows, self._seq = numbers, rows, seq
            self._table = _packed(rows, len(numbers))

    def left_out(self, note_id: str) -> NearTexts:
        """The same without a note, as if it had never been written: to measure by leaving one out."""
        other = NearTexts.__new__(NearTexts)
        other.__dict__.update(self.__dict__)
        other._rows = {id_: row for id_, row in self._rows.items() if id_ != note_id}
        other._table = _packed(other._rows, len(self._numbers))
        return other

    def near(self, title: str, text: str, *, without: str = "") -> Near | None:
        """A text beside each note; None before anything was read, or when the text says nothing.

        Args:
            title: Its title.
            text: The rest.
            without: The id of a note that is not compared: the one that is edited.
        """
        table, known = self._table, self._numbers
        said, written = self._said(title, text)
        if table is None or not said:
            return None
        numbers = np.array([known.get(term, -1) for term in said], dtype=np.int32)
        numbers[numbers >= len(table.idf)] = -1  # a term that came with a later table
        rare = np.float32(np.log((len(table.ids) + 1) / 0.5))
        idf = np.where(numbers >= 0, np.append(table.idf, rare)[numbers], rare)
        weights = (1 + np.log(np.array(list(said.values()), dtype=np.float32))) * idf
        weights = (weights / np.sqrt(weights @ weights)).astype(np.float32)
        asked = np.zeros(len(table.idf), dtype=np.float32)
        asked[numbers[numbers >= 0]] = weights[numbers >= 0]
        likeness = _sums(table.weights * asked[table.terms], table.starts)
        if without in table.ids:
            likeness[table.ids.index(without)] = 0
        return Near(table, tuple(said), tuple(written[term] for term in said), numbers, weights, likeness)

    def terms(self, text: str) -> tuple[str, ...]:
        """The terms of a text, in order."""
        return tuple(term for term in self._analyser.terms(clean(text)) if term not in NEGATIONS)

    def _said(self, title: str, text: str) -> tuple[dict[str, int], dict[str, str]]:
        """How often each term is said, and how it is first written."""
        said: dict[str, int] = {}
        written: dict[str, str] = {}
        for part, worth in ((title, OF_TITLE), (text, 1)):
            cleaned = clean(part)
            for token in self._analyser.tokens(cleaned):
                term = token.form.term
                if term and term not in NEGATIONS:
                    said[term] = said.get(term, 0) + worth
                    written.setdefault(term, cleaned[token.start : token.end].lower())
        return said, written

    def _row(self, document: Document, numbers: dict[str, int]) -> _Row:
        said: dict[int, int] = {}
        for part, worth in ((document.title, OF_TITLE), (document.body, 1)):
            for term in self.terms(part):
                number = numbers.setdefault(term, len(numbers))
                said[number] = said.get(number, 0) + worth
        terms = np.array(sorted(said), dtype=np.int32)
        counts = np.array([said[number] for number in sorted(said)], dtype=np.float32)
        return _Row(terms, counts, document.kind, tuple(document.facets.get("theme", ())), document.day)

    def _catch_up(self, feed: Feed, last: int) -> None:
        with self._lock:
            if self._seq >= last:
                return
            updates = feed.updates(self._seq, last)
            numbers, rows = dict(self._numbers), dict(self._rows)
            for update in updates:
                if update.document is not None and update.document.kind in _KINDS:
                    rows[update.id] = self._row(update.document, numbers)
                else:
                    rows.pop(update.id, None)
            changed = any(self._rows.get(update.id) is not rows.get(update.id) for update in updates)
            table = _packed(rows, len(numbers)) if changed else self._table
            self._numbers, self._rows, self._table, self._seq = numbers, rows, table, last


def _packed(rows: dict[str, _Row], terms: int) -> Table:
    """The latest notes, by id."""
    latest = sorted(rows, key=lambda id_: (-rows[id_].day, id_))[:MOST_NOTES]
    ids = sorted(latest)
    some = [rows[id_] for id_ in ids]
    lengths = np.array([len(row.terms) for row in some], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
    numbers = np.concatenate([row.terms for row in some]) if some else np.zeros(0, dtype=np.int32)
    counts = np.concatenate([row.counts for row in some]) if some else np.zeros(0, dtype=np.float32)
    held = np.bincount(numbers, minlength=terms)
    idf = np.log((len(some) + 1) / (held + 0.5)).clip(0.01).astype(np.float32)
    weights = (1 + np.log(np.maximum(counts, 1))).astype(np.float32) * idf[numbers]
    norms = np.sqrt(np.maximum(_sums(weights * weights, starts), np.float32(1e-12)))
    weights = (weights / np.repeat(norms, lengths)).astype(np.float32)
    kinds, themes = tuple(row.kind for row in some), tuple(row.themes for row in some)
    return Table(tuple(ids), kinds, themes, starts, numbers.astype(np.int32), weights, idf)


def _sums(values: Floats, starts: NDArray[np.int64]) -> Floats:
    """The sum of each slice ``starts[n]:starts[n + 1]``, 0 for an empty one."""
    if not len(values):
        return np.zeros(len(starts) - 1, dtype=np.float32)
    sums = np.add.reduceat(np.append(values, np.float32(0)), starts[:-1]).astype(np.float32)
    sums[starts[:-1] == starts[1:]] = 0
    return sums
