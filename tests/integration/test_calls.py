"""Calls: asked, let through, told to those who are near, answered by notes, closed. Addresses stay where they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from savoirs import call_answers, call_recipients, call_views, calls, notes
from savoirs.calls import CallDraft
from savoirs.config import Settings
from savoirs.errors import ForbiddenError, InvalidError, NotFoundError, SavoirsError
from savoirs.indexing import documents
from savoirs.journal import JournalFeed
from savoirs.models import (
    Account,
    Call,
    CallNotice,
    CallStatus,
    Consent,
    Contact,
    ContactMode,
    Letter,
    NoteStatus,
    Organisation,
    Role,
    Stance,
)
from savoirs.overview import overview
from tests.builders import make_account, make_call, make_contact, make_note, make_organisation, make_theme
from tests.fakes import WordEngine

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
QUESTION = "Qui a organisé du covoiturage en zone rurale ?"


@pytest.fixture
def settings() -> Settings:
    """Two organisations a call at most, two calls a week each."""
    return Settings.load(call_recipients=2, call_notices_week=2)


@pytest.fixture
def editor(session: Session) -> Account:
    """Who lets calls through."""
    return make_account(session, role=Role.EDITOR)


def asked(session: Session, account: Account | None = None, **values: Any) -> Call:
    """A call that waits."""
    return calls.ask(session, CallDraft(**({"question": QUESTION} | values)), account, NOW)


def opened(session: Session, call: Call, editor: Account, settings: Settings, *nearest: Organisation) -> Call:
    """The call, let through."""
    return calls.open_call(session, call.id, editor, [one.id for one in nearest], settings, NOW)


def reachable(session: Session, **values: Any) -> Organisation:
    """An organisation whose contact agreed, and has an address."""
    organisation = make_organisation(session)
    make_contact(session, organisation, **({"email": f"relais-{organisation.id}@example.org"} | values))
    return organisation


def letters(session: Session, kind: str) -> list[Letter]:
    """The letters of a kind."""
    return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_a_call_waits_and_nobody_reads_it(session: Session) -> None:
    """Before an editor's word it is in no list and on no page, but for who asked."""
    account = make_account(session, organisation=make_organisation(session))
    call = asked(session, account)
    assert call.status == CallStatus.WAITING
    assert call_views.listing(session) == ()
    with pytest.raises(NotFoundError):
        call_views.view(session, call.id)
    assert call_views.view(session, call.id, account).line.question == QUESTION
    assert [one.id for one in call_views.asked_by(session, account)] == [call.id]


def test_the_same_question_sent_twice_is_kept_once(session: Session) -> None:
    """With and without an address or an account; another asker's is another call."""
    account = make_account(session, organisation=make_organisation(session))
    ways: list[tuple[Account | None, dict[str, Any]]] = [
        (None, {}),
        (None, {"email": "Ana@example.org", "agreed": True}),
        (account, {}),
    ]
    for asker, values in ways:
        assert asked(session, asker, **values) is asked(session, asker, **values)
    assert session.scalar(select(func.count()).select_from(Call)) == 3


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"question": " "}, "question", "missing"),
        ({"question": "x" * 501}, "question", "too_long"),
        ({"question": "Écrire à ana@example.org"}, "question", "holds_email"),
        ({"context": "Appelez le 01 99 00 11 22"}, "context", "holds_telephone"),
        ({"email": "ana@", "agreed": True}, "email", "bad_email"),
        ({"email": "ana@example.org"}, "agreed", "address_without_agreement"),
    ],
)
def test_a_mistake_is_told_by_its_field(session: Session, values: dict[str, Any], field: str, code: str) -> None:
    """And nothing is kept."""
    with pytest.raises(InvalidError) as refused:
        asked(session, **values)
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    assert session.scalar(select(func.count()).select_from(Call)) == 0


def test_an_address_is_in_a_closed_contact_and_nowhere_else(session: Session) -> None:
    """It goes with the call: closed, it is erased."""
    call = asked(session, email="Ana@Example.org", agreed=True)
    contact = call.asker
    assert contact is not None
    assert (contact.email, contact.mode, contact.organisation_id) == ("ana@example.org", ContactMode.CLOSED, None)
    assert [one.scope for one in contact.consents] == ["call"]
    calls.close(session, call.id, NOW)
    assert session.scalar(select(func.count()).select_from(Contact)) == 0
    assert (call.status, call.asker) == (CallStatus.DECLINED, None)


