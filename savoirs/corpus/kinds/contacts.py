"""Who may be reached: whether they agreed, never their name or address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs.corpus.kinds.organisations import CONTACT_PREFIX
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf, by_key, existing, record, source_of, source_values
from savoirs.models import Consent, Contact, ContactMode, Introduction

_OPTIONS = (joinedload(Contact.organisation), joinedload(Contact.source), selectinload(Contact.consents))


def answer(contact: Contact) -> str:
    """What a contact answered: ``pending``, ``given``, ``refused`` or ``withdrawn``."""
    if contact.refused_at is not None:
        return "refused"
    if any(consent.withdrawn_at is None for consent in contact.consents):
        return "given"
    return "withdrawn" if contact.consents else "pending"


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    """Contacts of organisations; not those made of an organisation's file, nor people who asked to be put in touch."""
    requesters = set(session.scalars(select(Introduction.requester_id)))
    for row in by_key(session, Contact, keys, *_OPTIONS):
        if row.organisation is None or row.id in requesters or row.key.startswith(CONTACT_PREFIX):
            continue
        closed = row.mode is ContactMode.CLOSED
        front = {
            "organisation": row.organisation.key,
            "mode": (ContactMode.CLOSED if closed else ContactMode.RELAY).value,
            "consent": answer(row),
            "paused_until": row.paused_until,
            "source": source_of(row),
        }
        yield record("contact", row.key, front, row.description)


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Contact, batch.records)
    for item in batch.records:
        row = rows.get(item.key) or Contact(id=batch.ids[item.key], key=item.key, consents=[])
        row.organisation_id = batch.identities.get("organisation", item.front["organisation"])
        row.mode = ContactMode(item.front["mode"])
        row.paused_until = item.front.get("paused_until")
        row.description = item.body
        for name, value in source_values(item.front, batch.identities).items():
            setattr(row, name, value)
        _store_answer(row, item.front["consent"], batch.now)
        session.add(row)
    session.flush()


def _store_answer(row: Contact, wanted: str, now: dt.datetime) -> None:
    """Keep an answer. A refusal or a withdrawal that we hold is stronger than a file."""
    held = answer(row)
    if wanted == held or held in {"refused", "withdrawn"}:
        return
    if wanted == "refused":
        row.refused_at = now
        for consent in row.consents:
            consent.withdrawn_at = consent.withdrawn_at or now
    elif wanted == "given":
        row.consents.append(Consent(scope="relay", wording_version="corpus", granted_at=now))
    elif wanted == "withdrawn":
        if not row.consents:
            row.consents.append(Consent(scope="relay", wording_version="corpus", granted_at=now))
        for consent in row.consents:
            consent.withdrawn_at = consent.withdrawn_at or now


SHELF = Shelf("contact", Contact, _fetch, _store)
