"""Nothing is kept longer than it is said to be. Done daily; done twice, it is as done once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from savoirs import accounts, bin, written_drafts
from savoirs.config import Settings
from savoirs.errors import SavoirsError
from savoirs.models import Account, Call, CallStatus, Contact, Import, Introduction, Letter, SearchMiss
from savoirs.outbox import post
from savoirs.privacy.erasing import erase, refuse_last_admin
from savoirs.privacy.ledger import Ledger
from savoirs.privacy.persons import Person
from savoirs.privacy.stripping import empty_contact, strip_request

KEEP_LETTERS_DAYS = 90
KEEP_IMPORTS_DAYS = 90
KEEP_MISSES_MONTHS = 24
WARNING_DAYS = 30
"""Between the notice to an account without visits and its removal."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many of each were removed, or warned."""

    requests: int = 0
    calls: int = 0
    contacts: int = 0
    letters: int = 0
    sessions: int = 0
    misses: int = 0
    warned: int = 0
    accounts: int = 0
    notes: int = 0
    drafts: int = 0
    imports: int = 0

    @property
    def leaves_traces(self) -> bool:
        """Whether the database's files may still hold what a person wrote."""
        personal = (self.requests, self.calls, self.contacts, self.accounts, self.misses)
        return any((*personal, self.notes, self.drafts, self.imports))


def tidy(session: Session, settings: Settings, ledger: Ledger, now: dt.datetime) -> Tidied:
    """Remove what has been kept long enough, and warn those whose account is about to go.

    Args:
        session: A session that writes; commit, then see ``finishing.scour`` when ``leaves_traces``.
        settings: How long.
        ledger: Gets the accounts that are removed, so that no restoration brings them back.
        now: The present moment.
    """
    return Tidied(
        requests=_strip_requests(session, now - dt.timedelta(days=settings.keep_requests_days), now),
        calls=_leave_calls(session, now - dt.timedelta(days=settings.keep_requests_days)),
        letters=_remove_letters(session, now - dt.timedelta(days=KEEP_LETTERS_DAYS)),
        sessions=accounts.purge(session, idle=dt.timedelta(days=settings.session_idle_days)),
        misses=_remove_misses(session, now),
        accounts=_remove_accounts(session, ledger, now),
        warned=_warn(session, settings, now),
        contacts=_remove_contacts(session),
        notes=bin.empty(session, now),
        drafts=written_drafts.forget_old(session, now),
        imports=_remove_imports(session, now - dt.timedelta(days=KEEP_IMPORTS_DAYS)),
    )


def _strip_requests(session: Session, before: dt.datetime, now: dt.datetime) -> int:
    """Ended ones by their end; one that never ended, by its beginning."""
    last = func.coalesce(Introduction.closed_at, Introduction.answered_at, Introduction.created_at)
    old = select(Introduction).where(Introduction.stripped_at.is_(None), last < before).order_by(Introduction.id)
    requests = session.scalars(old).all()
    for request in requests:
        strip_request(session, request, now)
    session.flush()
    return len(requests)


def _leave_calls(session: Session, before: dt.datetime) -> int:
    """Who asked is removed from calls that ended; a call that was not let through goes whole."""
    over = Call.status.in_((CallStatus.CLOSED, CallStatus.DECLINED))
    held = or_(Call.asker_id.is_not(None), Call.account_id.is_not(None), Call.search != "")
    declined = Call.status == CallStatus.DECLINED
    last = func.coalesce(Call.closed_at, Call.created_at)
    calls = session.scalars(select(Call).where(over, or_(held, declined), last < before).order_by(Call.id)).all()
    for call in calls:
        if call.status == CallStatus.DECLINED:
            session.delete(call)
        else:
            call.asker_id = call.account_id = None
            call.search = ""
    session.flush()
    return len(calls)


