"""Several segments made one are the segment that would have been built from their living documents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from indexer import merging
from indexer.analysis import Analyser, fold
from indexer.building import Builder
from indexer.engine import FACETS, Document, Link
from indexer.opening import check
from indexer.segment import GROUPS, Model, Segment
from indexer.vectors import WordVectors
from indexer.view import Part
from tests.conformance.engines import LANGUAGE
from tests.property.generating import WORDS, make_documents

ANALYSER = Analyser(LANGUAGE)


def make_vectors() -> WordVectors:
    """Of half of the words that documents are made of, pointing anywhere."""
    rng = np.random.default_rng(1)
    return WordVectors.of({fold(word): rng.normal(size=8).astype(np.float32) for word in WORDS[::2]})


VECTORS = make_vectors()


def make_varied(rng: random.Random, count: int) -> list[Document]:
    """Documents with words, facets, links and days; some of them empty."""
    documents = []
    for document in make_documents(rng, count):
        facets = {name: tuple(rng.sample(WORDS[:9], rng.randrange(3))) for name in FACETS}
        links = tuple(Link(rng.choice(WORDS[:7]), rng.choice(GROUPS), rng.random()) for _ in range(rng.randrange(3)))
        whole = replace(document, facets=facets, links=links)
        documents.append(whole if rng.random() < 0.9 else Document(document.id, "practice", ""))
    return documents


def built(documents: Sequence[Document], model: Model | None = None) -> tuple[Segment, Model]:
    """The segment of some documents."""
    builder = Builder(ANALYSER, VECTORS)
    for document in documents:
        builder.add(document)
    return builder.build(model)


def merged(parts: Sequence[Part]) -> Segment:
    """The parts made one, in memory."""
    memory = merging.Memory()
    merging.merge(parts, memory)
    segment = memory.segment()
    check(segment)
    return segment


def assert_same(found: Segment, expected: Segment) -> None:
    """Every array and every text, but for the choice of how a term is written.

    Words that are only stop words are in no posting; a merge leaves them out.
    """
    assert found.arrays.keys() == expected.arrays.keys()
    assert found.texts.keys() == expected.texts.keys()
    for name in expected.texts.keys() - {"labels", "shown", "words"}:
        assert list(found.texts[name]) == list(expected.texts[name]), name
    assert word_postings(found) == word_postings(expected)
    for name in expected.arrays.keys() - WORD_ARRAYS - BY_LABEL:
        assert found.arrays[name].dtype == expected.arrays[name].dtype, name
        if found.arrays[name].dtype.kind == "f":
            np.testing.assert_allclose(found.arrays[name], expected.arrays[name], rtol=1e-6, err_msg=name)
        else:
            np.testing.assert_array_equal(found.arrays[name], expected.arrays[name], err_msg=name)


WORD_ARRAYS = {"word_ptr", "word_docs", "word_fields", "gram_keys", "gram_words"}
BY_LABEL = {"term_vectors"}
"""What goes with how a term is written, which another choice may change."""


def word_postings(segment: Segment) -> dict[str, tuple[list[int], list[int]]]:
    """Where each word is that is anywhere."""
    found = {}
    for number, word in enumerate(segment.words):
        column = segment.word_column(number)
        docs = segment.arrays["word_docs"][column].tolist()
        if docs:
            found[word] = (docs, segment.arrays["word_fields"][column].tolist())
    return found


def split(
    rng: random.Random, documents: Sequence[Document], model: Model, dead: float
) -> tuple[list[Part], list[Document]]:
    """The documents in several parts, some of them dead; and those that live, in order."""
    parts, living = [], []
    cuts = sorted(rng.sample(range(len(documents)), rng.randrange(1, 5)))
    for start, end in zip([0, *cuts], [*cuts, len(documents)], strict=True):
        some = documents[start:end]
        rows = [row for row in range(len(some)) if rng.random() < dead]
        part = Part.whole(built(some, model)[0], name=f"s{start}")
        for row in rows:  # one after the other, as they die
            part = part.without([row])
        parts.append(part)
        living += [document for row, document in enumerate(some) if row not in rows]
    return parts, living


@pytest.mark.parametrize("dead", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("seed", range(4))
def test_a_merged_segment_is_the_one_that_would_have_been_built(seed: int, dead: float) -> None:
    """From the same living documents, in the same order, under the same model."""
    rng = random.Random(seed)  # noqa: S311  (no secret here)
    documents = make_varied(rng, 80)
    _, model = built(documents)
    parts, living = split(rng, documents, model, dead)
    assert_same(merged(parts), built(living, model)[0])


def test_many_documents_have_their_sets_of_bits_merged() -> None:
    """Frequent terms are kept as bits when there are enough documents for it to matter."""
    rng = random.Random(12)  # noqa: S311
    documents = [
        Document(f"d{number:04}", "practice", rng.choice(WORDS), "repas " + rng.choice(WORDS)) for number in range(2500)
    ]
    _, model = built(documents[:100])
    parts, living = split(rng, documents, model, 0.1)
    found = merged(parts)
    assert len(found.arrays["bits"])
    assert_same(found, built(living, model)[0])


def test_a_segment_alone_loses_its_dead() -> None:
    """And nothing else; merged once more, it is the same."""
    rng = random.Random(5)  # noqa: S311
    documents = make_varied(rng, 30)
    segment, model = built(documents)
    once = merged([Part.whole(segment).without([0, 7, 29])])
    assert_same(once, built([one for row, one in enumerate(documents) if row not in {0, 7, 29}], model)[0])
    assert_same(merged([Part.whole(once)]), once)


def test_nothing_of_a_dead_document_is_left() -> None:
    """Neither a word, nor a value, nor an entity, nor its title: an erasure is one."""
    secret = Document(
        "secret", "practice", "Confidentiel", "introuvable", facets={"theme": ("caché",)}, links=(Link("x", "same"),)
    )
    segment, model = built([secret, Document("a", "practice", "Un repas")])
    found = merged([Part.whole(segment).without([0])])
    left = b" ".join(texts.data.tobytes() for texts in found.texts.values()).decode()
    assert not [word for word in ("onfidentiel", "ntrouvable", "cach", "secret", "x") if word in left]
    assert len(found) == 1
    assert model.documents == 2


def test_parts_without_a_living_document_add_nothing() -> None:
    """Empty ones and dead ones, before and after the others."""
    rng = random.Random(6)  # noqa: S311
    documents = make_varied(rng, 20)
    segment, model = built(documents)
    empty = Part.whole(built([], model)[0])
    gone = Part.whole(built(make_varied(rng, 5), model)[0]).without(range(5))
    assert_same(merged([gone, empty, Part.whole(segment), empty, gone]), built(documents, model)[0])


def test_labels_are_those_of_the_largest_part_that_has_them() -> None:
    """How a term is shown is how somebody wrote it."""
    few, model = built([Document("a", "practice", "Bénévole", "le jardin")])
    many, _ = built([Document(f"b{number}", "practice", "Bénévoles") for number in range(3)], model)
    found = merged([Part.whole(few), Part.whole(many)])
    labels = dict(zip(found.terms, found.texts["labels"], strict=True))
    shown = dict(zip(found.words, found.texts["shown"], strict=True))
    assert labels[ANALYSER.form("bénévole").term] == "bénévoles"
    assert labels[ANALYSER.form("jardin").term] == "jardin"
    assert shown == {"benevole": "bénévole", "benevoles": "bénévoles", "jardin": "jardin"}
