"""How good a ranking is: nDCG, recall, MRR, precision; the files they are measured on; baselines to stand beside."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Analyser
from indexer.engine import Document, Link, PeersRequest, Request, SearchEngine, Update
from indexer.segment import K1

Grades = Mapping[str, Mapping[str, int]]
"""Query id → document id → grade."""


class UnreadableCollectionError(ValueError):
    """A collection that is not in the format; says the file, the line and what is wrong."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}, line {line}: {problem}")
        self.file, self.line, self.problem = file, line, problem


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


def evaluate_search(directory: Path, engine: SearchEngine) -> dict[str, float]:
    """Rank a BEIR collection with an engine's default settings.

    Args:
        directory: Holds ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``.
        engine: An empty engine.

    Returns:
        Means over the queries that have a relevant document, and times in milliseconds of the engine's answer.

    Raises:
        UnreadableCollectionError: When a file is not in the format.
    """
    documents = [
        Document(id=row["_id"], kind="practice", title=str(row.get("title") or ""), body=str(row.get("text") or ""))
        for row in _json_lines(directory / "corpus.jsonl", ("_id",))
    ]
    grades = _read_grades(directory / "qrels.tsv")
    rows = _json_lines(directory / "queries.jsonl", ("_id", "text"))
    queries = {row["_id"]: str(row["text"]) for row in rows if any(grades.get(row["_id"], {}).values())}
    engine.catch_up(ListFeed(documents))
    ranked, times = run(engine, queries)
    return {**summarise(ranked, grades), **_times(times)}


def run(engine: SearchEngine, queries: Mapping[str, str], depth: int = 100) -> tuple[dict[str, list[str]], list[float]]:
    """The first ``depth`` ids for each query, and the milliseconds each took."""
    ranked, times = {}, []
    for id_, text in queries.items():
        start = time.perf_counter()
        page = engine.search(Request(text=text, limit=depth))
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
    entities = {row["_id"]: row for row in _json_lines(file, ("_id", "notes", "labels"))}
    documents = [
        Document(id=f"{id_}/{number}", kind="practice", title="", body=str(text), links=(Link(id_, "same"),))
        for id_, row in entities.items()
        for number, text in enumerate(row["notes"])
    ]
    engine.catch_up(ListFeed(documents))
    labels = {id_: set(row["labels"]) for id_, row in entities.items()}
    shared = [id_ for id_ in labels if any(labels[id_] & labels[other] for other in labels if other != id_)]
    unlabelled = frozenset(id_ for id_ in labels if not labels[id_])
    precisions, ranks = [], []
    for id_ in shared:
        hits: list[bool] = []
        for limit in (20, len(entities)):  # reasons are made for each peer returned: few are needed, but for some
            request = PeersRequest(entity=id_, exclude=unlabelled, limit=limit, groups=("same",))
            hits = [bool(labels[peer.entity] & labels[id_]) for peer in engine.peers(request).groups["same"]]
            if any(hits):
                break
        precisions.append(sum(hits[:5]) / 5)
        ranks.append(next((1 / rank for rank, hit in enumerate(hits, start=1) if hit), 0.0))
    return {
        "entities": len(shared),
        "p@5": statistics.fmean(precisions or [0.0]),
        "mrr": statistics.fmean(ranks or [0.0]),
    }


@dataclass(frozen=True, slots=True)
class Bags:
    """Documents as bags of terms, title and body as one: what the baselines rank."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Bags:
        """The bags of some documents."""
        return cls(tuple(doc.id for doc in documents), tuple(f"{doc.title}\n{doc.body}" for doc in documents))


Ranker = Callable[[str], list[str]]
"""A query's text → ids, best first."""


def plain_bm25(bags: Bags, analyser: Analyser, b: float = 0.75) -> Ranker:
    """BM25 over one bag of words a document (Robertson and Zaragoza 2009), k1 1.2: no field, synonym or correction."""
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415  (heavy, and only to measure)

    vectorizer = CountVectorizer(analyzer=analyser.terms)
    counts = vectorizer.fit_transform(bags.texts).tocsc().astype(np.float64)
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    norms = K1 * (1 - b + b * lengths / max(lengths.mean(), 1e-9))
    documents = counts.shape[0]

    def rank(text: str) -> list[str]:
        scores = np.zeros(documents)
        for term in set(analyser.terms(text)):
            number = vectorizer.vocabulary_.get(term)
            if number is not None:
                column = slice(counts.indptr[number], counts.indptr[number + 1])
                rows, tf = counts.indices[column], counts.data[column]
                scores[rows] += math.log1p((documents - len(rows) + 0.5) / (len(rows) + 0.5)) * tf / (tf + norms[rows])
        return _best(bags.ids, scores)

    return rank


def plain_cosine(bags: Bags, analyser: Analyser) -> Ranker:
    """scikit-learn's TF-IDF and its cosine, as they come."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  (heavy, and only to measure)

    vectorizer = TfidfVectorizer(analyzer=analyser.terms)
    matrix = vectorizer.fit_transform(bags.texts)

    def rank(text: str) -> list[str]:
        return _best(bags.ids, np.asarray((matrix @ vectorizer.transform([text]).T).todense()).ravel())

    return rank


def _best(ids: Sequence[str], scores: NDArray[np.float64], depth: int = 100) -> list[str]:
    order = np.lexsort((np.arange(len(ids)), -scores))[:depth]
    return [ids[number] for number in order if scores[number] > 0]


def _json_lines(path: Path, required: Sequence[str]) -> list[dict[str, str]]:
    rows = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UnreadableCollectionError(path.name, number, error.msg) from error
            missing = [key for key in required if not isinstance(row, dict) or key not in row]
            if missing:
                raise UnreadableCollectionError(path.name, number, f"missing {', '.join(missing)}")
            rows.append(row)
    return rows


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            cells = line.rstrip("\n").split("\t")
            if number == 1 or not line.strip():
                continue
            try:
                query, document, grade = cells
                grades.setdefault(query, {})[document] = int(grade)
            except ValueError as error:
                raise UnreadableCollectionError(path.name, number, "expected query, document, score") from error
    return grades
