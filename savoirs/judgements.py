"""Judgements: needs and queries graded by hand over the shipped corpus, and how a ranking does on them.

Queries rank documents; needs rank organisations in two lists. A plain BM25 and a plain TF-IDF cosine, over one bag of
words a document, stand beside the engine: it must beat them.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from indexer.analysis import Analyser
from indexer.baselines import Bags, Ranker, plain_bm25, plain_cosine
from indexer.beir import Collection
from indexer.engine import Document, Link, PeersRequest, Request, SearchEngine
from indexer.language import Language
from indexer.measuring import learn, ndcg, precision
from savoirs.errors import SavoirsError
from savoirs.models import record_id

DEPTH = 10
USEFUL = 2
"""From this grade on, a result is one that was wanted."""

KINDS = ("note", "organisation", "gathering", "workshop")
"""Kinds of record whose keys a judgement may name."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text to search for, its tags, and ids of records with their grades, 1 to 3."""

    id: str
    text: str
    tags: tuple[str, ...]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Means over some judged texts: nDCG@10, and the share of the first three of grade 2 or more."""

    ndcg: float
    precision: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How several ways to rank did, by name; ``tags`` has the same for the texts of each tag, and how many they are."""

    texts: int
    scores: Mapping[str, Score]
    tags: Mapping[str, tuple[int, Mapping[str, Score]]]


Rank = Callable[[Judged], Sequence[str]]


def read_queries(path: Path, documents: Iterable[Document]) -> tuple[Judged, ...]:
    """The graded queries of a file.

    Args:
        path: The file.
        documents: What is in the corpus: a key that is not there is a mistake.

    Raises:
        SavoirsError: ``bad_judgements`` (``file``, ``id``, ``key``) or ``no_judgements`` (``file``).
    """
    ids = {document.id for document in documents}
    return tuple(
        Judged(
            str(row["id"]),
            str(row["query"]),
            tuple(row.get("tags", ())),
            {_id_of(path, row["id"], key, ids): int(grade) for key, grade in row["relevant"].items()},
        )
        for row in _rows(path, "queries")
    )


def as_collection(documents: Sequence[Document], queries: Sequence[Judged]) -> Collection:
    """The corpus and its graded queries, as a collection like others."""
    return Collection(
        tuple(documents), {query.id: query.text for query in queries}, {query.id: query.grades for query in queries}
    )


def read_needs(path: Path, group: str) -> tuple[Judged, ...]:
    """The graded needs of a file, for one list of peers; needs without anybody in that list are left out.

    Args:
        path: The file.
        group: ``solved`` or ``same``.

    Raises:
        SavoirsError: ``no_judgements`` (``file``).
    """
    return tuple(
        Judged(
            str(row["id"]),
            str(row["need"]),
            tuple(row.get("tags", ())),
            {record_id("organisation", key): int(judged["grade"]) for key, judged in row[group].items()},
        )
        for row in _rows(path, "needs")
        if row.get(group)
    )


def compare_search(
    engine: SearchEngine, language: Language, documents: Sequence[Document], queries: Sequence[Judged]
) -> Comparison:
    """Rank the documents for each query with the engine, plain BM25 and plain cosine.

    Args:
        engine: An empty engine of that language.
        language: The words of the plain rankings' analyser.
        documents: The whole corpus.
        queries: Graded queries.
    """
    learn(engine, documents)
    ranks: dict[str, Rank] = {"savoirs": lambda query: _search(engine, query.text)}
    for name, ranker in _plain(language, documents).items():
        ranks[name] = lambda query, ranker=ranker: ranker(query.text)  # type: ignore[misc]
    return _compare(queries, ranks)


