"""Likeness and peers against plain loops over the same definitions."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from indexer import peers, similarity
from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, PeersRequest
from indexer.language import Language
from indexer.measuring import ListFeed
from indexer.segment import PIVOT_SLOPE, VECTOR_K

WORDS = [f"mot{number}" for number in range(40)]


def make_documents(count: int = 40, seed: int = 1) -> list[Document]:
    """Documents of random words, lived by six entities."""
    rng = random.Random(seed)  # noqa: S311
    return [
        Document(
            f"d{number:03}",
            "practice",
            "",
            " ".join(rng.choices(WORDS, k=rng.randint(4, 30))),
            links=(Link(f"e{rng.randrange(6)}", rng.choice(("solved", "same")), rng.choice((1.0, 0.8))),),
            day=rng.choice((0, 738_000, 739_500)),
        )
        for number in range(count)
    ]


def make_engine(documents: Sequence[Document]) -> EmbeddedEngine:
    """An engine in memory."""
    engine = EmbeddedEngine(None, Language())
    engine.catch_up(ListFeed(documents))
    return engine


def vectors(documents: Sequence[Document]) -> dict[str, dict[str, float]]:
    """By the definition: tf / (k + tf) × idf, divided by the pivoted length."""
    analyser = Analyser(Language())
    counts = {doc.id: {t: analyser.terms(doc.body).count(t) for t in analyser.terms(doc.body)} for doc in documents}
    found = {term: sum(term in bag for bag in counts.values()) for bag in counts.values() for term in bag}
    idf = {term: math.log((1 + len(documents)) / (1 + df)) + 1 for term, df in found.items()}
    raw = {id_: {t: n / (VECTOR_K + n) * idf[t] for t, n in bag.items()} for id_, bag in counts.items()}
    norms = {id_: math.sqrt(sum(w * w for w in bag.values())) for id_, bag in raw.items()}
    pivot = sum(norms.values()) / len(norms)
    return {
        id_: {t: w / ((1 - PIVOT_SLOPE) * pivot + PIVOT_SLOPE * norms[id_]) for t, w in bag.items()}
        for id_, bag in raw.items()
    }


def unit(bag: dict[str, float]) -> dict[str, float]:
    """A vector of length 1."""
    norm = math.sqrt(sum(weight * weight for weight in bag.values()))
    return {term: weight / norm for term, weight in bag.items()}


def dot(one: dict[str, float], other: dict[str, float]) -> float:
    """What two vectors share."""
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def test_idf_is_scikit_learns() -> None:
    """Smoothed as its TfidfTransformer does."""
    builder = Builder(Analyser(Language()))
    for document in make_documents():
        builder.add(document)
    segment, model = builder.build()
    counts = np.zeros((len(segment), len(segment.terms)))
    for number in range(len(segment.terms)):
        at = slice(segment.arrays["term_ptr"][number], segment.arrays["term_ptr"][number + 1])
        counts[segment.arrays["term_docs"][at], number] = 1
    expected = TfidfTransformer().fit(counts).idf_
    assert model.idf(segment.terms) == pytest.approx(expected, rel=1e-6)


def test_related_documents_are_the_nearest_vectors() -> None:
    """In the order of a plain loop, with its values and its shares."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    source = unit(bags["d000"])
    values = {id_: dot(source, bag) for id_, bag in bags.items() if id_ != "d000"}
    expected = sorted((id_ for id_, value in values.items() if value >= similarity.CLOSE), key=lambda i: -values[i])
    hits = engine.related("d000", 10)
    assert [hit.id for hit in hits] == expected[:10]
    for hit in hits:
        assert hit.score == pytest.approx(min(1.0, values[hit.id]), rel=1e-4)
        for reason in hit.reasons:
            if reason.term:
                part = source[reason.term] * bags[hit.id][reason.term] / values[hit.id]
                assert reason.share == pytest.approx(part, rel=1e-3)


