"""Calls (appels à expérience): a search that found nothing, as a question to the network. Nobody reads who asks.

An editor lets a call through; whoever asked may close it. Their address is in a closed contact of their own, erased
when the call is over.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import call_answers, call_recipients, outbox, themes
from savoirs.call_drafts import LIMITS, CallDraft, check, cleaned, lengths
from savoirs.config import Settings
from savoirs.draft_checks import clean_text
from savoirs.errors import InvalidError, NotFoundError, SavoirsError
from savoirs.journal import record_change
from savoirs.models import Account, Call, CallStatus, ChangeAction, Consent, Contact, ContactMode, Theme, record_id
from savoirs.models.base import utc_now
from savoirs.note_rights import is_editor, require_editor
from savoirs.own_contacts import own_contact
from savoirs.plaintext import masked

__all__ = [
    "CALL_DAYS",
    "LIMITS",
    "CallDraft",
    "ask",
    "check",
    "close",
    "close_old",
    "confirm_address",
    "decline",
    "follow_up",
    "forget_asker",
    "may_close",
    "open_call",
]

CALL_DAYS = 180
"""Days after which an open call is closed: whoever asked has found, or asks again."""

WORDING = "2026-1"
"""The version of the sentence that askers agree to when they leave an address."""


def ask(session: Session, draft: CallDraft, account: Account | None, now: dt.datetime | None = None) -> Call:
    """Keep a call for an editor. The same question of the same asker, sent twice, is kept once.

    Raises:
        InvalidError: The draft has mistakes.
    """
    draft = cleaned(draft)
    errors = check(draft)
    if errors:
        raise InvalidError(errors)
    same = _same(session, draft, account)
    if same is not None:
        return same
    suggested = themes.suggested(session, f"{draft.question} {draft.context}", limit=1)
    call = Call(
        id=record_id("call", secrets.token_hex(16)),
        question=draft.question,
        context=draft.context,
        search=masked(draft.search),
        theme_id=_theme_id(session, suggested[0][0].key) if suggested else None,
        status=CallStatus.WAITING,
        asker=_asker(session, draft, account),
        account_id=account.id if account else None,
        organisation_id=account.organisation_id if account and draft.named else None,
        created_at=now or utc_now(),
    )
    session.add(call)
    session.flush()
    return call


def open_call(
    session: Session,
    call_id: str,
    editor: Account,
    nearest: Sequence[str],
    settings: Settings,
    now: dt.datetime,
    *,
    question: str = "",
    context: str | None = None,
    theme: str | None = None,
) -> Call:
    """Let a call through: it is read by all, and those whose notes are nearest are told. Once, however many clicks.

    Args:
        session: The session.
        call_id: A call that waits.
        editor: Who decides.
        nearest: Ids of the organisations to tell, the nearest first; at most ``call_recipients`` of those who were not
            told of ``call_notices_week`` calls in seven days are.
        settings: The settings.
        now: The present moment.
        question: The question as the editor leaves it; empty, as it is.
        context: Likewise; None, as it is.
        theme: The key of its theme, empty for none; None, as it is.

    Raises:
        NotFoundError: ``unknown_call``.
        ForbiddenError: ``editors_only``.
        InvalidError: ``question`` or ``context`` is too long.
        SavoirsError: ``call_over`` when it was closed or declined since.
    """
    require_editor(editor)
    call = locked(session, call_id)
    if call.status == CallStatus.OPEN:
        return call
    if call.status != CallStatus.WAITING:
        raise SavoirsError("call_over")
    asked = clean_text(question) or call.question
    told = call.context if context is None else clean_text(context)
    errors = tuple(lengths(CallDraft(asked, told)))
    if errors:
        raise InvalidError(errors)
    call.question, call.context = masked(asked), masked(told)
    if theme is not None:
        call.theme_id = _theme_id(session, theme)
    call.status, call.opened_at = CallStatus.OPEN, now
    call_recipients.tell(session, call, nearest, settings, now)
    if call.asker is not None:
        outbox.post(session, "call.open", call.asker, f"call/{call.id}/open", {"call": call.id}, now)
    record_change(session, "call", call.id)
    return call


def decline(session: Session, call_id: str, editor: Account, now: dt.datetime) -> Call:
    """Do not let a call through; the address left with it is erased.

    Raises:
        NotFoundError: ``unknown_call``.
        ForbiddenError: ``editors_only``.
        SavoirsError: ``call_over`` when it was let through.
    """
    require_editor(editor)
    call = locked(session, call_id)
    if call.status not in (CallStatus.WAITING, CallStatus.DECLINED):
        raise SavoirsError("call_over")
    call.status, call.closed_at = CallStatus.DECLINED, now
    _forget(session, call)
    return call


def close(session: Session, call_id: str, now: dt.datetime) -> Call:
    """Close a call: it is still read, and the address left with it is erased. Whoever asks for it has the right to.

    Raises:
        NotFoundError: ``unknown_call``.
    """
    call = locked(session, call_id)
    if call.status in (CallStatus.CLOSED, CallStatus.DECLINED):
        return call
    was_open = call.status == CallStatus.OPEN
    call.status, call.closed_at = (CallStatus.CLOSED if was_open else CallStatus.DECLINED), now
    _forget(session, call)
    record_change(session, "call", call.id, ChangeAction.UPSERT if was_open else ChangeAction.REMOVE)
    return call


def follow_up(session: Session, now: dt.datetime, settings: Settings) -> int:  # noqa: ARG001
    """What the days bring: old calls are closed, and nobody is left untold of an answer. Done twice, it is as once.

    Returns:
        How many calls were closed and letters posted.
    """
    return close_old(session, now) + call_answers.tell(session, now)


def close_old(session: Session, now: dt.datetime) -> int:
    """Close the calls that have been open for ``CALL_DAYS``; returns how many."""
    since = now - dt.timedelta(days=CALL_DAYS)
    old = session.scalars(
        select(Call.id).where(Call.status == CallStatus.OPEN, Call.opened_at < since).order_by(Call.id)
    ).all()
    for call_id in old:
        close(session, call_id, now)
    return len(old)


def confirm_address(session: Session, call_id: str, now: dt.datetime) -> None:
    """Say that the address left with a call is its asker's: they are told of answers from now on.

    Raises:
        NotFoundError: ``unknown_call``.
        SavoirsError: ``call_over`` when the address is erased already.
    """
    call = locked(session, call_id)
    if call.asker is None:
        raise SavoirsError("call_over")
    call.asker.address_confirmed_at = call.asker.address_confirmed_at or now


def forget_asker(session: Session, call_id: str, now: dt.datetime) -> None:  # noqa: ARG001
    """Who asked wants no more letters about a call: the address left with it is erased, the call stays as it is."""
    call = session.get(Call, call_id, with_for_update=True)
    if call is not None:
        _forget(session, call)


def may_close(account: Account | None, call_account_id: str | None) -> bool:
    """Whether an account may close a call: its own, or any for an editor."""
    return account is not None and (is_editor(account) or account.id == call_account_id)


def locked(session: Session, call_id: str) -> Call:
    """A call that this transaction alone may change until it ends.

    Raises:
        NotFoundError: ``unknown_call``.
    """
    call = session.get(Call, call_id, with_for_update=True, populate_existing=True)
    if call is None:
        raise NotFoundError("unknown_call", id=call_id)
    return call


def _theme_id(session: Session, key: str) -> str | None:
    return session.scalar(select(Theme.id).where(Theme.key == key))


def _same(session: Session, draft: CallDraft, account: Account | None) -> Call | None:
    same = select(Call).where(
        Call.status == CallStatus.WAITING, Call.question == draft.question, Call.context == draft.context
    )
    if account is not None:
        return session.scalar(same.where(Call.account_id == account.id).limit(1))
    same = same.outerjoin(Contact, Contact.id == Call.asker_id).where(Call.account_id.is_(None))
    return session.scalar(same.where(Contact.email == draft.email if draft.email else Contact.id.is_(None)).limit(1))


def _asker(session: Session, draft: CallDraft, account: Account | None) -> Contact | None:
    """Who is told: an address left with the call, else the account's own; nobody without an agreement."""
    if not draft.agreed:
        return None
    if not draft.email:
        return own_contact(session, account)
    key = f"appel-{secrets.token_hex(8)}"
    consent = Consent(scope="call", wording_version=WORDING, given_by="")
    return Contact(
        id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, email=draft.email, consents=[consent]
    )


def _forget(session: Session, call: Call) -> None:
    """Erase the address left with a call; an account's own is kept, it is not the call's."""
    contact, call.asker = call.asker, None
    if contact is not None and contact.account_id is None:
        session.flush()
        session.delete(contact)
        session.flush()
