"""Following one's own call from a letter: confirm the address, read the answers, close. Opening it changes nothing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from savoirs import call_views, calls
from savoirs.database import reading, transaction
from web.call_words import answers_in_words
from web.clock import now
from web.letter_links import read_link
from web.wiring import current_services

bp = Blueprint("call_links", __name__)

PURPOSE = "call.follow"
"""What a letter's link to one's own call is signed for."""


@bp.get("/appels/suivi/<token>")
def follow(token: str) -> str:
    """Where one's call stands, and the two buttons."""
    with reading(current_services().sessions) as session:
        call = call_views.followed(session, _call_id(token))
    return render_template("call_follow.html", call=call, token=token, answers_in_words=answers_in_words)


@bp.post("/appels/suivi/<token>/confirmer")
def confirm(token: str) -> Response:
    """Say that the address is one's own: letters about answers go there from now on."""
    with transaction(current_services().sessions) as session:
        calls.confirm_address(session, _call_id(token), now())
    flash("C’est confirmé. Vous serez prévenu à chaque réponse.", "message")
    return redirect(url_for("call_links.follow", token=token), 303)


@bp.post("/appels/suivi/<token>/fermer")
def close(token: str) -> Response:
    """Close the call; the address is erased."""
    with transaction(current_services().sessions) as session:
        calls.close(session, _call_id(token), now())
    flash("Appel fermé. Votre adresse est effacée.", "message")
    return redirect(url_for("call_links.follow", token=token), 303)


def _call_id(token: str) -> str:
    return read_link(PURPOSE, token)
