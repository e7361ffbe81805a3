"""« J’ai essayé » and « Toujours vrai ? »: what is kept, who may say it, and what readers and the index make of it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from savoirs import checks, note_views, trials
from savoirs.errors import InvalidError, NotFoundError, SavoirsError
from savoirs.indexing import documents
from savoirs.journal import last_seq
from savoirs.models import Check, Note, NoteKind, NoteStatus, Outcome, Stance, Trial, Verdict
from savoirs.note_lines import note_lines
from savoirs.result_rows import read_records
from tests.builders import make_account, make_check, make_note, make_organisation, make_trial

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def note(session: Session) -> Note:
    """A practice told in 2017."""
    return make_note(session, "Un repas", date="2017", lived=[(make_organisation(session), Stance.SOLVED)])


def test_a_second_trial_of_an_account_replaces_its_first(session: Session, note: Note) -> None:
    """One a note and an account: the last said counts."""
    account = make_account(session, organisation=make_organisation(session, "Association Exemple Le Fil"))
    trials.tell(session, note.id, account, Outcome.ADOPTED, "Dès le premier mois.", NOW)
    trials.tell(session, note.id, account, Outcome.ABANDONED, "", NOW + DAY)
    (told,) = note_views.view(session, note.id, account, TODAY).upkeep.trials
    assert (told.outcome, told.line, told.day, told.mine) == (Outcome.ABANDONED, "", "2026-11-24", True)
    assert told.organisation is not None
    assert told.organisation.name == "Association Exemple Le Fil"


def test_two_clicks_do_nothing_twice(session: Session, note: Note) -> None:
    """The same trial and the same check, said twice: one row, one change of the journal each."""
    account = make_account(session, organisation=make_organisation(session))
    before = last_seq(session)
    for _ in range(2):
        trials.tell(session, note.id, account, Outcome.ADAPTED, "Plus court.", NOW)
        checks.tell(session, note.id, account, Verdict.CONFIRMED, "", NOW)
    assert last_seq(session) == before + 2
    assert session.scalar(select(func.count()).select_from(Trial)) == 1
    assert session.scalar(select(func.count()).select_from(Check)) == 1


def test_a_trial_can_be_taken_back(session: Session, note: Note) -> None:
    """And taking it back twice is no mistake."""
    account = make_account(session, organisation=make_organisation(session))
    trials.tell(session, note.id, account, Outcome.ADOPTED, "", NOW)
    for _ in range(2):
        trials.take_back(session, note.id, account)
    assert note_views.view(session, note.id, None, TODAY).upkeep.trials == ()


def test_checks_keep_their_history_and_the_last_counts(session: Session, note: Note) -> None:
    """Each answer is kept but one corrected the same day by who gave it."""
    first = make_account(session, organisation=make_organisation(session))
    second = make_account(session, organisation=make_organisation(session))
    checks.tell(session, note.id, first, Verdict.CONFIRMED, "", NOW - 400 * DAY)
    checks.tell(session, note.id, second, Verdict.CONFIRMED, "", NOW)
    checks.tell(session, note.id, second, Verdict.ENDED, "Le site a fermé.", NOW + DAY / 4)
    upkeep = note_views.view(session, note.id, None, TODAY).upkeep
    assert [one.verdict for one in upkeep.checks] == [Verdict.ENDED, Verdict.CONFIRMED]
    assert upkeep.last is not None
    assert (upkeep.last.line, upkeep.last.mine) == ("Le site a fermé.", False)


def test_a_confirmation_makes_a_note_young_again(session: Session, note: Note) -> None:
    """« Racontée en 2017, à revérifier » until somebody says that it still holds."""
    assert note_views.view(session, note.id, None, TODAY).to_recheck
    account = make_account(session, organisation=make_organisation(session))
    checks.tell(session, note.id, account, Verdict.CONFIRMED, "", NOW)
    seen = note_views.view(session, note.id, None, TODAY)
    assert (seen.to_recheck, seen.true_as_of, seen.said) == (False, "2026-11-23", None)
    (line,) = note_lines(session, select(Note).where(Note.id == note.id))
    assert (line.true_as_of, line.said) == ("2026-11-23", None)


@pytest.mark.parametrize("verdict", [Verdict.CHANGED, Verdict.ENDED])
def test_what_no_longer_holds_is_said_in_every_list(session: Session, note: Note, verdict: Verdict) -> None:
    """On the note and in its lines, until a later day says otherwise."""
    account = make_account(session, organisation=make_organisation(session))
    note.true_as_of = "2026-01"
    checks.tell(session, note.id, account, verdict, "", NOW)
    for said in (
        note_views.view(session, note.id, None, TODAY).said,
        note_lines(session, select(Note).where(Note.id == note.id))[0].said,
    ):
        assert said is not None
        assert (said.verdict, said.day) == (verdict, "2026-11-23")
    note.true_as_of = "2026-12-01"
    session.flush()
    assert note_views.view(session, note.id, None, TODAY).said is None


def test_whoever_lived_an_anonymous_note_is_not_named_by_its_trials(session: Session) -> None:
    """Saying that one's own anonymous note still holds does not tell who one is."""
    teller = make_organisation(session, "Association Exemple Discrète")
    other = make_organisation(session, "Association Exemple Ouverte")
    note = make_note(session, lived=[(teller, Stance.SOLVED)], anonymous=True)
    for organisation in (teller, other):
        account = make_account(session, organisation=organisation)
        make_trial(session, note, account)
        make_check(session, note, account)
    upkeep = note_views.view(session, note.id, None, TODAY).upkeep
    for lines in (upkeep.trials, upkeep.checks):
        named = {one.organisation.name if one.organisation else one.teller for one in lines}
        assert named == {True, "Association Exemple Ouverte"}


