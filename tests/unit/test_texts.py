"""Many texts kept as two arrays are the texts they were made of."""

from __future__ import annotations

import random
from types import ModuleType

import numpy as np
import pytest

from indexer import kernels
from indexer.kernels import vectorised
from indexer.texts import Texts

SOME = ["", "à", "aé", "b", "œuvre", "𝄞 clé", "z"]


def test_texts_are_what_they_were_made_of() -> None:
    """One by one, by slices, in a loop and all at once; empty ones and those of several bytes a letter too."""
    texts = Texts.of(SOME)
    assert len(texts) == len(SOME)
    assert [texts[place] for place in range(len(SOME))] == list(texts) == texts.decoded() == SOME
    assert texts[-1] == "z"
    assert texts[1:4] == SOME[1:4]
    assert texts[::-2] == SOME[::-2]
    assert texts.lengths.tolist() == list(map(len, SOME))
    assert texts.some([4, 0, 4]) == ["œuvre", "", "œuvre"]
    for places in ([4, 0, 4], [6, 5, 1], [0], []):
        assert texts.lines(np.array(places, dtype=np.int64)) == texts.some(places)


def test_no_text_is_none() -> None:
    """An empty list has no bytes and no ends."""
    nothing = Texts.of(())
    assert list(nothing) == []
    assert nothing.find("a") == -1
    assert Texts.of(["", ""]).lines(np.array([1, 0])) == ["", ""]
    assert nothing.lengths.tolist() == nothing.lines(np.zeros(0, dtype=np.int64)) == []
    assert list(Texts.together([])) == []
    assert list(nothing.kept(np.zeros(0, dtype=bool))) == []


@pytest.mark.parametrize("module", [vectorised, None], ids=["numpy", "compiled"])
def test_texts_are_found_among_others_at_once(module: ModuleType | None) -> None:
    """As one by one, whichever loops answer: prefixes of one another, letters of several bytes, nothing at all."""
    if module is None:
        module = pytest.importorskip("indexer.kernels.compiled")
    rng = random.Random(5)  # noqa: S311
    texts = sorted({"".join(rng.choices("abcàœz𝄞", k=rng.randrange(6))) for _ in range(400)})
    with kernels.using(module):
        assert len(texts) > 200
        for size in (0, 1, 2, 3, 50, 150):
            some, others = (sorted(rng.sample(texts, size)) for _ in range(2))
            kept, asked = Texts.of(some), Texts.of(others)
            assert kept.places_of(asked).tolist() == [kept.find(one) for one in others]
            assert kept.places_of(Texts.of(texts)).tolist() == [kept.find(one) for one in texts]
            assert Texts.of(()).places_of(asked).tolist() == [-1] * size


@pytest.mark.parametrize("place", [7, 100])
def test_there_is_nothing_behind_the_last(place: int) -> None:
    """As in any sequence, so that a loop over places ends."""
    with pytest.raises(IndexError):
        Texts.of(SOME)[place]


def test_texts_one_after_the_other() -> None:
    """In the order given, empty lists among them."""
    lists = [SOME, [], ["a"], SOME[::-1]]
    assert list(Texts.together([Texts.of(some) for some in lists])) == [text for some in lists for text in some]


def test_some_are_kept() -> None:
    """Those of the mask, in order; the others leave nothing behind."""
    mask = np.array([len(text) != 1 for text in SOME])
    kept = Texts.of(SOME).kept(mask)
    assert list(kept) == [text for text in SOME if len(text) != 1]
    assert len(kept.data) == sum(len(text.encode()) for text in kept)


def test_texts_in_order_are_found() -> None:
    """In code point order, which is also that of UTF-8 bytes; what is not there is nowhere."""
    rng = random.Random(4)  # noqa: S311  (no secret here)
    some = sorted({"".join(rng.choices("aéœ𝄞z", k=rng.randrange(5))) for _ in range(200)})
    texts = Texts.of(some)
    assert [texts.find(text) for text in some] == list(range(len(some)))
    assert texts.find("abc") == -1


def test_texts_in_any_order_are_found_through_their_order() -> None:
    """As ids are, which keep the order of their documents."""
    shuffled = ["z", "", "œuvre", "b"]
    order = np.array(sorted(range(4), key=shuffled.__getitem__), dtype=np.int32)
    assert [Texts.of(shuffled).find(text, order) for text in shuffled] == [0, 1, 2, 3]
    assert Texts.of(shuffled).find("a", order) == -1
