"""Inventing a large base, the same for the same seed: to measure speed on, never to be read.

Words are those of the corpus, by how often it uses them, and rarer ones made of the halves of two of its words: drawn
by Zipf's law (1935), so that a few words are everywhere and most are rare, as in real texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from savoirs.database import analyse
from savoirs.models import (
    Change,
    ChangeAction,
    Experience,
    ExperienceRole,
    Note,
    NoteKind,
    NoteStatus,
    NoteTheme,
    Organisation,
    OrganisationKind,
    Stance,
    Theme,
    record_id,
)

DISTINCT_WORDS = 40_000
SHORTEST, LONGEST = 60, 400
"""Words of a note's text."""

TITLE_WORDS = (4, 10)
ORGANISATIONS = 300
FIRST_YEAR, LAST_YEAR = 2012, 2026
DEPARTEMENTS = ("13", "29", "31", "33", "38", "44", "59", "67", "69", "75", "86", "93")
KINDS = (NoteKind.PRACTICE, NoteKind.PRACTICE, NoteKind.TOOL, NoteKind.REPORT, NoteKind.EVALUATION)
STANCES = tuple(Stance)

_BATCH = 1_000
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Invented:
    """A text nobody wrote."""

    title: str
    text: str


class Writer:
    """Draws texts; the same seed and vocabulary give the same ones.

    Args:
        vocabulary: Words, the commonest first.
        seed: Of the draws.
    """

    def __init__(self, vocabulary: list[str], seed: int) -> None:
        self.vocabulary = vocabulary
        self.random = np.random.default_rng(seed)
        weights = 1.0 / np.arange(1, len(vocabulary) + 1)
        self._cumulated = np.cumsum(weights / weights.sum())

    def words(self, count: int) -> list[str]:
        """Some words, by Zipf's law."""
        places = np.searchsorted(self._cumulated, self.random.random(count))
        return [self.vocabulary[place] for place in np.minimum(places, len(self.vocabulary) - 1)]

    def note(self) -> Invented:
        """A note, of sentences of twelve words."""
        words = self.words(int(self.random.integers(SHORTEST, LONGEST + 1)))
        sentences = (" ".join(words[at : at + 12]).capitalize() + "." for at in range(0, len(words), 12))
        title = " ".join(self.words(int(self.random.integers(*TITLE_WORDS)))).capitalize()
        return Invented(title, " ".join(sentences))

    def one_of(self, values: Any) -> Any:
        """One of some values."""
        return values[int(self.random.integers(len(values)))]


def vocabulary_of(directory: Path, size: int = DISTINCT_WORDS) -> list[str]:
    """The words of a corpus' notes, the commonest first, then invented ones.

    Args:
        directory: The corpus folder.
        size: How many words, at least those of the corpus.
    """
    counts: Counter[str] = Counter()
    for path in sorted((directory / "notes").rglob("*.md")):
        counts.update(_WORD.findall(path.read_text("utf-8").rpartition("\n---\n")[2].lower()))
    known = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))] or ["mot"]
    long = [word for word in known if len(word) > 5] or known
    random = np.random.default_rng(0)
    invented: dict[str, None] = {}
    seen = set(known)
    # Two halves cannot make more words than there are pairs: a tiny corpus ends the loop early.
    for _ in range(20):
        if len(known) + len(invented) >= size:
            break
        for first, second in random.integers(len(long), size=(size, 2)).tolist():
            word = _joined(long[first], long[second])
            if word not in seen:
                invented[word] = None
    return [*known, *invented][: max(size, len(known))]


def _joined(first: str, second: str) -> str:
    return first[: len(first) // 2 + 1] + second[len(second) // 2 :]


def fill(session: Session, writer: Writer, notes: int) -> None:
    """Write invented organisations and published notes, and their changes, in one go.

    Args:
        session: The session of a transaction.
        writer: Draws the texts.
        notes: How many notes.
    """
    themes = list(session.scalars(select(Theme.id).order_by(Theme.key)))
    organisations = list(_organisations())
    session.execute(insert(Organisation), organisations)
    session.execute(insert(Change), [_change("organisation", row["id"]) for row in organisations])
    for start in range(0, notes, _BATCH):
        rows = [_note(writer, number) for number in range(start, min(start + _BATCH, notes))]
        session.execute(insert(Note), rows)
        if themes:
            tagged = [
                {"note_id": row["id"], "theme_id": theme, "position": position}
                for row in rows
                for position, theme in enumerate(dict.fromkeys((writer.one_of(themes), writer.one_of(themes))))
            ]
            session.execute(insert(NoteTheme), tagged)
        session.execute(insert(Experience), [_experience(writer, row["id"], organisations) for row in rows])
        session.execute(insert(Change), [_change("note", row["id"]) for row in rows])
    analyse(session)


def _organisations() -> Iterator[dict[str, Any]]:
    for number in range(ORGANISATIONS):
        key = f"mesure-{number:03}"
        yield {
            "id": record_id("organisation", key),
            "key": key,
            "name": f"Association Exemple Mesure {number}",
            "kind": OrganisationKind.ASSOCIATION,
            "departement": DEPARTEMENTS[number % len(DEPARTEMENTS)],
            "fictional": True,
        }


def _note(writer: Writer, number: int) -> dict[str, Any]:
    key = f"mesure-{number:07}"
    invented = writer.note()
    third = len(invented.text) // 3
    return {
        "id": record_id("note", key),
        "key": key,
        "kind": writer.one_of(KINDS),
        "status": NoteStatus.PUBLISHED,
        "title": invented.title,
        "summary": invented.text.partition(".")[0][:180],
        "context": invented.text[:third],
        "action": invented.text[third : 2 * third],
        "worked": invented.text[2 * third :],
        "date": str(int(writer.random.integers(FIRST_YEAR, LAST_YEAR + 1))),
    }


def _experience(writer: Writer, note_id: str, organisations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "note_id": note_id,
        "organisation_id": writer.one_of(organisations)["id"],
        "role": ExperienceRole.LIVED,
        "stance": writer.one_of(STANCES),
        "position": 0,
    }


def _change(record: str, id_: str) -> dict[str, Any]:
    return {"record": record, "record_id": id_, "action": ChangeAction.UPSERT}
