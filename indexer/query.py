"""What the user typed → a Whoosh query tree, the terms that score, and what was understood. Never raises.

Free text (the usual case) never meets the parser: a query is *strict* only when it holds an operator (ET, OU, SAUF,
AND, OR, NOT in capitals), a phrase in quotes, a known field, ``prefix*`` or ``word~``. Parentheses group what a strict
query holds; alone they are punctuation (« la prime (PTS) »). Both engines evaluate the tree made here, after
understanding, so that they can only differ by a fault of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from whoosh import qparser
from whoosh import query as wq

from indexer import reading
from indexer.analysis import Analyser, Form, clean, fold
from indexer.engine import Understanding, Word

MAX_QUERY_CHARS = 2_000
"""Longer queries are cut at a word: a pasted page says the same in its first 300 words."""

MAX_STRICT_CHARS = 500
"""Longer strict queries are read as free text: nobody writes them, and parsing is the only slow part."""

MAX_WORDS = 64
"""Distinct words searched, at most."""

SYNONYM_WEIGHT = 0.35
"""Weight of a synonym beside the typed word's 1: ``savoirs evaluate search --judgements`` hardly moves around it."""

CORRECTION_WEIGHT = 0.9
"""Weight of a correction of a word found nowhere; .8 keeps less of the figure (``savoirs evaluate search --typos``)."""

ANYWHERE = "text"
"""The field of a word typed without one: every field of a document."""

FIELD_NAMES = {
    "titre": "title",
    "title": "title",
    "texte": "body",
    "outil": "tools",
    "outils": "tools",
    "theme": "themes",
    "themes": "themes",
    "type": "kinds",
    "organisation": "organisations",
    "organisations": "organisations",
    "association": "organisations",
    "asso": "organisations",
}
"""What may be typed before a colon, folded, and the document field it means."""

_OPERATORS = frozenset(("ET", "OU", "SAUF", "AND", "OR", "NOT"))
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})
_MAYBE_STRICT = re.compile('["*~:]|ET|OU|SAUF|AND|OR|NOT')
_STRICT = re.compile(
    r'(?<![^\W_])(?:ET|OU|SAUF|AND|OR|NOT)(?![^\W_])|"[^"]*[^\W_][^"]*"|[^\W_][*~](?:\s|\)|$)|([^\W\d_]+):(?=\S)'
)
_MAX_DEPTH = 12
_REMEMBERED = 50_000


class Scored(NamedTuple):
    """A term that scores.

    Attributes:
        term: The term; for ``prefix*`` and ``word~``, what was typed before the sign.
        weight: 1 for what was typed, less for corrections and synonyms.
        label: The typed word it comes from, or the correction that stands for it.
        kind: ``term``, ``prefix`` or ``near``.
    """

    term: str
    weight: float
    label: str
    kind: str = "term"


class Reading(NamedTuple):
    """What one typed word comes to in an index.

    Attributes:
        word: The word and what is searched for it; None when it is dropped.
        scored: What scores for it.
        terms: What is searched, one of them enough.
        instead: Its likely spelling, empty when it is fine.
    """

    word: Word | None
    scored: tuple[Scored, ...] = ()
    terms: tuple[str, ...] = ()
    instead: str = ""


class Vocabulary(Protocol):
    """What understanding asks of an index."""

    @property
    def readings(self) -> dict[str, Reading]:
        """What typed words came to in this index, as long as it does not change: understanding fills it."""
        ...

    def frequency(self, term: str) -> int:
        """In how many documents a term is, in any field."""
        ...

    def corrections(self, word: str, limit: int) -> Sequence[tuple[str, Form]]:
        """The likeliest words of the index for a folded word found nowhere: as displayed, and their form."""
        ...

    def better(self, word: str) -> tuple[str, Form] | None:
        """A far commoner neighbour of a rare word, None for most words."""
        ...


class GappedPhrase(wq.Phrase):  # type: ignore[misc]  # whoosh is untyped
    """A phrase whose empty words match any one word: each word keeps the distance it was typed at."""


class NearWord(wq.FuzzyTerm):  # type: ignore[misc]
    """``word~``: folded words within one edit (two from eight letters on), adjacent swaps counting as one."""


