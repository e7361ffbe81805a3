"""The default engine: segments mapped from disk and a tail in memory, seen through one immutable view.

Readers take the view there is and never wait. Whoever finds the journal ahead applies what is missing under a lock and
swaps the view; what takes longer than a search may goes on in the background. An index that is missing, stale or
damaged is written again from the feed.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer import (
    excerpts,
    explaining,
    faceting,
    fitting,
    fusion,
    kernels,
    maintenance,
    peers,
    ranking,
    similarity,
    store,
    tail,
)
from indexer.analysis import NEGATIONS, Analyser
from indexer.building import content_hash
from indexer.bundle import DamagedError
from indexer.engine import (
    FACETS,
    Facet,
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
)
from indexer.language import Language
from indexer.matching import living_rows, mask_of, match
from indexer.opening import Shelf
from indexer.query import Query, Scored, understand
from indexer.recipe import Recipe
from indexer.spelling import words_near
from indexer.vectors import WordVectors
from indexer.vectors import available as vectors_available
from indexer.view import Part, View
from indexer.weights import Ranking

PATIENCE_S = 0.5
"""How long a search waits for what goes on in the background before somebody else answers."""

LOOK_EVERY_S = 1.0
"""How often a process looks whether another has merged segments."""

MAX_MARKERS = 64
"""Queries whose marker is kept, since a page marks many texts with one."""

MAX_LOOK_UPS = 2_000
"""With more words to look up in the documents of a strict query, reading the words from end to end is quicker."""

LAST_DAY = 4_000_000
"""After every ordinal of a date (year 9999 is 3,652,059): an unknown one comes last."""

_log = logging.getLogger(__name__)

_NO_FACETS: Mapping[str, tuple[Facet, ...]] = dict.fromkeys(FACETS, ())

_SIGNS = re.compile(r"[^\w'’.-]|_")

_Found = tuple[float | str, str, int, int, float]
"""Key to order by, id, part, row, score."""


class EmbeddedEngine:
    """The search engine of one data folder.

    Args:
        directory: Where the index is kept, made when needed; None keeps everything in memory.
        language: The words of the analyser.
        ranking: What each component of the ranking counts for.
        vectors: Those of words; None to rank without.
    """

    def __init__(
        self,
        directory: Path | None,
        language: Language,
        *,
        ranking: Ranking | None = None,
        vectors: WordVectors | None = None,
    ) -> None:
        self.directory = directory
        self.analyser = Analyser(language)
        self.ranking = ranking or Ranking()
        self.vectors = vectors
        self._recipe = Recipe(self.analyser, vectors)
        self._lock = threading.RLock()
        self._shelf = Shelf(directory) if directory is not None else None
        self._generation: store.Generation | None = None
        self._view: View | None = None
        self._notices: dict[str, str] = {}
        self._markers: tuple[View | None, dict[tuple[str, bool], excerpts.Marker]] = (None, {})
        self._thread: threading.Thread | None = None
        self._looked_s = 0.0

    # Following the truth

    def poll(self, feed: Feed) -> bool:
        """Follow the feed at once or in the background; see ``SearchEngine``."""
        last = feed.last_seq()
        view = self._view
        if view is not None and view.seq == last:
            self._look_around(feed)
            return True
        if view is not None and 0 < last - view.seq <= maintenance.MAX_BEHIND:
            self._follow(feed, last)
            return True
        self._in_background(lambda: self.catch_up(feed))
        view = self._view
        return view is not None and view.seq >= last

    def catch_up(self, feed: Feed) -> int:
        """Follow the feed up to its last change; see ``SearchEngine``."""
        last = feed.last_seq()
        view = self._view
        if view is not None and view.seq == last:
            return last
        with self._lock:
            if self._view is None:
                self._open()
            if self._view is not None and self._view.seq != last:
                self._adopt()
            return self._follow(feed, last)

    def _follow(self, feed: Feed, last: int) -> int:
        """Apply what is missing to the view; write it to disk, or all of it again, when it is too much."""
        with self._lock:
            view = self._view
            if view is None or view.seq > last or maintenance.too_far(view, last):
                if view is not None and view.seq > last:
                    self._notices["rebuilt"] = "ahead"
                self._rebuild(feed)
            elif last - view.seq > maintenance.MAX_BEHIND:
                self._write(lambda shelf: maintenance.flush(shelf, self._recipe, feed))
                self._adopt()
            view = self._current()
            if view.seq < last:
                self._view = tail.applied(view, feed.updates(view.seq, last), last)
            return self._current().seq

    def rebuild(self, feed: Feed) -> None:
        """Write the index again; see ``SearchEngine``."""
        with self._lock:
            self._rebuild(feed, again=True)

    def maintain(self, feed: Feed) -> None:
        """What can wait; see ``SearchEngine``."""
        self.catch_up(feed)
        written = self._write(lambda shelf: maintenance.run(shelf, self._recipe, feed))
        if self._shelf is None:
            self._view = maintenance.fitted_in_memory(self._current())
        with self._lock:
            if not written and "damaged" in self._notices:
                self._rebuild(feed, again=True)
            else:
                self._adopt(feed)

    def needs_maintenance(self, feed: Feed) -> bool:  # noqa: ARG002  (the protocol's; other engines may ask it)
        """Whether ``maintain`` has something to do."""
        generation = self._generation
        return generation is not None and self._view is not None and maintenance.needed(self._view, generation.seq)

    def _open(self) -> bool:
        """Take the view of what is on disk; returns whether it is whole."""
        if self.directory is None or self._shelf is None:
            return False
        try:
            generation, self._view = self._shelf.newest(self._recipe)
        except DamagedError as error:
            if str(error) != "missing":
                self._notices["rebuilt"] = str(error)
                _log.warning("index %s: writing it again", error)
            return False
        self._generation = generation
        self._shelf.keep(generation.folders)
        return True

    def _adopt(self, feed: Feed | None = None) -> None:
        """Take what another process wrote meanwhile, and what came since from the feed, or when it knows more."""
        if self.directory is None or self._shelf is None:
            return
        if self._generation is not None and store.current_name(self.directory) == self._generation.name:
            return
        try:
            generation, view = self._shelf.newest(self._recipe)
            known = self._view.seq if self._view is not None else -1
            if generation.seq < known and feed is None:
                return
        except DamagedError:
            return
        if feed is not None and generation.seq < known:
            view = tail.applied(view, feed.updates(generation.seq, known), known)
        self._generation, self._view = generation, view
        self._shelf.keep(generation.folders)

    def _look_around(self, feed: Feed) -> None:
        """Now and then, take in the background what another process merged."""
        now = time.monotonic()
        if self.directory is None or now - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now
        name = store.current_name(self.directory)
        if name not in (None, self._generation.name if self._generation is not None else None):
            self._in_background(lambda: self._adopt_quietly(feed), patience_s=0.0)

    def _adopt_quietly(self, feed: Feed) -> None:
        with self._lock:
            self._adopt(feed)

    def _in_background(self, task: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Do something in a thread, one at a time, and wait a little for it."""
        thread = self._thread
        if thread is None or not thread.is_alive():
            thread = threading.Thread(target=self._attempt, args=(task,), name="savoirs-index", daemon=True)
            self._thread = thread
            thread.start()
        if patience_s:
            thread.join(patience_s)

    def _attempt(self, task: Callable[[], object]) -> None:
        self._notices["rebuilding"] = ""
        try:
            task()
        except Exception:
            _log.exception("the index could not be brought up to date")
        finally:
            self._notices.pop("rebuilding", None)

    def _rebuild(self, feed: Feed, *, again: bool = False) -> None:
        if self._write(lambda shelf: maintenance.rebuild(shelf, self._recipe, feed, again=again)) and self._open():
            self._write(lambda shelf: store.clean(shelf.directory))
            if self._notices.pop("damaged", None) is not None:
                self._notices["rebuilt"] = "damaged"
            return
        self._view, self._generation = maintenance.in_memory(self._recipe, feed), None

    def _write(self, task: Callable[[Shelf], object]) -> bool:
        """Whether the disk let us write; if not, the operator is told and the index stays in memory."""
        if self._shelf is None:
            return False
        try:
            task(self._shelf)
        except OSError as error:
            _log.error("index cannot be written: %s", error.strerror)
            self._notices["unwritable"] = str(error.strerror)
            return False
        except DamagedError as error:
            _log.warning("index %s: it is left as it is until it is written again", error)
            if str(error) != "stale":
                self._notices["damaged"] = str(error)
            return False
        self._notices.pop("unwritable", None)
        return True

    @property
    def view(self) -> View:
        """What it answers from now."""
        return self._current()

    def show(self, view: View) -> None:
        """Answer from a view made elsewhere."""
        self._view = view

    def _current(self) -> View:
        view = self._view
        if view is None:
            segment, model = self._recipe.builder().build()
            view = View((Part.whole(segment),), model, self.analyser, -1, self.vectors)
        return view

    # Answering

    def search(self, request: Request) -> Page:
        """Answer a query; see ``SearchEngine``."""
        view = self._current()
        query = understand(request.text, self.analyser, view, request.exact)
        free = query.any_of or (query.strict_tree is None and query.understanding.dropped)
        if free and request.sort is Sort.RELEVANCE:
            return self._free(view, query, request)
        return self._strict(view, query, request)

    def _free(self, view: View, query: Query, request: Request) -> Page:
        """The usual search: any of some words, the best first, and what is near in meaning."""
        filters = faceting.passing(view, request.filters) if request.filters else {}
        alive = [part.alive for part in view.parts]
        allowed = faceting.narrow(alive, filters) if filters else alive
        last = max(0, request.offset) + max(0, request.limit)
        lexical = self.ranking.is_lexical
        limit = last if lexical else max(fusion.CANDIDATES, last)
        worths = ranking.worths_of(query.scored, view)
        known = [ranking.known(worths, part) for part in view.parts]
        told = bool(request.facets or filters)
        found, total, masks = self._by_words(view, query, known, allowed, limit, every=not filters, told=told)
        if filters:
            total = sum(int(np.count_nonzero(mask)) for mask in faceting.narrow(masks, filters))
        asked = fusion.ask(query, view, self.vectors, self.ranking) if not lexical or request.explain else None
        if asked is not None and not lexical:
            matching = masks if query.strict_tree is not None else None
            found, alone = self._ranked(view, asked, known, last, found, allowed, matching)
            for mask, some in zip(masks, alone, strict=True):
                total += len(some)
                if request.facets:
                    mask[some] = True
        shown = found[max(0, request.offset) : last] if request.offset > 0 or len(found) > last else found
        if asked is not None and request.explain:
            hits = explaining.hits(shown, asked, view, self.ranking)
        else:
            hits = explaining.bare(shown, view)
        facets = faceting.count(view, masks, filters, request.filters, request.facets) if request.facets else _NO_FACETS
        return Page(total, hits, facets, query.understanding)

    def _by_words(
        self,
        view: View,
        query: Query,
        known: Sequence[ranking.Known],
        allowed: Sequence[ranking.Mask],
        limit: int,
        *,
        every: bool = True,
        told: bool,
    ) -> tuple[fusion.Ranked, int, list[ranking.Mask]]:
        """The documents that BM25F ranks first, how many match in all and, if it is to be told, which."""
        found, masks, total = [], [], 0
        if query.strict_tree is not None:  # a phrase among the synonyms: its words alone are not enough
            masks = [match(query.tree, part.segment) & part.alive for part in view.parts]
            total, every = sum(int(np.count_nonzero(mask)) for mask in masks), False
            allowed = [mask & matched for mask, matched in zip(allowed, masks, strict=True)]
        for part, mask, terms in zip(view.parts, allowed, known, strict=True):
            matched = np.zeros(len(part.segment), dtype=bool) if told else ranking.NO_MASK
            rows, scores, count = ranking.search(terms, part, mask, limit, every=every, mask=matched)
            found.append((scores, rows, scores))
            if query.strict_tree is None:
                masks.append(matched)
                total += count
        return fusion.merged(found, view, limit), total, masks

    def _ranked(
        self,
        view: View,
        asked: fusion.Asked,
        known: Sequence[ranking.Known],
        last: int,
        found: fusion.Ranked,
        allowed: Sequence[ranking.Mask],
        matching: Sequence[ranking.Mask] | None,
    ) -> tuple[fusion.Ranked, list[ranking.Rows]]:
        """The first ``last`` documents in their order, and for each part those that were found by their meaning alone.

        The first ``CANDIDATES`` are ranked again with all components; those behind them keep the order of their words,
        so that pages follow one another whatever is asked first.
        """
        block = found[: fusion.CANDIDATES] if len(found) > fusion.CANDIDATES else found
        alone = len(view.parts) == 1
        own = [block.rows] if alone else [block.rows[block.parts == number] for number in range(len(view.parts))]
        _, rows = fusion.nearest(asked, view, allowed, own)
        every = sum(map(len, rows))
        need = last if last <= fusion.CANDIDATES else every
        ranked, by_meaning = fusion.rank(asked, known, view, rows, self.ranking, need)
        if matching is not None:  # who holds a word of a synonym but not all of it was found by its meaning
            by_meaning = [some[~mask[some]] for some, mask in zip(rows, matching, strict=True)]
            whole = np.array([matching[part][row] for part, row in ranked.places()], dtype=bool)
            ranked = replace(ranked, words=np.where(whole, ranked.words, np.float32(0.0)))
        if need < every or len(found) <= fusion.CANDIDATES:
            return ranked, by_meaning
        behind = found[fusion.CANDIDATES :]
        placed = set(ranked.places())
        left = behind[np.array([place not in placed for place in behind.places()], dtype=bool)]
        lowest = ranked.scores[-1] if len(ranked) else np.float32(1.0)
        return ranked.then(replace(left, scores=lowest * left.words)), by_meaning

    def components(self, text: str) -> list[tuple[str, dict[str, float]]]:
        """What each component of the ranking says of the documents a query ranks again, by names of ``Ranking``.

        Beside them, ``words`` is BM25F's part, which counts for 1. For choosing weights; in no particular order.
        """
        view = self._current()
        query = understand(text, self.analyser, view)
        if not query.any_of:
            return []
        allowed = [part.alive for part in view.parts]
        asked = fusion.ask(query, view, self.vectors, self.ranking)
        worths = ranking.worths_of(query.scored, view)
        known = [ranking.known(worths, part) for part in view.parts]
        found, _, _ = self._by_words(view, query, known, allowed, fusion.CANDIDATES, told=False)
        own = [found.rows[found.parts == number] for number in range(len(view.parts))]
        rows: list[tuple[str, dict[str, float]]] = []
        for part, some in zip(view.parts, fusion.nearest(asked, view, allowed, own)[1], strict=True):
            told = fusion.features(asked, part, some, self.ranking).told()
            ids = part.segment.ids.some(some.tolist())
            rows += [(id_, {name: float(values[at]) for name, values in told.items()}) for at, id_ in enumerate(ids)]
        return rows

    def _strict(self, view: View, query: Query, request: Request) -> Page:
        """Any other search: which documents match first, then their order."""
        filters = faceting.passing(view, request.filters)
        weighted = ranking.weigh(query.scored, view)
        first, last = max(0, request.offset), max(0, request.offset) + max(0, request.limit)
        by_score = request.sort is Sort.RELEVANCE and not query.everything
        matched: list[ranking.Mask] = []
        results: list[ranking.Mask] = []
        listed = [] if filters or request.facets else [living_rows(query.tree, part) for part in view.parts]
        rows = [one for one in listed if one is not None]
        if not rows or len(rows) < len(listed):
            matched = [match(query.tree, part.segment) & part.alive for part in view.parts]
            results = faceting.narrow(matched, filters)
            sizes, rows = [int(np.count_nonzero(mask)) for mask in results], []
        else:
            sizes = list(map(len, rows))
        # One way for all parts, since the last bit of a score depends on the way.
        plain = by_score and bool(query.scored) and all(one.kind == "term" for one in query.scored)
        if plain and sum(sizes) * len(weighted) > MAX_LOOK_UPS:
            results = results or [mask_of(some, part.segment) for some, part in zip(rows, view.parts, strict=True)]
        else:
            rows, results = rows or [np.flatnonzero(mask).astype(np.int32) for mask in results], []
        found: list[_Found] = []
        for number, (part, size) in enumerate(zip(view.parts, sizes, strict=True)):
            keys: Sequence[float | str]
            if by_score:
                if results:
                    kept_rows, scores = _best_in(query.scored, view, part, results[number], min(last, size))
                else:
                    kept_rows, scores = _best_among(weighted, part, rows[number], min(last, size))
                keys = (-scores).tolist()
            else:
                kept_rows, keys = _in_order(part, rows[number], request.sort, last)
                scores = ranking.score_rows(weighted, part, kept_rows)
            some = kept_rows.tolist()
            found += zip(keys, part.segment.ids.some(some), [number] * len(some), some, scores.tolist(), strict=True)
        if len(view.parts) > 1:
            found.sort(key=lambda one: one[:2])
        kept = found[first:last]
        reasons = self._reasons(view, weighted, kept) if request.explain else {}
        return Page(
            total=sum(sizes),
            hits=tuple([Hit(id_, score, reasons.get(id_, ())) for _, id_, _, _, score in kept]),
            facets=faceting.count(view, matched, filters, request.filters, request.facets),
            understanding=query.understanding,
        )

    def _reasons(
        self, view: View, weighted: Sequence[ranking.Weighted], kept: Sequence[_Found]
    ) -> dict[str, tuple[Reason, ...]]:
        reasons: dict[str, tuple[Reason, ...]] = {}
        for number in {number for _, _, number, _, _ in kept}:
            here = [(id_, row) for _, id_, part, row, _ in kept if part == number]
            brought = ranking.contributions(weighted, view.parts[number], [row for _, row in here])
            reasons |= {id_: ranking.as_reasons(parts) for (id_, _), parts in zip(here, brought, strict=True)}
        return reasons

    def related(self, document: str, limit: int = 5, *, explain: bool = True) -> tuple[Hit, ...]:
        """The nearest documents to one; see ``SearchEngine``."""
        return similarity.related(self._current(), document, limit, explain=explain)

    def peers(self, request: PeersRequest) -> PeerLists:
        """The entities nearest to a need; see ``SearchEngine``."""
        view = self._current()
        alive = [part.alive for part in view.parts]
        masks = faceting.narrow(alive, faceting.passing(view, request.filters))
        if request.entity is not None:
            own = peers.places_of(view, request.entity)
            groups = peers.of_entity(view, own, masks, request) if own else dict.fromkeys(request.groups, ())
            return PeerLists(groups, Understanding(""))
        if request.document is not None:
            place = view.locate(request.document)
            if place is None:
                return PeerLists(dict.fromkeys(request.groups, ()), Understanding(""))
            asking = similarity.of_document(view.parts[place[0]], place[1], view)
            return PeerLists(peers.of_need(asking, view, masks, request), Understanding(""))
        query = understand(fold_operators(request.need), self.analyser, view)
        asking = similarity.of_words(query, view)
        return PeerLists(peers.of_need(asking, view, masks, request), query.understanding)

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
        """Ids that differ from the feed; see ``SearchEngine``. So do all of a segment whose files are damaged."""
        self.catch_up(feed)
        view = self._current()
        damaged = self._shelf.damaged(self._recipe) if self._shelf is not None else ()
        if damaged:
            self._notices["damaged"] = ", ".join(damaged)
        names = {part.name for part in view.parts if part.name}
        if not names.issuperset(damaged):
            damaged = tuple(names)  # what all of them rely on
        _, documents = feed.snapshot()
        expected = {document.id: content_hash(document) for document in documents}
        found = {
            id_: int(part.segment.arrays["hashes"][row])
            for part in view.parts
            for row, id_ in enumerate(part.segment.ids.decoded())
            if part.alive[row] and part.name not in damaged
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
            size_bytes=self._shelf.size_bytes if self._shelf else 0,
            path=str(self.directory or ""),
            notices=(*(f"{name}: {why}" for name, why in dict(self._notices).items()), *self._lacking(view)),
        )

    def _lacking(self, view: View) -> list[str]:
        """Codes of what would make answers better or quicker."""
        lacking = {
            "no_vectors": self.vectors is None and not vectors_available(),
            "no_kernels": not kernels.available(),
            "not_fitted": fitting.needed(view),
        }
        return [name for name, missing in lacking.items() if missing]

    @property
    def timings(self) -> dict[str, float]:
        """What opening took, in milliseconds, by part: ``checksum``."""
        return {"checksum": 1e3 * self._shelf.checked_s} if self._shelf is not None else {}

    def close(self) -> None:
        """Let go of files."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._lock:
            if self._shelf is not None:
                self._shelf.keep(frozenset())
            self._generation = self._view = None


def _best_among(
    weighted: Sequence[ranking.Weighted], part: Part, rows: ranking.Rows, limit: int
) -> tuple[ranking.Rows, ranking.Scores]:
    """The best of some rows and their scores; those that no word scores come last, with 0."""
    ranks, found = part.segment.arrays["id_ranks"], ranking.best_among(weighted, part, rows, limit)
    if found is None:
        found = kernels.loops().best_of(rows, ranking.score_rows(weighted, part, rows), ranks, limit)
    return found


def _best_in(
    scored: Sequence[Scored], view: View, part: Part, mask: ranking.Mask, limit: int
) -> tuple[ranking.Rows, ranking.Scores]:
    """The same for the documents of a mask, without a score for each."""
    asked = ranking.known(ranking.worths_of(scored, view), part)
    rows, scores, _ = ranking.search(asked, part, mask, limit, every=False, counted=False)
    if len(rows) < limit:
        rest = mask.copy()
        rest[rows] = False
        others = np.flatnonzero(rest).astype(np.int32)
        ranks = part.segment.arrays["id_ranks"]
        more, nothing = kernels.loops().best_of(
            others, np.zeros(len(others), dtype=np.float32), ranks, limit - len(rows)
        )
        rows, scores = np.concatenate([rows, more]), np.concatenate([scores, nothing])
    return rows, scores


def _in_order(part: Part, rows: ranking.Rows, sort: Sort, limit: int) -> tuple[ranking.Rows, list[float | str]]:
    """The first of some rows in another order than by score, and their keys: the lowest first."""
    arrays = part.segment.arrays
    if sort is Sort.TITLE:
        keys = -arrays["title_ranks"][rows].astype(np.float32)
    elif sort is Sort.OLDEST:
        keys = np.where(arrays["days"][rows] > 0, -arrays["days"][rows], -LAST_DAY).astype(np.float32)
    else:
        keys = arrays["days"][rows].astype(np.float32)
    rows, keys = kernels.loops().best_of(rows, keys, arrays["id_ranks"], min(limit, len(rows)))
    if sort is Sort.TITLE:
        titles = part.segment.texts["titles"]
        return rows, [titles[row] for row in rows.tolist()]
    return rows, (-keys).tolist()


def fold_operators(need: str) -> str:
    """A need is never a strict query: its quotes and signs are punctuation, its capitals emphasis."""
    return _SIGNS.sub(" ", need.lower())


def make_marker(query: Query, view: View) -> excerpts.Marker:
    """What a query understood marks in a text."""
    told = [one for one in query.scored if one.kind == "term"]
    kept = [one for one in told if one.term not in NEGATIONS] or told
    terms = {one.term: one.weight * view.idf(one.term) for one in kept}
    prefixes = tuple(one.term for one in query.scored if one.kind == "prefix")
    near = [one.term for one in query.scored if one.kind == "near"]
    words = {
        part.segment.words[number]
        for part in view.parts
        for word in near
        for number in words_near(part.segment.words, word)
    }
    return excerpts.Marker(terms, prefixes, frozenset(words))
