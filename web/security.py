"""Headers of every answer: a page of ours runs only our files, talks only to us, and is framed by nobody."""

from __future__ import annotations

from flask import Flask, Response, request

from web.identity import signed_in
from web.static_files import may_be_kept

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

TRANSPORT_SECURITY = "max-age=31536000"
FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"


def secure(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer of an application.

    Args:
        app: The application.
        https: Whether it is reached by https, by its ``base_url``.
    """

    @app.after_request
    def _set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
        _set_cache(response)
        return response


def _set_cache(response: Response) -> None:
    if request.endpoint == "static" and request.view_args is not None and response.status_code in (200, 304):
        kept = may_be_kept(request.view_args["filename"], request.args.get("v"))
        response.headers["Cache-Control"] = FOR_A_YEAR if kept else FOR_AN_HOUR
    elif signed_in():
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