@pytest.mark.parametrize("group", ["solved", "same"])
@pytest.mark.parametrize("today", [0, 740_000])
def test_an_entity_is_worth_its_best_documents(group: str, today: int) -> None:
    """Three of them, discounted, weighted by role and age: a plain loop gives the same list and scores."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    idf = {term: math.log((1 + 40) / (1 + sum(term in bag for bag in bags.values()))) + 1 for term in WORDS}
    need = unit({term: idf[term] for term in ("mot1", "mot2", "mot3")})
    values: dict[str, list[float]] = {}
    for document in documents:
        age = max(today - document.day, 0) if document.day and today else 0
        fresh = peers.FLOOR + (1 - peers.FLOOR) * 0.5 ** (age / peers.HALF_LIFE_DAYS)
        for link in document.links:
            value = dot(need, bags[document.id]) * link.weight * fresh
            if link.group == group and value >= peers.CLOSE:
                values.setdefault(link.entity, []).append(value)
    totals = {
        entity: sum(d * v for d, v in zip(peers.DISCOUNTS, sorted(found, reverse=True), strict=False))
        / sum(peers.DISCOUNTS)
        for entity, found in values.items()
    }
    expected = sorted(totals, key=lambda entity: (-totals[entity], entity))
    found_peers = engine.peers(PeersRequest(need="mot1 mot2 mot3", today=today, limit=10)).groups[group]
    assert [peer.entity for peer in found_peers] == expected
    assert [peer.score for peer in found_peers] == pytest.approx([totals[e] for e in expected], rel=1e-4)
    for peer in found_peers:
        assert math.fsum(reason.share for reason in peer.reasons) == pytest.approx(1)
        assert math.fsum(one.share for one in peer.evidence) == pytest.approx(1)


def test_entities_meet_both_ways() -> None:
    """From an entity, the score is the mean of two means of nearest documents: a plain loop agrees."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    mine = [document for document in documents if document.links[0].entity == "e0"]
    totals = {}
    for entity in ("e1", "e2", "e3", "e4", "e5"):
        theirs = [d for d in documents if d.links[0].entity == entity and d.links[0].group == "solved"]
        if not theirs:
            continue
        table = [[dot(unit(bags[one.id]), bags[other.id]) * other.links[0].weight for other in theirs] for one in mine]
        forward = sum(max(row) for row in table) / len(mine)
        backward = sum(max(row[place] for row in table) for place in range(len(theirs))) / len(theirs)
        totals[entity] = (forward + backward) / 2
    found = engine.peers(PeersRequest(entity="e0", limit=10)).groups["solved"]
    assert [peer.entity for peer in found] == sorted(totals, key=lambda entity: -totals[entity])
    assert [peer.score for peer in found] == pytest.approx(sorted(totals.values(), reverse=True), rel=1e-4)


def test_removing_the_document_named_as_evidence_lowers_the_score() -> None:
    """What is shown as the reason is the reason."""
    documents = make_documents()
    request = PeersRequest(need="mot1 mot2 mot3", limit=10)
    for peer in make_engine(documents).peers(request).groups["solved"]:
        named = peer.evidence[0].document
        rest = make_engine([document for document in documents if document.id != named])
        after = {other.entity: other.score for other in rest.peers(request).groups["solved"]}
        assert after.get(peer.entity, 0.0) < peer.score


def test_negations_bring_nobody_nearer() -> None:
    """« ne » and « pas » are in half of all sentences."""
    documents = [
        Document("a", "practice", "", "ils ne viennent pas", links=(Link("e1", "solved"),)),
        Document("b", "practice", "", "rien ne va pas", links=(Link("e2", "solved"),)),
    ]
    found = make_engine(documents).peers(PeersRequest(need="les bénévoles ne viennent pas")).groups["solved"]
    assert [peer.entity for peer in found] == ["e1"]
    assert {reason.term for peer in found for reason in peer.reasons} == {"viennent"}