class Query(NamedTuple):
    """A query understood.

    Attributes:
        scored: The terms that score, in typed order.
        understanding: What to tell the user.
        any_of: For the usual query, whose documents are those that hold one of some terms: these terms.
        strict_tree: Otherwise, the tree; see ``tree``.
    """

    scored: tuple[Scored, ...]
    understanding: Understanding
    any_of: tuple[str, ...] = ()
    strict_tree: Any = None

    @property
    def tree(self) -> Any:
        """A tree of Whoosh's ``And Or Not Term Every NullQuery`` and of ``Prefix``, ``GappedPhrase``, ``NearWord``.

        Terms and phrases run over stems, prefixes and near words over folded words; ``ANYWHERE`` is any field.
        """
        if self.strict_tree is not None:
            return self.strict_tree
        return wq.Or([wq.Term(ANYWHERE, term) for term in self.any_of]) if self.any_of else wq.NullQuery

    @property
    def everything(self) -> bool:
        """Whether nothing was typed, so that everything matches."""
        return isinstance(self.strict_tree, wq.Every)


def understand(text: str, analyser: Analyser, vocabulary: Vocabulary, exact: bool = False) -> Query:
    """Read what a user typed.

    Args:
        text: Anything.
        analyser: The analyser the index was made with.
        vocabulary: The index's words.
        exact: Do not correct unknown words.
    """
    cleaned = clean(text)
    if not cleaned.isascii():
        cleaned = cleaned.translate(_QUOTES)
    cleaned = _shorten(" ".join(cleaned.split()))
    if not cleaned:
        return Query((), Understanding(text=""), strict_tree=wq.Every())
    reader = _Reader(analyser, vocabulary, exact)
    tree = _parse(cleaned) if _MAYBE_STRICT.search(cleaned) and _is_strict(cleaned) else None
    if tree is not None:
        built = reader.build(tree)
        if built is not wq.NullQuery:
            return Query(tuple(reader.scored), reader.understanding(cleaned, strict=True), strict_tree=built)
        reader = _Reader(analyser, vocabulary, exact)  # only operators and signs: read the words left
    any_of, phrases = reader.free(cleaned)
    built = wq.Or([*(wq.Term(ANYWHERE, term) for term in any_of), *phrases]) if phrases else None
    return Query(tuple(reader.scored), reader.understanding(cleaned, strict=False), any_of, built)


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_QUERY_CHARS else text[:MAX_QUERY_CHARS].rpartition(" ")[0] or text[:MAX_QUERY_CHARS]


def _is_strict(text: str) -> bool:
    if len(text) > MAX_STRICT_CHARS or text.count("(") > _MAX_DEPTH:
        return False
    return any(not found[1] or fold(found[1]) in FIELD_NAMES for found in _STRICT.finditer(text))


def _make_parser() -> qparser.QueryParser:
    plugins = [
        qparser.WhitespacePlugin(),
        qparser.GroupPlugin(),
        qparser.PrefixPlugin(expr=r"(?P<text>[^\W_][^\s*:()\"]*)[*](?=\s|$|\))"),
        qparser.PhrasePlugin(),
        qparser.FieldsPlugin(expr=r"(?P<text>[^\W\d_]+):(?=\S)"),
        qparser.OperatorsPlugin(
            And=r"(?<![^\W_])(?:ET|AND)(?![^\W_])",
            Or=r"(?<![^\W_])(?:OU|OR)(?![^\W_])",
            Not=r"(?<![^\W_])(?:SAUF|NOT)(?![^\W_])",
            AndNot=None,
            AndMaybe=None,
            Require=None,
        ),
    ]
    return qparser.QueryParser(ANYWHERE, schema=None, plugins=plugins, group=qparser.AndGroup)


_PARSER = _make_parser()


def _parse(text: str) -> Any:
    """Whoosh's tree over words as typed, or None when it cannot make one."""
    balanced = text.count('"') % 2 == 0
    usual = reading.read(text, ANYWHERE) if balanced else None
    if usual is not None:
        return usual
    try:
        return _PARSER.parse(text if balanced else text.replace('"', " "), normalize=False)
    except (qparser.QueryParserError, wq.QueryError, RecursionError, IndexError, AttributeError, TypeError):
        return None  # the parser is not ours: a text it chokes on is read as free text


