"""How long what is sent may be, where somebody may have written for an hour."""

from __future__ import annotations

from flask import request

LARGEST_TEXT_BYTES = 8_000_000


def allow_long_texts() -> None:
    """Read this request even when it is much too long, so as to say by how much and give the text back.

    Must come before anything reads the form. Beyond the limit the answer is a page 413, which says that the text is
    still in the page before.
    """
    request.max_content_length = LARGEST_TEXT_BYTES
    request.max_form_memory_size = LARGEST_TEXT_BYTES