def _remove_letters(session: Session, before: dt.datetime) -> int:
    """Those that never left too: so late, they have no reason to."""
    return len(session.execute(delete(Letter).where(Letter.created_at < before).returning(Letter.id)).all())


def _remove_imports(session: Session, before: dt.datetime) -> int:
    """Files sent long ago, reviewed or not; what was made of them stays. See ``imports.drop_orphans`` for the files."""
    return len(session.execute(delete(Import).where(Import.created_at < before).returning(Import.id)).all())


def _remove_misses(session: Session, now: dt.datetime) -> int:
    months = now.year * 12 + now.month - 1 - KEEP_MISSES_MONTHS
    oldest = f"{months // 12:04}-{months % 12 + 1:02}"
    return len(session.execute(delete(SearchMiss).where(SearchMiss.month < oldest).returning(SearchMiss.month)).all())


def _remove_contacts(session: Session) -> int:
    """Contacts of nobody: no organisation, no account, and nothing left that they asked for."""
    asks: tuple[ColumnElement[bool], ...] = (
        exists().where(Introduction.requester_id == Contact.id, Introduction.stripped_at.is_(None)),
        exists().where(Introduction.recipient_id == Contact.id),
        exists().where(Call.asker_id == Contact.id),
        exists().where(Letter.contact_id == Contact.id),
    )
    nobody = select(Contact).where(
        Contact.organisation_id.is_(None),
        Contact.account_id.is_(None),
        or_(Contact.email.is_not(None), Contact.name.is_not(None), Contact.telephone.is_not(None)),
        *(~one for one in asks),
    )
    contacts = session.scalars(nobody.order_by(Contact.id)).all()
    for contact in contacts:
        empty_contact(session, contact)
    return len(contacts)


def _warn(session: Session, settings: Settings, now: dt.datetime) -> int:
    """Tell those who have not come for long: by letter where we have their address, else at their next visit."""
    before = (now - dt.timedelta(days=settings.inactive_account_days)).date().isoformat()
    warned = 0
    for account in session.scalars(select(Account).where(Account.warned_at.is_(None)).order_by(Account.id)).all():
        if _last_visit(account) >= before or _is_last_admin(session, account):
            continue
        account.warned_at = now
        contact = _reached(session, account)
        if contact is not None:
            day = (now + dt.timedelta(days=WARNING_DAYS)).date().isoformat()
            key = f"privacy/inactive/{account.id}/{day}"
            post(session, "privacy.inactive", contact, key, {"account": account.id, "day": day}, now)
        warned += 1
    session.flush()
    return warned


def _remove_accounts(session: Session, ledger: Ledger, now: dt.datetime) -> int:
    """Those who were told long enough ago and did not come since. What their organisation answers to stays."""
    told = select(Account).where(Account.warned_at < now - dt.timedelta(days=WARNING_DAYS)).order_by(Account.id)
    removed = 0
    for account in session.scalars(told).all():
        if account.warned_at is None or _is_last_admin(session, account):
            continue
        own = select(Contact).where(Contact.account_id == account.id, Contact.organisation_id.is_(None))
        person = Person(account, tuple(session.scalars(own.order_by(Contact.id))))
        erase(session, ledger, person, testimonies=False, now=now)
        removed += 1
    return removed


def _reached(session: Session, account: Account) -> Contact | None:
    """The account's own contact, at an address that it confirmed and that was not refused."""
    return session.scalar(
        select(Contact)
        .where(
            Contact.account_id == account.id,
            Contact.organisation_id.is_(None),
            Contact.email.is_not(None),
            Contact.address_confirmed_at.is_not(None),
            Contact.bounced_at.is_(None),
        )
        .order_by(Contact.id)
        .limit(1)
    )


def _last_visit(account: Account) -> str:
    return account.seen_on or account.created_at.date().isoformat()


def _is_last_admin(session: Session, account: Account) -> bool:
    try:
        refuse_last_admin(session, account)
    except SavoirsError:
        return True
    return False
