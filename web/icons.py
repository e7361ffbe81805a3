"""Lucide icons, from the vendored files; always beside a word, so always hidden from screen readers.

A page names the same few icons dozens of times: each is drawn once, at the end of the page, and shown by reference.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import g
from markupsafe import Markup

FOLDER = Path(__file__).parent / "vendor" / "icons"

_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def icon(name: str, css_class: str = "") -> Markup:
    """An icon, shown by reference; ``icon_sheet`` must close the page.

    Args:
        name: The name of the icon, from the templates only.
        css_class: More classes, for example ``chevron``.

    Raises:
        FileNotFoundError: When the icon is not in the vendored folder.
    """
    symbol(name)
    g.setdefault("icons", {})[name] = True
    return _reference(name, css_class)


def icon_sheet() -> Markup:
    """The drawings of the icons that the page has shown, hidden."""
    symbols = Markup("").join(symbol(name) for name in g.get("icons", {}))
    return Markup('<svg class="planche" hidden>{}</svg>').format(symbols)


@cache
def symbol(name: str) -> Markup:
    """The drawing of an icon, to refer to."""
    match = _DRAWING.search((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    if match is None:
        raise FileNotFoundError(name)
    drawing = re.sub(r"(?<=>) (?=<)| (?=/>)", "", re.sub(r"\s+", " ", match[1]).strip())
    return Markup(f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>')  # noqa: S704  (our own files)


@cache
def _reference(name: str, css_class: str) -> Markup:
    classes = f"ic {css_class}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>').format(classes, name)
