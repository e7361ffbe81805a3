"""How good a ranking is: nDCG, recall, MRR, precision; and an engine measured by them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from indexer.beir import Collection, Grades, json_lines
from indexer.engine import Document, Link, PeersRequest, Request, SearchEngine, Update


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002): gain ``2^grade - 1``, log2 discount."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(id_, 0) for id_ in ranked[:depth]]) / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """The share of the relevant documents that are among the first ``depth``."""
    relevant = {id_ for id_, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """One over the rank of the first relevant document, 0 beyond ``depth``."""
    return next((1 / rank for rank, id_ in enumerate(ranked[:depth], start=1) if grades.get(id_, 0) > 0), 0.0)


def precision(ranked: Sequence[str], grades: Mapping[str, int], depth: int, least: int = 1) -> float:
    """The share of the first ``depth`` places held by a document of grade ``least`` or more."""
    return sum(grades.get(id_, 0) >= least for id_ in ranked[:depth]) / depth


class ListFeed:
    """A feed over a list: for measuring, where nothing changes.

    Args:
        documents: All there is.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents

    def last_seq(self) -> int:
        """Always 1."""
        return 1

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """Nothing changes once seen."""
        return [] if after >= 1 or upto < 1 else [Update(document.id, document) for document in self.documents]

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """All documents."""
        return 1, iter(self.documents)


def learn(engine: SearchEngine, documents: Sequence[Document]) -> None:
    """Have an engine know documents, and fit what it fits."""
    feed = ListFeed(documents)
    engine.catch_up(feed)
    engine.maintain(feed)


def evaluate_search(collection: Collection, engine: SearchEngine) -> dict[str, float]:
    """Rank a collection with an engine's settings.

    Args:
        collection: What to rank.
        engine: An engine that is empty, or knows its documents already.

    Returns:
        Means over the queries, and times in milliseconds of the engine's answer.
    """
    learn(engine, collection.documents)
    ranked, times = run(engine, collection.queries)
    return {**summarise(ranked, collection.grades), **_times(times)}


def run(
    engine: SearchEngine, queries: Mapping[str, str], depth: int = 100, *, exact: bool = False
) -> tuple[dict[str, list[str]], list[float]]:
    """The first ``depth`` ids for each query, without reasons, and the milliseconds each took.

    Args:
        engine: What ranks.
        queries: Texts by id.
        depth: How many ids.
        exact: Correct no word.
    """
    ranked, times = {}, []
    for id_, text in queries.items():
        start = time.perf_counter()
        page = engine.search(Request(text=text, limit=depth, exact=exact, explain=False))
        times.append((time.perf_counter() - start) * 1000)
        ranked[id_] = [hit.id for hit in page.hits]
    return ranked, times


def summarise(ranked: Mapping[str, Sequence[str]], grades: Grades) -> dict[str, float]:
    """The usual figures, means over the queries ranked."""
    found = {
        "ndcg@10": [ndcg(ids, grades[query]) for query, ids in ranked.items()],
        "recall@10": [recall(ids, grades[query], 10) for query, ids in ranked.items()],
        "recall@100": [recall(ids, grades[query], 100) for query, ids in ranked.items()],
        "mrr@10": [reciprocal_rank(ids, grades[query]) for query, ids in ranked.items()],
    }
    return {"queries": len(ranked), **{name: statistics.fmean(values or [0.0]) for name, values in found.items()}}


def _times(times: Sequence[float]) -> dict[str, float]:
    values = np.array(times or [0.0])
    return {"p50_ms": float(np.percentile(values, 50)), "p95_ms": float(np.percentile(values, 95))}


def evaluate_peers(file: Path, engine: SearchEngine) -> dict[str, float]:
    """Find the peers of labelled entities among themselves, from all their notes.

    Names and labels are not indexed; role and freshness do not count.

    Args:
        file: ``{"_id", "name", "notes": […], "labels": […]}`` a line.
        engine: An empty engine.

    Returns:
        ``entities`` (those with a label another shares), ``p@5`` and ``mrr`` of the first peer sharing a label.

    Raises:
        UnreadableCollectionError: When a line is not in the format.
    """
    entities = {row["_id"]: row for row in json_lines(file, ("_id", "notes", "labels"))}
    documents = [
        Document(id=f"{id_}/{number}", kind="practice", title="", body=str(text), links=(Link(id_, "same"),))
        for id_, row in entities.items()
        for number, text in enumerate(row["notes"])
    ]
    learn(engine, documents)
    labels = {id_: set(row["labels"]) for id_, row in entities.items()}
    shared = [id_ for id_ in labels if any(labels[id_] & labels[other] for other in labels if other != id_)]
    unlabelled = frozenset(id_ for id_ in labels if not labels[id_])
    precisions, ranks = [], []
    for id_ in shared:
        request = PeersRequest(entity=id_, exclude=unlabelled, limit=len(entities), groups=("same",), explain=False)
        hits = [bool(labels[peer.entity] & labels[id_]) for peer in engine.peers(request).groups["same"]]
        precisions.append(sum(hits[:5]) / 5)
        ranks.append(next((1 / rank for rank, hit in enumerate(hits, start=1) if hit), 0.0))
    return {
        "entities": len(shared),
        "p@5": statistics.fmean(precisions or [0.0]),
        "mrr": statistics.fmean(ranks or [0.0]),
    }
