"""Organisations, and whether they may be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from savoirs.availability import DEMONSTRATION
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import Batch, Shelf, by_key, existing, record, source_of, source_values
from savoirs.models import (
    Consent,
    Contact,
    ContactMode,
    Organisation,
    OrganisationAlias,
    OrganisationAudience,
    OrganisationKind,
    record_id,
)

CONTACT_PREFIX = "organisation/"
"""Begins the key of the contact that an organisation's own file speaks of."""

_OPTIONS = (
    joinedload(Organisation.source),
    joinedload(Organisation.merged_into),
    selectinload(Organisation.aliases),
    selectinload(Organisation.audiences),
)


def _fetch(session: Session, keys: Collection[str] | None) -> Iterator[Record]:
    contacts = _contact_fronts(session)
    for row in by_key(session, Organisation, keys, *_OPTIONS):
        front = {
            "name": row.name,
            "kind": row.kind.value,
            "aliases": [alias.name for alias in row.aliases],
            "departement": row.departement,
            "audiences": [audience.audience for audience in row.audiences],
            "size": {"volunteers": row.volunteers, "employees": row.employees},
            "website": row.website,
            "fictional": row.fictional,
            "merged_into": row.merged_into and row.merged_into.key,
            "contact": contacts.get(CONTACT_PREFIX + row.key),
            "source": source_of(row),
        }
        yield record("organisation", row.key, front, row.description)


def _contact_fronts(session: Session) -> dict[str, dict[str, Any]]:
    """How organisations may be reached, by key of contact. A contact reached openly is, in a file, reached by relay."""
    query = select(Contact.key, Contact.mode, Contact.paused_until)
    rows = session.execute(query.where(Contact.key.startswith(CONTACT_PREFIX, autoescape=True)))
    return {
        key: {
            "mode": (ContactMode.CLOSED if mode is ContactMode.CLOSED else ContactMode.RELAY).value,
            "paused_until": paused_until,
        }
        for key, mode, paused_until in rows
    }


def _store(session: Session, batch: Batch) -> None:
    rows = existing(session, Organisation, batch.changed)
    for item in batch.records:
        row = rows.get(item.key) or Organisation(id=batch.ids[item.key], key=item.key)
        for name, value in _values(item, batch).items():
            setattr(row, name, value)
        row.aliases = [
            OrganisationAlias(position=place, name=name) for place, name in enumerate(item.front.get("aliases", ()))
        ]
        row.audiences = [
            OrganisationAudience(position=place, audience=audience)
            for place, audience in enumerate(item.front.get("audiences", ()))
        ]
        session.add(row)
    session.flush()
    for item in batch.records:  # once all are there
        if "merged_into" in item.front or item in batch.changed:
            merged = batch.identities.find("organisation", item.front.get("merged_into"))
            session.execute(update(Organisation).where(Organisation.key == item.key).values(merged_into_id=merged))
    _store_contacts(session, batch)


def _values(item: Record, batch: Batch) -> dict[str, Any]:
    front, size = item.front, item.front.get("size", {})
    return {
        "name": front["name"],
        "kind": OrganisationKind(front["kind"]),
        "description": item.body,
        "departement": front.get("departement"),
        "website": front.get("website"),
        "volunteers": size.get("volunteers"),
        "employees": size.get("employees"),
        "fictional": front["fictional"],
        **source_values(front, batch.identities),
    }


def _store_contacts(session: Session, batch: Batch) -> None:
    """Keep how each may be reached. What a person answered since is theirs: a file never brings a consent back."""
    keys = {CONTACT_PREFIX + item.key for item in batch.records}
    contacts = {contact.key: contact for contact in by_key(session, Contact, keys)}
    for item in batch.records:
        key = CONTACT_PREFIX + item.key
        contact = contacts.get(key)
        wanted = item.front.get("contact")
        if wanted is None:
            if contact is not None:
                session.delete(contact)
        elif contact is None:
            session.add(_contact(key, item, batch.ids[item.key]))
        else:
            contact.mode = ContactMode(wanted["mode"])
            contact.paused_until = wanted.get("paused_until")
    session.flush()


def _contact(key: str, item: Record, organisation_id: str) -> Contact:
    """The contact of an organisation's own file. Nobody real ever agreed by a file: only the demonstration did."""
    front = item.front["contact"]
    mode = ContactMode(front["mode"])
    contact = Contact(id=record_id("contact", key), key=key, organisation_id=organisation_id, mode=mode)
    contact.paused_until = front.get("paused_until")
    if mode is ContactMode.RELAY and item.front["fictional"]:
        contact.consents = [Consent(scope=DEMONSTRATION, wording_version="corpus")]
    return contact


SHELF = Shelf("organisation", Organisation, _fetch, _store)
