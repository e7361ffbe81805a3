"""THE French analyser: one function from text to terms, for the index, for queries and for highlighting alike.

Order matters: accents are folded *before* stemming. Stemming first leaves pairs such as « fidélité / fidelite » apart,
since the Snowball rules read accents; folding first costs a few over-stemmed words and finds every unaccented query.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import Stemmer
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken

from indexer.language import Language

ANALYSER_VERSION = 1
"""Part of the fingerprint: raise it when the same text gives other terms, and every index rebuilds itself."""

MAX_WORD_CHARS = 64
"""Longer words are cut: nobody types them, and a hostile text could fill the vocabulary with them."""

NO_BREAK = "\u00a0\u202f"
"""The no-break spaces of French typography."""

NEGATIONS = frozenset(("ne", "pas"))
"""Terms kept because they change what a phrase means, but that bring no two notes nearer and are not worth marking."""

_TOKEN = re.compile(
    r"""[^\W_]+                            # l’école, jusqu’ici and porte-à-porte fall into their words, but for
    (?: (?<=[jJ]ourd)['’]hui               # aujourd’hui, one word in spite of its apostrophe,
      | (?<=[eE])(?<![^\W_][eE])-[^\W\d_]+ # e-mail,
      | (?<=[^\W\d_])(?<![^\W_][^\W\d_])(?:\.[^\W\d_](?![^\W_]))+\.?  # R.N.A. and R.N.A
    )?""",
    re.VERBOSE,
)
_WRITTEN = "cp1252"
"""An encoding of a byte a letter that has all that French is written with, typographic signs included."""


def _separators() -> bytes:
    """For each byte, itself when it can be in a word, else a space."""
    letters = (bytes((byte,)).decode(_WRITTEN, "replace") for byte in range(256))
    return bytes(byte if re.match(r"[^\W_]", letter) else 32 for byte, letter in enumerate(letters))


_SEPARATORS = _separators()
LETTERS = np.array([byte != 32 for byte in _SEPARATORS])
"""Which bytes of an encoded text (``Analyser.encode``) words are made of, shape (256,)."""

_LETTER = rb"[A-Za-z\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff]"
_DOTTED = re.compile(rb"\.(?<=(?<!%b)%b\.)%b(?!%b)" % (_LETTER, _LETTER, _LETTER, _LETTER))
_HYPHENED = re.compile(rb"-(?<=(?<!%b)[eE]-)%b" % (_LETTER, _LETTER))


def _is_particular(data: bytes) -> bool:
    """Whether a word may hold a sign, so that bytes are not enough: R.N.A., e-mail, aujourd’hui."""
    return (
        b"\x92hui" in data
        or b"'hui" in data
        or (b"-" in data and _HYPHENED.search(data) is not None)
        or _DOTTED.search(data) is not None
    )


_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
"""Nearly all of what is taken off, quicker than one by one; U+034F combines with nothing, by its class."""

_JOINED = str.maketrans("", "", ".-'’")


@dataclass(frozen=True, slots=True)
class Form:
    """What a written word comes to.

    Attributes:
        word: The word folded: lower case, no accent, no ligature. What prefixes and corrections run over.
        term: Its stem, or the one its family goes by; empty for a stop word.
    """

    word: str
    term: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word at its place in a text: ``text[start:end]``."""

    start: int
    end: int
    form: Form


def fold(text: str) -> str:
    """Lower case, without accents, ligatures undone: « Œuvre d’été » → « oeuvre d’ete »."""
    if text.isascii():
        return text.lower()
    decomposed = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES)))
    if decomposed.isascii():
        return decomposed
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def fold_word(word: str) -> str:
    """A word as prefixes and word vectors know it: folded, without the signs that join its parts."""
    return fold(word).translate(_JOINED)


