"""Drafts of notes on the server, for who is signed in: kept while they type, resumed anywhere, thrown away."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from savoirs import notes, written_drafts
from savoirs.database import transaction
from savoirs.errors import ForbiddenError, SavoirsError
from savoirs.models import Account
from web import dates
from web.announcing import announce
from web.clock import now
from web.form_limits import allow_long_texts
from web.forms.share import ShareForm
from web.identity import current_account, required_account
from web.limits import limiter
from web.messages import message_of
from web.submissions import was_sent
from web.wiring import current_services

bp = Blueprint("drafts", __name__)

SAVES = "60 per minute"
NOT_KEPT = ("csrf_token", "step", "writer", "note")


@bp.post("/partager/brouillon")
@limiter.limit(SAVES)
def save() -> Response:
    """Keep what is typed so far. The script is told in words what it has to say; it is never an error of the page."""
    allow_long_texts()
    form = ShareForm()
    form.offer_themes(request.form.getlist("themes"))  # a draft may tick anything
    form.validate()
    account = current_account()
    if account is None or form.page_expired or (form.writer.data or account.id) != account.id:
        return jsonify({"kept": False, "signed_in": False})
    try:
        kept = keep(account, request.form.get("note", ""), form)
    except SavoirsError as error:
        return jsonify({"kept": False, "signed_in": True, "problem": message_of(error)})
    return jsonify({"kept": kept, "signed_in": True})


@bp.post("/mon-espace/brouillons/jeter")
def discard() -> Answer:
    """Throw away a draft."""
    slot = request.form.get("slot", "")[:64]
    with transaction(current_services().sessions) as session:
        written_drafts.discard(session, required_account(), slot)
    announce("Brouillon jeté.", forget=slot)
    return redirect(url_for("space.show"), 303)


def keep(account: Account, note_id: str, form: ShareForm) -> bool:
    """Keep the fields as they were sent; False when the form was published already, by a click or another tab.

    Raises:
        SavoirsError: See ``written_drafts.keep``; ``not_your_note``, ``unknown_note``.
    """
    token = form.token.data or ""
    if was_sent(token):
        return False
    fields = {name: _value(request.form, name) for name in request.form if name in form and name not in NOT_KEPT}
    with transaction(current_services().sessions) as session:
        if note_id and not notes.view(session, note_id, account, dates.today()).editable:
            raise ForbiddenError("not_your_note")
        written_drafts.keep(session, account, note_id or token, fields, note_id=note_id or None, now=now())
    return True


def _value(sent: MultiDict[str, str], name: str) -> str | list[str]:
    values = sent.getlist(name)
    return values if name in ("themes", "audiences") else values[0]
