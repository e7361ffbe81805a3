"""Makes a tiny index and asks everything of it, so that each compiled loop meets the types that real ones will give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from indexer import dense, merging
from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, PeersRequest, Request
from indexer.language import Language
from indexer.recipe import Recipe
from indexer.vectors import WordVectors
from indexer.view import Part, View

_SIZE = 4
_QUERIES = ("repas partage", "repas ET partage", '"un repas"', "titre:repas", "rep*", "repas~", "SAUF repas", "")
_LISTS = ("(repas OU partage) SAUF un", '"repas partage" ET repas', '"repas partage" ET "partage repas"', "SAUF repas")


def warm() -> None:
    """Compile, or load from the cache."""
    vectors = WordVectors.of(
        {word: np.eye(_SIZE, dtype=np.float32)[at] for at, word in enumerate(("repas", "partage"))}
    )
    recipe = Recipe(Analyser(Language()), vectors)
    builder = Builder(recipe.analyser, vectors)
    for number in range(2):
        facets = {"kind": ("practice",)}
        link = Link("asso", "same")
        builder.add(Document(f"d{number}", "practice", "Un repas", "Un repas partagé", facets=facets, links=(link,)))
    segment, model = builder.build()
    components = np.ones((len(model.terms), _SIZE), dtype=np.float32)
    model = replace(model, components=components, centroids=np.eye(_SIZE, dtype=np.float32)[:1])
    whole = Part.whole(segment, dense.made(segment, model))
    dying = Part.whole(segment, dense.made(segment, model)).without([1])
    memory = merging.Memory()
    merging.merge([dying, whole], memory)
    for parts in ((whole,), (dying, Part.whole(memory.segment(), dense.made(memory.segment(), model)))):
        _ask(View(parts, model, recipe.analyser, 1, vectors), recipe)


def _ask(view: View, recipe: Recipe) -> None:
    engine = EmbeddedEngine(None, recipe.analyser.language, vectors=recipe.vectors)
    engine.show(view)
    for text in _QUERIES:
        engine.search(Request(text))
        engine.search(Request(text, filters={"kind": ("practice",)}))
    for text in (*_QUERIES, *_LISTS):
        engine.search(Request(text, facets=()))
    engine.related("d0")
    engine.peers(PeersRequest(need="repas"))
    engine.peers(PeersRequest(entity="asso"))
    engine.peers(PeersRequest(document="d0"))
