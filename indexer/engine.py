"""What a search engine is to the rest of the house: its protocol, and the plain types that cross it.

Two engines stand behind it, ``embedded`` (the default) and ``whoosh_index``; one conformance suite holds both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

FACETS = ("kind", "theme", "organisation", "territory", "stance", "year")
"""Names of the facets, in the order of the page."""

FIELDS = ("title", "body", "tools", "themes", "organisations", "kinds")
"""Names of the text fields of a document, in the order of its token stream."""


@dataclass(frozen=True, slots=True)
class Link:
    """That an entity (an organisation) lived what a document tells: what makes it a peer.

    Attributes:
        entity: The entity's id.
        group: The list it belongs to, ``solved`` or ``same``.
        weight: What its role is worth, in (0, 1].
    """

    entity: str
    group: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """What an engine indexes. Text only: what may not be found is not in it.

    Attributes:
        id: A public id, unique across kinds.
        kind: The value of the ``kind`` facet.
        title: Plain text, as are the five that follow.
        body: All of the note's parts.
        tools: Names and aliases of tools.
        themes: Names of themes and of their parents.
        organisations: Names and aliases of organisations.
        kinds: French words for the kind and the stances, for ``type:``.
        facets: For each name of ``FACETS``, its values for this document.
        links: Who lived it.
        day: Proleptic ordinal of its date (``datetime.date.toordinal``), 0 when unknown. Orders the empty query.
        standing: What readers made of it, in [-1, 1]: tried and kept, still true, or over; 0 when nobody said.
    """

    id: str
    kind: str
    title: str
    body: str = ""
    tools: str = ""
    themes: str = ""
    organisations: str = ""
    kinds: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    day: int = 0
    standing: float = 0.0

    def texts(self) -> tuple[str, ...]:
        """Its text fields, in the order of ``FIELDS``."""
        return (self.title, self.body, self.tools, self.themes, self.organisations, self.kinds)


@dataclass(frozen=True, slots=True)
class Update:
    """A change to follow: the document as it is now, or None when it is to be found no more."""

    id: str
    document: Document | None


class Feed(Protocol):
    """Where an engine gets its documents from: the truth, seen from here."""

    def last_seq(self) -> int:
        """The number of the last change."""
        ...

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """What changed after ``after`` and up to ``upto``, one update an id, in any order."""
        ...

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """A number, and every document as it was at that change."""
        ...


class Sort(StrEnum):
    """Orders of results; ties go by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Request:
    """A search.

    Attributes:
        text: What the user typed, anything at all.
        filters: For a facet's name, the values of which a document has at least one.
        sort: The order.
        offset: How many hits to skip.
        limit: How many hits to return, at most.
        exact: Do not correct unknown words.
        facets: Names of the facets to count; the others come empty.
        explain: Whether hits carry their reasons.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    exact: bool = False
    facets: tuple[str, ...] = FACETS
    explain: bool = True


class Word(NamedTuple):
    """A word as it was typed, and what was searched for it: itself, its corrections, its synonyms."""

    typed: str
    used: tuple[str, ...]
    synonyms: tuple[str, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether something else than the typed word was searched."""
        return bool(self.used) and self.used != (self.typed,)


class Understanding(NamedTuple):
    """What was understood of a query.

    Attributes:
        text: The query, cleaned of control characters and cut to a sensible length.
        words: Words searched.
        dropped: Words not searched: stop words, unknown words, lone operators.
        suggestion: The query with its likely spelling, None when there is nothing to suggest.
        strict: Whether an operator, a phrase or a field made the set strict.
    """

    text: str
    words: tuple[Word, ...] = ()
    dropped: tuple[str, ...] = ()
    suggestion: str | None = None
    strict: bool = False


class Reason(NamedTuple):
    """The share of a score that a term made. A list of reasons sums to 1; its last may be « autres mots » (term "")."""

    term: str
    label: str
    share: float


