"""What people say of notes and ask of the network, by files: added to, never taken away, and nobody is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.corpus import LoadReport, export, load
from savoirs.models import (
    Call,
    CallAnswer,
    CallStatus,
    Change,
    Check,
    Letter,
    Note,
    NoteStatus,
    Organisation,
    Outcome,
    Revision,
    Trial,
)
from savoirs.models.base import utc_now
from tests.builders import make_account, make_call, make_check, make_contact, make_note, make_organisation, make_trial
from tests.corpora import read_corpus, write_corpus


def _load(factory: sessionmaker[Session], path: Path) -> LoadReport:
    with database.transaction(factory) as session:
        return load(session, path)


def _journal(session: Session) -> list[tuple[str, str]]:
    return [(row.record, row.record_id) for row in session.scalars(select(Change).order_by(Change.seq))]


def _tool(session: Session) -> Note:
    return session.scalars(select(Note).where(Note.key == "outil-de-coeur")).one()


def _exported(factory: sessionmaker[Session], path: Path) -> dict[str, str]:
    with database.reading(factory) as session:
        export(session, path)
    return read_corpus(path)


def test_a_trial_that_a_file_adds_is_in_the_journal_but_makes_no_version(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """It changes where the note stands, not what it says."""
    corpus = write_corpus(tmp_path / "one")
    _load(session_factory, corpus)
    more = "trials:\n  - organisation: exemple-un\n    outcome: adopted\n    moment: 2026-01-01T00:00:00Z\n"
    changed = write_corpus(tmp_path / "two", outil_de_coeur=("trials:\n", more))
    with database.reading(session_factory) as session:
        before = (len(_journal(session)), session.scalars(select(Revision.id)).all(), _tool(session).updated_at)
        id_ = _tool(session).id
    report = _load(session_factory, changed)
    assert (report.changes, report.counts["note"].changed) == (1, 1)
    with database.reading(session_factory) as session:
        assert _journal(session)[before[0] :] == [("note", id_)]
        assert (session.scalars(select(Revision.id)).all(), _tool(session).updated_at) == before[1:]
        said = session.scalars(select(Trial).order_by(Trial.created_at)).all()
        assert [trial.outcome for trial in said] == [Outcome.ADOPTED, Outcome.ADAPTED, Outcome.ABANDONED]
        assert {trial.account_id for trial in said} == {None}


def test_what_people_add_meanwhile_stays_and_is_exported(
    session_factory: sessionmaker[Session], tmp_path: Path
) -> None:
    """The corpus loaded again writes nothing; the next export has both."""
    corpus = write_corpus(tmp_path / "corpus")
    _load(session_factory, corpus)
    with database.transaction(session_factory) as session:
        account = make_account(session, "ines", organisation=session.scalars(select(Organisation)).one())
        make_trial(session, _tool(session), account, line="Chez nous aussi.")
        make_check(session, _tool(session), account)
        note = make_note(session, "Une réponse", key="une-reponse")
        call = session.scalars(select(Call)).one()
        session.add(CallAnswer(call_id=call.id, note_id=note.id))
    report = _load(session_factory, corpus)
    assert (report.changes, {(one.added, one.changed) for one in report.counts.values()}) == (0, {(0, 0)})
    exported = _exported(session_factory, tmp_path / "exported")
    tool = exported["notes/outil-de-coeur.md"]
    assert (tool.count("outcome:"), tool.count("verdict:"), "Chez nous aussi." in tool, "ines" in tool) == (
        3,
        2,
        True,
        False,
    )
    assert exported["calls/abcdefgh23.md"].count("- note:") == 2


def test_a_changed_note_keeps_what_was_said_of_it(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Its text is the file's, with a version more; trials and checks are on the same rows."""
    _load(session_factory, write_corpus(tmp_path / "one"))
    with database.reading(session_factory) as session:
        before = (session.scalars(select(Trial.id)).all(), session.scalars(select(Check.id)).all())
    _load(session_factory, write_corpus(tmp_path / "two", outil_de_coeur=("title: Un outil", "title: Cet outil")))
    with database.reading(session_factory) as session:
        assert (session.scalars(select(Trial.id)).all(), session.scalars(select(Check.id)).all()) == before
        assert (_tool(session).title, _tool(session).revision) == ("Cet outil", 2)


