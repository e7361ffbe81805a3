"""Problem documents (RFC 9457). A stub: the API's own module takes its place and keeps the signature of ``problem``."""

from __future__ import annotations

import json

from flask import Response


def problem(status: int, *, title: str, detail: str = "", code: str = "", **members: object) -> Response:
    """A problem document.

    Args:
        status: The HTTP status.
        title: What sort of problem it is, in French.
        detail: What is wrong this time.
        code: A stable name, for programs.
        **members: More members, for example ``errors``.
    """
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **members}
    kept = {name: value for name, value in body.items() if value not in ("", None)}
    return Response(json.dumps(kept, ensure_ascii=False), status=status, content_type="application/problem+json")
