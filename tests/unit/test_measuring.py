"""Measures against scikit-learn's, baselines against the definition, collections that cannot be read."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from indexer.analysis import Analyser
from indexer.baselines import Bags, plain_bm25, plain_cosine
from indexer.beir import Collection, UnreadableCollectionError, half_of, read_collection
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document
from indexer.language import Language
from indexer.measuring import ListFeed, evaluate_peers, evaluate_search, ndcg, precision, recall, reciprocal_rank
from indexer.weights import Ranking
from tests.conformance.engines import find


def make_collection(folder: Path, corpus: str = "", queries: str = "", qrels: str = "") -> Path:
    """A BEIR folder; what is not given is a small whole one."""
    documents = [{"_id": "d1", "title": "Repas", "text": "partagé"}, {"_id": "d2", "title": "Jardin", "text": "vert"}]
    (folder / "corpus.jsonl").write_text(corpus or "\n".join(map(json.dumps, documents)), "utf-8")
    (folder / "queries.jsonl").write_text(
        queries or '{"_id": "q1", "text": "repas"}\n{"_id": "q2", "text": "rien"}', "utf-8"
    )
    (folder / "qrels.tsv").write_text(qrels or "query-id\tcorpus-id\tscore\nq1\td1\t1\n", "utf-8")
    return folder


def test_ndcg_is_scikit_learns() -> None:
    """The same gains and discounts, on random rankings and grades."""
    rng = random.Random(3)  # noqa: S311
    for _ in range(50):
        ids = [f"d{number}" for number in range(15)]
        grades = {id_: rng.randint(0, 3) for id_ in ids}
        rng.shuffle(ids)
        gains = np.array([[2 ** grades[id_] - 1 for id_ in ids]])
        expected = ndcg_score(gains, -np.arange(15)[None, :], k=10)
        assert ndcg(ids, grades) == pytest.approx(expected)


def test_the_other_measures_follow_their_definition() -> None:
    """By hand, on one ranking."""
    ranked, grades = ["a", "b", "c", "d"], {"b": 1, "d": 2, "z": 3}
    assert recall(ranked, grades, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranked, grades) == 0.5
    assert reciprocal_rank(["a"], grades) == 0
    assert precision(ranked, grades, 4) == 0.5
    assert precision(ranked, grades, 4, least=2) == 0.25


def test_only_queries_with_a_relevant_document_count(tmp_path: Path) -> None:
    """Means are over them."""
    found = evaluate_search(read_collection(make_collection(tmp_path)), EmbeddedEngine(None, Language()))
    assert found["queries"] == 1
    assert found["ndcg@10"] == found["mrr@10"] == found["recall@10"] == 1.0
    assert found["p50_ms"] > 0


def test_a_query_is_always_of_the_same_half() -> None:
    """By its id alone; the halves are about as large, and make the whole."""
    ids = [f"q{number}" for number in range(1000)]
    queries = dict.fromkeys(ids, "repas")
    collection = Collection((), queries, {id_: {"d": 1} for id_ in ids})
    tuning, held = (collection.half(name).queries for name in ("tuning", "held"))
    assert {**tuning, **held} == queries
    assert abs(len(tuning) - len(held)) < 100
    assert (half_of("q0"), half_of("q1")) == ("held", "tuning")


@pytest.mark.parametrize(
    ("broken", "file", "line"),
    [
        ({"corpus": '{"_id": "d1"}\n{"title": "x"}'}, "corpus.jsonl", 2),
        ({"queries": "{"}, "queries.jsonl", 1),
        ({"qrels": "query-id\tcorpus-id\tscore\nq1\td1\n"}, "qrels.tsv", 2),
    ],
)
def test_a_collection_that_cannot_be_read_says_where(
    tmp_path: Path, broken: dict[str, str], file: str, line: int
) -> None:
    """File and line."""
    with pytest.raises(UnreadableCollectionError) as raised:
        read_collection(make_collection(tmp_path, **broken))
    assert (raised.value.file, raised.value.line) == (file, line)


def test_peers_are_measured_among_the_labelled(tmp_path: Path) -> None:
    """Names are not indexed, the entity is not its own peer, an entity without a label is nobody's."""
    entities = [
        {"_id": "1", "name": "Z", "notes": ["repas partagé du soir"], "labels": ["A"]},
        {"_id": "2", "name": "Z", "notes": ["un repas partagé"], "labels": ["A"]},
        {"_id": "3", "name": "Z", "notes": ["jardin vert"], "labels": ["B"]},
        {"_id": "4", "name": "Z", "notes": ["repas partagé du soir"], "labels": []},
    ]
    (tmp_path / "entities.jsonl").write_text("\n".join(map(json.dumps, entities)), "utf-8")
    found = evaluate_peers(tmp_path / "entities.jsonl", EmbeddedEngine(None, Language()))
    assert found == {"entities": 2, "p@5": pytest.approx(0.2), "mrr": 1.0}


def test_the_baseline_is_bm25() -> None:
    """By the formula, on three documents."""
    documents = [Document("a", "x", "", "repas repas jardin"), Document("b", "x", "", "repas"), Document("c", "x", "")]
    rank = plain_bm25(Bags.of(documents), Analyser(Language()))
    idf = math.log1p((3 - 2 + 0.5) / (2 + 0.5))
    mean = 4 / 3
    scores = {
        "a": idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)),
        "b": idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 1 / mean)),
    }
    assert rank("repas") == sorted(scores, key=lambda id_: -scores[id_])
    assert plain_cosine(Bags.of(documents), Analyser(Language()))("repas") == ["b", "a"]


def test_our_ranking_of_one_field_is_bm25() -> None:
    """BM25F alone, with only a body, is BM25: the same order as the baseline."""
    rng = random.Random(5)  # noqa: S311
    words = [f"mot{number}" for number in range(60)]
    documents = [
        Document(f"d{number:03}", "x", "", " ".join(rng.choices(words, k=rng.randint(5, 60)))) for number in range(120)
    ]
    engine = EmbeddedEngine(None, Language(), ranking=Ranking.lexical())
    engine.catch_up(ListFeed(documents))
    rank = plain_bm25(Bags.of(documents), Analyser(Language()))
    for _ in range(20):
        text = " ".join(rng.sample(words, k=3))
        expected = rank(text)
        # impacts are rounded in the index: two documents almost as good may trade places
        assert all(abs(expected.index(id_) - place) <= 1 for place, id_ in enumerate(find(engine, text, limit=20)))
