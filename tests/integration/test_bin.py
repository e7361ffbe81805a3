"""What is withdrawn waits in the bin for thirty days, can be put back, and is then erased for good."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import bin, notes
from savoirs.errors import ForbiddenError, NotFoundError
from savoirs.models import Account, Change, ChangeAction, Note, NoteStatus, Revision, Role, Stance
from tests.builders import make_account, make_note, make_organisation, make_theme

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def member(session: Session) -> Account:
    """A member of an association."""
    return make_account(session, "membre", organisation=make_organisation(session, key="la-leur"))


@pytest.fixture
def editor(session: Session) -> Account:
    """Somebody who edits everything."""
    return make_account(session, "edition", role=Role.EDITOR)


def own_note(session: Session, member: Account) -> Note:
    """A published note that the member's association lived."""
    assert member.organisation is not None
    return make_note(session, "La tournée", lived=[(member.organisation, Stance.SOLVED)])


def test_what_one_withdrew_one_puts_back(session: Session, member: Account) -> None:
    """Published again, for everybody; a second click does nothing."""
    note = own_note(session, member)
    notes.withdraw(session, note.id, member, NOW)
    (line,) = bin.listing(session, member, NOW)
    assert (line.id, line.erased_on, line.mine) == (note.id, (NOW + 30 * DAY).date(), True)
    bin.put_back(session, note.id, member)
    bin.put_back(session, note.id, member)
    assert note.status is NoteStatus.PUBLISHED
    assert bin.listing(session, member, NOW) == ()
    last = session.scalars(select(Change).order_by(Change.seq.desc()).limit(1)).one()
    assert (last.record_id, last.action) == (note.id, ChangeAction.UPSERT)


def test_a_note_that_waited_waits_again(session: Session, editor: Account) -> None:
    """Putting back publishes nothing that was not published."""
    note = make_note(session, status=NoteStatus.PENDING, published_at=None)
    notes.withdraw(session, note.id, editor, NOW)
    assert bin.put_back(session, note.id, editor).status is NoteStatus.PENDING


def test_what_an_editor_withdrew_only_an_editor_puts_back(session: Session, member: Account, editor: Account) -> None:
    """A member sees that it is there, and may not undo the decision."""
    note = own_note(session, member)
    notes.withdraw(session, note.id, editor, NOW)
    assert [line.mine for line in bin.listing(session, member, NOW)] == [False]
    with pytest.raises(ForbiddenError, match="editors_only"):
        bin.put_back(session, note.id, member)
    assert bin.put_back(session, note.id, editor).status is NoteStatus.PUBLISHED


def test_nobody_sees_the_bin_of_others(session: Session, member: Account, editor: Account) -> None:
    """A member sees their own notes, an editor all."""
    note = make_note(session, "Une autre")
    notes.withdraw(session, note.id, editor, NOW)
    assert bin.listing(session, member, NOW) == ()
    assert len(bin.listing(session, editor, NOW)) == 1
    with pytest.raises(ForbiddenError, match="not_your_note"):
        bin.put_back(session, note.id, member)
    with pytest.raises(NotFoundError):
        bin.put_back(session, "absente", member)


def test_after_thirty_days_nothing_is_left(session: Session, editor: Account) -> None:
    """The note, its versions; the journal is told; the day before, nothing happens; done twice, as done once."""
    make_theme(session, key="lien")
    note = make_note(session, "À oublier")
    draft, revision = notes.get_draft(session, note.id)
    notes.edit(session, note.id, notes.NoteDraft(title="Autre", action="Autre", themes=draft.themes), editor, revision)
    notes.withdraw(session, note.id, editor, NOW)
    kept = make_note(session, "À garder")
    id_ = note.id
    assert bin.empty(session, NOW + 30 * DAY - dt.timedelta(seconds=1)) == 0
    assert bin.empty(session, NOW + 30 * DAY) == 1
    assert bin.empty(session, NOW + 30 * DAY) == 0
    assert session.get(Note, id_) is None
    assert session.get(Note, kept.id) is not None
    assert session.scalars(select(Revision).where(Revision.note_id == id_)).all() == []
    last = session.scalars(select(Change).order_by(Change.seq.desc()).limit(1)).one()
    assert (last.record_id, last.action) == (id_, ChangeAction.REMOVE)


def test_withdrawn_twice_keeps_the_first_day(session: Session, editor: Account) -> None:
    """Withdrawing again does not make a note wait longer, nor does publishing leave it a day of erasure."""
    note = make_note(session)
    notes.withdraw(session, note.id, editor, NOW)
    notes.withdraw(session, note.id, editor, NOW + DAY)
    assert note.withdrawn_at == NOW
    notes.publish(session, note.id, editor)
    assert note.withdrawn_at is None
    assert bin.empty(session, NOW + 60 * DAY) == 0


def test_what_was_withdrawn_before_the_bin_begins_its_month_now(session: Session) -> None:
    """An older base loses nothing on its first day."""
    note = make_note(session, status=NoteStatus.WITHDRAWN)
    assert bin.empty(session, NOW) == 0
    session.refresh(note)
    assert note.withdrawn_at == NOW
    assert bin.empty(session, NOW + 30 * DAY) == 1