def test_a_sentence_that_was_erased_does_not_come_back(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """A trial is known by its note, organisation and moment; what the database has of it stays."""
    corpus = write_corpus(tmp_path)
    _load(session_factory, corpus)
    with database.transaction(session_factory) as session:
        for trial in session.scalars(select(Trial)):
            trial.line = ""
    assert _load(session_factory, corpus).changes == 0
    with database.reading(session_factory) as session:
        assert session.scalars(select(Trial.line)).all() == ["", ""]


@pytest.mark.parametrize("status", [CallStatus.WAITING, CallStatus.DECLINED, CallStatus.CLOSED])
def test_a_file_opens_no_call_that_the_database_holds(
    session_factory: sessionmaker[Session], tmp_path: Path, status: CallStatus
) -> None:
    """An editor does. Its text changes; loading again writes nothing."""
    with database.transaction(session_factory) as session:
        session.add(Call(id="abcdefgh23", question="Qui ?", status=status, created_at=utc_now()))
    corpus = write_corpus(
        tmp_path, abcdefgh23=("status: closed", "status: open"), exemple_un=("volunteers: 0", "volunteers: 3")
    )
    file = corpus / "calls" / "abcdefgh23.md"
    file.write_text(file.read_text("utf-8").replace("closed: 2026-05-02T10:15:00.500000Z\n", ""), "utf-8")
    _load(session_factory, corpus)
    with database.reading(session_factory) as session:
        call = session.scalars(select(Call)).one()
        assert (call.status, call.question, call.opened_at) == (
            status,
            "Qui a gardé ses voisins après le repas ?",
            None,
        )
        assert (("call", call.id) in _journal(session)) is (status is CallStatus.CLOSED)
    assert _load(session_factory, corpus).changes == 0


def test_a_loaded_call_is_read_but_writes_to_nobody(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Those who were told were told elsewhere. The notes that answer it are found by its question."""
    _load(session_factory, write_corpus(tmp_path))
    with database.reading(session_factory) as session:
        note = session.scalars(select(Note).where(Note.key == "repas-partage")).one()
        assert {("call", "abcdefgh23"), ("note", note.id)} <= set(_journal(session))
        assert session.scalars(select(Letter.id)).all() == []
        answer = session.scalars(select(CallAnswer)).one()
        assert (answer.call_id, answer.note_id, answer.told_at) == ("abcdefgh23", note.id, None)


def test_an_export_names_nobody_who_asked_or_answered(session_factory: sessionmaker[Session], tmp_path: Path) -> None:
    """Nor has it a call that waits or was declined, an answer not published yet, the words of a search."""
    with database.transaction(session_factory) as session:
        account = make_account(session, "compte-secret")
        asker = make_contact(session, make_organisation(session), email="moi@un.example.org")
        note = make_note(session, "Publiée", key="publiee")
        waiting = make_note(session, "En attente", key="en-attente", status=NoteStatus.PENDING)
        open_ = make_call(session, "Qui ?", search="mots cherchés", asker_id=asker.id, account_id=account.id)
        session.add_all(CallAnswer(call_id=open_.id, note_id=one.id) for one in (note, waiting))
        make_call(session, "Trop tôt ?", status=CallStatus.WAITING)
        make_call(session, "Hors sujet ?", status=CallStatus.DECLINED)
    with database.reading(session_factory) as session:
        report = export(session, tmp_path / "exported")
    assert (report.counts["call"], report.calls_left_out, report.left_out, report.masked) == (1, 2, 1, 0)
    everything = "\n".join(read_corpus(tmp_path / "exported").values())
    assert "note: publiee" in everything
    for private in ("@", "compte-secret", "mots cherchés", "en-attente", "Trop tôt", "Hors sujet"):
        assert private not in everything
    assert _load(session_factory, tmp_path / "exported").changes == 0
