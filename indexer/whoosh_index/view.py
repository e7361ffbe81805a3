"""One state of the index, opened to read: Whoosh's searcher, a row a document, the lexicon.

A view is opened anew after each commit (``Searcher.refresh`` is wrong after a merge), but rows of segments already read
are taken over: a segment never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.analysis import Analyser
from indexer.whoosh_index.lexicon import Lexicon
from indexer.whoosh_index.schema import Row, make_schema, read_row
from indexer.whoosh_index.similarity import Space
from indexer.whoosh_index.store import Folder


@dataclass
class View:
    """What one folder holds. Not safe to share between threads: Whoosh's files have one reading place.

    Attributes:
        folder: Where it is.
        searcher: Whoosh's searcher.
        rows: Whoosh's document number → row; removed documents are not there.
        lexicon: Its words.
        segments: Segment id → all its rows, removed documents included.
    """

    folder: Folder
    searcher: Any
    rows: Mapping[int, Row]
    lexicon: Lexicon
    segments: Mapping[str, tuple[Row, ...]]

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        """Public id → row."""
        return {row.id: row for row in self.rows.values()}

    @cached_property
    def space(self) -> Space:
        """The documents as vectors."""
        return Space(sorted(self.rows.values(), key=lambda row: row.id), self.lexicon)

    def close(self) -> None:
        """Let go of the files."""
        self.searcher.close()
        self.folder.close()


def open_view(folder: Folder, analyser: Analyser, before: View | None) -> View:
    """Open a folder, taking over what another view has read already.

    Raises:
        Exception: Of any kind Whoosh likes, when its files are not what they should be.
    """
    searcher = open_index(folder.path, analyser).searcher()
    known = before.segments if before is not None else {}
    segments: dict[str, tuple[Row, ...]] = {}
    rows: dict[int, Row] = {}
    for reader, offset in _leaves(searcher):
        name = reader.segment().segment_id()
        stored = known.get(name) or tuple(read_row(fields, analyser) for fields in _stored(reader))
        segments[name] = stored
        rows |= {offset + place: row for place, row in enumerate(stored) if not reader.is_deleted(place)}
    lexicon = before.lexicon if before is not None else Lexicon(analyser)
    old = before.by_id if before is not None else {}
    new = {row.id: row for row in rows.values()}
    gone = [row for id_, row in old.items() if id_ not in new or new[id_].digest != row.digest]
    come = [row for id_, row in new.items() if id_ not in old or old[id_].digest != row.digest]
    return View(folder, searcher, rows, lexicon.after(gone, come), segments)


def open_index(path: Path, analyser: Analyser) -> FileIndex:
    """Whoosh's index in a folder."""
    return FileIndex(FileStorage(str(path)), schema=make_schema(analyser))


def _leaves(searcher: Any) -> list[tuple[Any, int]]:
    reader = searcher.reader()
    return list(reader.leaf_readers()) if reader.doc_count_all() else []


def _stored(reader: Any) -> Iterator[Mapping[str, str]]:
    return (reader.stored_fields(place) for place in range(reader.doc_count_all()))
