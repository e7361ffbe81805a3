"""What is answered when something is refused or breaks: a page, or a problem document under ``/api``."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from savoirs.errors import ForbiddenError, NotFoundError, SavoirsError
from web.api.problems import problem
from web.messages import message_of

TITLES = {
    400: "Cette demande n’a pas été comprise",
    403: "Cette page ne vous est pas ouverte",
    404: "Cette page n’existe pas",
    405: "Cette adresse ne s’utilise pas ainsi",
    413: "C’est trop lourd pour être envoyé",
    429: "Trop d’envois en peu de temps",
    500: "Quelque chose s’est cassé chez nous",
}

_log = logging.getLogger(__name__)


def handle_errors(app: Flask) -> None:
    """Register the handlers; Flask calls the nearest to what was raised."""
    app.register_error_handler(SavoirsError, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def answer(status: int, *, detail: str = "", code: str = "") -> Response:
    """The answer to an error: HTML, or a problem document by the path asked for.

    Args:
        status: The HTTP status.
        detail: One sentence more, in French.
        code: A stable name, for programs.
    """
    title = TITLES.get(status, TITLES[400] if status < 500 else TITLES[500])
    if request.path.startswith("/api/"):
        return problem(status, title=title, detail=detail, code=code)
    html = render_template("error.html", status=status, title=title, detail=detail, code=code)
    return make_response(html, status)


def _refused(error: SavoirsError) -> Response:
    if isinstance(error, NotFoundError):
        status = 404
    elif isinstance(error, ForbiddenError):
        status = 403
    else:
        status = 400
    return answer(status, detail=message_of(error), code=error.code)


def _form_expired(_error: CSRFError) -> Response:
    detail = "Ce formulaire n’est plus valable. Revenez à la page précédente : votre texte y est, envoyez-le à nouveau."
    return answer(400, detail=detail, code="form_expired")


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = answer(error.code, code=(error.name or "").lower().replace(" ", "_"))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _broken(error: Exception) -> Response:
    incident = secrets.token_hex(4)
    where = request.url_rule.rule if request.url_rule else "?"  # an address may have the token of a link in it
    _log.error("incident %s on %s %s", incident, request.method, where, exc_info=error)
    detail = f"L’incident est noté sous le numéro {incident}. Rien de ce qui était enregistré n’est perdu."
    try:
        return answer(500, detail=detail, code="broken")
    except Exception:  # the page itself is what broke, or needs what broke
        _log.exception("incident %s broke its own page", incident)
        return make_response(
            f"<!doctype html><html lang=fr><title>Savoirs</title><h1>{TITLES[500]}</h1><p>{detail}", 500
        )
