"""Requests to be put in touch, kept for an editor. Nothing is sent, and no address is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.cards import Named
from savoirs.models import Account, Introduction

PREFERENCES = ("telephone", "writing", "visit")
"""How one prefers to talk."""


@dataclass(frozen=True, slots=True)
class IntroductionDraft:
    """A request as somebody writes it.

    ``name`` is a first name and an association; ``email`` is kept in the contacts table only; ``agreed`` is the consent
    to pass the message on; ``sentence`` is plain text, the one that made them choose; ``preference`` is one of
    ``PREFERENCES``.
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


@dataclass(frozen=True, slots=True)
class IntroductionView:
    """A request as an editor sees it: no address."""

    id: int
    organisation: Named
    note: Named | None
    requester_name: str
    need: str
    sentence: str
    context: str
    question: str
    preference: str
    status: str
    created: str


def request(
    session: Session,
    organisation_id: str,
    draft: IntroductionDraft,
    account: Account | None = None,
    today: dt.date | None = None,
) -> Introduction:
    """Keep a request for an editor.

    Raises:
        NotFoundError: ``unknown_organisation`` or ``unknown_note``.
        SavoirsError: ``not_contactable``, with the ``availability``.
        InvalidError: The draft has mistakes.
    """
    raise NotImplementedError


def waiting(session: Session) -> tuple[IntroductionView, ...]:
    """Requests that wait for an editor, the oldest first. One query."""
    raise NotImplementedError


def waiting_count(session: Session) -> int:
    """How many requests wait. One query."""
    raise NotImplementedError


def settle(session: Session, introduction_id: int, editor: Account, status: str = "handled") -> Introduction:
    """Say what became of a request: ``handled`` or ``declined``.

    Raises:
        NotFoundError: ``unknown_introduction``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``bad_status``.
    """
    raise NotImplementedError
