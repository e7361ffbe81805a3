"""Addresses of static files that change when their content does, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import url_for

FOLDER = Path(__file__).parent / "static"
VERSION_DIGITS = 12


def static_url(name: str) -> str:
    """The address of a static file, its version in it.

    Files under ``vendor/`` never change under one name: they have no version, and the stylesheet may name them.
    """
    if name.startswith("vendor/"):
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=version(name))


@cache
def version(name: str) -> str:
    """Twelve hexadecimal digits of the file's SHA-256."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:VERSION_DIGITS]


def may_be_kept(name: str, asked_version: str | None) -> bool:
    """Whether a browser may keep the file for good: it is vendored, or was asked for in its present version."""
    return name.startswith("vendor/") or (asked_version is not None and asked_version == version(name))
