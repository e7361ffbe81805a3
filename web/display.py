"""Light, dark, or as the device says: what the reader chose, kept in a cookie that says nothing else."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as BaseResponse

COOKIE = "theme"
THEMES = ("clair", "sombre")
"""Values of ``data-theme`` in the stylesheet; any other value means « auto »."""

_A_YEAR_S = 365 * 24 * 3600


def chosen_theme() -> str:
    """``clair``, ``sombre`` or ``auto``."""
    theme = request.cookies.get(COOKIE, "")
    return theme if theme in THEMES else "auto"


def keep_theme(response: BaseResponse, theme: str) -> None:
    """Put the choice in the cookie, or take the cookie back for « auto »."""
    if theme in THEMES:
        response.set_cookie(COOKIE, theme, max_age=_A_YEAR_S, samesite="Lax", httponly=True, path="/")
    else:
        response.delete_cookie(COOKIE, path="/")


def here() -> str:
    """The address asked for, with its query, to come back to."""
    return request.full_path.rstrip("?")


def local_address(address: str, otherwise: str = "/") -> str:
    """An address to redirect to, if it is one of ours; never another site, whatever a form says."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_ours and "\\" not in address else otherwise
