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


def peer_card(engine: SearchEngine, facts: Facts, peer: Peer, need: str, viewer: str | None) -> PeerCard | None:
    """The card of a peer; None when SQL no longer knows it, or no longer publishes what speaks for it."""
    organisation = facts.card(peer.entity)
    words = need if need.strip() else " ".join(reason.label for reason in peer.reasons if reason.term)
    notes = [note for one in peer.evidence if (note := facts.note(one.document)) and not note.anonymous]
    if organisation is None or not notes:
        return None
    availability = facts.availability(peer.entity)
    return PeerCard(
        organisation=organisation,
        score=peer.score,
        evidence=tuple(_evidence(engine, note, words, peer.reasons) for note in notes),
        reasons=peer.reasons,
        contactable=availability.contactable,
        availability=availability.state.value,
        paused_until=availability.paused_until,
        date=max((note.date for note in notes if note.date), default=None),
        differences=tuple(_differences(organisation, facts.card(viewer or ""))),
    )


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
