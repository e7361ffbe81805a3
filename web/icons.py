"""Lucide icons, drawn inline from the vendored files; always beside a word, so always hidden from screen readers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "vendor" / "icons"

_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon(name: str, css_class: str = "") -> Markup:
    """The inline SVG of an icon, kept once drawn.

    Args:
        name: The name of the icon, from the templates only.
        css_class: More classes, for example ``chevron``.

    Raises:
        FileNotFoundError: When the icon is not in the vendored folder.
    """
    match = _DRAWING.search((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    if match is None:
        raise FileNotFoundError(name)
    drawing = re.sub(r"\s+", " ", match[1]).strip()
    classes = f"ic {css_class}".strip()
    return Markup(  # noqa: S704  (our own files)
        f'<svg class="{classes}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{drawing}</svg>'
    )
