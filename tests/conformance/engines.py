"""The engines the suite holds to the same promises, and the words and documents its tests are written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from indexer.engine import Document, Request, SearchEngine
from indexer.language import Language

EngineFactory = Callable[[Path, Language], SearchEngine]


def _embedded(directory: Path, language: Language) -> SearchEngine:
    from indexer.embedded import EmbeddedEngine

    return EmbeddedEngine(directory, language)


def _whoosh(directory: Path, language: Language) -> SearchEngine:
    from indexer.whoosh_index import WhooshEngine

    return WhooshEngine(directory, language)


ENGINES: Mapping[str, EngineFactory] = {"embedded": _embedded, "whoosh": _whoosh}
"""Imported on use: a process that needs one engine does not pay for the other."""

STOPWORDS = "le la les l d un une des du de au aux et à en est dans sur pour avec qui que ce se ou où"

LANGUAGE = Language.parse(
    "\n".join(STOPWORDS.split()),
    "bénévole, bénévoles, bénévolat\nassociation, associatif, asso",
    "SDF = sans-abri = personnes à la rue\nmineur isolé > adolescent",
)
"""A few words, so that a test does not depend on what ships."""


def make_document(id_: str, title: str = "", body: str = "", **values: Any) -> Document:
    """A document; ``theme="numerique"``, like any facet's name, gives it one value, a tuple several."""
    facets: dict[str, tuple[str, ...]] = {
        name: value if isinstance(value := values.pop(name), tuple) else (value,)
        for name in ("theme", "organisation", "territory", "stance", "year")
        if name in values
    }
    kind = values.pop("kind", "practice")
    return Document(id=id_, kind=kind, title=title, body=body, facets={"kind": (kind,), **facets}, **values)


def find(engine: SearchEngine, text: str, **values: Any) -> list[str]:
    """Ids that match a query by its words, in order; what is found by meaning alone is left out."""
    request = Request(text, **({"limit": 1000} | values))
    return [hit.id for hit in engine.search(request).hits if not hit.by_meaning]
