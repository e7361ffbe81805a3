"""Query tree → which documents match: leaves read from Whoosh's postings, the rest by set operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from whoosh import query as wq

from indexer.engine import FIELDS
from indexer.query import ANYWHERE, GappedPhrase, NearWord
from indexer.spelling import words_near, words_with_prefix
from indexer.whoosh_index.schema import words_field
from indexer.whoosh_index.view import View

Numbers = frozenset[int]


def match(tree: Any, view: View) -> Numbers:
    """Whoosh's numbers of the documents that match.

    Args:
        tree: A tree made by ``indexer.query.understand``.
        view: The state of the index to look in.

    Raises:
        TypeError: For a node ``understand`` never makes.
    """
    for kind, evaluate in _EVALUATORS:
        if isinstance(tree, kind):
            return evaluate(tree, view)
    if tree is wq.NullQuery:
        return frozenset()
    raise TypeError(f"no way to match {type(tree).__name__}")


def numbers_of(view: View, field: str, text: str) -> Iterator[int]:
    """The documents that have a term, or an unstemmed word, in one field of the schema."""
    reader = view.searcher.reader()
    if (field, text) in reader:
        yield from reader.postings(field, text).all_ids()


def expand(kind: str, text: str, view: View) -> list[str]:
    """The folded words of the index that ``prefix*`` or ``near~`` stands for."""
    words = view.lexicon.in_order
    numbers = words_with_prefix(words, text) if kind == "prefix" else words_near(words, text)
    return [words[number] for number in numbers]


def _fields(name: str) -> tuple[str, ...]:
    return FIELDS if name == ANYWHERE else (name,)


def _every(_: Any, view: View) -> Numbers:
    return frozenset(view.rows)


def _and(tree: Any, view: View) -> Numbers:
    return frozenset.intersection(*(match(child, view) for child in tree))


def _or(tree: Any, view: View) -> Numbers:
    return frozenset().union(*(match(child, view) for child in tree))


def _not(tree: Any, view: View) -> Numbers:
    return frozenset(view.rows) - match(tree.query, view)


def _term(tree: Any, view: View) -> Numbers:
    return frozenset(number for field in _fields(tree.fieldname) for number in numbers_of(view, field, tree.text))


def _prefix(tree: Any, view: View) -> Numbers:
    return _any_word("prefix", tree, view)


def _near(tree: Any, view: View) -> Numbers:
    return _any_word("near", tree, view)


def _any_word(kind: str, tree: Any, view: View) -> Numbers:
    words = expand(kind, tree.text, view)
    fields = [words_field(field) for field in _fields(tree.fieldname)]
    return frozenset(number for field in fields for word in words for number in numbers_of(view, field, word))


def _phrase(tree: Any, view: View) -> Numbers:
    return frozenset().union(*(_phrase_in(field, tree.words, view) for field in _fields(tree.fieldname)))


def _phrase_in(field: str, terms: list[str], view: View) -> Numbers:
    """Documents where the terms follow each other at their typed distances in one field."""
    starts: dict[int, set[int]] | None = None
    for offset, term in enumerate(terms):
        if not term:
            continue
        here = {number: {place - offset for place in places} for number, places in _positions(view, field, term)}
        if starts is None:
            starts = here
        else:
            starts = {number: places & here[number] for number, places in starts.items() if number in here}
    return frozenset(number for number, places in (starts or {}).items() if places)


def _positions(view: View, field: str, term: str) -> Iterator[tuple[int, list[int]]]:
    reader = view.searcher.reader()
    if (field, term) not in reader:
        return
    postings = reader.postings(field, term)
    while postings.is_active():
        yield postings.id(), postings.value_as("positions")
        postings.next()


_EVALUATORS: tuple[tuple[Any, Callable[[Any, View], Numbers]], ...] = (
    (wq.And, _and),
    (wq.Or, _or),
    (wq.Not, _not),
    (GappedPhrase, _phrase),
    (NearWord, _near),
    (wq.Prefix, _prefix),
    (wq.Term, _term),
    (wq.Every, _every),
)
