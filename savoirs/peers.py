"""Finding peers: who solved what blocks somebody, who lives the same, with the sentences and words that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from indexer.engine import Feed, Reason, SearchEngine, Understanding
from savoirs.cards import OrganisationCard


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A note that earned an organisation its place. ``sentence`` is safe HTML with ``<mark>``."""

    note_id: str
    title: str
    slug: str
    sentence: str
    sentence_text: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How a peer differs from who looks: ``volunteers``, ``employees``, ``audiences`` or ``territory``, with values."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PeerCard:
    """An organisation proposed.

    Attributes:
        organisation: Who.
        score: In [0, 1].
        evidence: Notes, the most telling first; one at least.
        reasons: Words in common; shares sum to 1.
        contactable: Whether a request can be sent to it.
        availability: ``relay``, ``pending``, ``closed``, ``paused`` or ``none``.
        paused_until: ISO day, when paused.
        date: The most recent date of the evidence.
        differences: Empty when nobody says from which organisation they look.
    """

    organisation: OrganisationCard
    score: float
    evidence: tuple[EvidenceView, ...]
    reasons: tuple[Reason, ...]
    contactable: bool
    availability: str
    paused_until: str | None
    date: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class PeerResults:
    """The two lists, kept apart: who solved it (or failed usefully), and who lives the same."""

    solved: tuple[PeerCard, ...]
    same: tuple[PeerCard, ...]
    understanding: Understanding


def find(
    session: Session,
    engine: SearchEngine,
    feed: Feed,
    *,
    need: str = "",
    note_id: str | None = None,
    organisation_id: str | None = None,
    viewer_organisation_id: str | None = None,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    limit: int = 5,
    today: dt.date | None = None,
) -> PeerResults:
    """Peers for a need in words, else for a note, else for an organisation.

    Args:
        session: To read cards with.
        engine: The search engine.
        feed: What the engine follows.
        need: In words; anything at all.
        note_id: A note to start from, when there is no need in words.
        organisation_id: An organisation to start from, when there is neither.
        viewer_organisation_id: From which organisation one looks: never proposed, and cards say how they differ.
        filters: As in a search.
        limit: Cards per list, 1 to 20.
        today: The day from which notes grow old.

    Raises:
        SavoirsError: ``bad_filter`` or ``bad_limit``.
        NotFoundError: ``unknown_note`` or ``unknown_organisation``.
    """
    raise NotImplementedError
