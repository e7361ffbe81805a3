"""The words the analyser is made of: stop words, word families, synonyms. Data, editable, read from plain text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


class LanguageError(ValueError):
    """A line of a language file that cannot be read.

    Attributes:
        file: ``stopwords``, ``families`` or ``synonyms``.
        line: Its number, from 1.
        problem: A stable code: ``several_words``, ``lone_word``, ``no_separator`` or ``two_families``.
    """

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Synonym:
    """That a query with one phrase may also look for others.

    Attributes:
        phrase: What is typed, one or several words.
        others: What else to look for.
    """

    phrase: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language.

    Attributes:
        stopwords: Words that are not searched.
        families: Words that count as one, the first naming the family.
        synonyms: What a query may also look for.
    """

    stopwords: frozenset[str] = frozenset()
    families: tuple[tuple[str, ...], ...] = ()
    synonyms: tuple[Synonym, ...] = ()

    @classmethod
    def parse(cls, stopwords: str, families: str, synonyms: str) -> Language:
        """Read the three files' texts; ``#`` begins a comment.

        A family is words between commas. A synonym line is ``a = b = c`` (each looks for the others) or
        ``a > b, c`` (who types a also looks for b and c).

        Raises:
            LanguageError: With the file and line of the first mistake.
        """
        return cls(_stopwords(stopwords), _families(families), _synonyms(synonyms))

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that change when a word does: an index made with others is stale."""
        parts = (sorted(self.stopwords), self.families, [(s.phrase, s.others) for s in self.synonyms])
        return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def _lines(text: str) -> list[tuple[int, str]]:
    stripped = ((number, line.split("#", 1)[0].strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in stripped if line]


def _stopwords(text: str) -> frozenset[str]:
    words = set()
    for number, line in _lines(text):
        if " " in line or "," in line:
            raise LanguageError("stopwords", number, "several_words")
        words.add(line)
    return frozenset(words)


def _families(text: str) -> tuple[tuple[str, ...], ...]:
    families = []
    seen: set[str] = set()
    for number, line in _lines(text):
        words = _split(line, ",")
        if len(words) < 2:
            raise LanguageError("families", number, "lone_word")
        if seen.intersection(words):
            raise LanguageError("families", number, "two_families")
        seen.update(words)
        families.append(words)
    return tuple(families)


def _synonyms(text: str) -> tuple[Synonym, ...]:
    synonyms = []
    for number, line in _lines(text):
        if ">" in line:
            phrase, _, others = line.partition(">")
            if not phrase.strip() or not _split(others, ","):
                raise LanguageError("synonyms", number, "lone_word")
            synonyms.append(Synonym(phrase.strip(), _split(others, ",")))
        elif "=" in line:
            group = _split(line, "=")
            if len(group) < 2:
                raise LanguageError("synonyms", number, "lone_word")
            synonyms += [Synonym(phrase, tuple(other for other in group if other != phrase)) for phrase in group]
        else:
            raise LanguageError("synonyms", number, "no_separator")
    return tuple(synonyms)


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
