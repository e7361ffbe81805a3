"""« Organisations à réunir »: two names of one organisation, put together by an editor, or apart again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from savoirs import organisations
from savoirs.database import reading, transaction
from web.announcing import announce
from web.identity import required_editor
from web.wiring import current_services

bp = Blueprint("organisation_pairs", __name__)


@bp.get("/moderation/organisations")
def show() -> str:
    """Organisations that bear the same name, those already put together, and any two to choose."""
    required_editor()
    with reading(current_services().sessions) as session:
        return render_template(
            "organisation_pairs.html",
            pairs=organisations.likely_same(session),
            merged=organisations.merged(session),
            names=organisations.names(session),
        )


@bp.post("/moderation/organisations/reunir")
def merge() -> Response:
    """Say that an organisation is another name of a second one."""
    editor = required_editor()
    one, into = request.form.get("organisation", ""), request.form.get("into", "")
    if not one or not into:
        announce("Rien n’est réuni : choisissez deux organisations.")
        return redirect(url_for("organisation_pairs.show"), 303)
    with transaction(current_services().sessions) as session:
        organisations.merge(session, one, into, editor)
        told = f"« {organisations.get(session, one).name} » est réunie à « {organisations.get(session, into).name} »."
    announce(told, undo=url_for("organisation_pairs.unmerge"), fields={"organisation": one})
    return redirect(url_for("organisation_pairs.show"), 303)


@bp.post("/moderation/organisations/separer")
def unmerge() -> Response:
    """Undo it: nothing was moved, so each has its own again."""
    editor = required_editor()
    one = request.form.get("organisation", "")
    with transaction(current_services().sessions) as session:
        organisations.unmerge(session, one, editor)
        name = organisations.get(session, one).name
    announce(f"« {name} » est à nouveau à part, avec ses fiches.")
    return redirect(url_for("organisation_pairs.show"), 303)
