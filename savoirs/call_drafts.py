"""A call as somebody writes it, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError
from savoirs.introductions.drafts import is_address
from savoirs.plaintext import holds_email, holds_telephone

LIMITS = {"question": 500, "context": 2000, "email": 254}
"""Most characters of each text."""


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call as somebody writes it.

    Attributes:
        question: One or two sentences.
        context: What else helps; may be empty.
        search: The words that found nothing.
        named: Whether the association of the account is shown.
        email: Where to be told of answers; kept in the contacts table only.
        agreed: Whether they agree to be written to, there or at the account's own address.
    """

    question: str = ""
    context: str = ""
    search: str = ""
    named: bool = False
    email: str = ""
    agreed: bool = False


def check(draft: CallDraft) -> tuple[FieldError, ...]:
    """Mistakes of a call, in the order of the form; empty when it can be kept. No query."""
    return tuple(_mistakes(cleaned(draft)))


def cleaned(draft: CallDraft) -> CallDraft:
    """The draft without control characters and outer spaces."""
    return replace(
        draft,
        question=clean_text(draft.question),
        context=clean_text(draft.context),
        search=clean_text(draft.search)[: LIMITS["question"]],
        email=clean_text(draft.email).lower(),
    )


def _mistakes(draft: CallDraft) -> Iterator[FieldError]:
    if not draft.question:
        yield FieldError("question", "missing")
    for name in ("question", "context"):
        if holds_email(getattr(draft, name)):
            yield FieldError(name, "holds_email")
        if holds_telephone(getattr(draft, name)):
            yield FieldError(name, "holds_telephone")
    yield from lengths(draft)
    if draft.email and not is_address(draft.email):
        yield FieldError("email", "bad_email")
    if draft.email and not draft.agreed:
        yield FieldError("agreed", "address_without_agreement")


def lengths(draft: CallDraft) -> Iterator[FieldError]:
    """Texts that are too long."""
    for name in ("question", "context"):
        length = len(getattr(draft, name))
        if length > LIMITS[name]:
            yield FieldError(name, "too_long", {"max": LIMITS[name], "length": length})