class Hit(NamedTuple):
    """A document found. ``score`` is in [0, 1] and never grows along the results.

    Attributes:
        id: The document's.
        score: How well it answers.
        reasons: What made the score; empty when none were asked for.
        by_meaning: Whether it holds none of the words searched, and was found by its meaning.
        via: For a document found by meaning, its word nearest to what was searched.
        copies: For a related document, others that are nearly the same text and stand behind this one.
    """

    id: str
    score: float
    reasons: tuple[Reason, ...] = ()
    by_meaning: bool = False
    via: str = ""
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a facet: how many of the results it would leave if chosen beside the other facets' filters."""

    value: str
    count: int
    active: bool


class Page(NamedTuple):
    """An answer. ``facets`` has every name of ``FACETS``, values by falling count then value; active ones even at 0."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Facet, ...]]
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class PeersRequest:
    """A search for peers.

    Attributes:
        need: A need in words.
        document: The id of a document to find peers for, instead of a need.
        entity: The id of an entity to find peers for from all it lived, instead of a need; never proposed to itself.
        exclude: Entities not to propose.
        filters: As in ``Request``; a document that does not pass them does not count.
        limit: How many peers each list may have.
        today: Ordinal of the day from which documents grow old; 0 switches freshness off.
        groups: Lists to fill.
        explain: Whether peers carry their reasons.
    """

    need: str = ""
    document: str | None = None
    entity: str | None = None
    exclude: frozenset[str] = frozenset()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 5
    today: int = 0
    groups: tuple[str, ...] = ("solved", "same")
    explain: bool = True


class Evidence(NamedTuple):
    """A document that earned an entity its place, and how much of the entity's score it made, in [0, 1]."""

    document: str
    share: float


class Peer(NamedTuple):
    """An entity proposed. ``reasons`` sum to 1, none when none were asked for; ``evidence`` is in falling share."""

    entity: str
    score: float
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]


class PeerLists(NamedTuple):
    """Peers by group, each list in falling score, ties by entity id; and what was understood of the need."""

    groups: Mapping[str, tuple[Peer, ...]]
    understanding: Understanding


@dataclass(frozen=True, slots=True)
class Status:
    """What an operator needs to know of an index."""

    engine: str
    seq: int
    documents: int
    terms: int
    size_bytes: int
    path: str
    notices: tuple[str, ...] = ()


class SearchEngine(Protocol):
    """A search engine. All methods may be called by several threads at once."""

    def catch_up(self, feed: Feed) -> int:
        """Follow the feed up to its last change, rebuilding what is missing, stale or damaged; returns its number."""
        ...

    def poll(self, feed: Feed) -> bool:
        """Follow the feed when that takes no longer than a search may, else start doing so in the background.

        Returns:
            Whether ``search`` now answers for the feed's last change. When not, somebody else must answer meanwhile.
        """
        ...

    def rebuild(self, feed: Feed) -> None:
        """Write the index again from every document, and swap it in."""
        ...

    def maintain(self, feed: Feed) -> None:
        """What can wait: write the tail to disk, merge segments, fit what is learnt. Returns when nothing is left."""
        ...

    def needs_maintenance(self, feed: Feed) -> bool:
        """Whether ``maintain`` has something to do. Quick: asked every few seconds by whoever serves."""
        ...

    def search(self, request: Request) -> Page:
        """Answer a query; never raises because of its text."""
        ...

    def related(self, document: str, limit: int = 5, *, explain: bool = True) -> tuple[Hit, ...]:
        """The nearest documents to one, with reasons if asked for; none when nothing is close or the id is unknown."""
        ...

    def peers(self, request: PeersRequest) -> PeerLists:
        """The entities whose documents are nearest to a need, with the documents and terms that say so."""
        ...

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Words of the index that begin like the last word of ``prefix``, the commonest first."""
        ...

    def excerpt(self, text: str, query: str, length: int = 280, exact: bool = False) -> str:
        """The best passage of a plain text for a query: safe HTML, with ``<mark>`` and no other tag.

        ``exact``: as in ``Request``, mark no correction of unknown words.
        """
        ...

    def verify(self, feed: Feed) -> tuple[str, ...]:
        """Ids that differ from the feed: missing, left over, or with another content."""
        ...

    def status(self) -> Status:
        """What is in the index."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