def test_an_accounts_own_address_is_kept_when_its_call_is_closed(session: Session) -> None:
    """It is the account's, not the call's."""
    account = make_account(session, organisation=make_organisation(session))
    own = Contact(
        id="aaaaaaaaaa", key="compte", account_id=account.id, email="ana@example.org",
        mode=ContactMode.CLOSED, address_confirmed_at=NOW,
    )  # fmt: skip
    session.add(own)
    session.flush()
    call = asked(session, account, agreed=True)
    assert call.asker is own
    calls.close(session, call.id, NOW)
    assert session.get(Contact, own.id) is own


def test_only_an_editor_lets_a_call_through(session: Session, settings: Settings) -> None:
    """A member may not, even their own."""
    member = make_account(session, organisation=make_organisation(session))
    call = asked(session, member)
    with pytest.raises(ForbiddenError):
        opened(session, call, member, settings)
    with pytest.raises(ForbiddenError):
        calls.decline(session, call.id, member, NOW)


def test_publishing_masks_addresses_and_telephones(session: Session, editor: Account, settings: Settings) -> None:
    """Whatever an editor types."""
    call = asked(session)
    calls.open_call(
        session, call.id, editor, [], settings, NOW,
        question="Écrire à ana@example.org ?", context="Ou au 01 99 00 11 22.",
    )  # fmt: skip
    assert "ana@example.org" not in call.question
    assert "01 99" not in call.context
    (line,) = call_views.listing(session)
    assert line.question == "Écrire à […] ?"


def test_those_who_are_near_are_told_once(session: Session, editor: Account, settings: Settings) -> None:
    """The first of those who may be reached, as many as the setting says; a second click tells nobody twice."""
    unasked = make_organisation(session)
    make_contact(session, unasked, consent=False, email="x@example.org")
    closed = reachable(session, mode=ContactMode.CLOSED)
    away = reachable(session, paused_until="2026-12-31")
    near = [reachable(session) for _ in range(3)]
    call = asked(session)
    for _ in range(2):
        opened(session, call, editor, settings, unasked, closed, away, *near)
    assert call_views.told_ids(session, call.id) == {near[0].id, near[1].id}
    assert [one.params for one in letters(session, "call.notice")] == [
        {"call": call.id, "organisation": one.id} for one in near[:2]
    ]


def test_nobody_is_told_of_more_calls_a_week_than_the_setting(
    session: Session, editor: Account, settings: Settings
) -> None:
    """The next nearest is told instead; a week later, the first is again."""
    often, other = reachable(session), reachable(session)
    for number in range(2):
        opened(session, asked(session, question=f"Question {number} ?"), editor, settings, often)
    third = opened(session, asked(session, question="Une troisième ?"), editor, settings, often, other)
    assert call_views.told_ids(session, third.id) == {other.id}
    fourth = asked(session, question="Plus tard ?")
    calls.open_call(session, fourth.id, editor, [often.id], settings, NOW + 8 * DAY)
    assert call_views.told_ids(session, fourth.id) == {often.id}


def test_whoever_has_no_address_reads_it_in_their_own_page(
    session: Session, editor: Account, settings: Settings
) -> None:
    """A contact who agreed is told by their page; no letter is posted that could not leave."""
    organisation = make_organisation(session)
    make_contact(session, organisation)
    call = opened(session, asked(session), editor, settings, organisation)
    assert letters(session, "call.notice") == []
    member = make_account(session, organisation=organisation)
    assert [one.id for one in call_views.told_to(session, member)] == [call.id]


def test_a_contact_who_wants_no_more_calls_gets_no_letter(
    session: Session, editor: Account, settings: Settings
) -> None:
    """One click is enough, twice is as once, and what they agreed to otherwise stays."""
    organisation = reachable(session)
    contact = session.scalars(select(Contact).where(Contact.organisation_id == organisation.id)).one()
    for _ in range(2):
        call_recipients.stop_notices(session, contact.id, NOW)
    session.flush()
    held = session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).all()
    assert len(held) == 1
    opened(session, asked(session), editor, settings, organisation)
    assert letters(session, "call.notice") == []


def test_the_nearest_are_those_whose_notes_say_so(session_factory: Any, settings: Settings) -> None:
    """With the sentence that makes them the ones; who asks, and who cannot be reached, are left out."""
    with session_factory() as session:
        asker, near, mute = (make_organisation(session) for _ in range(3))
        for organisation in (asker, near):
            make_contact(session, organisation)
        for organisation in (asker, near, mute):
            make_note(
                session, "Le covoiturage", lived=[(organisation, Stance.SOLVED)],
                action="Nous avons organisé du covoiturage en zone rurale.",
            )  # fmt: skip
        session.commit()
        found = call_recipients.nearest(
            session, WordEngine(), JournalFeed(session_factory), QUESTION, exclude=asker.id, today=NOW.date()
        )
        assert [one.organisation.id for one in found] == [near.id]
        assert "<mark>" in found[0].evidence.sentence
        assert call_recipients.foreseen(session, found, settings, NOW) == found
        for _ in range(2):
            call = make_call(session)
            session.add(CallNotice(call_id=call.id, organisation_id=near.id, created_at=NOW))
        session.flush()
        assert call_recipients.foreseen(session, found, settings, NOW) == ()


