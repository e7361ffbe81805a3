"""Asks everything of engines of all kinds in a process of its own, and prints the loops that had to be compiled for it.

``python -m tests.unit.answering CACHE FOLDER``: compiled code is read from CACHE; indexes are written to FOLDER.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np

from indexer import kernels
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, PeersRequest, Request, Sort
from indexer.language import Language
from indexer.vectors import WordVectors
from tests.fakes_feed import MemoryFeed
from tests.property.generating import WORDS, make_documents

TEXTS = ("repas partagé", "repas", '"repas partagé"', "repas ET jardin", "(repas OU jardin) SAUF lien", "rep*", "")
LIVED = Document("lived", "practice", "Un repas", "partagé entre bénévoles", links=(Link("asso", "same"),))


def vectors() -> WordVectors:
    """A vector for each word that documents are made of."""
    rng = np.random.default_rng(1)
    return WordVectors.of({word.lower(): rng.standard_normal(8).astype(np.float32) for word in WORDS})


def ask(engine: EmbeddedEngine) -> None:
    """All that pages ask."""
    for text in TEXTS:
        engine.search(Request(text))
        engine.search(Request(text, facets=(), explain=False))
        engine.search(Request(text, sort=Sort.NEWEST))
        engine.search(Request(text, filters={"kind": ("practice",)}))
    engine.related("lived")
    engine.related("lived", explain=False)
    engine.complete("rep")
    for request in (PeersRequest(need="repas jardin"), PeersRequest(document="lived"), PeersRequest(entity="asso")):
        engine.peers(request)


def main(cache: Path, folder: Path) -> None:
    """Print a name a line."""
    kernels.prepare(cache, wait=True)
    loops = {name: loop for name, loop in vars(kernels.loops()).items() if hasattr(loop, "signatures")}
    ready = {name: len(loop.signatures) for name, loop in loops.items()}
    documents = make_documents(random.Random(3), 80)  # noqa: S311  (no secret here)
    for number, known in enumerate((None, vectors())):
        for directory in (None, folder / str(number)):
            feed = MemoryFeed([LIVED, *documents[:40]])
            engine = EmbeddedEngine(directory, Language(), vectors=known)
            engine.catch_up(feed)
            ask(engine)
            engine.maintain(feed)
            ask(engine)
            for document in documents[40:]:
                feed.put(document)
            engine.catch_up(feed)
            ask(engine)
            engine.close()
    print(*(name for name, loop in loops.items() if len(loop.signatures) > ready[name]), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
