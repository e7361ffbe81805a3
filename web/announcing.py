"""What a page says first after something was done: in words, with a way back, and what the browser may forget."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash

CATEGORY = "annonce"


def announce(text: str, *, undo: str = "", fields: Mapping[str, str] | None = None, forget: str = "") -> None:
    """Say it on the next page.

    Args:
        text: What was done.
        undo: Where « Annuler » posts; without it nothing can be undone.
        fields: What it sends along.
        forget: The token of a form whose draft this browser no longer needs.
    """
    flash({"text": text, "undo": undo, "fields": dict(fields or {}), "forget": forget}, CATEGORY)  # type: ignore[arg-type]
