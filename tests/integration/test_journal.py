"""The journal, and the feed that engines follow."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, journal
from savoirs.journal import JournalFeed
from savoirs.models import ChangeAction, NoteStatus, Stance
from tests.builders import make_gathering, make_note, make_organisation, make_theme

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def test_an_empty_journal_is_at_zero(session: Session) -> None:
    """Before any change the number is 0, not None."""
    assert journal.last_seq(session) == 0


def test_each_change_has_the_next_number(session_factory: Sessions) -> None:
    """Numbers only grow."""
    with database.transaction(session_factory) as session:
        journal.record_change(session, "note", "a")
        first = journal.last_seq(session)
        journal.record_change(session, "note", "a", ChangeAction.REMOVE)
        assert journal.last_seq(session) == first + 1
    assert JournalFeed(session_factory).last_seq() == first + 1


def test_a_change_is_undone_with_what_it_tells(session_factory: Sessions) -> None:
    """A transaction that fails leaves neither the record nor its change."""
    try:
        with database.transaction(session_factory) as session:
            journal.record_change(session, "note", "a")
            raise RuntimeError
    except RuntimeError:
        pass
    assert JournalFeed(session_factory).last_seq() == 0


def test_a_feed_gives_one_update_an_id(session_factory: Sessions) -> None:
    """However often a record changed, it is read once."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Un repas")
        journal.record_change(session, "note", note.id)
    feed = JournalFeed(session_factory)
    (update,) = feed.updates(0, feed.last_seq())
    assert update.id == note.id
    assert update.document is not None
    assert update.document.title == "Un repas"


def test_what_is_no_longer_published_is_an_update_without_document(session_factory: Sessions) -> None:
    """A withdrawn note is told to the engine as gone."""
    with database.transaction(session_factory) as session:
        note = make_note(session, status=NoteStatus.WITHDRAWN)
    feed = JournalFeed(session_factory)
    (update,) = feed.updates(0, feed.last_seq())
    assert (update.id, update.document) == (note.id, None)


def test_the_notes_of_an_organisation_follow_its_name(session_factory: Sessions) -> None:
    """Renaming an organisation changes the documents of its notes."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session, "Association Exemple Avant")
        note = make_note(session, lived=[(organisation, Stance.SOLVED)])
        seq = journal.last_seq(session)
        organisation.name = "Association Exemple Après"
        journal.record_change(session, "organisation", organisation.id)
    feed = JournalFeed(session_factory)
    updates = {update.id: update.document for update in feed.updates(seq, feed.last_seq())}
    assert set(updates) == {organisation.id, note.id}
    document = updates[note.id]
    assert document is not None
    assert "Après" in document.organisations


def test_records_under_a_theme_follow_its_parents(session_factory: Sessions) -> None:
    """A change of a root theme reaches the notes, days and workshops of the themes under it."""
    with database.transaction(session_factory) as session:
        root = make_theme(session, "Bénévolat")
        leaf = make_theme(session, "Fidéliser", parent=root)
        note = make_note(session, themes=[leaf])
        day = make_gathering(session, themes=[leaf])
        seq = journal.last_seq(session)
        journal.record_change(session, "theme", root.id)
    feed = JournalFeed(session_factory)
    ids = {update.id for update in feed.updates(seq, feed.last_seq())}
    assert ids == {note.id, day.id, day.workshops[0].id}


def test_a_snapshot_holds_every_document_once(session_factory: Sessions) -> None:
    """Batches neither lose nor repeat a record, and come by id."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session)
        notes = [make_note(session, lived=[(organisation, Stance.NEED)]) for _ in range(5)]
        day = make_gathering(session)
        expected = sorted([organisation.id, day.id, day.workshops[0].id, *(note.id for note in notes)])
    seq, documents = JournalFeed(session_factory, batch=3).snapshot()
    assert seq == JournalFeed(session_factory).last_seq()
    assert [document.id for document in documents] == expected


def test_following_many_changes_costs_a_bounded_number_of_queries(
    session_factory: Sessions, max_queries: MaxQueries
) -> None:
    """Forty notes cost as many statements as one: one a table."""
    with database.transaction(session_factory) as session:
        organisations = [make_organisation(session) for _ in range(8)]
        for number in range(40):
            make_note(
                session, lived=[(organisations[number % 8], Stance.SOLVED)], audiences=["jeunes"], tools=["agenda"]
            )
    feed = JournalFeed(session_factory)
    last = feed.last_seq()
    with max_queries(16):
        assert len(feed.updates(0, last)) == 40
