"""What came since the segments on disk: small segments in memory, made again as they grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.engine import Document, Update
from indexer.segment import Model
from indexer.view import Part, View


def applied(view: View, updates: Sequence[Update], seq: int) -> View:
    """The view after some updates: what changed is dead where it was, and alive in a new last part."""
    changed = {update.id for update in updates}
    parts = []
    for part in view.parts:
        rows = [row for id_ in changed if (row := part.segment.place(id_)) is not None and part.alive[row]]
        kept = part.without(sorted(rows))
        if kept.living or kept.name:
            parts.append(kept)
    added = [update.document for update in updates if update.document is not None]
    # Like sizes are joined, so that there are few parts and a document is analysed again few times.
    while added and parts and not parts[-1].name and parts[-1].documents and parts[-1].living <= 2 * len(added):
        last = parts.pop()
        added = [document for document, alive in zip(last.documents, last.alive, strict=True) if alive] + added
    if added:
        parts.append(made_of(added, view.analyser, view.model))
    return View(tuple(parts), view.model, view.analyser, seq)


def made_of(documents: Iterable[Document], analyser: Analyser, model: Model) -> Part:
    """A part in memory."""
    kept = tuple(documents)
    builder = Builder(analyser)
    for document in kept:
        builder.add(document)
    segment, _ = builder.build(model)
    return Part.whole(segment, documents=kept)
