"""Reads the usual strict queries quicker than Whoosh's parser, into the very tree it makes; leaves it all the others.

That parser tries eight expressions at each character, which takes longer than a whole search.
"""

from __future__ import annotations

import re
from typing import Any

from whoosh import query as wq

_OPERATORS = {"ET": "and", "AND": "and", "OU": "or", "OR": "or", "SAUF": "not", "NOT": "not"}
_INSIDE = re.compile(r"(?<![^\W_])(?:ET|AND|OU|OR|SAUF|NOT)(?![^\W_])")
_PIECE = re.compile(
    r' *(?:([()])|"([^"]*)"(?!~)|([^\W\d_]+):(?=\S)|([^\W_][^\s*:()"]*)[*](?=\s|$|\))|([^\s*:()"]+)(?=[\s()"]|$))'
)
"""A parenthesis, a phrase, a field, a prefix, or a word."""


class _UnusualError(Exception):
    """What only the parser knows how to read."""


def read(text: str, anywhere: str) -> Any:
    """The tree of a query, or None for one that is out of the ordinary.

    Such is an operator with nothing on one side or inside a word, a parenthesis left open, a sign where none is usual.

    Args:
        text: Words separated by one space each, none before the first nor after the last.
        anywhere: The field of what is typed without one.
    """
    try:
        items = _items(text, anywhere)
        # Whoosh drops the parentheses of a whole query, once.
        return items[0] if len(items) == 1 and isinstance(items[0], wq.And) else _grouped(items)
    except _UnusualError:
        return None


def _items(text: str, anywhere: str) -> list[Any]:
    """Words, phrases, trees of what is in parentheses, and names of operators."""
    groups: list[list[Any]] = [[]]
    place, field = 0, ""
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None:
            raise _UnusualError
        place = found.end()
        sign, phrase, name, prefix, word = found.groups()
        if field and (sign or name or word in _OPERATORS):
            raise _UnusualError
        if name:
            field = _plain(name)
            continue
        if sign:
            _open_or_close(groups, sign)
        elif word in _OPERATORS:
            groups[-1].append(_OPERATORS[word])
        elif word:
            groups[-1].append(wq.Term(field or anywhere, _plain(word)))
        elif prefix:
            groups[-1].append(wq.Prefix(field or anywhere, _plain(prefix)))
        else:
            groups[-1].append(wq.Phrase(field or anywhere, phrase.split()))
        field = ""
    if field or len(groups) > 1:
        raise _UnusualError
    return groups[0]


def _plain(word: str) -> str:
    """The same, unless an operator is in it."""
    if word in _OPERATORS or not (word.isalnum() or _INSIDE.search(word) is None):
        raise _UnusualError
    return word


def _open_or_close(groups: list[list[Any]], sign: str) -> None:
    if sign == "(":
        groups.append([])
    elif len(groups) == 1:
        raise _UnusualError
    else:
        inner = _grouped(groups.pop())
        groups[-1].append(inner)


def _grouped(items: list[Any]) -> Any:
    """The tree of a run: SAUF binds closest, then ET, then OU; what is only side by side is required, all of it."""
    if not items:
        raise _UnusualError
    if "not" in items:
        items = _negated(items)
    for name, kind in (("and", wq.And), ("or", wq.Or)):
        if name in items:
            items = _bound(items, name, kind)
    return wq.And(items)


def _negated(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    waiting = False
    for item in items:
        if waiting:
            if isinstance(item, str):
                raise _UnusualError
            found.append(wq.Not(item))
            waiting = False
        elif item == "not":
            waiting = True
        else:
            found.append(item)
    if waiting:
        raise _UnusualError
    return found


def _bound(items: list[Any], name: str, kind: Any) -> list[Any]:
    """A run with what an operator joins as one; a third operand joins the first two, as it does parentheses."""
    found: list[Any] = []
    waiting = False
    for item in items:
        if waiting:
            if isinstance(item, str):
                raise _UnusualError
            left = found[-1]
            if isinstance(left, kind):
                left.subqueries.append(item)
            else:
                found[-1] = kind([left, item])
            waiting = False
        elif isinstance(item, str) and item == name:
            if not found or isinstance(found[-1], str):
                raise _UnusualError
            waiting = True
        else:
            found.append(item)
    if waiting:
        raise _UnusualError
    return found
