"""The search page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from savoirs import search
from savoirs.database import reading
from web import search_address, search_view
from web.wiring import current_services

bp = Blueprint("search", __name__)


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
    template = "search.html" if results.total else "search_empty.html"
    return render_template(template, query=query, results=results, address=search_address, view=search_view)
