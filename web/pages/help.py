"""Help, accessibility, and the choice of light or dark."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from web.display import keep_theme, local_address

bp = Blueprint("help", __name__)


@bp.get("/aide")
def show() -> str:
    """How to search, find a peer and share."""
    return render_template("help.html")


@bp.get("/accessibilite")
def accessibility() -> str:
    """What was done so that everybody can read, and what was not checked yet."""
    return render_template("accessibility.html")


@bp.post("/affichage")
def display() -> Response:
    """Keep the choice of light or dark, and go back where it was made."""
    response = redirect(local_address(request.form.get("next", "/")), 303)
    keep_theme(response, request.form.get("theme", "auto"))
    return response
