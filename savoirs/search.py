"""Searching: from what somebody typed to a page of results, in two SQL statements beside the journal's."""

from __future__ import annotations

import html
import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from indexer.engine import FACETS, Facet, Feed, Hit, Reason, Request, SearchEngine, Sort, Understanding, Word
from savoirs.cards import Named
from savoirs.drafts import NoteDraft
from savoirs.errors import SavoirsError
from savoirs.filters import TERRITORY_NAMES, checked_filters, facet_values
from savoirs.models import ExperienceRole, NoteKind, Stance
from savoirs.plaintext import first_sentence, masked, plain_text, shortened
from savoirs.result_rows import Around, Names, read_names, read_records
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS

__all__ = [
    "FacetValue",
    "Query",
    "Reason",
    "Result",
    "Results",
    "Understanding",
    "Word",
    "duplicates",
    "find",
    "related",
]

EXCERPT_CHARS = 280
MAX_PER_PAGE = 100
_LAST_PAGE = 1_000_000
_SPARE = 5
"""Hits asked beyond the limit, for those that are not notes, or no longer published."""

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Query:
    """A search as a page or the API asks it.

    Attributes:
        text: Anything at all.
        filters: For a facet's name, the values of which a result has at least one.
        sort: ``relevance``, ``newest``, ``oldest`` or ``title``.
        page: From 1.
        per_page: From 1 to 100.
        exact: Do not correct unknown words.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    exact: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet. ``label`` is its name, or the value itself for kinds, stances and years."""

    value: str
    label: str
    count: int
    active: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A result: a note, or an organisation, gathering or workshop (its ``kind`` says which).

    Attributes:
        id: The public id.
        kind: A value of ``NoteKind``, or ``organisation``, ``gathering``, ``workshop``.
        title: Plain text.
        slug: The title as its address has it.
        excerpt: Safe HTML with ``<mark>`` and no other tag.
        excerpt_text: The same without tags.
        title_html: The title as safe HTML, with ``<mark>``.
        score: In [0, 1].
        by_meaning: Found by meaning alone.
        themes: Ids are keys, as the ``theme`` filter takes them.
        organisations: Who lived it, else who is cited; empty when anonymous.
        territory: Name of the first organisation's département.
        date: As precise as is known, or None.
        true_as_of: Likewise.
        stances: Of those who lived it, without repetition.
        anonymous: Whether it hides who lived it.
        worked: First sentence of « ce qui a marché », plain; may be empty.
        failed: First sentence of « ce qui n’a pas marché », plain; may be empty.
        reasons: Shares that sum to 1; empty for the empty query.
        gathering: The gathering of a workshop, or of the workshop a note comes from.
        workshop: The workshop a note comes from.
        fictional: Whether it is of the demonstration.
    """

    id: str
    kind: str
    title: str
    slug: str
    excerpt: str
    excerpt_text: str
    title_html: str
    score: float
    by_meaning: bool
    themes: tuple[Named, ...]
    organisations: tuple[Named, ...]
    territory: str | None
    date: str | None
    true_as_of: str | None
    stances: tuple[Stance, ...]
    anonymous: bool
    worked: str
    failed: str
    reasons: tuple[Reason, ...]
    gathering: Named | None
    workshop: Named | None
    fictional: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results. ``pages`` is at least 1; ``facets`` has every facet's name, in the order of the page."""

    total: int
    page: int
    per_page: int
    pages: int
    results: tuple[Result, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    understanding: Understanding
    took_ms: float


def find(session: Session, engine: SearchEngine, feed: Feed, query: Query) -> Results:
    """Search.

    Raises:
        SavoirsError: ``bad_page``, ``bad_sort`` or ``bad_filter``, each with ``field``.
    """
    began = time.perf_counter()
    filters = checked_filters(query.filters)
    request = Request(
        text=query.text,
        filters=filters,
        sort=_checked_sort(query.sort),
        offset=(_checked_page(query) - 1) * query.per_page,
        limit=query.per_page,
        exact=query.exact,
    )
    engine.catch_up(feed)
    page = engine.search(request)
    shown = {name: facet_values(name, page.facets.get(name, ())) for name in FACETS}
    ids = [hit.id for hit in page.hits]
    records = read_records(session, ids)
    names = read_names(session, ids, _values(shown["theme"]), _values(shown["organisation"]))
    return Results(
        total=page.total,
        page=query.page,
        per_page=query.per_page,
        pages=max(1, math.ceil(page.total / query.per_page)),
        results=_results(engine, page.hits, records, names, query),
        facets={name: tuple(_facet_value(name, facet, names) for facet in shown[name]) for name in FACETS},
        understanding=page.understanding,
        took_ms=(time.perf_counter() - began) * 1000,
    )


def related(session: Session, engine: SearchEngine, note_id: str, limit: int = 5) -> tuple[Result, ...]:
    """The published notes nearest to one, with the words they share as reasons. Two queries."""
    hits = engine.related(note_id, limit + _SPARE)
    return _notes_among(session, engine, hits, limit)


def duplicates(
    session: Session, engine: SearchEngine, feed: Feed, draft: NoteDraft, limit: int = 3
) -> tuple[Result, ...]:
    """Published notes that look like a draft; those that share a single word with it are left out."""
    text = " ".join(_WORDS.findall(f"{draft.title} {draft.summary} {draft.action[:300]}".lower()))
    if not text:
        return ()
    engine.catch_up(feed)
    kinds = tuple(kind.value for kind in NoteKind)
    page = engine.search(Request(text=text, filters={"kind": kinds}, limit=limit + _SPARE, exact=True))
    return _notes_among(session, engine, [hit for hit in page.hits if _shares_words(hit)], limit)


def _shares_words(hit: Hit) -> bool:
    return len([reason for reason in hit.reasons if reason.term]) > 1


def _notes_among(session: Session, engine: SearchEngine, hits: Sequence[Hit], limit: int) -> tuple[Result, ...]:
    ids = [hit.id for hit in hits]
    records = read_records(session, ids)
    notes = [hit for hit in hits if hit.id in records and records[hit.id].kind in set(NoteKind)][:limit]
    return _results(engine, notes, records, read_names(session, [hit.id for hit in notes], (), ()), Query())


def _checked_page(query: Query) -> int:
    if not 1 <= query.page <= _LAST_PAGE:
        raise SavoirsError("bad_page", field="page", last=_LAST_PAGE)
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        raise SavoirsError("bad_page", field="per_page", last=MAX_PER_PAGE)
    return query.page


def _checked_sort(sort: str) -> Sort:
    try:
        return Sort(sort)
    except ValueError:
        raise SavoirsError("bad_sort", field="sort", allowed=tuple(Sort)) from None


def _values(facets: Sequence[Facet]) -> list[str]:
    return [facet.value for facet in facets]


def _facet_value(name: str, facet: Facet, names: Names) -> FacetValue:
    labels = {"theme": names.themes, "organisation": names.organisations, "territory": TERRITORY_NAMES}.get(name, {})
    return FacetValue(facet.value, labels.get(facet.value, facet.value), facet.count, facet.active)


def _results(
    engine: SearchEngine, hits: Sequence[Hit], records: Mapping[str, Any], names: Names, query: Query
) -> tuple[Result, ...]:
    """Results in the order of hits. What the index still has and SQL no longer publishes is left out."""
    shown = [hit for hit in hits if hit.id in records]
    return tuple(_result(engine, hit, records[hit.id], names.around[hit.id], query) for hit in shown)


def _result(engine: SearchEngine, hit: Hit, record: Any, around: Around, query: Query) -> Result:
    excerpt = _excerpt(engine, record, query)
    organisations = [] if record.anonymous else _told_by(around.organisations)
    places = [DEPARTEMENTS.get(code or "") for code in (record.departement, *(o.departement for o in organisations))]
    territory = next((place.name for place in places if place), None)
    return Result(
        id=hit.id,
        kind=record.kind,
        title=record.title,
        slug=slugify(record.title),
        excerpt=excerpt,
        excerpt_text=html.unescape(excerpt.replace("<mark>", "").replace("</mark>", "")),
        title_html=_marked(engine, record.title, query),
        score=hit.score,
        by_meaning=hit.by_meaning,
        themes=tuple(Named(theme.id, theme.name) for theme in around.themes),
        organisations=tuple(_named(organisation) for organisation in organisations),
        territory=territory,
        date=record.date,
        true_as_of=record.true_as_of,
        stances=tuple(dict.fromkeys(Stance(row.stance) for row in around.organisations if row.stance)),
        anonymous=bool(record.anonymous),
        worked=first_sentence(record.worked),
        failed=first_sentence(record.failed),
        reasons=hit.reasons,
        gathering=_named(around.gathering) if around.gathering else None,
        workshop=_named(around.workshop) if around.workshop else None,
        fictional=bool(record.fictional or _fictional(around.organisations)),
    )


def _excerpt(engine: SearchEngine, record: Any, query: Query) -> str:
    parts = [record.summary, record.introduction, record.context, record.action, record.worked, record.failed]
    if not query.text.strip():
        first = next((part for part in parts if part), "")
        return html.escape(shortened(masked(plain_text(first)), EXCERPT_CHARS), quote=False)
    plain = masked(plain_text("\n\n".join(part for part in parts if part)))
    return engine.excerpt(plain, query.text, EXCERPT_CHARS, query.exact)


def _marked(engine: SearchEngine, title: str, query: Query) -> str:
    if not query.text.strip():
        return html.escape(title, quote=False)
    return engine.excerpt(title, query.text, len(title) + 1, query.exact)


def _told_by(rows: Sequence[Any]) -> list[Any]:
    """Who lived it, else whoever is named, once each."""
    lived = [row for row in rows if row.role == ExperienceRole.LIVED]
    return list({row.id: row for row in lived or rows}.values())


def _fictional(rows: Sequence[Any]) -> bool:
    return any(row.fictional for row in rows if row.role == ExperienceRole.LIVED)


def _named(row: Any) -> Named:
    return Named(row.id, row.name, slugify(row.name))
