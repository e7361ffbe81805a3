"""The search page."""

from __future__ import annotations

import hashlib

from flask import Blueprint, make_response, redirect, render_template, request
from flask import session as form_session
from werkzeug.wrappers import Response

from savoirs import misses, search
from savoirs.call_recipients import Recipient
from savoirs.database import reading
from savoirs.own_contacts import own_contact
from savoirs.search import Query, Results
from web import search_address, search_view
from web.clock import now
from web.forms.call import CallForm
from web.identity import current_account
from web.pages import calls
from web.wiring import Services, current_services

bp = Blueprint("search", __name__)

MISSES = "missed"
"""The key, in the cookie of forms, of the searches of a browser that found nothing."""

REMEMBERED_MISSES = 10


@bp.get("/recherche")
def show() -> str | Response:
    """Results, or what to try when there are none."""
    services = current_services()
    query = search_address.read_query(request.args, services.settings.per_page)
    with reading(services.sessions) as session:
        results = search.find(session, services.search_engine, services.feed, query)
    beyond = search_view.last_page(query, results)
    if beyond is not None:
        return redirect(beyond, 302)
    if results.total:
        return render_template("search.html", query=query, results=results, address=search_address, view=search_view)
    return _counted(services, query, results, _nothing(services, query, results))


def _counted(services: Services, query: Query, results: Results, page: str) -> Response:
    """The page, and once it is sent, the search counted among those that found nothing.

    Not with a filter, which may be what left nothing; not on another page; not twice for one browser.
    """
    answer = make_response(page)
    words = misses.counted_words(query.text)
    if words and query.page == 1 and not query.filters and not results.degraded and _first_time(words):
        moment = now()
        answer.call_on_close(lambda: misses.count(services.sessions, words, moment))
    return answer


def _first_time(words: str) -> bool:
    """Whether the browser did not search these words just before; the cookie of forms keeps digests, not words."""
    mark = hashlib.blake2b(words.encode(), digest_size=6).hexdigest()
    known: list[str] = form_session.get(MISSES, [])
    if mark in known:
        return False
    form_session[MISSES] = [*known, mark][-REMEMBERED_MISSES:]
    return True


def _nothing(services: Services, query: Query, results: Results) -> str:
    """What to try; without a filter to remove, the search as a question to the network, ready to be sent."""
    form: CallForm | None = None
    recipients: tuple[Recipient, ...] = ()
    has_address = False
    if query.text.strip() and not query.filters:
        form = calls.search_form(query.text)
        with reading(services.sessions) as session:
            recipients = calls.foreseen(session, services, query.text)
            has_address = own_contact(session, current_account()) is not None
    return render_template(
        "search_empty.html",
        query=query,
        results=results,
        address=search_address,
        view=search_view,
        form=form,
        names=calls.FIELD_NAMES,
        recipients=recipients,
        has_address=has_address,
    )
