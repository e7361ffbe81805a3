"""What came since the segments on disk: small segments in memory, made again as they grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer import dense
from indexer.building import Builder
from indexer.engine import Document, Update
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
        parts.append(made_of(added, view))
    return view.after(parts, seq)


def made_of(documents: Iterable[Document], view: View) -> Part:
    """A part in memory, under the model of a view."""
    kept = tuple(documents)
    builder = Builder(view.analyser, view.vectors)
    for document in kept:
        builder.add(document)
    segment, _ = builder.build(view.model)
    return Part.whole(segment, dense.made(segment, view.model), kept)
