"""The quick reader of strict queries against Whoosh's parser: the same tree, for whatever it does not leave to it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from whoosh import query as wq

from indexer import reading
from indexer.query import _PARSER, ANYWHERE
from tests.property.generating import make_documents, make_query

_PIECES = (
    *("ET", "OU", "SAUF", "AND", "OR", "NOT", "ET SAUF", "(", ")", "()", '"', '""', '"un repas"', '"ET"', '"a"~2'),
    *("titre:", "t:repas", 'titre:"un repas"', "titre:rep*", "titre:(", "ET:", "x1:y", "rep*", "ET*", "a-ET", "rep*x"),
    *("d'ET", "l’été", "repas", "lien", "ETA", "repas~", "-", "*", ":", "~", "a_ET", "2017", "e-mail*", "é"),
)


def _described(tree: Any) -> Any:
    if isinstance(tree, (wq.And, wq.Or)):
        return type(tree).__name__, [_described(one) for one in tree]
    if isinstance(tree, wq.Not):
        return "Not", _described(tree.query)
    if isinstance(tree, wq.Phrase):
        return "Phrase", tree.fieldname, list(tree.words), tree.slop
    return type(tree).__name__, tree.fieldname, tree.text


def _assert_same(text: str) -> bool:
    """Whether the quick reader read it."""
    read = reading.read(text, ANYWHERE)
    if read is None:
        return False
    assert _described(read) == _described(_PARSER.parse(text, normalize=False)), text
    return True


def test_what_people_type_is_read_as_the_parser_reads_it() -> None:
    """Nine usual queries in ten never reach the parser."""
    rng = random.Random(3)  # noqa: S311  (no secret here)
    texts = [document.body for document in make_documents(rng, 50)]
    made = (" ".join(make_query(rng, texts).split()) for _ in range(3_000))
    read = [_assert_same(text) for text in made if text and text.count('"') % 2 == 0]
    assert sum(read) > 0.8 * len(read)


def test_signs_and_operators_in_any_order_are_read_as_the_parser_reads_them() -> None:
    """With spaces between them and without."""
    rng = random.Random(4)  # noqa: S311
    for _ in range(5_000):
        between = rng.choice((" ", " ", ""))
        text = " ".join(between.join(rng.choice(_PIECES) for _ in range(rng.randint(1, 7))).split())
        if text.count('"') % 2 == 0:
            _assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        '"un repas partagé"',
        "repas ET partage ET lien",
        "(repas OU lien) SAUF durable",
        "((repas ET lien) OU (a ET SAUF b)) titre:durable",
        "titre:rep* OU repas~",
    ],
)
def test_usual_strict_queries_are_read_without_the_parser(text: str) -> None:
    """Those of the page that explains the search."""
    assert _assert_same(text)


@pytest.mark.parametrize("text", ["ET", "a ET", "SAUF", "a OU ET b", "(a", "a)", "()", "a-ET-b", "titre:(a b)", "a*b"])
def test_what_is_out_of_the_ordinary_is_left_to_the_parser(text: str) -> None:
    """It knows what to make of it."""
    assert reading.read(text, ANYWHERE) is None
