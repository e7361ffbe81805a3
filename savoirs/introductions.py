"""Requests to be put in touch, kept for an editor. Nothing is sent, and no address is shown."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from savoirs import organisations
from savoirs.availability import availabilities
from savoirs.cards import Named, kept
from savoirs.draft_checks import clean_text
from savoirs.errors import FieldError, InvalidError, NotFoundError, SavoirsError
from savoirs.models import (
    Account,
    Consent,
    Contact,
    ContactMode,
    Introduction,
    Note,
    Organisation,
    record_id,
)
from savoirs.moments import iso_day, today_or
from savoirs.note_rights import require_editor
from savoirs.plaintext import holds_email, holds_telephone, masked
from savoirs.slugs import slugify

PREFERENCES = ("telephone", "writing", "visit")
"""How one prefers to talk."""

WORDING = "2026-1"
"""The version of the sentence that requesters agree to; a new sentence is a new version."""

LIMITS = {"name": 200, "email": 320, "context": 2000, "question": 2000, "need": 2000, "sentence": 600}
"""Most characters of each text."""

WAITING = "waiting"
SETTLED = ("handled", "declined")

_EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[\w-]+(\.[\w-]+)+")


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
    """Keep a request for an editor. The same one, sent twice, is kept once.

    Raises:
        NotFoundError: ``unknown_organisation`` or ``unknown_note``.
        SavoirsError: ``not_contactable``, with the ``availability``.
        InvalidError: The draft has mistakes.
    """
    organisation = kept(organisations.get(session, organisation_id))
    availability = availabilities(session, [organisation.id], today_or(today))[organisation.id]
    if not availability.contactable:
        raise SavoirsError("not_contactable", name=organisation.name, availability=availability.state.value)
    draft = _cleaned(draft)
    errors = check(draft)
    if errors:
        raise InvalidError(errors)
    if draft.note_id is not None and session.get(Note, draft.note_id) is None:
        raise NotFoundError("unknown_note", id=draft.note_id)
    same = _same(session, organisation.id, draft)
    if same is not None:
        return same
    introduction = Introduction(
        organisation=organisation,
        requester=_requester(draft),
        account_id=account.id if account else None,
        **{name: getattr(draft, name) for name in ("note_id", "need", "sentence", "context", "question", "preference")},
    )
    session.add(introduction)
    session.flush()
    return introduction


def check(draft: IntroductionDraft) -> tuple[FieldError, ...]:
    """Mistakes of a request, in the order of the form; empty when it can be kept. No query."""
    return tuple(_mistakes(_cleaned(draft)))


def waiting(session: Session) -> tuple[IntroductionView, ...]:
    """Requests that wait for an editor, the oldest first. One query. For editors only."""
    rows = session.execute(
        select(Introduction, Organisation.name, Note.title, Contact.name)
        .join(Organisation, Organisation.id == Introduction.organisation_id)
        .join(Contact, Contact.id == Introduction.requester_id)
        .outerjoin(Note, Note.id == Introduction.note_id)
        .where(Introduction.status == WAITING)
        .order_by(Introduction.id)
    )
    return tuple(
        IntroductionView(
            id=one.id,
            organisation=Named(one.organisation_id, name, slugify(name)),
            note=Named(one.note_id, title, slugify(title)) if one.note_id and title else None,
            requester_name=requester or "",
            need=one.need,
            sentence=one.sentence,
            context=one.context,
            question=one.question,
            preference=one.preference,
            status=one.status,
            created=iso_day(one.created_at),
        )
        for one, name, title, requester in rows
    )


def waiting_count(session: Session) -> int:
    """How many requests wait. One query."""
    return session.scalar(select(func.count()).where(Introduction.status == WAITING)) or 0


def settle(session: Session, introduction_id: int, editor: Account, status: str = "handled") -> Introduction:
    """Say what became of a request: ``handled`` or ``declined``.

    Raises:
        NotFoundError: ``unknown_introduction``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``bad_status``.
    """
    require_editor(editor)
    if status not in SETTLED:
        raise SavoirsError("bad_status", field="status", allowed=SETTLED)
    introduction = session.get(Introduction, introduction_id)
    if introduction is None:
        raise NotFoundError("unknown_introduction", id=introduction_id)
    introduction.status = status
    return introduction


def _cleaned(draft: IntroductionDraft) -> IntroductionDraft:
    names = (one.name for one in fields(draft) if one.name not in ("note_id", "agreed"))
    tidy: dict[str, Any] = {name: clean_text(getattr(draft, name)) for name in names}
    passed_on = {name: masked(tidy[name]) for name in ("need", "sentence")}  # they come from the page before
    return replace(draft, **tidy | passed_on)


def _mistakes(draft: IntroductionDraft) -> Iterator[FieldError]:
    for name in ("name", "email", "context", "question"):
        if not getattr(draft, name):
            yield FieldError(name, "missing")
    for name in ("name", "context", "question"):
        if holds_email(getattr(draft, name)):
            yield FieldError(name, "holds_email")
        if holds_telephone(getattr(draft, name)):
            yield FieldError(name, "holds_telephone")
    if draft.email and not _EMAIL.fullmatch(draft.email):
        yield FieldError("email", "bad_email")
    for name, most in LIMITS.items():
        length = len(getattr(draft, name))
        if length > most:
            yield FieldError(name, "too_long", {"max": most, "length": length})
    if draft.preference not in PREFERENCES:
        yield FieldError("preference", "bad_value", {"value": draft.preference})
    if not draft.agreed:
        yield FieldError("agreed", "not_agreed")


def _same(session: Session, organisation_id: str, draft: IntroductionDraft) -> Introduction | None:
    return session.scalar(
        select(Introduction)
        .join(Contact, Contact.id == Introduction.requester_id)
        .where(
            Introduction.organisation_id == organisation_id,
            Introduction.status == WAITING,
            Introduction.question == draft.question,
            Introduction.context == draft.context,
            Contact.email == draft.email,
        )
        .limit(1)
    )


def _requester(draft: IntroductionDraft) -> Contact:
    """A contact of no organisation, closed: who asks does not become reachable by asking."""
    key = f"demande-{secrets.token_hex(8)}"
    consent = Consent(scope="introduction", wording_version=WORDING, given_by="")
    return Contact(
        id=record_id("contact", key),
        key=key,
        mode=ContactMode.CLOSED,
        name=draft.name,
        email=draft.email,
        consents=[consent],
    )
