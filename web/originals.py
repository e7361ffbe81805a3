"""The original file of a document: for an editor to save, never for a browser to show."""

from __future__ import annotations

from flask import send_file
from werkzeug.wrappers import Response

from savoirs.documents.originals import original_path
from savoirs.errors import NotFoundError
from web.identity import required_editor
from web.wiring import current_services

SANDBOX = "default-src 'none'; sandbox"


def original_answer(sha256: str | None, name: str) -> Response:
    """A file as it was sent, as an attachment of no type: nothing in it can run, wherever it is opened.

    Args:
        sha256: Of the file.
        name: What to save it as.

    Raises:
        ForbiddenError: ``editors_only``: addresses are in it.
        NotFoundError: ``unknown_source``: it is not kept.
    """
    required_editor()
    path = original_path(current_services().settings.data_dir, sha256) if sha256 else None
    if path is None or not path.exists():
        raise NotFoundError("unknown_source")
    answer: Response = send_file(
        path.resolve(), mimetype="application/octet-stream", as_attachment=True, download_name=name, etag=False
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
