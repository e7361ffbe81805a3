"""The default engine: a snapshot mapped from disk and an in-memory tail, seen through one immutable view.

Readers take the view there is and never wait. Whoever finds the journal ahead applies what is missing under a lock and
swaps the view. A snapshot that is missing, stale or damaged is written again from the feed.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from indexer import excerpts, faceting, peers, ranking, similarity, snapshot
from indexer.analysis import NEGATIONS, Analyser
from indexer.building import Builder, content_hash
from indexer.engine import (
    Document,
    Feed,
    Hit,
    Page,
    PeerLists,
    PeersRequest,
    Reason,
    Request,
    Sort,
    Status,
    Understanding,
    Update,
)
from indexer.language import Language
from indexer.matching import match
from indexer.query import Query, understand
from indexer.segment import Model, Segment
from indexer.spelling import words_near
from indexer.view import Part, View

MAX_BEHIND = 200
"""Further behind than this, the index is written again rather than caught up change by change."""

MAX_MARKERS = 64
"""Queries whose marker is kept, since a page marks many texts with one."""

LAST_DAY = 4_000_000
"""After every ordinal of a date (year 9999 is 3,652,059): an unknown one comes last."""

_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """The search engine of one data folder.

    Args:
        directory: Where snapshots are kept, made when needed; None keeps everything in memory.
        language: The words of the analyser.
    """

    def __init__(self, directory: Path | None, language: Language) -> None:
        self.directory = directory
        self.analyser = Analyser(language)
        self._lock = threading.RLock()
        self._snapshot: snapshot.Snapshot | None = None
        self._view: View | None = None
        self._notices: dict[str, str] = {}
        self._markers: tuple[View | None, dict[tuple[str, bool], excerpts.Marker]] = (None, {})

    # Following the truth

    def catch_up(self, feed: Feed) -> int:
        """Follow the feed up to its last change; see ``SearchEngine``."""
        last = feed.last_seq()
        view = self._view
        if view is not None and view.seq == last:
            return last
        with self._lock:
            view = self._view if self._view is not None else self._open()
            if view is not None and view.seq != last:
                view = self._newer(view)
            if view is None or view.seq > last or last - view.seq > MAX_BEHIND:
                self._rebuild(feed, min_seq=last)
            elif view.seq < last:
                self._view = self._applied(view, feed.updates(view.seq, last), last)
            else:
                self._view = view
            return self._current().seq

    def rebuild(self, feed: Feed) -> None:
        """Write the index again; see ``SearchEngine``."""
        with self._lock:
            self._rebuild(feed, min_seq=None)

    def _open(self) -> View | None:
        if self.directory is None:
            return None
        try:
            found = snapshot.read(self.directory, self.analyser.fingerprint)
        except snapshot.DamagedSnapshotError as error:
            if str(error) != "missing":
                self._notices["rebuilt"] = str(error)
                _log.warning("index %s: writing it again", error)
            return None
        return self._use(found)

    def _use(self, found: snapshot.Snapshot) -> View:
        if self._snapshot is not None:
            self._snapshot.close()
        self._snapshot = found
        self._view = View((Part.whole(found.segment),), found.model, self.analyser, found.seq)
        return self._view

    def _newer(self, view: View) -> View:
        """The snapshot that another process wrote meanwhile, when it knows more than this view."""
        if self.directory is None or self._snapshot is None:
            return view
        if snapshot.current_name(self.directory) in (None, self._snapshot.folder.name):
            return view
        try:
            found = snapshot.read(self.directory, self.analyser.fingerprint)
        except snapshot.DamagedSnapshotError:
            return view
        if found.seq < view.seq:
            found.close()
            return view
        return self._use(found)

    def _rebuild(self, feed: Feed, min_seq: int | None) -> None:
        if self.directory is None:
            self._build(feed)
            return
        with contextlib.ExitStack() as stack:
            if self._could(lambda directory: stack.enter_context(snapshot.writing(directory))) and min_seq is not None:
                view = self._open()  # somebody may have written it while we waited for our turn
                if view is not None and view.seq == min_seq:
                    return
            segment, model, seq = self._build(feed)
            fingerprint = self.analyser.fingerprint
            if self._could(lambda directory: snapshot.write(directory, segment, model, seq, fingerprint)):
                self._open()
                self._could(snapshot.remove_unused)

    def _could(self, write: Callable[[Path], object]) -> bool:
        """Whether the disk let us write; if not, the operator is told and the index stays in memory."""
        if self.directory is None:
            return False
        try:
            write(self.directory)
        except OSError as error:
            _log.error("index cannot be written: %s", error.strerror)
            self._notices["unwritable"] = str(error.strerror)
            return False
        self._notices.pop("unwritable", None)
        return True

    def _build(self, feed: Feed) -> tuple[Segment, Model, int]:
        seq, documents = feed.snapshot()
        builder = Builder(self.analyser)
        for document in documents:
            builder.add(document)
        segment, model = builder.build()
        self._view = View((Part.whole(segment),), model, self.analyser, seq)
        return segment, model, seq

    def _applied(self, view: View, updates: Sequence[Update], seq: int) -> View:
        """The view after some updates: what changed is dead where it was, and alive in a new last part."""
        changed = {update.id for update in updates}
        parts = []
        for part in view.parts:
            rows = [row for id_ in changed if (row := part.segment.places.get(id_)) is not None and part.alive[row]]
            kept = part.without(rows) if rows else part
            if kept.living or not kept.documents:
                parts.append(kept)
        added = [update.document for update in updates if update.document is not None]
        # Like sizes are joined, so that there are few parts and a document is analysed again few times.
        while added and parts and parts[-1].documents and parts[-1].living <= 2 * len(added):
            last = parts.pop()
            added = [document for document, alive in zip(last.documents, last.alive, strict=True) if alive] + added
        if added:
            parts.append(self._part(added, view.model))
        return View(tuple(parts), view.model, self.analyser, seq)

    def _part(self, documents: Sequence[Document], model: Model) -> Part:
        builder = Builder(self.analyser)
        for document in documents:
            builder.add(document)
        segment, _ = builder.build(model)
        return Part.whole(segment, documents)

    def _current(self) -> View:
        view = self._view
        if view is None:
            segment, model = Builder(self.analyser).build()
            view = View((Part.whole(segment),), model, self.analyser, -1)
        return view

    # Answering

    def search(self, request: Request) -> Page:
        """Answer a query; see ``SearchEngine``."""
        view = self._current()
        query = understand(request.text, self.analyser, view, request.exact)
        matched = [match(query.tree, part.segment) & part.alive for part in view.parts]
        masks = faceting.passing(view, request.filters)
        results = faceting.narrow(matched, masks) if masks else matched
        facets = faceting.count(view, matched, masks, request.filters)
        return Page(
            total=sum(int(np.count_nonzero(mask)) for mask in results),
            hits=self._hits(view, query, results, request),
            facets=facets,
            understanding=query.understanding,
        )

    def _hits(self, view: View, query: Query, results: Sequence[ranking.Mask], request: Request) -> tuple[Hit, ...]:
        weighted = ranking.weigh(query.scored, view)
        sort = Sort.NEWEST if request.sort is Sort.RELEVANCE and query.everything else request.sort
        wanted = max(0, request.offset) + max(0, request.limit)
        found: list[tuple[float | str, str, int, int, float]] = []
        for number, (part, mask) in enumerate(zip(view.parts, results, strict=True)):
            arrays = part.segment.arrays
            scores = ranking.score(weighted, part)
            keys = {
                Sort.RELEVANCE: scores,
                Sort.NEWEST: arrays["days"],
                Sort.OLDEST: np.where(arrays["days"] > 0, -arrays["days"], -LAST_DAY),
                Sort.TITLE: -arrays["title_ranks"].astype(np.int64),
            }[sort]
            for row in ranking.best_rows(mask, keys, arrays["id_ranks"], wanted):
                key = part.segment.titles[row] if sort is Sort.TITLE else -float(keys[row])
                found.append((key, part.segment.ids[row], number, row, float(scores[row])))
        found.sort(key=lambda one: one[:2])
        shown = found[max(0, request.offset) : wanted]
        reasons: dict[str, tuple[Reason, ...]] = {}
        for number in {number for _, _, number, _, _ in shown}:
            here = [(id_, row) for _, id_, part, row, _ in shown if part == number]
            brought = ranking.contributions(weighted, view.parts[number], [row for _, row in here])
            reasons |= {id_: ranking.as_reasons(parts) for (id_, _), parts in zip(here, brought, strict=True)}
        return tuple(Hit(id_, score, reasons[id_]) for _, id_, _, _, score in shown)

    def related(self, document: str, limit: int = 5) -> tuple[Hit, ...]:
        """The nearest documents to one; see ``SearchEngine``."""
        return similarity.related(self._current(), document, limit)

    def peers(self, request: PeersRequest) -> PeerLists:
        """The entities nearest to a need; see ``SearchEngine``."""
        view = self._current()
        alive = [part.alive for part in view.parts]
        masks = faceting.narrow(alive, faceting.passing(view, request.filters))
        if request.entity is not None:
            own = peers.places_of(view, request.entity)
            links = peers.gather(view, request, masks, (request.entity,))
            groups = peers.of_entity(links, own, request) if own else dict.fromkeys(request.groups, ())
            return PeerLists(groups, Understanding(""))
        links = peers.gather(view, request, masks)
        if request.document is not None:
            place = view.locate(request.document)
            vector = similarity.of_documents([place] if place else [], view)
            return PeerLists(peers.of_need(links, vector, request), Understanding(""))
        query = understand(fold_operators(request.need), self.analyser, view)
        vector = similarity.of_words(query.scored, view)
        return PeerLists(peers.of_need(links, vector, request), query.understanding)

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Words that begin like the last one typed; see ``SearchEngine``."""
        written = self.analyser.cut(prefix)
        if not written or not prefix[-1:].isalnum():
            return ()
        return tuple(self._current().complete(self.analyser.form(written[-1]).word, limit))

    def excerpt(self, text: str, query: str, length: int = 280, exact: bool = False) -> str:
        """The best passage of a text for a query; see ``SearchEngine``."""
        return excerpts.excerpt(text, self.marker(query, exact), self.analyser, length)

    def marker(self, query: str, exact: bool = False) -> excerpts.Marker:
        """What a query marks in a text."""
        view = self._current()
        kept = self._markers
        if kept[0] is not view:
            self._markers = kept = (view, {})
        marker = kept[1].get((query, exact))
        if marker is None:
            if len(kept[1]) >= MAX_MARKERS:
                kept[1].clear()
            marker = make_marker(understand(query, self.analyser, view, exact), view)
            kept[1][query, exact] = marker
        return marker

    # Looking after

    def verify(self, feed: Feed) -> tuple[str, ...]:
        """Ids that differ from the feed; see ``SearchEngine``."""
        self.catch_up(feed)
        view = self._current()
        _, documents = feed.snapshot()
        expected = {document.id: content_hash(document) for document in documents}
        found = {
            id_: int(part.segment.arrays["hashes"][row])
            for part in view.parts
            for row, id_ in enumerate(part.segment.ids)
            if part.alive[row]
        }
        return tuple(sorted(id_ for id_ in expected.keys() | found.keys() if expected.get(id_) != found.get(id_)))

    def status(self) -> Status:
        """What is in the index; see ``SearchEngine``."""
        view = self._current()
        return Status(
            engine="embedded",
            seq=view.seq,
            documents=view.living,
            terms=len({term for part in view.parts for term in part.segment.terms}),
            size_bytes=self._snapshot.size_bytes if self._snapshot else 0,
            path=str(self.directory or ""),
            notices=tuple(f"{name}: {why}" for name, why in self._notices.items()),
        )

    def close(self) -> None:
        """Let go of the snapshot."""
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
            self._snapshot = self._view = None


def fold_operators(need: str) -> str:
    """A need is never a strict query: its quotes and signs are punctuation, its capitals emphasis."""
    return "".join(char if char.isalnum() or char in "'’-." else " " for char in need.lower())


def make_marker(query: Query, view: View) -> excerpts.Marker:
    """What a query understood marks in a text."""
    told = [one for one in query.scored if one.kind == "term"]
    kept = [one for one in told if one.term not in NEGATIONS] or told
    terms = {one.term: one.weight * ranking.idf(view, one.term) for one in kept}
    prefixes = tuple(one.term for one in query.scored if one.kind == "prefix")
    near = [one.term for one in query.scored if one.kind == "near"]
    words = {
        part.segment.words[number]
        for part in view.parts
        for word in near
        for number in words_near(part.segment.words, word)
    }
    return excerpts.Marker(terms, prefixes, frozenset(words))
