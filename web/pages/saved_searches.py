"""« Garder cette recherche »: kept from the search page, looked after in « Mon espace »."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from savoirs import own_contacts, saved_searches
from savoirs.database import transaction
from web.clock import now
from web.identity import required_account
from web.search_address import read_filters
from web.search_words import kept_search_url
from web.wiring import current_services

bp = Blueprint("saved_searches", __name__)


@bp.post("/mon-espace/recherches")
def keep() -> Response:
    """Keep it, and go back to it. News are sent where the account has an address."""
    account = required_account()
    text, filters = request.form.get("q", ""), read_filters(request.form)
    with transaction(current_services().sessions) as session:
        kept = saved_searches.keep(session, account, text, filters, now=now())
        address = kept_search_url(kept.text, saved_searches.filters_of(kept))
        reachable = own_contacts.own_contact(session, account) is not None
    told = (
        "Une fois par semaine au plus, un message vous dira ce qui est nouveau."
        if reachable
        else "Vous la retrouvez dans Mon espace. Pour un message par semaine, donnez votre adresse dans Mes données."
    )
    flash(f"Recherche gardée. {told}", "message")
    return redirect(address, 303)


@bp.post("/mon-espace/recherches/<int(max=2147483647):search_id>/arreter")
def remove(search_id: int) -> Response:
    """Keep it no more."""
    account = required_account()
    with transaction(current_services().sessions) as session:
        saved_searches.remove(session, account, search_id)
    flash("Cette recherche n’est plus gardée.", "message")
    return redirect(url_for("space.show", _anchor="recherches"), 303)


@bp.post("/mon-espace/recherches/<int(max=2147483647):search_id>/courriel")
def send_news(search_id: int) -> Response:
    """Send its news, or not."""
    account = required_account()
    wanted = request.form.get("by_email") == "y"
    with transaction(current_services().sessions) as session:
        saved_searches.send_news(session, account, search_id, wanted)
    flash("C’est noté." if wanted else "Vous ne recevrez plus de message pour cette recherche.", "message")
    return redirect(url_for("space.show", _anchor="recherches"), 303)
