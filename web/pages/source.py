"""A document that records come from: its masked text, each line with its address."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from savoirs import sources
from savoirs.database import reading, transaction
from web.addresses import source_url
from web.identity import current_account, is_editor, required_editor
from web.originals import original_answer
from web.wiring import current_services

bp = Blueprint("source", __name__)

_LINES = re.compile(r"(\d{1,7})-(\d{1,7})")


@bp.get("/sources/<string(length=10):source_id>", defaults={"slug": ""})
@bp.get("/sources/<string(length=10):source_id>-<slug>")
def show(source_id: str, slug: str) -> str | Response:
    """The document; « ?lignes=104-118 » shows a passage of it."""
    services, account = current_services(), current_account()
    with reading(services.sessions) as session:
        page = sources.page(session, source_id, account, services.settings.data_dir)
    asked = _LINES.fullmatch(request.args.get("lignes", ""))
    passage = (int(asked[1]), int(asked[2])) if asked else None
    if slug != page.slug:
        return redirect(source_url(page.id, page.title, passage), 301)
    return render_template("source.html", source=page, passage=passage, editor=is_editor(account))


@bp.get("/sources/<string(length=10):source_id>/original")
def original(source_id: str) -> Response:
    """The file as it was sent, for editors."""
    services, editor = current_services(), required_editor()
    with reading(services.sessions) as session:
        page = sources.page(session, source_id, editor, services.settings.data_dir)
    return original_answer(page.original, page.origin or page.id)


@bp.post("/sources/<string(length=10):source_id>/original/supprimer")
def remove_original(source_id: str) -> Response:
    """Remove the original file; all that was made of it stays."""
    services, editor = current_services(), required_editor()
    with transaction(services.sessions) as session:
        if sources.remove_original(session, source_id, editor, services.settings.data_dir):
            flash("Le fichier d’origine est supprimé. Le texte masqué et les fiches restent.", "message")
    return redirect(url_for("source.show", source_id=source_id), 303)
