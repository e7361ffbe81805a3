"""A request as somebody writes it, and what may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError
from savoirs.plaintext import holds_email, holds_telephone, masked

PREFERENCES = ("telephone", "writing", "visit")
"""How one prefers to talk."""

LIMITS = {
    "name": 200,
    "email": 254,
    "context": 2000,
    "question": 2000,
    "availability": 300,
    "need": 2000,
    "sentence": 600,
}
"""Most characters of each text."""

_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class IntroductionDraft:
    """A request as somebody writes it.

    ``name`` is a first name and an association; ``email`` is kept in the contacts table only; ``agreed`` is the consent
    to pass the message on; ``sentence`` is plain text, the one that made them choose; ``preference`` is one of
    ``PREFERENCES``; ``availability`` says when they are free.
    """

    name: str = ""
    email: str = ""
    context: str = ""
    question: str = ""
    preference: str = "writing"
    need: str = ""
    sentence: str = ""
    note_id: str | None = None
    agreed: bool = False
    availability: str = ""


def check(draft: IntroductionDraft) -> tuple[FieldError, ...]:
    """Mistakes of a request, in the order of the form; empty when it can be kept. No query."""
    return tuple(_mistakes(cleaned(draft)))


def cleaned(draft: IntroductionDraft) -> IntroductionDraft:
    """The draft without control characters and outer spaces; what came from the page before is masked."""
    names = (one.name for one in fields(draft) if one.name not in ("note_id", "agreed"))
    tidy: dict[str, Any] = {name: clean_text(getattr(draft, name)) for name in names}
    passed_on = {name: masked(tidy[name]) for name in ("need", "sentence")}
    return replace(draft, **tidy | passed_on | {"email": tidy["email"].lower()})


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address."""
    return len(text) <= LIMITS["email"] and _EMAIL.fullmatch(text) is not None


def person_free(name: str, text: str) -> Iterator[FieldError]:
    """What betrays somebody in a field: an address, a telephone number."""
    if holds_email(text):
        yield FieldError(name, "holds_email")
    if holds_telephone(text):
        yield FieldError(name, "holds_telephone")


def _mistakes(draft: IntroductionDraft) -> Iterator[FieldError]:
    for name in ("name", "email", "context", "question"):
        if not getattr(draft, name):
            yield FieldError(name, "missing")
    for name in ("name", "context", "question", "availability"):
        yield from person_free(name, getattr(draft, name))
    if draft.email and not is_address(draft.email):
        yield FieldError("email", "bad_email")
    for name, most in LIMITS.items():
        length = len(getattr(draft, name))
        if length > most and name != "email":
            yield FieldError(name, "too_long", {"max": most, "length": length})
    if draft.preference not in PREFERENCES:
        yield FieldError("preference", "bad_value", {"value": draft.preference})
    if not draft.agreed:
        yield FieldError("agreed", "not_agreed")
