"""Requests where no mail server is set, or no address is known: kept for an editor, with the address in one table."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from savoirs import introductions
from savoirs.errors import ForbiddenError, InvalidError, NotFoundError, SavoirsError
from savoirs.introductions import IntroductionDraft
from savoirs.models import Account, Base, Contact, ContactMode, Introduction, IntroductionStatus, Organisation, Role
from tests.builders import make_account, make_contact, make_note, make_organisation
from tests.post import NOW, make_settings

DRAFT = IntroductionDraft(
    name="Une personne, Association Exemple La Ruche",
    email="ruche@example.org",
    context="Nous sommes douze.",
    question="Comment avez-vous fait ?",
    preference="telephone",
    need="Nos bénévoles ne reviennent pas",
    sentence="Les bénévoles reviennent.",
    agreed=True,
)


def ask(
    session: Session, organisation_id: str, draft: IntroductionDraft = DRAFT, account: Account | None = None
) -> Introduction:
    """Ask where no letter can leave."""
    settings = make_settings(Path("nowhere"), smtp_host="")
    return introductions.request(session, organisation_id, draft, account, settings=settings, now=NOW)


@pytest.fixture
def reached(session: Session) -> Organisation:
    """An organisation that agreed to be reached."""
    organisation = make_organisation(session, "Association Exemple Le Fil")
    make_contact(session, organisation)
    return organisation


def test_a_request_waits_for_an_editor(session: Session, reached: Organisation) -> None:
    """With all that was said, and no address."""
    note = make_note(session, "Un repas")
    ask(session, reached.id, replace(DRAFT, note_id=note.id), make_account(session))
    (view,) = introductions.waiting(session)
    assert (view.organisation.name, view.requester_name) == (reached.name, DRAFT.name)
    assert (view.context, view.question, view.sentence) == (DRAFT.context, DRAFT.question, DRAFT.sentence)
    assert view.note is not None
    assert view.note.name == "Un repas"
    assert "example.org" not in repr(view)
    assert introductions.waiting_count(session) == 1


def test_the_address_is_in_the_contacts_table_only(session: Session, reached: Organisation) -> None:
    """In a closed contact of no organisation: asking makes nobody reachable."""
    ask(session, reached.id, DRAFT)
    holders = {
        table
        for table, columns in Base.metadata.tables.items()
        for row in session.execute(columns.select())
        if "ruche@example.org" in str(row)
    }
    assert holders == {"contacts"}
    contact = session.query(Contact).filter(Contact.email == DRAFT.email).one()
    assert (contact.organisation_id, contact.mode) == (None, ContactMode.CLOSED)
    assert [consent.scope for consent in contact.consents] == ["introduction"]


def test_what_was_searched_is_masked(session: Session, reached: Organisation) -> None:
    """A need typed on the page before may hold an address; the editor does not see it."""
    ask(session, reached.id, replace(DRAFT, need="écrire à ruche@example.org"))
    (view,) = introductions.waiting(session)
    assert "ruche@" not in view.need


def test_only_who_agreed_can_be_asked(session: Session) -> None:
    """Otherwise nothing is kept, and the reason is told."""
    organisation = make_organisation(session)
    make_contact(session, organisation, consent=False)
    with pytest.raises(SavoirsError) as error:
        ask(session, organisation.id, DRAFT)
    assert (error.value.code, error.value.params["availability"]) == ("not_contactable", "pending")
    assert introductions.waiting_count(session) == 0


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": " "}, "name", "missing"),
        ({"email": ""}, "email", "missing"),
        ({"email": "ruche@example"}, "email", "bad_email"),
        ({"email": "a@b@example.org"}, "email", "bad_email"),
        ({"context": ""}, "context", "missing"),
        ({"context": "Écrivez à ruche@example.org"}, "context", "holds_email"),
        ({"question": "Appelez le 01 99 00 12 34"}, "question", "holds_telephone"),
        ({"question": "x" * 2001}, "question", "too_long"),
        ({"availability": "au 01 99 00 12 34"}, "availability", "holds_telephone"),
        ({"availability": "x" * 301}, "availability", "too_long"),
        ({"preference": "pigeon"}, "preference", "bad_value"),
        ({"agreed": False}, "agreed", "not_agreed"),
    ],
)
def test_each_mistake_has_its_field(
    session: Session, reached: Organisation, change: dict[str, object], field: str, code: str
) -> None:
    """And nothing is kept."""
    with pytest.raises(InvalidError) as error:
        ask(session, reached.id, replace(DRAFT, **change))  # type: ignore[arg-type]
    assert [(one.field, one.code) for one in error.value.errors] == [(field, code)]
    assert introductions.waiting_count(session) == 0


def test_the_same_request_twice_is_one(session: Session, reached: Organisation) -> None:
    """A double click asks once; another question to the same organisation waits a week."""
    first = ask(session, reached.id, DRAFT)
    assert ask(session, reached.id, DRAFT) is first
    with pytest.raises(SavoirsError) as error:
        ask(session, reached.id, replace(DRAFT, question="Et ensuite ?"))
    assert (error.value.code, error.value.params["day"]) == ("asked_recently", "2026-12-01")
    assert introductions.waiting_count(session) == 1


def test_an_editor_settles_it(session: Session, reached: Organisation) -> None:
    """Nobody else does."""
    one = ask(session, reached.id, DRAFT)
    editor = make_account(session, role=Role.EDITOR)
    with pytest.raises(ForbiddenError):
        introductions.settle(session, one.id, make_account(session))
    with pytest.raises(SavoirsError):
        introductions.settle(session, one.id, editor, "lost")
    with pytest.raises(NotFoundError):
        introductions.settle(session, 10_000, editor)
    introductions.settle(session, one.id, editor)
    introductions.settle(session, one.id, editor, "declined")
    session.flush()
    assert introductions.waiting(session) == ()
    assert one.status == IntroductionStatus.HANDLED  # the first word counts


def test_unknown_ids_are_not_found(session: Session, reached: Organisation) -> None:
    """The organisation's and the note's."""
    with pytest.raises(NotFoundError):
        ask(session, "inconnue", DRAFT)
    with pytest.raises(NotFoundError):
        ask(session, reached.id, replace(DRAFT, note_id="inconnue"))
