"""What remains of a request or a contact once a person is gone from it: something to count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from savoirs.models import Block, Call, Consent, Contact, ContactMode, Introduction, IntroductionStatus, Letter
from savoirs.models.outbox import LetterState

OPEN = (IntroductionStatus.UNCONFIRMED, IntroductionStatus.WAITING, IntroductionStatus.SENT)
"""States of a request that still expects something of somebody."""

TEXTS = ("need", "sentence", "context", "question", "availability", "requester_line")
"""What its sender wrote in a request."""

ANSWERS = ("answer", "passed_to_name", "recipient_line")
"""What its recipient did."""


def strip_request(session: Session, request: Introduction, now: dt.datetime) -> None:
    """Remove texts and persons from a request; one that was open is cancelled, and its letters do not leave."""
    _end(session, request, IntroductionStatus.CANCELLED, now)
    for name in (*TEXTS, *ANSWERS):
        setattr(request, name, "")
    request.recipient_id = None
    request.account_id = None
    request.stripped_at = request.stripped_at or now


def forget_recipient(session: Session, request: Introduction, now: dt.datetime) -> None:
    """Remove who received a request, and their words; one that waited for them is closed."""
    _end(session, request, IntroductionStatus.CLOSED, now)
    for name in ANSWERS:
        setattr(request, name, "")
    request.recipient_id = None


def empty_contact(session: Session, contact: Contact) -> None:
    """Remove a contact. One who wrote a request that is counted stays as a row in which nobody is."""
    counted = session.scalar(select(Introduction.id).where(Introduction.requester_id == contact.id).limit(1))
    session.flush()
    if counted is None:
        session.execute(delete(Contact).where(Contact.id == contact.id))
        session.expunge(contact)
        return
    for table in (Consent, Block, Letter):
        session.execute(delete(table).where(table.contact_id == contact.id))
    session.execute(update(Introduction).where(Introduction.recipient_id == contact.id).values(recipient_id=None))
    session.execute(update(Call).where(Call.asker_id == contact.id).values(asker_id=None))
    session.execute(
        update(Contact)
        .where(Contact.id == contact.id)
        .values(key=f"efface-{contact.id}", mode=ContactMode.CLOSED, description="", **dict.fromkeys(_OF_A_PERSON))
    )
    session.expire(contact)


def drop_letters(session: Session, about: Iterable[str]) -> None:
    """Letters that wait and are about these, by the beginning of their keys, have no reason to leave any more."""
    for start in about:
        session.execute(
            update(Letter)
            .where(Letter.key.startswith(start, autoescape=True), Letter.state == LetterState.PENDING)
            .values(state=LetterState.DROPPED)
        )


def _end(session: Session, request: Introduction, status: IntroductionStatus, now: dt.datetime) -> None:
    if request.status in OPEN:
        request.status = status
        request.closed_at = now
        drop_letters(session, [f"introduction/{request.id}/"])


_OF_A_PERSON = (
    "organisation_id", "account_id", "name", "email", "telephone", "paused_until", "refused_at",
    "address_confirmed_at", "bounced_at", "source_id", "first_line", "last_line",
)  # fmt: skip
