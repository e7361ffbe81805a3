"""Searching: from what somebody typed to a page of results, in two SQL statements beside the journal's.

While the engine cannot answer, or if it breaks, ``savoirs.plain_search`` does, in two more.
"""

from __future__ import annotations

import html
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from indexer.engine import FACETS, Facet, Feed, Hit, Page, Reason, Request, SearchEngine, Sort, Understanding, Word
from savoirs import plain_search
from savoirs.cards import Named, Said
from savoirs.errors import SavoirsError
from savoirs.fallback import answered
from savoirs.filters import TERRITORY_NAMES, checked_filters, facet_values
from savoirs.models import ExperienceRole, NoteKind, Stance
from savoirs.plaintext import first_sentence, masked, plain_text, shortened
from savoirs.result_rows import Around, Names, read_names, read_records
from savoirs.slugs import slugify
from savoirs.territories import DEPARTEMENTS
from savoirs.upkeep import held

__all__ = [
    "FacetValue",
    "Query",
    "Reason",
    "Result",
    "Results",
    "Understanding",
    "Word",
    "find",
    "related",
]

EXCERPT_CHARS = 280
MAX_PER_PAGE = 100
_LAST_PAGE = 1_000_000
_SPARE = 5
"""Hits asked beyond the limit, for those that are not notes, or no longer published."""

Excerpt = Callable[[str, int], str]
"""From a plain text and a length to its best passage, as safe HTML with ``<mark>``."""


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
        via: Then, its word nearest to what was searched; may be empty.
        copies: Of a related note, others that are nearly the same text.
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
        said: That somebody said since ``true_as_of`` that it has changed or is over.
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
    via: str = ""
    copies: tuple[Named, ...] = ()
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results. ``pages`` is at least 1; ``facets`` has every facet's name, in the order of the page.

    ``degraded``: the engine could not answer; words were searched as they are, and facets hold only active values,
    each with the total.
    """

    total: int
    page: int
    per_page: int
    pages: int
    results: tuple[Result, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    understanding: Understanding
    took_ms: float
    degraded: bool = False


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
    results = answered(
        engine,
        feed,
        lambda: _page(session, engine.search(request), _engine_excerpt(engine, query), query),
        lambda: _plain_page(session, request, query),
    )
    return replace(results, took_ms=(time.perf_counter() - began) * 1000)


def related(session: Session, engine: SearchEngine, feed: Feed, note_id: str, limit: int = 5) -> tuple[Result, ...]:
    """The published notes nearest to one, with the words they share as reasons; none when the engine cannot say.

    Two queries beside the journal's.
    """

    def ask() -> tuple[Result, ...]:
        return _notes_among(session, engine.related(note_id, limit + _SPARE), limit)

    return answered(engine, feed, ask, lambda: ())


def _page(session: Session, page: Page, excerpt: Excerpt, query: Query) -> Results:
    """The results of an answer. Two queries."""
    shown = {name: facet_values(name, page.facets.get(name, ())) for name in FACETS}
    ids = [hit.id for hit in page.hits]
    records = read_records(session, ids)
    names = read_names(session, ids, _values(shown["theme"]), _values(shown["organisation"]))
    return Results(
        total=page.total,
        page=query.page,
        per_page=query.per_page,
        pages=max(1, math.ceil(page.total / query.per_page)),
        results=_results(page.hits, records, names, excerpt),
        facets={name: tuple(_facet_value(name, facet, names) for facet in shown[name]) for name in FACETS},
        understanding=page.understanding,
        took_ms=0.0,
    )


def _plain_page(session: Session, request: Request, query: Query) -> Results:
    """The results without the engine. Four queries."""
    page, words = plain_search.find_page(session, request)
    excerpt = plain_search.excerpt_of(words) if query.text.strip() else _beginning
    return replace(_page(session, page, excerpt, query), degraded=True)


def _notes_among(session: Session, hits: Sequence[Hit], limit: int) -> tuple[Result, ...]:
    ids = {id_ for hit in hits for id_ in (hit.id, *hit.copies)}
    records = read_records(session, ids)
    notes = [hit for hit in hits if hit.id in records and records[hit.id].kind in set(NoteKind)][:limit]
    names = read_names(session, [hit.id for hit in notes], (), ())
    return _results(notes, records, names, _beginning)


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


def _results(hits: Sequence[Hit], records: Mapping[str, Any], names: Names, excerpt: Excerpt) -> tuple[Result, ...]:
    """Results in the order of hits. What the index still has and SQL no longer publishes is left out."""
    shown = [hit for hit in hits if hit.id in records]
    return tuple(_result(hit, records, names.around[hit.id], excerpt) for hit in shown)


def _result(hit: Hit, records: Mapping[str, Any], around: Around, best: Excerpt) -> Result:
    record = records[hit.id]
    excerpt = _excerpt(record, best)
    true_as_of, said = held(record.true_as_of, record.last_check)
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
        title_html=best(record.title, len(record.title) + 1),
        score=hit.score,
        by_meaning=hit.by_meaning,
        themes=tuple(Named(theme.id, theme.name) for theme in around.themes),
        organisations=tuple(_named(organisation) for organisation in organisations),
        territory=territory,
        date=record.date,
        true_as_of=true_as_of,
        stances=tuple(dict.fromkeys(Stance(row.stance) for row in around.organisations if row.stance)),
        anonymous=bool(record.anonymous),
        worked=first_sentence(record.worked),
        failed=first_sentence(record.failed),
        reasons=hit.reasons,
        gathering=_named(around.gathering) if around.gathering else None,
        workshop=_named(around.workshop) if around.workshop else None,
        fictional=bool(record.fictional or _fictional(around.organisations)),
        via=hit.via,
        said=said,
        copies=tuple(_copy(records[id_]) for id_ in hit.copies if id_ in records),
    )


def _engine_excerpt(engine: SearchEngine, query: Query) -> Excerpt:
    """Excerpts by the engine, for a query that says something."""
    if not query.text.strip():
        return _beginning
    return lambda text, length: engine.excerpt(text, query.text, length, query.exact)


def _beginning(text: str, length: int) -> str:
    """The excerpt when nothing was searched for."""
    return html.escape(shortened(text, length), quote=False)


def _excerpt(record: Any, best: Excerpt) -> str:
    parts = [record.summary, record.introduction, record.context, record.action, record.worked, record.failed]
    told = [part for part in parts if part]
    if best is _beginning:
        told = told[:1]
    return best(masked(plain_text("\n\n".join(told))), EXCERPT_CHARS)


def _copy(record: Any) -> Named:
    return Named(record.id, record.title, slugify(record.title))


def _told_by(rows: Sequence[Any]) -> list[Any]:
    """Who lived it, else whoever is named, once each."""
    lived = [row for row in rows if row.role == ExperienceRole.LIVED]
    return list({row.id: row for row in lived or rows}.values())


def _fictional(rows: Sequence[Any]) -> bool:
    return any(row.fictional for row in rows if row.role == ExperienceRole.LIVED)


def _named(row: Any) -> Named:
    return Named(row.id, row.name, slugify(row.name))