def compare_peers(
    engine: SearchEngine,
    profiles: SearchEngine,
    language: Language,
    documents: Sequence[Document],
    needs: Sequence[Judged],
    group: str,
) -> Comparison:
    """Rank organisations for each need, in several ways.

    ``savoirs`` is the document model: an organisation is worth its best notes. ``profiles`` is the same engine over one
    document an organisation, all its notes of that list put together. ``themes`` is the cosine of the need with the
    names of the themes of its notes. A plain ranking proposes the organisations of its documents, best document first.

    Args:
        engine: An empty engine of that language.
        profiles: Another.
        language: The words of the plain rankings' analyser.
        documents: The whole corpus.
        needs: Graded needs of that list.
        group: ``solved`` or ``same``.
    """
    learn(engine, documents)
    together = _profiles(documents, group)
    learn(profiles, together)
    by_themes = plain_cosine(Bags.of([Document(one.id, one.kind, one.themes) for one in together]), Analyser(language))
    lived: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        lived[document.id] += [link.entity for link in document.links if link.group == group]
    ranks: dict[str, Rank] = {
        "savoirs": lambda need: _peers(engine, need.text, group),
        "profiles": lambda need: _peers(profiles, need.text, group),
        "themes": lambda need: by_themes(need.text),
    }
    for name, ranker in _plain(language, documents).items():
        ranks[name] = lambda need, ranker=ranker: _entities(ranker(need.text), lived)  # type: ignore[misc]
    return _compare(needs, ranks)


def _profiles(documents: Sequence[Document], group: str) -> list[Document]:
    """One document an entity of a list, whose fields are those of all it lived."""
    lived: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        for link in document.links:
            if link.group == group:
                lived[link.entity].append(document)
    return [_profile(entity, group, some) for entity, some in sorted(lived.items())]


def _profile(entity: str, group: str, documents: Sequence[Document]) -> Document:
    """Each text field of several documents as one."""
    texts = zip(*(document.texts() for document in documents), strict=True)
    title, body, tools, themes, organisations, kinds = ("\n".join(some) for some in texts)
    return Document(entity, "profile", title, body, tools, themes, organisations, kinds, links=(Link(entity, group),))


def _plain(language: Language, documents: Sequence[Document]) -> dict[str, Ranker]:
    analyser = Analyser(language)
    bags = Bags.of(documents)
    return {"bm25": plain_bm25(bags, analyser), "cosine": plain_cosine(bags, analyser)}


def _search(engine: SearchEngine, text: str) -> list[str]:
    return [hit.id for hit in engine.search(Request(text=text, limit=DEPTH)).hits]


def _peers(engine: SearchEngine, need: str, group: str) -> list[str]:
    lists = engine.peers(PeersRequest(need=need, limit=DEPTH, groups=(group,), explain=False))
    return [peer.entity for peer in lists.groups[group]]


def _entities(ranked: Sequence[str], lived: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(entity for id_ in ranked for entity in lived[id_]))


def _compare(texts: Sequence[Judged], ranks: Mapping[str, Rank]) -> Comparison:
    ranked = {name: {text.id: rank(text) for text in texts} for name, rank in ranks.items()}
    tags = sorted({tag for text in texts for tag in text.tags})
    tagged = {tag: [text for text in texts if tag in text.tags] for tag in tags}
    return Comparison(
        len(texts),
        {name: _score(texts, found) for name, found in ranked.items()},
        {
            tag: (len(some), {name: _score(some, found) for name, found in ranked.items()})
            for tag, some in tagged.items()
        },
    )


def _score(texts: Sequence[Judged], ranked: Mapping[str, Sequence[str]]) -> Score:
    return Score(
        statistics.fmean(ndcg(ranked[text.id], text.grades, DEPTH) for text in texts),
        statistics.fmean(precision(ranked[text.id], text.grades, 3, least=USEFUL) for text in texts),
    )


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    if not path.is_file():
        raise SavoirsError("no_judgements", file=str(path))
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8")).get(name) or []
    if not rows:
        raise SavoirsError("no_judgements", file=str(path))
    return rows


def _id_of(path: Path, row: object, key: str, ids: set[str]) -> str:
    for kind in KINDS:
        if (found := record_id(kind, key)) in ids:
            return found
    raise SavoirsError("bad_judgements", file=path.name, id=row, key=key)
