"""What is held of a person, whole: for their eyes, and for the files they take away.

Sections and columns have English names; ``web.held_words`` says them in French.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Executable, false, or_, select
from sqlalchemy.orm import Session

from savoirs.drafts import PARTS
from savoirs.models import (
    Account,
    ApiToken,
    Block,
    Call,
    Check,
    Consent,
    Contact,
    Import,
    Introduction,
    Letter,
    Note,
    Organisation,
    Revision,
    SavedSearch,
    SignInSession,
    Trial,
    WrittenDraft,
)
from savoirs.privacy.persons import Person

Value = str | int | bool | None
Row = Mapping[str, Value]
Held = Mapping[str, tuple[Row, ...]]
"""Rows by section; sections without a row are left out."""


def held(session: Session, person: Person) -> Held:
    """Everything that is held of a person. At most 19 queries."""
    ids = [contact.id for contact in person.contacts]
    account = person.account.id if person.account else ""
    found = {name: _rows(session, query) for name, query in _queries(ids, account).items()}
    return {name: rows for name, rows in found.items() if rows}


def _queries(ids: list[str], account: str) -> dict[str, Executable]:
    return {
        "account": _account(account),
        "contacts": _contacts(ids),
        "consents": _consents(ids),
        "requests_written": _written(ids, account),
        "requests_received": _received(ids),
        "notes": _notes(account),
        "drafts": select(WrittenDraft.title, WrittenDraft.fields, WrittenDraft.updated_at)
        .where(WrittenDraft.account_id == account)
        .order_by(WrittenDraft.updated_at, WrittenDraft.slot),
        "imports": select(Import.name, Import.state, Import.created_at)
        .where(Import.account_id == account)
        .order_by(Import.created_at, Import.id),
        "versions": select(Note.title, Revision.number, Revision.state, Revision.created_at)
        .join(Note, Note.id == Revision.note_id)
        .where(Revision.author_id == account)
        .order_by(Revision.id),
        "trials": select(Note.title, Trial.outcome, Trial.line, Trial.created_at)
        .join(Note, Note.id == Trial.note_id)
        .where(Trial.account_id == account)
        .order_by(Trial.id),
        "checks": select(Note.title, Check.verdict, Check.line, Check.created_at)
        .join(Note, Note.id == Check.note_id)
        .where(Check.account_id == account)
        .order_by(Check.id),
        "calls": select(Call.question, Call.context, Call.search, Call.status, Call.created_at)
        .where(or_(Call.asker_id.in_(ids), Call.account_id == account if account else false()))
        .order_by(Call.created_at, Call.id),
        "searches": select(SavedSearch.text, SavedSearch.filters, SavedSearch.by_email, SavedSearch.created_at)
        .where(SavedSearch.account_id == account)
        .order_by(SavedSearch.id),
        "sessions": select(SignInSession.created_at, SignInSession.seen_at, SignInSession.expires_at)
        .where(SignInSession.account_id == account)
        .order_by(SignInSession.created_at),
        "tokens": select(ApiToken.label, ApiToken.created_at, ApiToken.revoked_at)
        .where(ApiToken.account_id == account)
        .order_by(ApiToken.created_at),
        "letters": select(Letter.kind, Letter.state, Letter.created_at, Letter.sent_at)
        .where(Letter.contact_id.in_(ids))
        .order_by(Letter.id),
        "blocks": select(Block.created_at).where(Block.contact_id.in_(ids)).order_by(Block.id),
    }


def _account(account: str) -> Executable:
    return (
        select(
            Account.login,
            Account.name,
            Account.role,
            Organisation.name.label("organisation"),
            Account.created_at,
            Account.seen_on,
            Account.disabled_at,
        )
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.id == account)
    )


def _contacts(ids: list[str]) -> Executable:
    return (
        select(
            Contact.name,
            Contact.email,
            Contact.telephone,
            Organisation.name.label("organisation"),
            Contact.mode,
            Contact.description,
            Contact.paused_until,
            Contact.address_confirmed_at,
            Contact.refused_at,
        )
        .outerjoin(Organisation, Organisation.id == Contact.organisation_id)
        .where(Contact.id.in_(ids))
        .order_by(Contact.id)
    )


def _consents(ids: list[str]) -> Executable:
    return (
        select(
            Organisation.name.label("organisation"),
            Consent.scope,
            Consent.wording_version,
            Consent.given_by,
            Consent.granted_at,
            Consent.confirmed_at,
            Consent.withdrawn_at,
        )
        .join(Contact, Contact.id == Consent.contact_id)
        .outerjoin(Organisation, Organisation.id == Contact.organisation_id)
        .where(Consent.contact_id.in_(ids))
        .order_by(Consent.id)
    )


def _written(ids: list[str], account: str) -> Executable:
    texts = ("need", "sentence", "context", "question", "availability", "preference")
    return (
        select(
            Organisation.name.label("organisation"),
            Introduction.created_at,
            Introduction.status,
            *(getattr(Introduction, name) for name in texts),
            Introduction.answer,
            Introduction.requester_outcome.label("outcome"),
            Introduction.requester_line.label("line"),
        )
        .join(Organisation, Organisation.id == Introduction.organisation_id)
        .where(
            or_(Introduction.requester_id.in_(ids), Introduction.account_id == account if account else false()),
            Introduction.stripped_at.is_(None),
        )
        .order_by(Introduction.id)
    )


def _received(ids: list[str]) -> Executable:
    """What was sent to the person: the words, and the name they were given; no address of anybody else."""
    return (
        select(
            Organisation.name.label("organisation"),
            Introduction.created_at,
            Introduction.status,
            Contact.name.label("from"),
            Introduction.context,
            Introduction.question,
            Introduction.answer,
            Introduction.recipient_outcome.label("outcome"),
            Introduction.recipient_line.label("line"),
        )
        .join(Organisation, Organisation.id == Introduction.organisation_id)
        .join(Contact, Contact.id == Introduction.requester_id)
        .where(Introduction.recipient_id.in_(ids))
        .order_by(Introduction.id)
    )


def _notes(account: str) -> Executable:
    parts = (getattr(Note, name) for name in ("summary", *PARTS))
    return (
        select(Note.id, Note.title, Note.kind, Note.status, Note.created_at, *parts)
        .where(Note.author_id == account)
        .order_by(Note.created_at, Note.id)
    )


def _rows(session: Session, query: Executable) -> tuple[Row, ...]:
    found = session.execute(query).mappings()
    return tuple({name: _value(value) for name, value in dict(row).items()} for row in found)


def _value(value: Any) -> Value:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    kept: Value = value
    return kept
