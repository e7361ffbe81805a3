"""Erasing a person: from every table, in one transaction, after the ledger has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from savoirs.errors import NotFoundError, SavoirsError
from savoirs.journal import record_change
from savoirs.models import (
    Account,
    AppliedErasure,
    Call,
    CallStatus,
    ChangeAction,
    Check,
    Contact,
    Import,
    Introduction,
    Note,
    Revision,
    RevisionState,
    Role,
    Source,
    Testimony,
    Trial,
)
from savoirs.models.base import utc_now
from savoirs.privacy.ledger import Erasure, Ledger, new_erasure
from savoirs.privacy.persons import Person
from savoirs.privacy.stripping import drop_letters, empty_contact, forget_recipient, strip_request


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: how many of each.

    ``journal`` is whether the index holds something of it; ``originals``, the SHA-256 of files that nothing is made
    from any more, to be removed from the data folder.
    """

    accounts: int = 0
    contacts: int = 0
    requests: int = 0
    notes: int = 0
    journal: bool = False
    originals: tuple[str, ...] = ()


def erase(
    session: Session,
    ledger: Ledger,
    person: Person,
    *,
    texts: bool = False,
    notes: Collection[str] = (),
    testimonies: bool = True,
    now: dt.datetime | None = None,
) -> Erased:
    """Erase a person; the ledger has it before the first row changes. Commit, then see ``finishing.finish``.

    Args:
        session: A session that writes.
        ledger: Of the data folder.
        person: Whom.
        texts: Whether the notes they wrote go too. Otherwise notes stay, without an author.
        notes: Ids of further notes to remove whole, every version of them.
        testimonies: Whether their full name goes off the testimonies that bear it.
        now: The present moment.

    Raises:
        SavoirsError: ``last_admin``: nobody would keep the accounts.
        NotFoundError: ``unknown_note``.
    """
    now = now or utc_now()
    refuse_last_admin(session, person.account)
    for id_ in notes:
        if session.get(Note, id_) is None:
            raise NotFoundError("unknown_note", id=id_)
    wanted = _written(session, person) if texts else set()
    erasure = new_erasure(
        now,
        account=person.account.id if person.account else None,
        contacts=tuple(one.id for one in person.contacts),
        addresses=tuple(ledger.digest(address) for address in person.addresses),
        notes=tuple(sorted(wanted | set(notes))),
        texts=texts,
        testimonies=testimonies,
    )
    ledger.append(erasure)
    return _apply(session, erasure, person, now)


def replay(session: Session, ledger: Ledger, now: dt.datetime | None = None) -> tuple[Erased, ...]:
    """Apply again the erasures that this database has not been through; returns what came of each.

    Raises:
        SavoirsError: ``bad_ledger``.
    """
    erasures = ledger.entries()
    if not erasures:
        return ()
    applied = set(session.scalars(select(AppliedErasure.id)))
    lacking = [erasure for erasure in erasures if erasure.id not in applied]
    now = now or utc_now()
    return tuple(_apply(session, erasure, _found(session, ledger, erasure), now) for erasure in lacking)


def refuse_last_admin(session: Session, account: Account | None) -> None:
    """Refuse to remove the last account that keeps accounts.

    Raises:
        SavoirsError: ``last_admin``.
    """
    if account is None or account.role is not Role.ADMIN or account.disabled_at is not None:
        return
    others = select(func.count()).where(
        Account.role == Role.ADMIN, Account.disabled_at.is_(None), Account.id != account.id
    )
    if not session.scalar(others):
        raise SavoirsError("last_admin", login=account.login)


def _apply(session: Session, erasure: Erasure, person: Person, now: dt.datetime) -> Erased:
    notes = set(erasure.notes) | (_written(session, person) if erasure.texts else set())
    removed = _remove_notes(session, notes)
    unnamed = _remove_name(session, _full(person.names)) if erasure.testimonies else 0
    requests = _strip_requests(session, person, now)
    _leave_calls(session, person, texts=erasure.texts)
    organisations = {one.organisation_id for one in person.contacts if one.organisation_id}
    session.flush()
    for contact in person.contacts:
        empty_contact(session, contact)
    originals = _only_sent_by(session, person.account) if person.account is not None else ()
    if person.account is not None:
        _remove_account(session, person.account)
    for id_ in sorted(organisations):
        record_change(session, "organisation", id_)  # it may have become one that nobody can reach
    session.add(AppliedErasure(id=erasure.id, applied_at=now))
    session.flush()
    return Erased(
        accounts=int(person.account is not None),
        contacts=len(person.contacts),
        requests=requests,
        notes=len(removed),
        journal=bool(removed or unnamed),
        originals=originals,
    )


