"""Text that fits in an address: lower-case ASCII words joined by hyphens."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_WORDS = re.compile(r"[a-z0-9]+")


def slugify(text: str, max_length: int = 80) -> str:
    """Make a slug: accents folded, cut between two words where one ends within ``max_length`` characters.

    Args:
        text: Any text.
        max_length: The most characters it may have, at least 1.

    Returns:
        A slug, empty when the text has no letter and no digit that can be folded to ASCII.
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).lower()
    words = _WORDS.findall("".join(char for char in folded if not unicodedata.combining(char)))
    slug = "-".join(words)
    if len(slug) <= max_length:
        return slug
    cut = slug[: max_length + 1].rpartition("-")[0]
    return cut or slug[:max_length]
