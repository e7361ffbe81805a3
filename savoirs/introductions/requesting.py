"""Asking: a message is kept, its sender's address confirmed, and only then does it leave."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import organisations, outbox
from savoirs.availability import State, availabilities
from savoirs.cards import kept
from savoirs.config import Settings
from savoirs.errors import InvalidError, NotFoundError, SavoirsError
from savoirs.introductions.drafts import IntroductionDraft, check, cleaned
from savoirs.introductions.ending import close
from savoirs.introductions.locking import locked
from savoirs.introductions.recipients import (
    is_blocked,
    recipient,
    require_few_sent,
    require_not_again,
    require_room,
    sender_mark,
)
from savoirs.models import Account, Consent, Contact, ContactMode, Introduction, IntroductionStatus, Note, record_id
from savoirs.models.base import utc_now

WORDING = "2026-1"
"""The version of the sentences that requesters agree to; a new sentence is a new version."""

_TEXTS = ("note_id", "need", "sentence", "context", "question", "availability", "preference")
_OPEN = (IntroductionStatus.UNCONFIRMED, IntroductionStatus.WAITING, IntroductionStatus.SENT)


def request(
    session: Session,
    organisation_id: str,
    draft: IntroductionDraft,
    account: Account | None = None,
    *,
    settings: Settings,
    now: dt.datetime | None = None,
    previous_id: int | None = None,
) -> Introduction:
    """Keep a request, and write to its sender for their address to be confirmed. The same one, twice, is kept once.

    Where no letter can leave (no server is set), an editor sees it at once.

    Args:
        session: A session that writes.
        organisation_id: To whom.
        draft: What is asked.
        account: Who asks, when signed in.
        settings: The quotas, and the key of links.
        now: The present moment.
        previous_id: The request whose recipient named this organisation.

    Raises:
        NotFoundError: ``unknown_organisation`` or ``unknown_note``.
        SavoirsError: ``not_contactable``, with the ``availability``; ``asked_recently``, ``asked_enough`` or
            ``sent_enough``, with the ``day`` from which it is possible.
        InvalidError: The draft has mistakes.
    """
    now = now or utc_now()
    organisation = kept(organisations.get(session, organisation_id))
    availability = availabilities(session, [organisation.id], now.date())[organisation.id]
    if not availability.contactable:
        raise SavoirsError("not_contactable", name=organisation.name, availability=availability.state.value)
    draft = cleaned(draft)
    errors = check(draft)
    if errors:
        raise InvalidError(errors)
    if draft.note_id is not None and session.get(Note, draft.note_id) is None:
        raise NotFoundError("unknown_note", id=draft.note_id)
    same = _same(session, organisation.id, draft)
    if same is not None:
        return same
    _require_allowed(session, organisation.id, draft.email, settings, now)
    introduction = Introduction(
        organisation=organisation,
        requester=_requester(draft, now),
        account_id=account.id if account else None,
        previous_id=previous_id,
        status=IntroductionStatus.UNCONFIRMED if settings.sends_letters else IntroductionStatus.WAITING,
        created_at=now,
        **{name: getattr(draft, name) for name in _TEXTS},
    )
    session.add(introduction)
    session.flush()
    params = {"introduction": introduction.id}
    key = f"introduction/{introduction.id}/confirm"
    outbox.post(session, "introduction.confirm", introduction.requester, key, params, now)
    return introduction


def confirm(session: Session, introduction_id: int, settings: Settings, now: dt.datetime) -> Introduction:
    """Say that the sender's address is theirs: the request leaves, or waits for an editor. Twice is as once.

    When its recipient has become unreachable since, it closes, and its sender is told.

    Raises:
        NotFoundError: ``unknown_introduction``.
        SavoirsError: ``asked_recently`` or ``asked_enough``, with the ``day`` from which the same link works.
    """
    one = locked(session, introduction_id)
    waits = (IntroductionStatus.UNCONFIRMED, IntroductionStatus.WAITING)
    if one.confirmed_at is not None or one.status not in waits:
        return one
    availability = availabilities(session, [one.organisation_id], now.date())[one.organisation_id]
    sender = sender_mark(settings, one.requester.email or "")
    if not availability.contactable or is_blocked(session, one.organisation_id, sender):
        one.confirmed_at = one.requester.address_confirmed_at = now
        close(session, one, "paused" if availability.state is State.PAUSED else "unreachable", now)
        return one
    require_not_again(session, one.organisation_id, one.requester.email or "", settings, now, but=one.id)
    require_room(session, one.organisation_id, settings, now, but=one.id)
    one.confirmed_at = one.requester.address_confirmed_at = now
    one.recipient = recipient(session, one.organisation_id, sender, now.date())
    if one.recipient is None:
        one.status = IntroductionStatus.WAITING
        return one
    one.status = IntroductionStatus.SENT
    key, params = f"introduction/{one.id}/request", {"introduction": one.id}
    outbox.post(session, "introduction.request", one.recipient, key, params, now)
    return one


def cancel(session: Session, introduction_id: int, now: dt.datetime) -> Introduction:
    """Take a request back, while nobody has answered; its sender's consent goes with it. Twice is as once.

    Raises:
        NotFoundError: ``unknown_introduction``.
    """
    one = locked(session, introduction_id)
    if one.status in _OPEN:
        one.status, one.closed_at = IntroductionStatus.CANCELLED, now
        for consent in one.requester.consents:
            consent.withdrawn_at = consent.withdrawn_at or now
    return one


def _require_allowed(session: Session, organisation_id: str, email: str, settings: Settings, now: dt.datetime) -> None:
    if is_blocked(session, organisation_id, sender_mark(settings, email)):
        raise SavoirsError("not_contactable", availability=State.CLOSED.value)
    require_not_again(session, organisation_id, email, settings, now)
    require_room(session, organisation_id, settings, now)
    require_few_sent(session, email, settings, now)


def _same(session: Session, organisation_id: str, draft: IntroductionDraft) -> Introduction | None:
    return session.scalar(
        select(Introduction)
        .join(Contact, Contact.id == Introduction.requester_id)
        .where(
            Introduction.organisation_id == organisation_id,
            Introduction.status.in_(_OPEN),
            Introduction.question == draft.question,
            Introduction.context == draft.context,
            Contact.email == draft.email,
        )
        .limit(1)
    )


def _requester(draft: IntroductionDraft, now: dt.datetime) -> Contact:
    """A contact of no organisation, closed: who asks does not become reachable by asking."""
    key = f"demande-{secrets.token_hex(8)}"
    consent = Consent(scope="introduction", wording_version=WORDING, given_by=draft.name, granted_at=now)
    return Contact(
        id=record_id("contact", key),
        key=key,
        mode=ContactMode.CLOSED,
        name=draft.name,
        email=draft.email,
        consents=[consent],
    )