def clean(text: str) -> str:
    """The text as it is analysed: composed (NFC), control characters turned into spaces, no-break spaces kept."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(char if char.isprintable() or char in NO_BREAK else " " for char in composed)


class Analyser:
    """Turns text into terms. Safe to share between threads.

    Args:
        language: Its stop words, families and synonyms.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.fingerprint = f"{ANALYSER_VERSION}-{language.fingerprint()}"
        self._stemmer = Stemmer.Stemmer("french")
        self._lock = threading.Lock()
        self._forms: dict[str, Form] = {}
        self._stopwords = frozenset(language.stopwords)
        self._folded_stopwords = frozenset(fold(word) for word in language.stopwords)
        self._family_words: dict[str, str] = {}
        self._family_stems: dict[str, str] = {}
        for family in language.families:
            self._add_family([fold(word).translate(_JOINED) for word in family])
        self._synonyms = self._read_synonyms()

    def form(self, written: str) -> Form:
        """What one written word, as ``tokens`` cuts it, comes to."""
        form = self._forms.get(written)
        if form is None:
            form = self._make_form(written)
            if len(self._forms) >= 500_000:
                self._forms.clear()  # a bound on memory, whatever is read
            self._forms[written] = form
        return form

    def cut(self, text: str) -> list[str]:
        """The written words of a text, in order."""
        plain = text.split()
        if all(map(str.isalnum, plain)):
            return plain
        data = self.encode(text)
        if data is None:
            return _TOKEN.findall(text)
        return data.translate(_SEPARATORS).decode(_WRITTEN).split()

    def encode(self, text: str) -> bytes | None:
        """A text a byte a letter, whose words are its runs of ``LETTERS``; None for the few that are not so simple."""
        try:
            data = text.encode(_WRITTEN)
        except UnicodeEncodeError:
            return None
        return None if _is_particular(data) else data

    def decode_word(self, word: bytes) -> str:
        """A word of an encoded text as it was written."""
        return word.decode(_WRITTEN)

    def terms(self, text: str) -> list[str]:
        """The terms of a text, in order, without stop words: what scikit-learn takes as ``analyzer=``."""
        forms = map(self.form, _TOKEN.findall(text))
        return [form.term for form in forms if form.term]

    def tokens(self, text: str) -> Iterator[Token]:
        """The words of a text with their places, stop words included."""
        for match in self.find(text):
            yield Token(match.start(), match.end(), self.form(match.group()))

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """The written words of a text, as matches: for who needs few of them."""
        return _TOKEN.finditer(text)

    def synonyms(self, terms: Sequence[str]) -> Iterator[tuple[int, int, list[tuple[str, tuple[str, ...]]]]]:
        """Where a typed phrase has synonyms.

        Args:
            terms: The terms of a text, stop words as empty strings.

        Yields:
            Start and length of the phrase in ``terms``, and for each synonym what it is called and its terms.
        """
        for start, term in enumerate(terms):
            for phrase, others in self._synonyms.get(term, ()):
                if tuple(terms[start : start + len(phrase)]) == phrase:
                    yield start, len(phrase), others

    def _read_synonyms(self) -> dict[str, list[tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]]]:
        """By the first term of a phrase: phrases and their synonyms."""
        table: dict[str, list[tuple[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]]] = {}
        for synonym in self.language.synonyms:
            phrase = self._phrase(synonym.phrase)
            others = [(other, terms) for other in synonym.others if (terms := self._phrase(other)) and terms != phrase]
            if phrase and others:
                table.setdefault(phrase[0], []).append((phrase, others))
        return table

    def _phrase(self, text: str) -> tuple[str, ...]:
        """The terms of a phrase, stop words as empty strings, none at its ends."""
        terms = [self.form(word).term for word in self.cut(clean(text))]
        while terms and not terms[0]:
            terms.pop(0)
        while terms and not terms[-1]:
            terms.pop()
        return tuple(terms)

    def _make_form(self, written: str) -> Form:
        lower = written.lower()
        if lower == "n":
            lower = "ne"  # « n’avons pas »: the negation is kept
        word = fold(lower).translate(_JOINED)[:MAX_WORD_CHARS]
        # An accent tells « sûr » from « sur » where it was typed; a word typed without accents is given the benefit.
        if lower in self._stopwords or (lower.isascii() and word in self._folded_stopwords and word != "ne"):
            return Form(word, "")
        stem = self._stem(word)
        return Form(word, self._family_words.get(word) or self._family_stems.get(stem, stem))

    def _add_family(self, words: list[str]) -> None:
        """Give a family its term: its first word's stem, unless an earlier family has that one.

        Listed words come first, then whatever shares a stem with them: « aidant » and « aide » share a stem, not a
        family, so the second of the two families listed keeps its words only.
        """
        stems = [self._stem(word) for word in words]
        term = stems[0] if stems[0] not in self._family_stems else words[0]
        for word, stem in zip(words, stems, strict=True):
            self._family_words.setdefault(word, term)
            self._family_stems.setdefault(stem, term)

    def _stem(self, word: str) -> str:
        if word.isdigit():
            return word
        with self._lock:  # PyStemmer keeps a buffer per stemmer
            stemmed: str = self._stemmer.stemWord(word)
        return stemmed


class WhooshAnalyser(Analyzer):  # type: ignore[misc]  # whoosh is untyped
    """The same analyser, seen from Whoosh: stop words leave a gap in positions.

    Args:
        analyser: The one to speak for.
        stem: False for folded words unstemmed, which prefixes and ``word~`` run over.
    """

    def __init__(self, analyser: Analyser, stem: bool = True) -> None:
        self._analyser = analyser
        self._stem = stem

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (self._analyser.language, self._stem))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, WhooshAnalyser)
            and self._stem == other._stem
            and self._analyser.fingerprint == other._analyser.fingerprint
        )

    def __hash__(self) -> int:
        return hash((self._stem, self._analyser.fingerprint))

    def __call__(self, value: str, start_pos: int = 0, start_char: int = 0, **_: object) -> Iterator[WhooshToken]:
        """Yield Whoosh's tokens, its one token object filled anew each time as it expects."""
        token = WhooshToken(positions=True, chars=True, boost=1.0)
        for position, found in enumerate(self._analyser.tokens(value), start=start_pos):
            text = found.form.term if self._stem else found.form.word
            if not text:
                continue
            token.text = token.original = text
            token.boost = 1.0
            token.stopped = False
            token.pos = position
            token.startchar = start_char + found.start
            token.endchar = start_char + found.end
            yield token


def _unpickle(language: Language, stem: bool) -> WhooshAnalyser:
    return WhooshAnalyser(Analyser(language), stem)
