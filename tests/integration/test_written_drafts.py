"""A note being written is kept for its account alone, as it was typed, for as long as it is said to be."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from savoirs import written_drafts
from savoirs.config import Settings
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.models import Account, WrittenDraft
from savoirs.privacy import held, retention
from savoirs.privacy.ledger import Rehearsal
from savoirs.privacy.persons import Person
from tests.builders import make_account, make_note

NOW = dt.datetime(2026, 11, 26, 14, 32, tzinfo=dt.UTC)
FIELDS = {"title": "  Un café le jeudi ", "action": "Nous avons", "themes": ["lien-social", "isolement"]}


@pytest.fixture
def account(session: Session) -> Account:
    """A member."""
    return make_account(session, "membre")


def test_what_was_typed_comes_back_as_it_was(session: Session, account: Account) -> None:
    """Lists and spaces included; the second time takes the place of the first."""
    written_drafts.keep(session, account, "jeton", {"title": "Un début"}, now=NOW)
    assert written_drafts.keep(session, account, "jeton", FIELDS, now=NOW) == NOW
    session.expire_all()
    assert written_drafts.fields_of(session, account, "jeton") == FIELDS
    (line,) = written_drafts.listing(session, account)
    assert (line.slot, line.note_id, line.title, line.updated_at) == ("jeton", None, "Un café le jeudi", NOW)


def test_no_address_is_kept_in_a_draft(session: Session, account: Account) -> None:
    """Neither in a text nor in a title: an address is where it belongs, or nowhere."""
    typed = {"title": "Écrire à lea@example.org", "action": "Appeler le 01 99 00 12 34 demain."}
    written_drafts.keep(session, account, "jeton", typed)
    kept = written_drafts.fields_of(session, account, "jeton")
    assert kept == {"title": "Écrire à […]", "action": "Appeler le […] demain."}
    assert written_drafts.listing(session, account)[0].title == "Écrire à […]"


def test_nobody_else_reads_a_draft(session: Session, account: Account) -> None:
    """Not under the same slot, not in a list."""
    written_drafts.keep(session, account, "jeton", FIELDS)
    other = make_account(session, "autre")
    assert written_drafts.listing(session, other) == ()
    with pytest.raises(NotFoundError):
        written_drafts.fields_of(session, other, "jeton")
    written_drafts.discard(session, other, "jeton")
    assert written_drafts.find(session, account, "jeton") is not None


def test_a_draft_of_a_change_goes_with_its_note(session: Session, account: Account) -> None:
    """It is named after the note until a title is typed."""
    note = make_note(session, "La ruche du quartier")
    written_drafts.keep(session, account, note.id, {"action": "Encore"}, note_id=note.id)
    assert written_drafts.listing(session, account)[0].title == "La ruche du quartier"
    session.delete(note)
    session.flush()
    session.expire_all()
    assert written_drafts.listing(session, account) == ()


@pytest.mark.parametrize("slot", ["", "a/b", "é", "x" * 65, "a b"])
def test_a_slot_is_a_plain_token(session: Session, account: Account, slot: str) -> None:
    """Anything else is refused."""
    with pytest.raises(SavoirsError, match="bad_draft"):
        written_drafts.keep(session, account, slot, FIELDS)


def test_too_long_or_too_many_is_refused(session: Session, account: Account) -> None:
    """A draft that is there already can still be saved when the list is full."""
    with pytest.raises(SavoirsError, match="draft_too_long"):
        written_drafts.keep(session, account, "long", {"action": "x" * (written_drafts.MAX_CHARS + 1)})
    for number in range(written_drafts.MOST):
        written_drafts.keep(session, account, f"jeton-{number}", FIELDS)
    written_drafts.keep(session, account, "jeton-3", {"title": "Autre"})
    with pytest.raises(SavoirsError, match="too_many_drafts"):
        written_drafts.keep(session, account, "de-trop", FIELDS)


def test_drafts_are_told_in_my_data_and_forgotten_in_time(session: Session, account: Account) -> None:
    """A person sees what they typed; after 180 days without a word it is gone, and not one day before."""
    settings = Settings.load()
    written_drafts.keep(session, account, "jeton", FIELDS, now=NOW)
    told = held.held(session, Person(account, ()))
    assert "Nous avons" in str(told["drafts"][0]["fields"])
    day = dt.timedelta(days=1)
    early = NOW + written_drafts.KEEP_DAYS * day
    assert retention.tidy(session, settings, Rehearsal(settings.data_dir), early).drafts == 0
    assert retention.tidy(session, settings, Rehearsal(settings.data_dir), early + day).drafts == 1
    assert session.query(WrittenDraft).count() == 0


def test_drafts_go_with_their_account(session: Session, account: Account) -> None:
    """No draft stays without its writer."""
    written_drafts.keep(session, account, "jeton", FIELDS)
    session.delete(account)
    session.flush()
    assert session.query(WrittenDraft).count() == 0
