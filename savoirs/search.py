"""Searching: from what somebody typed to a page of results, in two SQL statements beside the journal's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from indexer.engine import Feed, Reason, SearchEngine, Understanding, Word
from savoirs.cards import Named
from savoirs.drafts import NoteDraft
from savoirs.models import Stance

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
    raise NotImplementedError


def related(session: Session, engine: SearchEngine, note_id: str, limit: int = 5) -> tuple[Result, ...]:
    """The notes nearest to one, with the words they share as reasons."""
    raise NotImplementedError


def duplicates(
    session: Session, engine: SearchEngine, feed: Feed, draft: NoteDraft, limit: int = 3
) -> tuple[Result, ...]:
    """Published notes that look like a draft; those that share a single word with it are left out."""
    raise NotImplementedError