@pytest.mark.parametrize(
    ("line", "code"),
    [("Écrivez à fil@example.org", "holds_email"), ("Au 01 99 00 11 22", "holds_telephone"), ("x" * 301, "too_long")],
)
def test_a_sentence_holds_no_address(session: Session, note: Note, line: str, code: str) -> None:
    """Nor more than it may."""
    account = make_account(session, organisation=make_organisation(session))
    for tell in (
        lambda: trials.tell(session, note.id, account, Outcome.ADOPTED, line, NOW),
        lambda: checks.tell(session, note.id, account, Verdict.CONFIRMED, line, NOW),
    ):
        with pytest.raises(InvalidError) as refused:
            tell()
        assert [error.code for error in refused.value.errors] == [code]


def test_only_what_is_published_and_can_be_tried_is(session: Session) -> None:
    """A hidden note is as if it were not there; a testimony is not tried."""
    account = make_account(session, organisation=make_organisation(session))
    hidden = make_note(session, status=NoteStatus.PENDING)
    testimony = make_note(session, kind=NoteKind.TESTIMONY)
    with pytest.raises(NotFoundError):
        trials.tell(session, hidden.id, account, Outcome.ADOPTED)
    with pytest.raises(SavoirsError, match="nothing_to_try"):
        checks.tell(session, testimony.id, account, Verdict.CONFIRMED)


def test_the_index_knows_what_was_said(session: Session, note: Note) -> None:
    """A document is as young as its last confirmation, and stands as its trials and last check say."""
    (before,) = documents(session, [note.id])
    assert before.standing == 0.0
    account = make_account(session, organisation=make_organisation(session))
    trials.tell(session, note.id, account, Outcome.ADOPTED, "", NOW)
    checks.tell(session, note.id, account, Verdict.CONFIRMED, "", NOW)
    (kept,) = documents(session, [note.id])
    assert (kept.day, kept.standing > 0) == (TODAY.toordinal(), True)
    checks.tell(session, note.id, account, Verdict.ENDED, "", NOW + 2 * DAY)
    (over,) = documents(session, [note.id])
    assert (over.day, over.standing < -0.5) == (TODAY.toordinal(), True)


def test_the_search_says_that_a_note_is_over(session: Session, note: Note) -> None:
    """As the note's page does."""
    make_check(session, note, make_account(session, organisation=make_organisation(session)), Verdict.ENDED)
    records = read_records(session, [note.id])
    assert records[note.id].last_check.startswith("ended ")