@dataclass
class _Reader:
    """Turns typed words into terms, and remembers what it understood on the way."""

    analyser: Analyser
    vocabulary: Vocabulary
    exact: bool
    words: dict[str, Word] = field(default_factory=dict)
    scored: list[Scored] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    _replaced: dict[str, str] = field(default_factory=dict)

    def understanding(self, text: str, *, strict: bool) -> Understanding:
        """What to tell the user."""
        return Understanding(text, tuple(self.words.values()), tuple(self.dropped), self.suggest(text), strict)

    # Free text

    def free(self, text: str) -> tuple[tuple[str, ...], list[GappedPhrase]]:
        """Any understood word, or any synonym of what was typed: terms and phrases, one of which is enough."""
        words = self.analyser.cut(text)
        for word in words:
            if word in _OPERATORS and len(words) > 1:
                self._drop(word)
            elif len(self.words) < MAX_WORDS:
                self._read(word)
        terms = [one.term for one in self.scored]
        more, phrases = self._expand([self.analyser.form(word).term for word in words])
        return tuple(dict.fromkeys([*terms, *more])), phrases

    def _read(self, word: str) -> tuple[str, ...]:
        """The terms to search for one typed word; none when it is dropped."""
        known = self.vocabulary.readings
        reading = None if self.exact else known.get(word)
        if reading is None:
            reading = self._look_up(word)
            if not self.exact:
                if len(known) >= _REMEMBERED:
                    known.clear()
                known[word] = reading
        if reading.word is None:
            self._drop(word)
        elif reading.word.typed not in self.words:
            self.words[reading.word.typed] = reading.word
            self.scored += reading.scored
            if reading.instead:
                self._replaced[word] = reading.instead
        return reading.terms

    def _look_up(self, word: str) -> Reading:
        form, label = self.analyser.form(word), word.lower()
        if not form.term:
            return Reading(None)
        if self.exact or self.vocabulary.frequency(form.term):
            better = self.vocabulary.better(form.word)
            scored = Scored(form.term, 1.0, label)
            return Reading(Word(label, (label,)), (scored,), (form.term,), better[0] if better is not None else "")
        found = self.vocabulary.corrections(form.word, 3)
        if not found:
            return Reading(None)
        used, terms = tuple([shown for shown, _ in found]), tuple([form.term for _, form in found])
        # a reason names the word that was found, not the error
        scored_terms = tuple(map(Scored, terms, _falling(CORRECTION_WEIGHT, len(found)), used))
        return Reading(Word(label, used), scored_terms, terms, used[0])

    def _drop(self, word: str) -> None:
        if word not in self.dropped and len(self.dropped) < MAX_WORDS:
            self.dropped.append(word)

    def _expand(self, typed: list[str]) -> tuple[list[str], list[GappedPhrase]]:
        """Synonyms of the words and phrases typed, to match; their terms score at reduced weight."""
        alone: list[str] = []
        phrases: list[GappedPhrase] = []
        for start, length, synonyms in self.analyser.synonyms(typed):
            label = self._label(typed[start : start + length])
            for shown, terms in synonyms:
                kept = [term for term in terms if term]
                if not kept or not all(self.vocabulary.frequency(term) for term in kept):
                    continue
                if len(terms) == 1:
                    alone.append(kept[0])
                else:
                    phrases.append(GappedPhrase(ANYWHERE, list(terms)))
                already = {scored.term for scored in self.scored}
                weight = SYNONYM_WEIGHT / len(kept)
                self.scored += [Scored(term, weight, shown) for term in kept if term not in already]
                if label in self.words:
                    word = self.words[label]
                    self.words[label] = Word(word.typed, word.used, (*word.synonyms, shown))
        return alone, phrases

    def _label(self, terms: Sequence[str]) -> str:
        """The typed word that a phrase of terms begins with, itself or by a correction."""
        first = next((term for term in terms if term), "")
        found = next((scored.label for scored in self.scored if scored.term == first), "")
        return next((label for label, word in self.words.items() if found in word.used), "")

    # Strict

    def build(self, node: Any) -> Any:
        """The same tree over terms."""
        if isinstance(node, (wq.And, wq.Or)):
            parts = [part for part in (self.build(child) for child in node) if part is not wq.NullQuery]
            return _join(type(node), parts)
        if isinstance(node, wq.Not):
            silent = _Reader(self.analyser, self.vocabulary, self.exact)
            inner = silent.build(node.query)
            self.words.update({f"sauf {label}": word for label, word in silent.words.items()})
            return wq.NullQuery if inner is wq.NullQuery else wq.Not(inner)
        return self._leaf(node) if isinstance(node, (wq.Term, wq.Prefix, wq.Phrase)) else wq.NullQuery

    def _leaf(self, node: Any) -> Any:
        name = FIELD_NAMES.get(fold(node.fieldname or ""), "")
        place = name or ANYWHERE
        if isinstance(node, wq.Phrase):
            return self._phrase(place, " ".join(node.words), self._prefix_of(node, name))
        if isinstance(node, wq.Prefix):
            return self._pattern(wq.Prefix, "prefix", place, node.text, "*")
        if isinstance(node, wq.Term):
            text = node.text if name or node.fieldname == ANYWHERE else f"{node.fieldname} {node.text}"
            if text.endswith("~") and text.count("~") == 1:
                return self._pattern(NearWord, "near", place, text[:-1], "~")
            return self._words(place, text)
        return wq.NullQuery

    def _prefix_of(self, node: Any, name: str) -> str:
        return "" if name or node.fieldname == ANYWHERE else str(node.fieldname)

    def _words(self, place: str, text: str) -> Any:
        parts = []
        for word in self.analyser.cut(text):
            form = self.analyser.form(word)
            terms = self._read(word)
            if terms or form.term:  # a word found nowhere, and near to none, still counts: what it asks for is nowhere
                parts.append(_join(wq.Or, [wq.Term(place, term) for term in terms or (form.term,)]))
        return _join(wq.And, parts)

    def _phrase(self, place: str, text: str, before: str) -> Any:
        forms = [(word, self.analyser.form(word)) for word in self.analyser.cut(f"{before} {text}")][:MAX_WORDS]
        while forms and not forms[0][1].term:
            forms.pop(0)
        while forms and not forms[-1][1].term:
            forms.pop()
        if not forms:
            return wq.NullQuery
        for word, form in forms:
            if form.term:
                label = word.lower()
                if label not in self.words:
                    self.words[label] = Word(label, (label,))
                    self.scored.append(Scored(form.term, 1.0, label))
        if len(forms) == 1:
            return wq.Term(place, forms[0][1].term)
        return GappedPhrase(place, [form.term for _, form in forms])

    def _pattern(self, kind: Any, name: str, place: str, text: str, sign: str) -> Any:
        written = self.analyser.cut(text)
        if not written:
            return wq.NullQuery
        *before, last = written
        word = self.analyser.form(last).word
        label = last.lower() + sign
        self.words.setdefault(label, Word(label, (label,)))
        self.scored.append(Scored(word, 1.0, label, name))
        pattern = kind(place, word)
        parts = [part for part in [self._words(place, " ".join(before))] if part is not wq.NullQuery]
        return _join(wq.And, [*parts, pattern])

    def suggest(self, text: str) -> str | None:
        """The query with its likely spelling."""
        if not self._replaced:
            return None
        pieces, at = [], 0
        for found in self.analyser.find(text):
            if found.group() in self._replaced:
                pieces += [text[at : found.start()], self._replaced[found.group()]]
                at = found.end()
        suggested = "".join([*pieces, text[at:]])
        return suggested if suggested != text else None


def _falling(first: float, count: int) -> Iterator[float]:
    return (first / (rank + 1) for rank in range(count))


def _join(kind: Any, parts: Iterable[Any]) -> Any:
    kept = list(parts)
    if not kept:
        return wq.NullQuery
    return kept[0] if len(kept) == 1 and not isinstance(kept[0], wq.Not) else kind(kept)
