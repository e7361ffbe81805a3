"""Pairs of a draft and a note, labelled by hand or made by a recipe, to measure what is said to be told already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from indexer.engine import Document
from savoirs.duplicates import likely
from savoirs.errors import SavoirsError
from savoirs.models import NoteKind, record_id
from savoirs.near_texts import NearTexts
from savoirs.plaintext import sentences

EVERY = 4
"""One note in so many, by id, is copied, shortened, lengthened, and put beside its neighbours."""

SHORTEST = 6
"""Sentences from which a note can be cut."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A draft.

    Attributes:
        sort: ``reworded``, ``copied``, ``shortened``, ``lengthened`` (told already), ``same_subject``, ``neighbour``.
        note: The note that it tells again; empty when none does.
        title: Its title.
        text: Its text.
        without: A note left out of the comparison: the draft itself, when it is a note of the corpus.
    """

    sort: str
    note: str
    title: str
    text: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many pairs of each sort are right; and over all, of what is said, how much is so, and the other way round."""

    pairs: int
    precision: float
    recall: float
    right: dict[str, tuple[int, int]]


def read_pairs(path: Path, documents: Iterable[Document]) -> tuple[Pair, ...]:
    """The labelled drafts of a file, then those made from the notes of the corpus.

    Raises:
        SavoirsError: ``no_judgements`` (``file``).
    """
    if not path.is_file():
        raise SavoirsError("no_judgements", file=str(path))
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["drafts"]
    written = tuple(_written(row) for row in rows)
    kinds = set(NoteKind)
    notes = sorted((one for one in documents if one.kind in kinds), key=lambda one: one.id)
    return (*written, *made(notes[::EVERY]))


def made(notes: Sequence[Document]) -> tuple[Pair, ...]:
    """For each note: a copy with sentences dropped and moved, a short one, a longer one, and itself as a new note."""
    found = []
    said = [sentences(note.body) for note in notes]
    for at, (note, told) in enumerate(zip(notes, said, strict=True)):
        if len(told) >= SHORTEST:
            others = [some[1] for some in (*said[at + 1 :], *said[:at]) if len(some) >= SHORTEST]
            found.append(Pair("copied", note.id, f"Notre retour : {note.title.lower()}", " ".join(_copied(told))))
            found.append(Pair("shortened", note.id, note.title, " ".join(told[::3])))
            found.append(Pair("lengthened", note.id, note.title, " ".join((*told, *others[: len(told) // 2]))))
        found.append(Pair("neighbour", "", note.title, note.body, note.id))
    return tuple(found)


def measure(texts: NearTexts, pairs: Sequence[Pair]) -> Figures:
    """What is said of each draft, beside what is so."""
    said = {pair: _said(texts, pair) for pair in pairs}
    told = sum(len(some) for some in said.values())
    true = sum(pair.note in some for pair, some in said.items() if pair.note)
    wanted = sum(bool(pair.note) for pair in pairs)
    right = {sort: _right(said, sort) for sort in dict.fromkeys(pair.sort for pair in pairs)}
    return Figures(len(pairs), true / max(told, 1), true / max(wanted, 1), right)


def _said(texts: NearTexts, pair: Pair) -> list[str]:
    return [one.note_id for one in likely(texts.near(pair.title, pair.text, without=pair.without))]


def _right(said: dict[Pair, list[str]], sort: str) -> tuple[int, int]:
    some = [(pair, ids) for pair, ids in said.items() if pair.sort == sort]
    return sum(ids == ([pair.note] if pair.note else []) for pair, ids in some), len(some)


def _written(row: dict[str, Any]) -> Pair:
    note = record_id("note", row["note"])
    if row["reworded"]:
        return Pair("reworded", note, row["title"], row["text"])
    return Pair("same_subject", "", row["title"], row["text"])


def _copied(told: Sequence[str]) -> list[str]:
    """All but each fifth sentence, the second half first."""
    kept = [sentence for at, sentence in enumerate(told) if at % 5 != 4]
    return [*kept[len(kept) // 2 :], *kept[: len(kept) // 2]]
