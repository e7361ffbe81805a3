"""The engine itself: who may read and write when, and the protocol's methods over one view at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.analysis import Analyser
from indexer.building import content_hash
from indexer.bundle import DamagedError, alone
from indexer.engine import (
    FACETS,
    Document,
    Feed,
    Hit,
    Page,
    PeerLists,
    PeersRequest,
    Request,
    Status,
    Understanding,
    Update,
)
from indexer.excerpts import Marker, excerpt
from indexer.language import Language
from indexer.query import understand
from indexer.whoosh_index import answering
from indexer.whoosh_index.schema import columns_of, make_schema
from indexer.whoosh_index.store import Folder, begin, finish, open_current, remove_unused
from indexer.whoosh_index.view import View, open_index, open_view


class WhooshEngine:
    """A search engine over a Whoosh index; implements ``indexer.engine.SearchEngine``.

    Several processes may share a directory: one writes at a time, and each sees the others' commits at its next search.
    Threads read one at a time, since Whoosh's files have one reading place; who writes does not keep them waiting.

    Args:
        directory: Where the index is, or will be.
        language: The words of the analyser; an index made with others is stale.
    """

    def __init__(self, directory: Path, language: Language) -> None:
        self._directory = directory
        self._analyser = Analyser(language)
        self._reading = threading.RLock()
        self._writing = threading.Lock()
        self._view: View | None = None
        self._notices: tuple[str, ...] = ()

    # Following the feed

    def catch_up(self, feed: Feed) -> int:
        """Follow the feed up to its last change, rebuilding what is missing, stale or damaged; returns its number."""
        last = feed.last_seq()
        with self._reading:
            view = self._latest()
        if view is not None and view.folder.seq == last:
            return last
        with self._writing, alone(self._directory, "writer"):
            self._follow(feed)
            return self._swap().folder.seq

    def poll(self, feed: Feed) -> bool:
        """Follow the feed, however long it takes: what is new is read from disk, where it must be written first."""
        self.catch_up(feed)
        return True

    def maintain(self, feed: Feed) -> None:
        """Nothing can wait: each commit is written whole, and nothing is learnt."""

    def needs_maintenance(self, feed: Feed) -> bool:  # noqa: ARG002  (the protocol's)
        """Never: see ``maintain``."""
        return False

    def rebuild(self, feed: Feed) -> None:
        """Write the index again from every document, and swap it in."""
        with self._writing, alone(self._directory, "writer"):
            self._write_all(feed)
            self._swap()

    def _follow(self, feed: Feed) -> None:
        last = feed.last_seq()
        try:
            folder = open_current(self._directory, self._analyser.fingerprint)
        except DamagedError as error:
            self._notices = (str(error),)
            self._write_all(feed)
            return
        with closing(folder):
            if folder.seq > last:
                self._notices = ("ahead",)  # the journal was restored from before: nothing to follow
                self._write_all(feed)
            elif folder.seq < last:
                self._write_some(folder, feed.updates(folder.seq, last), last)

    def _write_all(self, feed: Feed) -> None:
        seq, documents = feed.snapshot()
        path = begin(self._directory)
        index = FileIndex.create(FileStorage(str(path)), make_schema(self._analyser))
        self._commit(index, (), documents)
        finish(self._directory, path, seq, self._analyser.fingerprint)

    def _write_some(self, folder: Folder, updates: Iterable[Update], seq: int) -> None:
        changes = list(updates)
        path = begin(self._directory, folder.path)
        documents = (update.document for update in changes if update.document is not None)
        self._commit(open_index(path, self._analyser), [update.id for update in changes], documents)
        finish(self._directory, path, seq, self._analyser.fingerprint)

    def _commit(self, index: FileIndex, removed: Iterable[str], added: Iterable[Document]) -> None:
        with index.writer() as writer:  # cancels when interrupted: the folder is not CURRENT yet
            with writer.searcher() as searcher:
                for id_ in removed:
                    writer.delete_by_term("id", id_, searcher=searcher)
            for document in added:
                writer.add_document(**columns_of(document, self._analyser))

    # Reading

    def search(self, request: Request) -> Page:
        """Answer a query; never raises because of its text."""
        with self._reading:
            view = self._latest()
            if view is None:
                return Page(0, (), dict.fromkeys(FACETS, ()), Understanding(text=request.text))
            query = understand(request.text, self._analyser, view.lexicon, request.exact)
            return answering.answer(view, query, request)

    def related(self, document: str, limit: int = 5, *, explain: bool = True) -> tuple[Hit, ...]:
        """The nearest documents to one; see ``SearchEngine``."""
        with self._reading:
            view = self._latest()
            if view is None or document not in view.space.places:
                return ()
            return view.space.related(view.space.places[document], limit, explain=explain)

    def peers(self, request: PeersRequest) -> PeerLists:
        """The entities whose documents are nearest to a need, with the documents and terms that say so."""
        with self._reading:
            view = self._latest()
            if view is None:
                return PeerLists(dict.fromkeys(request.groups, ()), Understanding(text=request.need))
            return answering.propose(view, request, self._analyser)

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Words of the index that begin like the last word of ``prefix``, the commonest first."""
        with self._reading:
            view = self._latest()
            return answering.complete(view, prefix, limit, self._analyser) if view is not None else ()

    def excerpt(self, text: str, query: str, length: int = 280, exact: bool = False) -> str:
        """The best passage of a plain text for a query: safe HTML, with ``<mark>`` and no other tag."""
        with self._reading:
            view = self._latest()
            marker = answering.marker(view, query, self._analyser, exact) if view is not None else Marker({})
        return excerpt(text, marker, self._analyser, length)

    def verify(self, feed: Feed) -> tuple[str, ...]:
        """Ids that differ from the feed: missing, left over, or with another content; all when files are damaged."""
        self.catch_up(feed)
        wanted = {document.id: content_hash(document) for document in feed.snapshot()[1]}
        kept = self._digests()
        ids = wanted.keys() | kept.keys()
        return tuple(sorted(id_ for id_ in ids if wanted.get(id_) != kept.get(id_)))

    def status(self) -> Status:
        """What is in the index."""
        with self._reading:
            view = self._latest()
            if view is None:
                return Status("whoosh", 0, 0, 0, 0, str(self._directory), self._notices)
            documents, terms = len(view.rows), len(view.lexicon.terms)
            folder = view.folder
            return Status(
                "whoosh", folder.seq, documents, terms, folder.size_bytes, str(self._directory), self._notices
            )

    def close(self) -> None:
        """Let go of files."""
        with self._reading:
            if self._view is not None:
                self._view.close()
                self._view = None

    def _digests(self) -> Mapping[str, int]:
        """The digest of each document, from files verified anew."""
        try:
            folder = open_current(self._directory, self._analyser.fingerprint)
        except DamagedError:
            return {}
        with closing(folder), self._reading:
            view = self._latest()
            return {row.id: row.digest for row in view.rows.values()} if view is not None else {}

    def _swap(self) -> View:
        """The view of what has just been written; folders that nobody reads any more are removed."""
        with self._reading:
            view = self._latest()
        if view is None:
            raise DamagedError("damaged")  # by something else than us: the disk, or somebody's rm
        remove_unused(self._directory)
        return view

    def _latest(self) -> View | None:
        """The view of the folder in use, opened if it is new; the one before when it is damaged. Hold ``_reading``."""
        if self._view is not None and self._view.folder.is_current(self._directory):
            return self._view
        try:
            folder = open_current(self._directory, self._analyser.fingerprint)
        except DamagedError:
            return self._view
        before, self._view = self._view, open_view(folder, self._analyser, self._view)
        if before is not None:
            before.close()
        return self._view
