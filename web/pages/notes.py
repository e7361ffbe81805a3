"""The page of a note."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from savoirs import note_views
from savoirs.database import reading
from savoirs.nearby import nearby
from savoirs.note_views import NoteView
from savoirs.peers import PeerCard, PeerResults
from web import upkeep_view
from web.addresses import record_url
from web.dates import today
from web.identity import current_account
from web.wiring import current_services

bp = Blueprint("notes", __name__)

RELATED = 4
NEAR_PEERS = 3

NEAR_ENOUGH = 0.08
"""Peers below this score share only passing words with the note: silence is better."""


@bp.get("/fiches/<string(length=10):note_id>", defaults={"slug": ""})
@bp.get("/fiches/<string(length=10):note_id>-<slug>")
def show(note_id: str, slug: str) -> str | Response:
    """A note: what, what worked, who lived it, where it comes from, and what is near it."""
    services = current_services()
    account = current_account()
    with reading(services.sessions) as session:
        note = note_views.view(session, note_id, account, today())
        if slug != note.slug:
            return redirect(record_url("note", note.id, note.slug), 301)
        near = nearby(
            session, services.search_engine, services.feed, note_id,
            notes=RELATED, peers=_peers_asked(note), today=today(),
        )  # fmt: skip
    return render_template(
        "note.html",
        note=note,
        related=near.notes,
        near=_near_peers(note, near.peers),
        points=upkeep_view.points(note.upkeep),
        trials_in_words=upkeep_view.trials_in_words(note.upkeep),
        teller=upkeep_view.teller,
    )


def _peers_asked(note: NoteView) -> int:
    """Enough that some are left without those that the page names already."""
    return min(20, NEAR_PEERS + len(note.lived))


def _near_peers(note: NoteView, found: PeerResults) -> tuple[PeerCard, ...]:
    """Organisations that lived something near, the nearest first, without those that the page names already."""
    if note.status != "published":
        return ()
    named = {link.organisation.id for link in note.lived}
    cards = sorted((*found.solved, *found.same), key=lambda card: (-card.score, card.organisation.id))
    kept: dict[str, PeerCard] = {}
    for card in cards:
        if card.organisation.id not in named and card.score >= NEAR_ENOUGH:
            kept.setdefault(card.organisation.id, card)
    return tuple(kept.values())[:NEAR_PEERS]
