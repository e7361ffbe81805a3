"""What is written to disk, and when: all of it again, what came since, or several segments made one.

Work that lasts is done under the lock ``merger``, which one process has at a time; ``writer`` is held only while a
generation is replaced, so that nobody waits for a merge. At that moment what has changed meanwhile is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer import bundle, dense, fitting, merging, store, tail
from indexer.bundle import Bundle, DamagedError
from indexer.engine import Document, Feed
from indexer.opening import Shelf, write_dense, write_model, write_segment
from indexer.recipe import Recipe
from indexer.segment import Model, Segment
from indexer.view import Part, View

MAX_BEHIND = 200
"""Further behind than this, what came is written to disk rather than caught up change by change."""

FLUSH_AT = 100
"""Changes that the tail may hold before maintenance writes them to disk."""

CHUNK_DOCUMENTS = 50_000
"""Documents analysed at once when all is written again: a bound on memory."""

RATIO = 4
"""A segment is merged with the smaller ones unless it is this many times as large as all of them together."""

MOST_DEAD = 0.3
"""A segment of which more documents than this are dead is written again without them."""

REFIT_AT = 2.0
"""The model is fitted again when there are this many times as many documents as it was fitted on."""

SMALLEST_REFIT = 1_000


def too_far(view: View, last: int) -> bool:
    """Whether so much changed that writing everything again is quicker than following."""
    return last - view.seq > max(MAX_BEHIND, view.living // 2)


def needed(view: View, flushed_seq: int) -> bool:
    """Whether there is something to write: a long tail, segments to merge, a model to fit again."""
    waiting = view.seq - flushed_seq >= FLUSH_AT
    return waiting or bool(to_merge(view.parts)) or outgrown(view) or fitting.needed(view)


def outgrown(view: View) -> bool:
    """Whether the model was fitted on too few of the documents there are."""
    return view.living >= max(SMALLEST_REFIT, REFIT_AT * view.model.covered)


def to_merge(parts: Sequence[Part]) -> list[int]:
    """The parts on disk that should be made one: the smaller ones, or one that is mostly dead; empty for none."""
    kept = sorted((number for number, part in enumerate(parts) if part.name), key=lambda number: -parts[number].living)
    after = sum(parts[number].living for number in kept)
    for place, number in enumerate(kept):
        after -= parts[number].living
        if place + 1 < len(kept) and parts[number].living < RATIO * after:
            return sorted(kept[place:])
    for number in kept:
        if len(parts[number].segment) - parts[number].living > MOST_DEAD * len(parts[number].segment):
            return [number]
    return []


def in_memory(recipe: Recipe, feed: Feed) -> View:
    """The view of every document, nothing being written."""
    seq, documents = feed.snapshot()
    builder = recipe.builder()
    for document in documents:
        builder.add(document)
    segment, model = builder.build()
    return View((Part.whole(segment),), model, recipe.analyser, seq, recipe.vectors)


def fitted_in_memory(view: View) -> View:
    """The same view with what is learnt fitted, if that is to be done."""
    if not fitting.needed(view):
        return view
    model = fitting.fit(view)
    parts = [replace(part, dense=dense.made(part.segment, model)) for part in view.parts]
    return View(tuple(parts), model, view.analyser, view.seq, view.vectors)


def rebuild(shelf: Shelf, recipe: Recipe, feed: Feed, *, again: bool) -> None:
    """Write everything again, and make it the index.

    Args:
        shelf: Of the index.
        recipe: What it is made with.
        feed: The truth.
        again: Even if another process has just done so.

    Raises:
        OSError: When the disk does not let us.
    """
    directory = shelf.directory
    with bundle.alone(directory, "merger"):
        if not again and _is_whole(shelf, recipe, feed.last_seq()):
            return
        store.clean(directory)  # of what killed processes left, while there must be room for all of it twice
        with ExitStack() as stack:
            seq, documents = feed.snapshot()
            chunks: list[Bundle] = []
            models: list[Model] = []
            for segment, model in _chunks(documents, recipe):
                models.append(model)
                chunks.append(stack.enter_context(write_segment(directory, segment)))
            covered = sum(int(chunk.meta["documents"]) for chunk in chunks)
            if len(chunks) > 1:
                chunks = [_merged(stack, directory, [_whole(chunk) for chunk in chunks])]
            model_bundle = stack.enter_context(write_model(directory, replace(models[0], covered=covered)))
            part = store.PartName(chunks[0].name)
            with bundle.alone(directory, "writer"):
                store.replace(directory, store.Generation("", seq, model_bundle.name, (part,)), recipe.fingerprint)


def flush(shelf: Shelf, recipe: Recipe, feed: Feed) -> None:
    """Write what came since the generation in use as one more segment.

    Raises:
        DamagedError: When what is there cannot be read.
        OSError: When the disk does not let us.
    """
    directory = shelf.directory
    with bundle.alone(directory, "writer"):
        generation = store.current(directory, recipe.fingerprint)
        last = feed.last_seq()
        if generation.seq >= last:
            return
        before = shelf.view(generation, recipe)
        after = tail.applied(before, feed.updates(generation.seq, last), last)
        with ExitStack() as stack:
            parts = []
            for part in after.parts:
                known = next((one for one in generation.parts if one.segment == part.name), None)
                if known is not None:
                    parts.append(replace(known, dead=part.dead))
                else:
                    name = stack.enter_context(write_segment(directory, part.segment)).name
                    parts.append(store.PartName(name, _written(stack, directory, part.dense), part.dead))
            model = generation.model
            store.replace(directory, store.Generation("", last, model, tuple(parts)), recipe.fingerprint)


def merge(shelf: Shelf, recipe: Recipe) -> bool:
    """Make one of some segments, if there are any to merge; returns whether there were.

    Raises:
        DamagedError: When what is there cannot be read.
        OSError: When the disk does not let us.
    """
    directory = shelf.directory
    with bundle.alone(directory, "merger", wait=False) as mine, ExitStack() as stack:
        if not mine:
            return False
        generation, view = shelf.newest(recipe)
        numbers = to_merge(view.parts)
        if not numbers:
            return False
        sources = [_read_again(stack, directory, view.parts[number]) for number in numbers]
        living = sum(part.living for part in sources)
        merged = _merged(stack, directory, sources) if living else None
        vectors = dense.made(_whole(merged).segment, view.model) if merged is not None else None
        dense_name = _written(stack, directory, vectors)
        with bundle.alone(directory, "writer"):
            now = store.current(directory, recipe.fingerprint)
            if now.model != generation.model or not _all_there(now, sources):
                return False  # all was written again meanwhile: what was merged is no more
            parts = [part for part in now.parts if part.segment not in {source.name for source in sources}]
            if merged is not None:
                parts.insert(0, store.PartName(merged.name, dense_name, _died_since(now, sources)))
            store.replace(directory, replace(now, parts=tuple(parts)), recipe.fingerprint)
        return True


def fit(shelf: Shelf, recipe: Recipe) -> bool:
    """Fit the latent space and the clusters, if that is to be done; returns whether it was.

    Raises:
        DamagedError: When what is there cannot be read.
        OSError: When the disk does not let us.
    """
    directory = shelf.directory
    with bundle.alone(directory, "merger", wait=False) as mine, ExitStack() as stack:
        if not mine:
            return False
        generation, view = shelf.newest(recipe)
        if not fitting.needed(view):
            return False
        model = fitting.fit(view)
        name = stack.enter_context(write_model(directory, model)).name
        names = {part.name: _written(stack, directory, dense.made(part.segment, model)) for part in view.parts}
        with bundle.alone(directory, "writer"):
            now = store.current(directory, recipe.fingerprint)
            if now.model != generation.model:
                return False  # all was written again meanwhile, with another model
            for part in shelf.view(now, recipe).parts:
                if part.name not in names:
                    names[part.name] = _written(stack, directory, dense.made(part.segment, model))
            parts = tuple(replace(part, dense=names[part.segment]) for part in now.parts)
            store.replace(directory, replace(now, model=name, parts=parts), recipe.fingerprint)
        return True


def run(shelf: Shelf, recipe: Recipe, feed: Feed) -> None:
    """Everything that can wait.

    Raises:
        DamagedError: When what is there cannot be read.
        OSError: When the disk does not let us.
    """
    flush(shelf, recipe, feed)
    _, view = shelf.newest(recipe)
    if outgrown(view):
        rebuild(shelf, recipe, feed, again=True)
    while merge(shelf, recipe):
        pass
    fit(shelf, recipe)


def _is_whole(shelf: Shelf, recipe: Recipe, last: int) -> bool:
    try:
        generation, _ = shelf.newest(recipe)
    except DamagedError:
        return False
    return generation.seq == last


def _chunks(documents: Iterator[Document], recipe: Recipe) -> Iterator[tuple[Segment, Model]]:
    """Segments of at most ``CHUNK_DOCUMENTS``, one at least; lengths are fitted on the first."""
    model: Model | None = None
    while True:
        builder = recipe.builder()
        for document in islice(documents, CHUNK_DOCUMENTS):
            builder.add(document)
        if model is not None and not len(builder):
            return
        segment, fitted = builder.build(model)
        yield segment, fitted
        model = fitted


def _whole(chunk: Bundle) -> Part:
    return Part.whole(Segment(chunk.texts, chunk.arrays), name=chunk.name)


def _read_again(stack: ExitStack, directory: Path, part: Part) -> Part:
    """The same part, its files verified anew: damage since it was mapped is not written as if it were whole."""
    return _whole(stack.enter_context(bundle.read(directory, part.name))).without(part.dead)


def _merged(stack: ExitStack, directory: Path, parts: Sequence[Part]) -> Bundle:
    with bundle.Writer(directory, "s") as writer:
        merging.merge(parts, writer)
        name = writer.finish({"documents": sum(part.living for part in parts)})
        return stack.enter_context(bundle.read(directory, name))


def _written(stack: ExitStack, directory: Path, vectors: dense.Dense | None) -> str:
    return "" if vectors is None else stack.enter_context(write_dense(directory, vectors)).name


def _all_there(generation: store.Generation, sources: Iterable[Part]) -> bool:
    return {source.name for source in sources} <= {part.segment for part in generation.parts}


def _died_since(generation: store.Generation, sources: Sequence[Part]) -> NDArray[np.int32]:
    """The rows of a merged segment whose documents have died since their segments were read."""
    dead = {part.segment: part.dead for part in generation.parts}
    found, start = [], 0
    for source in sources:
        rows = np.setdiff1d(dead[source.name], source.dead)
        found.append(np.cumsum(source.alive)[rows] - 1 + start)
        start += source.living
    return np.concatenate(found).astype(np.int32)
