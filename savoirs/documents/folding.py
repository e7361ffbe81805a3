"""Text as rules compare it: accents and case folded, typography noise cleaned away."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-"})
_TAGS = re.compile(r"</?(?:u|b|i|em|strong|span|br|p|div|font|a|sup|sub|small|mark)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_STARS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|`+|~~")
_LINKS = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_SPACES = re.compile(r"[\u00a0\u202f\u200b\ufeff]+")
_BULLETS = "•●○◦▪▫■□❑❒❏‣➤➢➔➜►▶▸→⇒✓✔✗☐☑★⁃∙·\uf0b7\uf0a7\uf0d8\uf02d"
_MARKER = re.compile(
    rf"^(?:[-–—*+>]\s+|[-–—](?=[^\W\d_])|>\s*|\?\s+(?=[A-ZÀ-ÖØ-Þ«a-z])|[{_BULLETS}]\s*|[oO§]\s+(?=[A-ZÀ-ÖØ-Þ]))+"
)
_NUMBER = re.compile(r"^(\d{1,2}|[a-hA-H])\s?[.)°]\s*(?=[^\W\d])|^(\d{1,2})\s+(?:[-–:]\s*)?(?=[A-ZÀ-ÖØ-ÞŒ])")
_COMBINING = re.compile(r"[\u0300-\u036f]")
_MARKED = re.compile(r"[*_`~]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without accents, in lower case, with plain apostrophes, dashes and spaces."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES)))


def clean(text: str) -> str:
    """A line without the marks of HTML and Markdown, on single spaces."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAGS.sub(" ", text)
    if "[" in text:
        text = _LINKS.sub(r"\1", text)
    if _MARKED.search(text):
        text = _STARS.sub("", text)
    if not text.isprintable():
        text = _CONTROLS.sub(" ", text)
    return " ".join(_SPACES.sub(" ", text).split())


def without_marker(text: str) -> tuple[str, bool]:
    """A clean line without what makes it an item of a list (« - ➤ », « - > », « • »), and whether it had that."""
    match = _MARKER.match(text)
    if match is None:
        return text, False
    rest = text[match.end() :].strip()
    return (rest, True) if rest else (text, False)


def without_number(text: str) -> tuple[str, str]:
    """A clean line without its number, and the number: « 2 », « b », or empty."""
    match = _NUMBER.match(text)
    if match is None:
        return text, ""
    return text[match.end() :].strip(), (match.group(1) or match.group(2)).lower()


def sentence_case(text: str) -> str:
    """A title written all in capitals as a sentence is; any other text as it is."""
    letters = [char for char in text if char.isalpha()]
    if not letters or sum(char.isupper() for char in letters) < 0.8 * len(letters) or len(letters) < 5:
        return text
    return capitalised(text.lower())


def capitalised(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


def tidy_title(text: str) -> str:
    """A title without the punctuation that ends it."""
    return capitalised(text.strip(" \u00a0-–—:;,.…!*").strip())
