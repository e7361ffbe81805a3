"""Whether the service lives (``/healthz``) and can answer (``/readyz``), for whoever watches over it."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify

from savoirs.fallback import ready
from web.wiring import current_services

bp = Blueprint("health", __name__)

_log = logging.getLogger(__name__)


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers. Looks at nothing else."""
    return _never_kept(jsonify(status="ok"))


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database can be read. « rebuilding »: the index does not follow it yet, and searches are plain."""
    services = current_services()
    try:
        seq = services.feed.last_seq()
        follows = ready(services.search_engine, services.feed)
    except Exception:
        _log.exception("not ready")
        return _never_kept(jsonify(status="not ready")), 503
    status, search = ("ready", "index") if follows else ("rebuilding", "plain")
    return _never_kept(jsonify(status=status, engine=services.settings.engine, search=search, seq=seq)), 200


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
