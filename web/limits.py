"""How often one address may write. Counted in memory: one process serves (see the README on larger set-ups)."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

SIGN_INS = "10 per minute"
"""Tries of a password or a link."""

REVIEWS = "1200 per hour"
"""Decisions about what a document proposes: one each, and a document proposes dozens."""

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

limiter = Limiter(
    get_remote_address,
    default_limits=[lambda: current_app.config["SAVOIRS_WRITES"]],
    default_limits_exempt_when=lambda: request.method in READING_METHODS,
    storage_uri="memory://",
    headers_enabled=False,
)


def limit_writes(app: Flask, *, per_hour: int) -> None:
    """Put the limits on an application.

    Args:
        app: The application.
        per_hour: How many requests other than reads one address may send in an hour.
    """
    app.config["SAVOIRS_WRITES"] = f"{per_hour} per hour"
    limiter.init_app(app)
