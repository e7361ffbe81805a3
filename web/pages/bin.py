"""« Corbeille »: withdrawn notes, the day they are erased, and putting them back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from savoirs import bin
from savoirs.database import reading, transaction
from savoirs.models import NoteStatus
from web.addresses import note_url
from web.announcing import announce
from web.clock import now
from web.identity import required_account
from web.wiring import current_services

bp = Blueprint("bin", __name__)


@bp.get("/corbeille")
def show() -> str:
    """What an account withdrew, or what was withdrawn from what it may edit; everything for an editor."""
    account = required_account()
    with reading(current_services().sessions) as session:
        lines = bin.listing(session, account, now())
    return render_template("bin.html", lines=lines, days=bin.KEEP_DAYS)


@bp.post("/fiches/<string(length=10):note_id>/remettre")
def put_back(note_id: str) -> Response:
    """Take a note out of the bin; also what « Annuler » does after a withdrawal."""
    account = required_account()
    with transaction(current_services().sessions) as session:
        note = bin.put_back(session, note_id, account)
        published, address = note.status is NoteStatus.PUBLISHED, note_url(note.id, note.title)
    if published:
        announce("Fiche remise en ligne.", undo=url_for("moderation.withdraw", note_id=note_id))
        return redirect(address, 303)
    announce("Fiche sortie de la corbeille. Elle attend qu’une personne la relise.")
    return redirect(url_for("space.show"), 303)
