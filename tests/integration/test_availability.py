"""Who may be reached. No other module reads consents."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from savoirs.availability import Availability, State, availabilities
from savoirs.models import Consent, ContactMode
from savoirs.models.base import utc_now
from tests.builders import make_contact, make_organisation

TODAY = dt.date(2026, 11, 23)


def of(
    session: Session, *, fictional: bool = True, scope: str = "relay", withdrawn: bool = False, **contact: Any
) -> State:
    """The state of an organisation with one contact."""
    organisation = make_organisation(session, fictional=fictional)
    row = make_contact(session, organisation, **contact)
    for consent in row.consents:
        consent.scope, consent.withdrawn_at = scope, utc_now() if withdrawn else None
    session.flush()
    return availabilities(session, [organisation.id], TODAY)[organisation.id].state


def test_with_consent_by_relay(session: Session) -> None:
    """The demonstration's organisations, and real ones that agreed to be reached."""
    assert of(session) is State.RELAY
    assert of(session, scope="demonstration") is State.RELAY
    assert of(session, mode=ContactMode.PUBLIC) is State.RELAY
    assert of(session, fictional=False) is State.RELAY


def test_not_without_consent(session: Session) -> None:
    """None given, withdrawn, or given for the demonstration by what is no fiction."""
    assert of(session, consent=False) is State.PENDING
    assert of(session, withdrawn=True) is State.PENDING
    assert of(session, fictional=False, consent=False) is State.PENDING
    assert of(session, fictional=False, scope="demonstration") is State.PENDING
    assert of(session, mode=ContactMode.PUBLIC, consent=False) is State.PENDING


def test_not_when_closed(session: Session) -> None:
    """Even with a consent."""
    assert of(session, mode=ContactMode.CLOSED) is State.CLOSED


@pytest.mark.parametrize(("until", "state"), [("2026-11-22", State.RELAY), ("2026-11-23", State.PAUSED)])
def test_a_pause_lasts_until_its_day(session: Session, until: str, state: State) -> None:
    """That day included."""
    assert of(session, paused_until=until) is state


def test_nobody_is_known(session: Session) -> None:
    """An organisation without a contact."""
    organisation = make_organisation(session)
    assert availabilities(session, [organisation.id], TODAY) == {organisation.id: Availability(State.NONE)}


def test_the_easiest_of_several_contacts_decides(
    session: Session, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """In one query for all organisations."""
    both, paused = make_organisation(session), make_organisation(session)
    make_contact(session, both, mode=ContactMode.CLOSED)
    make_contact(session, both)
    make_contact(session, paused, consent=False)
    make_contact(session, paused, paused_until="2027-01-01")
    with max_queries(1):
        found = availabilities(session, [both.id, paused.id], TODAY)
    assert found[both.id].contactable
    assert found[paused.id] == Availability(State.PAUSED, "2027-01-01")
    assert not found[paused.id].contactable


def test_several_consents_count_once(session: Session) -> None:
    """One withdrawn, one given: it is given."""
    organisation = make_organisation(session, fictional=False)
    contact = make_contact(session, organisation)
    contact.consents.append(Consent(scope="relay", wording_version="0", withdrawn_at=utc_now()))
    session.flush()
    assert availabilities(session, [organisation.id], TODAY)[organisation.id].contactable
