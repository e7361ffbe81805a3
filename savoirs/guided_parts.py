"""Questions that a note has no part for: their answers are sections at the end of a part, each under its own heading.

« Conseils » and « Chiffres » are Markdown of level 3, as a corpus file may have anyway: no column is needed, and export
and import lose nothing. The form asks for them apart, so they are cut off a part to be edited, and put back to be kept.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)


def joined(text: str, heading: str, section: str) -> str:
    """A part with a section at its end; the part alone when the section says nothing."""
    if not section.strip():
        return text
    return "\n\n".join(piece for piece in (text.rstrip(), f"### {heading}", section.strip()) if piece)


def cut(text: str, heading: str) -> tuple[str, str]:
    """A part without the section at its end, and the section; nothing is cut when another heading comes after.

    ``joined`` puts back what this cuts.
    """
    match = re.search(rf"(?:\A|\n)### {re.escape(heading)}[ \t]*\n(?P<section>.*)\Z", text, re.DOTALL)
    if match is None or not match["section"].strip() or _HEADING.search(match["section"]):
        return text, ""
    return text[: match.start()].rstrip(), match["section"].strip()
