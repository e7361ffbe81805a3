"""axe-core inside a page: what an automatic check can say of WCAG 2.2 AA. Its file is in ``vendor``, unchanged."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_RUN = "options => axe.run(document, options).then(found => found.violations)"


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8")


def violations(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What breaks a rule, a line for each element; the script goes in by the debugger, which no policy forbids.

    Args:
        page: A loaded page.
        rules: Only these; all those of ``TAGS`` when empty.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(_RUN, {"runOnly": only, "resultTypes": ["violations"]})
    return [_line(violation, node) for violation in found for node in violation["nodes"]]


def _line(violation: dict[str, Any], node: dict[str, Any]) -> str:
    why = " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
    return f"{violation['id']}: {node['html'][:160]} ({why})"
