"""Reading pages in tests, as a person would: entities read, no-break spaces plain."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse


def text_of(answer: TestResponse) -> str:
    """The HTML of an answer, its entities read and its no-break spaces made plain."""
    return html.unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")


def words_of(answer: TestResponse) -> str:
    """The words of an answer, without tags, in single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(answer)).split())
