"""Cards of peers: who they are, the sentence that brings them near, whether they may be reached, how they differ."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.engine import Peer, Reason, SearchEngine
from savoirs.cards import OrganisationCard
from savoirs.peer_facts import Facts
from savoirs.plaintext import masked, plain_text, sentences, shortened
from savoirs.slugs import slugify

SENTENCE_CHARS = 300
_SHORTEST = 25
"""A sentence shorter than this says too little to be the one, when there is another."""

_LITTLE = 0.05
_STEM = 5
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


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
    """How a peer differs from who looks.

    ``volunteers`` and ``employees`` have ``theirs`` and ``yours``; ``audiences`` has ``theirs``, values of
    ``AUDIENCES``; ``territory`` has ``theirs`` and ``yours``, names of regions.
    """

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
        availability: ``relay``, ``pending``, ``closed``, ``paused``, ``none``, or ``busy`` when it has received as many
            requests as it may in a week.
        paused_until: ISO day, when paused.
        date: The most recent date of the evidence.
        differences: Empty when nobody says from which organisation they look.
        recent_requests: How many requests it has received in the last seven days.
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
    recent_requests: int = 0


def peer_card(
    engine: SearchEngine, facts: Facts, peer: Peer, need: str, viewer: str | None, most_requests: int | None = None
) -> PeerCard:
    """The card of a peer that ``can_be_shown``.

    Args:
        engine: Marks the words of sentences.
        facts: What SQL says.
        peer: What the engine found.
        need: In words; empty when one started from elsewhere.
        viewer: From which organisation one looks.
        most_requests: Requests an organisation receives in a week, at most; None for no limit.
    """
    organisation = facts.card(peer.entity)
    assert organisation is not None  # noqa: S101  (can_be_shown)
    words = need if need.strip() else " ".join(reason.label for reason in peer.reasons if reason.term)
    notes = list(_spoken(facts, peer))
    availability = facts.availability(peer.entity)
    requests = facts.recent_requests(peer.entity)
    busy = availability.contactable and most_requests is not None and requests >= most_requests
    return PeerCard(
        organisation=organisation,
        score=peer.score,
        evidence=tuple(_evidence(engine, note, words, peer.reasons) for note in notes),
        reasons=peer.reasons,
        contactable=availability.contactable and not busy,
        availability="busy" if busy else availability.state.value,
        paused_until=availability.paused_until,
        date=max((note.date for note in notes if note.date), default=None),
        differences=tuple(_differences(organisation, facts.card(viewer or ""))),
        recent_requests=requests,
    )


def can_be_shown(facts: Facts, peer: Peer) -> bool:
    """Whether SQL still knows a peer, and still publishes something that speaks for it under its name."""
    return facts.card(peer.entity) is not None and any(_spoken(facts, peer))


def _spoken(facts: Facts, peer: Peer) -> Iterator[Any]:
    return (note for one in peer.evidence if (note := facts.note(one.document)) and not note.anonymous)


def best_sentence(engine: SearchEngine, text: str, words: str, reasons: Iterable[Reason] = ()) -> str:
    """The sentence of a plain text whose marked words weigh most, as safe HTML with ``<mark>``.

    The whole text is marked once, then cut: one call to the engine a note. A word weighs the share of the reason
    whose term it begins like, or little when there is none; each counts once. Ties go to the first.
    """
    shares = {slugify(reason.term): reason.share for reason in reasons if reason.term}
    text = text.replace(_OPEN, "").replace(_CLOSE, "")
    marked = engine.excerpt(text, words, len(text) + 1).replace("<mark>", _OPEN).replace("</mark>", _CLOSE)
    found = sentences(html.unescape(marked))
    if not found:
        return ""
    best = max(found, key=lambda one: (_worth(one, shares), len(one) >= _SHORTEST))
    plain = best.replace(_OPEN, "").replace(_CLOSE, "")
    if len(plain) > SENTENCE_CHARS:
        return engine.excerpt(plain, words, SENTENCE_CHARS)
    return html.escape(best, quote=False).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")


def _worth(sentence: str, shares: Mapping[str, float]) -> float:
    """The sum of the shares of the terms that its marked words begin like, each once."""
    found: dict[str, float] = {}
    for word in map(slugify, _MARKED.findall(sentence)):
        term = next((term for term in shares if word.startswith(term)), word[:_STEM])
        found[term] = shares.get(term, _LITTLE)
    return sum(found.values())


def _evidence(engine: SearchEngine, note: Any, words: str, reasons: Iterable[Reason]) -> EvidenceView:
    sentence = best_sentence(engine, masked(plain_text(note.text)), words, reasons)
    plain = html.unescape(sentence.replace("<mark>", "").replace("</mark>", ""))
    return EvidenceView(note.id, note.name, slugify(note.name), sentence, shortened(plain, SENTENCE_CHARS), note.date)


def _differences(theirs: OrganisationCard, yours: OrganisationCard | None) -> Iterator[Difference]:
    """What makes their way hard to follow: three times as many people, paid staff or none, other publics, elsewhere."""
    if yours is None:
        return
    if theirs.volunteers and yours.volunteers and not 1 / 3 < theirs.volunteers / yours.volunteers < 3:
        yield Difference("volunteers", {"theirs": theirs.volunteers, "yours": yours.volunteers})
    if theirs.employees is not None and yours.employees is not None and bool(theirs.employees) != bool(yours.employees):
        yield Difference("employees", {"theirs": theirs.employees, "yours": yours.employees})
    if theirs.audiences and yours.audiences and not set(theirs.audiences).intersection(yours.audiences):
        yield Difference("audiences", {"theirs": theirs.audiences})
    if theirs.region and yours.region and theirs.region != yours.region:
        yield Difference("territory", {"theirs": theirs.region, "yours": yours.region})