def _found(session: Session, ledger: Ledger, erasure: Erasure) -> Person:
    """The person of an erasure, as an older database has them."""
    account = session.get(Account, erasure.account) if erasure.account else None
    wanted = set(erasure.addresses)
    rows = session.execute(select(Contact.id, Contact.email).where(Contact.email.is_not(None))).all()
    ids = set(erasure.contacts) | {row.id for row in rows if wanted & ledger.digests(row.email)}
    contacts = session.scalars(select(Contact).where(Contact.id.in_(sorted(ids))).order_by(Contact.id)).all()
    return Person(account, tuple(contacts))


def _written(session: Session, person: Person) -> set[str]:
    if person.account is None:
        return set()
    return set(session.scalars(select(Note.id).where(Note.author_id == person.account.id)))


def _remove_notes(session: Session, ids: Collection[str]) -> list[str]:
    """Remove notes and every version of them; the index is told."""
    found = sorted(session.scalars(select(Note.id).where(Note.id.in_(sorted(ids)))))
    for id_ in found:
        record_change(session, "note", id_, ChangeAction.REMOVE)
    session.execute(delete(Note).where(Note.id.in_(found)))
    return found


def _full(names: Sequence[str]) -> list[str]:
    """Names of two words or more: a mere first name is that of many others too."""
    return [name for name in names if len(name.split()) > 1]


def _remove_name(session: Session, names: Sequence[str]) -> int:
    """Take the person's name off the testimonies that bear it, and off their versions."""
    if not names:
        return 0
    folded = [name.strip().lower() for name in names]
    notes = session.scalars(
        select(Note)
        .join(Testimony, Testimony.note_id == Note.id)
        .where(or_(func.lower(func.trim(Testimony.author)).in_(folded), Testimony.author.in_(names)))
        .options(selectinload(Note.revisions), selectinload(Note.testimony))
        .order_by(Note.id)
    ).all()
    for note in notes:
        if note.testimony is not None:
            note.testimony.author = None
        for revision in note.revisions:
            revision.draft = {**revision.draft, "testimony_author": None}
        record_change(session, "note", note.id)
    return len(notes)


def _strip_requests(session: Session, person: Person, now: dt.datetime) -> int:
    ids = [one.id for one in person.contacts]
    mine: list[ColumnElement[bool]] = [Introduction.requester_id.in_(ids)]
    if person.account is not None:
        mine.append(Introduction.account_id == person.account.id)
    written = session.scalars(select(Introduction).where(or_(*mine)).order_by(Introduction.id)).all()
    for request in written:
        strip_request(session, request, now)
        if request.requester_id not in ids:  # written under the account, with an address that is not confirmed
            empty_contact(session, session.get_one(Contact, request.requester_id))
    received = select(Introduction).where(Introduction.recipient_id.in_(ids)).order_by(Introduction.id)
    for request in session.scalars(received).all():
        forget_recipient(session, request, now)
    named = _full(person.names)
    session.execute(update(Introduction).where(Introduction.passed_to_name.in_(named)).values(passed_to_name=""))
    return len(written)


def _leave_calls(session: Session, person: Person, *, texts: bool) -> None:
    """A call that is read by all stays without its asker, unless their texts go; any other goes."""
    asked: list[ColumnElement[bool]] = [Call.asker_id.in_([one.id for one in person.contacts])]
    if person.account is not None:
        asked.append(Call.account_id == person.account.id)
    for call in session.scalars(select(Call).where(or_(*asked)).order_by(Call.id)).all():
        drop_letters(session, [f"call/{call.id}/"])
        if texts or call.status in (CallStatus.WAITING, CallStatus.DECLINED):
            session.delete(call)
        else:
            call.asker_id = call.account_id = None
            call.search = ""


def _only_sent_by(session: Session, account: Account) -> tuple[str, ...]:
    """Files that an account sent, nobody else did, and no record was made from."""
    mine = select(Import.sha256).where(Import.account_id == account.id)
    others = select(Import.sha256).where(Import.account_id != account.id)
    made = select(Source.sha256).where(Source.sha256.is_not(None))
    wanted = mine.where(Import.sha256.not_in(others), Import.sha256.not_in(made)).order_by(Import.sha256)
    return tuple(session.scalars(wanted))


def _remove_account(session: Session, account: Account) -> None:
    """The account, what only it uses, and the lines it wrote; sessions, links, tokens and searches go with it."""
    session.execute(
        delete(Revision).where(Revision.author_id == account.id, Revision.state == RevisionState.CONFLICTING)
    )
    for table in (Trial, Check):
        session.execute(update(table).where(table.account_id == account.id).values(line="", account_id=None))
    session.flush()
    session.execute(delete(Account).where(Account.id == account.id))
    session.expunge(account)
