"""How often the themes proposed for a text are those its authors chose: each note in turn is taken for a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.engine import Document
from savoirs.models import NoteKind
from savoirs.near_texts import NearTexts
from savoirs.suggesting import ThemeWords, kind_of, themes_of


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the notes.

    Attributes:
        notes: How many were left out, one after the other.
        first: The first theme proposed is one of the note's.
        three: One of the three at most is.
        silent: Nothing was proposed.
        kinds: Of the kinds proposed instead of « pratique », how many are the note's; how many were proposed.
    """

    notes: int
    first: float
    three: float
    silent: float
    kinds: tuple[int, int]


def measure(texts: NearTexts, words: ThemeWords, documents: Iterable[Document]) -> Figures:
    """Leave each note out, propose themes for its text, and compare with its own (leave-one-out cross-validation)."""
    kinds = set(NoteKind)
    notes = [one for one in documents if one.kind in kinds and one.facets.get("theme")]
    told = [_told(texts, words, note) for note in notes]
    own = [set(words.precise(note.facets["theme"])) for note in notes]
    proposed = [(kind, note.kind) for (_, kind), note in zip(told, notes, strict=True) if kind]
    return Figures(
        len(notes),
        _share(bool(own_ & set(themes[:1])) for (themes, _), own_ in zip(told, own, strict=True)),
        _share(bool(own_ & set(themes)) for (themes, _), own_ in zip(told, own, strict=True)),
        _share(not themes for themes, _ in told),
        (sum(kind == true for kind, true in proposed), len(proposed)),
    )


def _told(texts: NearTexts, words: ThemeWords, note: Document) -> tuple[Sequence[str], str]:
    near = texts.left_out(note.id).near(note.title, note.body)
    kind = kind_of(near, NoteKind.PRACTICE)
    return [theme.key for theme in themes_of(near, words)], kind.kind.value if kind else ""


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / max(len(given), 1)