def test_a_note_answers_once_published(session: Session, editor: Account, settings: Settings) -> None:
    """Until then it counts for nothing; then whoever asked is told, once, if the address is theirs."""
    call = opened(session, asked(session, email="ana@example.org", agreed=True), editor, settings)
    assert call.asker is not None
    note = make_note(session, "Le covoiturage du jeudi", status=NoteStatus.PENDING)
    assert call_answers.link(session, call.id, note, NOW)
    assert call_views.view(session, call.id).notes == ()
    notes.publish(session, note.id, editor)
    call_answers.published(session, note.id, NOW)
    assert letters(session, "call.answer") == []
    calls.confirm_address(session, call.id, NOW)
    assert [call_answers.tell(session, NOW) for _ in range(2)] == [1, 0]
    assert [one.params for one in letters(session, "call.answer")] == [{"call": call.id, "note": note.id}]
    view = call_views.view(session, call.id)
    assert ([one.id for one in view.notes], view.line.answers) == ([note.id], 1)


def test_the_question_is_a_text_of_the_note_that_answers_it(session: Session) -> None:
    """Whoever searches the words that found nothing finds what was written for them, however it was worded."""
    call = make_call(session, "Qui a organisé du brumiflex ?")
    note = make_note(session, "Les trajets partagés")
    call_answers.link(session, call.id, note, NOW)
    (document,) = documents(session, [note.id])
    assert "brumiflex" in document.body
    call.status = CallStatus.DECLINED
    session.flush()
    (document,) = documents(session, [note.id])
    assert "brumiflex" not in document.body


def test_a_closed_call_takes_no_more_answers(session: Session) -> None:
    """It is still read, with those it has; an unknown one is no mistake of who writes a note."""
    call = make_call(session)
    calls.close(session, call.id, NOW)
    note = make_note(session)
    assert not call_answers.link(session, call.id, note, NOW)
    assert not call_answers.link(session, "aaaaaaaaaa", note, NOW)
    assert call_views.view(session, call.id).line.status == CallStatus.CLOSED


def test_a_call_that_is_over_cannot_be_opened_again(session: Session, editor: Account, settings: Settings) -> None:
    """Of two editors, the second is told."""
    call = asked(session)
    calls.decline(session, call.id, editor, NOW)
    with pytest.raises(SavoirsError, match="call_over"):
        opened(session, call, editor, settings)
    other = opened(session, asked(session), editor, settings)
    with pytest.raises(SavoirsError, match="call_over"):
        calls.decline(session, other.id, editor, NOW)


def test_old_calls_are_closed(session: Session) -> None:
    """After half a year whoever asked has found, or asks again."""
    old = make_call(session, opened_at=NOW - (calls.CALL_DAYS + 1) * DAY)
    new = make_call(session, opened_at=NOW - DAY)
    assert [calls.close_old(session, NOW) for _ in range(2)] == [1, 0]
    assert (old.status, new.status) == (CallStatus.CLOSED, CallStatus.OPEN)


def test_calls_are_counted_under_the_root_of_their_theme(session: Session) -> None:
    """In the statement that counts notes; those without a theme apart."""
    root = make_theme(session, "Mobilité", key="mobilite")
    child = make_theme(session, "Covoiturage", parent=root)
    for theme in (root, child, None):
        make_call(session, theme_id=theme.id if theme else None)
    make_call(session, theme_id=root.id, status=CallStatus.WAITING)
    seen = overview(session, calls=2)
    assert seen.calls_by_theme == {"mobilite": 2, "": 1}
    assert (len(seen.calls), seen.calls_total) == (2, 3)


@pytest.mark.parametrize(
    ("question", "search", "need"),
    [
        ("Qui a déjà vécu ceci : covoiturage rural ?", "covoiturage rural", "covoiturage rural"),
        ("Comment partager les trajets ?", "covoiturage rural", "Comment partager les trajets ?"),
        ("Comment partager les trajets ?", "", "Comment partager les trajets ?"),
    ],
)
def test_the_nearest_are_looked_for_by_the_words_that_found_nothing(question: str, search: str, need: str) -> None:
    """As long as the question still says them; the words around them are near to everybody."""
    assert call_recipients.need_of(question, search) == need
