"""What is written for a document: postings of its terms and of its unstemmed words by field, and one stored row.

There is no catch-all field: a word typed without a field is looked for in each of them, which also keeps phrases from
crossing from one to the next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any

from whoosh import fields
from whoosh.analysis import Token as WhooshToken

from indexer.analysis import Analyser, WhooshAnalyser, clean, fold
from indexer.building import content_hash
from indexer.engine import FIELDS, Document, Link
from indexer.segment import FIELD_BOOSTS

SCHEMA_VERSION = 1
"""Raise it when documents are written otherwise: indexes made before are stale."""

BOOSTS: Mapping[str, float] = dict(zip(FIELDS, FIELD_BOOSTS.tolist(), strict=True))
"""What a word is worth by field, in scores and in similarities."""


class WordAnalyser(WhooshAnalyser):
    """Folded, unstemmed words, without stop words: what ``prefix*`` and ``word~`` run over."""

    def __call__(self, value: str, start_pos: int = 0, start_char: int = 0, **_: object) -> Iterator[WhooshToken]:
        """Yield Whoosh's token, filled anew for each word."""
        del start_pos, start_char  # no position is kept: only which words there are
        token = WhooshToken(boost=1.0)
        for found in self._analyser.tokens(value):
            if found.form.term:
                token.text = found.form.word
                yield token


def words_field(field: str) -> str:
    """The field of the unstemmed words of a field of ``FIELDS``."""
    return f"words_{field}"


def make_schema(analyser: Analyser) -> fields.Schema:
    """The schema of an index made with an analyser."""
    columns: dict[str, Any] = {"id": fields.ID(stored=True, unique=True), "row": fields.STORED}
    for field in FIELDS:
        columns[field] = fields.TEXT(analyzer=WhooshAnalyser(analyser), phrase=True)
        words = fields.TEXT(analyzer=WordAnalyser(analyser), phrase=False)
        words.scorable = False
        columns[words_field(field)] = words
    return fields.Schema(**columns)


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept in memory of a document found in the index.

    Attributes:
        id: Its public id.
        day: Its day.
        title: The key titles sort by.
        facets: Its facets.
        links: Who lived it.
        digest: Changes when anything of the document does.
        written: Its words as written in lower case, stop words apart.
        words: The same, folded.
        terms: Its terms.
        masses: For each term, the sum over fields of boost × times it occurs.
    """

    id: str
    day: int
    title: str
    facets: Mapping[str, tuple[str, ...]]
    links: tuple[Link, ...]
    digest: int
    written: tuple[str, ...]
    words: tuple[str, ...]
    terms: tuple[str, ...]
    masses: tuple[float, ...]


def columns_of(document: Document, analyser: Analyser) -> dict[str, str]:
    """The values of a document's fields, as ``add_document`` takes them."""
    texts = dict(zip(FIELDS, map(clean, document.texts()), strict=True))
    words = {words_field(field): text for field, text in texts.items()}
    return {"id": document.id, "row": _row_of(document, texts, analyser), **texts, **words}


def read_row(stored: Mapping[str, str], analyser: Analyser) -> Row:
    """The row of a stored document."""
    row = json.loads(stored["row"])
    forms = [analyser.form(written) for written in row["words"]]
    masses: Counter[str] = Counter()
    for form, mass in zip(forms, row["words"].values(), strict=True):
        masses[form.term] += mass
    return Row(
        id=stored["id"],
        day=row["day"],
        title=row["title"],
        facets={name: tuple(values) for name, values in row["facets"].items()},
        links=tuple(Link(*link) for link in row["links"]),
        digest=row["digest"],
        written=tuple(map(intern, row["words"])),
        words=tuple({form.word for form in forms}),
        terms=tuple(masses),
        masses=tuple(masses.values()),
    )


def _row_of(document: Document, texts: Mapping[str, str], analyser: Analyser) -> str:
    words: dict[str, float] = {}
    for field, text in texts.items():
        for written in analyser.cut(text):
            if analyser.form(written).term:
                words[written.lower()] = words.get(written.lower(), 0.0) + BOOSTS[field]
    row = {
        "day": document.day,
        "title": fold(document.title)[:80],
        "facets": {name: list(values) for name, values in document.facets.items()},
        "links": [(link.entity, link.group, link.weight) for link in document.links],
        "digest": content_hash(document),
        "words": words,
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
