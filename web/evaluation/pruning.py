"""What pruning loses: what the engine finds, beside what it finds when it compares every document."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

from indexer import kernels
from indexer.beir import Collection
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, PeersRequest, Request
from indexer.language import Language
from indexer.measuring import learn
from indexer.segment import GROUPS
from indexer.view import View
from savoirs.config import Settings
from web.wiring import build_engine

ASKED = 200
"""Documents, and needs, that are asked about."""

ASSOCIATIONS = 200
"""Associations that are asked about: each asks by all it lived."""

NOTES_EACH = 4
"""Documents that each invented association lived, on average."""

DEPTH = 10
SEED = 20171123


class NothingPrunedError(Exception):
    """There are so few documents that each is compared."""


def measure(collections: Sequence[Collection], settings: Settings, language: Language) -> dict[str, float]:
    """The share of what comparing all documents finds that the engine finds: a recall, by what is asked.

    Args:
        collections: Known together, as one base; who lived what is drawn at random.
        settings: Where word vectors are.
        language: The words of the analyser.

    Returns:
        ``related`` and ``search`` over the first ten; ``peers``, ``peers_note`` and ``peers_entity`` over both lists of
        five.

    Raises:
        NothingPrunedError: When the engine compares them all anyway.
    """
    documents, needs = _together(collections)
    kernels.prepare(wait=True)
    with tempfile.TemporaryDirectory(prefix="savoirs-") as folder:
        vectors = settings.vectors_dir or Path(folder) / "vectors"
        with closing(build_engine("embedded", Path(folder) / "index", language, vectors=vectors)) as opened:
            engine = cast(EmbeddedEngine, opened)
            learn(engine, documents)
            view = engine.view
            if not len(view.model.centroids):
                raise NothingPrunedError
            pruned = _answers(engine, documents, needs)
            whole = replace(view.model, centroids=view.model.centroids[:0])
            engine.show(View(view.parts, whole, view.analyser, view.seq, view.vectors))
            return {name: _recall(pruned[name], every) for name, every in _answers(engine, documents, needs).items()}


def _together(collections: Sequence[Collection]) -> tuple[list[Document], list[str]]:
    """All documents, each lived by somebody, and some of the queries, as many of each collection."""
    drawn = random.Random(SEED)  # noqa: S311  (no secret here)
    documents = [
        replace(document, id=f"{number}-{document.id}")
        for number, collection in enumerate(collections)
        for document in collection.documents
    ]
    drawn.shuffle(documents)
    associations = max(1, len(documents) // NOTES_EACH)
    lived = [
        replace(document, links=(Link(str(drawn.randrange(associations)), GROUPS[number % len(GROUPS)]),))
        for number, document in enumerate(documents)
    ]
    each = ASKED // len(collections)
    return lived, [text for one in collections for text in sorted(one.queries.values())[:each]]


def _answers(engine: EmbeddedEngine, documents: Sequence[Document], needs: Sequence[str]) -> dict[str, list[list[str]]]:
    some = [document.id for document in documents[:ASKED]]
    by_need = [PeersRequest(need=text, explain=False) for text in needs]
    by_note = [PeersRequest(document=id_, explain=False) for id_ in some]
    entities = list(dict.fromkeys(link.entity for document in documents for link in document.links))[:ASSOCIATIONS]
    by_entity = [PeersRequest(entity=entity, explain=False) for entity in entities]
    return {
        "related": [[hit.id for hit in engine.related(id_, DEPTH, explain=False)] for id_ in some],
        "peers": [_entities(engine, request) for request in by_need],
        "peers_note": [_entities(engine, request) for request in by_note],
        "peers_entity": [_entities(engine, request) for request in by_entity],
        "search": [
            [hit.id for hit in engine.search(Request(text, limit=DEPTH, facets=(), explain=False)).hits]
            for text in needs
        ],
    }


def _entities(engine: EmbeddedEngine, request: PeersRequest) -> list[str]:
    return [f"{group} {peer.entity}" for group, peers in engine.peers(request).groups.items() for peer in peers]


def _recall(found: Sequence[Sequence[str]], every: Sequence[Sequence[str]]) -> float:
    kept = sum(len(set(some) & set(others)) for some, others in zip(found, every, strict=True))
    return kept / max(1, sum(map(len, every)))
