"""Files on their way to records: taken once, read beside the requests, decided piece by piece, written once."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, imports, sources
from savoirs.config import Settings
from savoirs.documents.originals import original_path
from savoirs.errors import ForbiddenError, InvalidError, NotFoundError, SavoirsError
from savoirs.imports import cutting
from savoirs.imports.pieces import PieceState, find, pieces_of
from savoirs.models import (
    Account,
    Contact,
    Gathering,
    Import,
    ImportState,
    Note,
    NoteStatus,
    Organisation,
    Role,
    Source,
)
from savoirs.models.base import utc_now
from savoirs.privacy import retention
from savoirs.privacy.ledger import Ledger
from tests.builders import make_account, make_theme
from tests.sending import ADVICE, DAY, LIMITS, MEETING, read_all, row_of, send, send_and_read

Sessions = sessionmaker[Session]


@pytest.fixture(name="people")
def _people(session_factory: Sessions) -> tuple[Account, Account]:
    """An editor and a member."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Accueil", key="accueil")
        return make_account(session, "editor", role=Role.EDITOR), make_account(session, "member")


def count(sessions: Sessions, table: type) -> int:
    """How many rows a table has."""
    with database.reading(sessions) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def key_of(row: Import, title: str) -> str:
    """The key of the piece whose title begins so."""
    return next(piece.key for piece in pieces_of(row) if piece.title.startswith(title))


def accept(
    sessions: Sessions, folder: Path, row: Import, who: Account, keys: list[str] | None = None
) -> imports.Accepted:
    """Accept pieces of an import."""
    return imports.accept(sessions, folder, LIMITS, row.id, who, keys)


def change(sessions: Sessions, row: Import, key: str, **wanted: object) -> None:
    """Change a piece as an editor would."""
    piece = find(pieces_of(row), key)
    assert piece is not None
    values: dict[str, object] = {"title": piece.title, "kind": piece.kind, "theme": "", "organisation": ""}
    values |= {"first": piece.first, "last": piece.last} | wanted
    with database.transaction(sessions) as session:
        cutting.change(session.get_one(Import, row.id), key, cutting.Change(**values))  # type: ignore[arg-type]


def test_a_file_is_kept_read_and_proposed(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """It waits in the queue, then its proposals are there, and nothing is in the base."""
    id_ = send(session_factory, tmp_path, DAY, people[1])
    row = row_of(session_factory, id_)
    assert (row.state, row.name) == (ImportState.QUEUED, DAY.name)
    assert original_path(tmp_path, row.sha256).read_bytes() == DAY.read_bytes()
    assert read_all(session_factory, tmp_path) == 1
    row = row_of(session_factory, id_)
    assert (row.state, row.kept, row.format) == (ImportState.READY, 0, "text")
    assert row.found == len(pieces_of(row)) > 30
    assert (count(session_factory, Note), count(session_factory, Source)) == (0, 0)


def test_no_address_is_in_an_import(session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]) -> None:
    """Neither in its text nor in its pieces, nor the name of who signs."""
    for path in (DAY, MEETING):
        row = send_and_read(session_factory, tmp_path, path, people[0])
        kept = f"{row.text} {row.pieces}"
        assert "@" not in kept
        assert "01 99 00 67 89" not in kept
        assert "Amandine" not in kept


def test_an_address_in_a_file_s_name_is_masked(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """The name keeps its extension, without which the file would not be read."""
    id_ = send(session_factory, tmp_path, ADVICE, people[0], name="C:\\Docs\\zoe.exemple@example.org.md")
    read_all(session_factory, tmp_path)
    row = row_of(session_factory, id_)
    assert (row.name, row.state) == ("[…].md", ImportState.READY)


def test_the_same_file_is_the_same_import(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Sent again by the same account it goes on from where it is; another account has its own and knows its records."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    accept(session_factory, tmp_path, row, people[0])
    assert send(session_factory, tmp_path, DAY, people[0], name="autre-nom.txt") == row.id
    assert row_of(session_factory, row.id).state is ImportState.DONE
    other = send_and_read(session_factory, tmp_path, DAY, people[1])
    assert other.id != row.id
    with database.reading(session_factory) as session:
        found = imports.review(session, session.get_one(Import, other.id), people[1], lambda _t, _b: ())
    assert (found.left, found.others) == (0, 0)
    assert all(one.known for _, some in found.groups for one in some)


def test_all_is_accepted_once(session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]) -> None:
    """Everything of the document is written, with its lines; a second click finds nothing to do."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    done = accept(session_factory, tmp_path, row, people[0])
    assert (len(done.stored), done.refused, done.waiting) == (row.found, (), 0)
    assert accept(session_factory, tmp_path, row, people[0]) == imports.Accepted()
    row = row_of(session_factory, row.id)
    assert (row.state, row.kept) == (ImportState.DONE, row.found)
    with database.reading(session_factory) as session:
        notes = session.scalars(select(Note)).all()
        assert {note.status for note in notes} == {NoteStatus.PUBLISHED}
        assert all(note.source_id and note.first_line for note in notes)
        assert session.scalars(select(Source)).one().text == row.text
        assert any(note.workshop_id for note in notes)


def test_two_clicks_at_once_write_once(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Whoever comes second finds the piece decided."""
    row = send_and_read(session_factory, tmp_path, ADVICE, people[0])
    threads = [threading.Thread(target=accept, args=(session_factory, tmp_path, row, people[0])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(session_factory, Note) == sum(piece.is_note for piece in pieces_of(row))


def test_an_address_is_read_again_from_the_file(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """A contact that is accepted has it; it brings its organisation, and waits for a consent."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    key = next(piece.key for piece in pieces_of(row) if piece.kind == "contact")
    done = accept(session_factory, tmp_path, row, people[0], [key])
    assert sorted(one.kind for one in done.stored) == ["contact", "organisation"]
    with database.reading(session_factory) as session:
        contact = session.scalars(select(Contact)).one()
        assert contact.email is not None
        assert contact.organisation_id is not None
        assert contact.consents == []


def test_without_its_file_a_contact_is_not_accepted(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Said, rather than a contact that nobody can reach; notes are accepted all the same."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    original_path(tmp_path, row.sha256).unlink()
    key = next(piece.key for piece in pieces_of(row) if piece.kind == "contact")
    with pytest.raises(SavoirsError, match="original_gone"):
        accept(session_factory, tmp_path, row, people[0], [key])
    assert len(accept(session_factory, tmp_path, row, people[0]).stored) > 30
    assert count(session_factory, Contact) == 0


def test_notes_of_a_member_wait_for_an_editor(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """A member accepts notes only; days, organisations and contacts wait for an editor, who goes on."""
    editor, member = people
    row = send_and_read(session_factory, tmp_path, DAY, member)
    done = accept(session_factory, tmp_path, row, member)
    assert done.waiting == len(done.stored) > 10
    with database.reading(session_factory) as session:
        assert set(session.scalars(select(Note.status))) == {NoteStatus.PENDING}
        assert set(session.scalars(select(Note.author_id))) == {member.id}
        assert set(session.scalars(select(Contact.email))) <= {None}
    for table in (Gathering, Organisation):
        assert count(session_factory, table) == 0
    assert row_of(session_factory, row.id).state is ImportState.READY
    accept(session_factory, tmp_path, row, editor)
    assert row_of(session_factory, row.id).state is ImportState.DONE
    with database.reading(session_factory) as session:
        assert session.scalar(select(func.count()).where(Note.workshop_id.is_not(None)))  # the day came after its notes


def test_an_import_is_its_account_s_and_editors(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Another member is refused."""
    editor, member = people
    row = send_and_read(session_factory, tmp_path, ADVICE, member)
    with database.transaction(session_factory) as session:
        other = make_account(session, "other")
    with database.reading(session_factory) as session:
        assert imports.get(session, row.id, editor).id == row.id
        with pytest.raises(ForbiddenError):
            imports.get(session, row.id, other)
        assert [line.id for line in imports.lines(session, editor)] == [row.id]
        assert imports.of_account(session, other) == ()


def test_what_a_reader_changes_is_kept(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Title, kind, theme, organisation and lines are those of the note that is made; an address is masked."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    key = key_of(row, "Proposer des « duos")
    piece = find(pieces_of(row), key)
    assert piece is not None
    wanted = {"title": "Des duos, zoe@example.org", "kind": "report", "theme": "accueil"}
    change(session_factory, row, key, **wanted, organisation="Association Exemple Le Fil", last=piece.last + 1)
    accept(session_factory, tmp_path, row, people[0], [key])
    with database.reading(session_factory) as session:
        note = session.scalars(select(Note)).one()
        assert (note.title, note.kind.value) == ("Des duos, […]", "report")
        assert [theme.theme.key for theme in note.themes] == ["accueil"]
        assert [one.organisation.name for one in note.experiences] == ["Association Exemple Le Fil"]
        assert (note.first_line, note.last_line) == (piece.first, piece.last + 1)
        assert "Remercier par une carte" in note.introduction


def test_a_change_that_means_nothing_is_refused(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Each mistake is said, and nothing is changed."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    key = key_of(row, "Proposer des « duos")
    for wanted, code in (
        ({"title": " "}, "import_title_missing"),
        ({"title": "t" * 1000}, "import_title_too_long"),
        ({"kind": "gathering"}, "import_bad_kind"),
        ({"first": 0}, "import_bad_lines"),
        ({"last": 10**6}, "import_bad_lines"),
        ({"first": 3, "last": 3}, "import_no_words"),
    ):
        with pytest.raises(InvalidError) as raised:
            change(session_factory, row, key, **wanted)
        assert raised.value.errors[0].code == code
    assert row_of(session_factory, row.id).pieces == row.pieces


def test_notes_are_cut_in_two_and_joined_again(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """A cut makes two notes with their own lines and texts; joined, they are one again."""
    row = send_and_read(session_factory, tmp_path, MEETING, people[0])
    piece = next(piece for piece in pieces_of(row) if piece.is_note)
    with database.transaction(session_factory) as session:
        one, other = cutting.split(session.get_one(Import, row.id), piece.key, piece.first + 7)
    assert (one.span, other.span) == ((piece.first, piece.first + 6), (piece.first + 7, piece.last))
    assert one.fields["text"] != other.fields["text"]
    with database.transaction(session_factory) as session:
        whole = cutting.merge(session.get_one(Import, row.id), piece.key)
    assert whole.span == piece.span
    found = row_of(session_factory, row.id)
    assert found.found == row.found
    assert find(pieces_of(found), other.key).state is PieceState.MERGED  # type: ignore[union-attr]
    with pytest.raises(InvalidError), database.transaction(session_factory) as session:
        cutting.split(session.get_one(Import, row.id), piece.key, piece.first)


def test_what_is_ignored_makes_nothing_and_can_be_taken_back(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """With what belongs to it."""
    row = send_and_read(session_factory, tmp_path, DAY, people[0])
    day = next(piece.key for piece in pieces_of(row) if piece.kind == "gathering")
    with database.transaction(session_factory) as session:
        cutting.ignore(session.get_one(Import, row.id), day)
    accept(session_factory, tmp_path, row, people[0])
    assert count(session_factory, Gathering) == 0
    with database.transaction(session_factory) as session:
        cutting.ignore(session.get_one(Import, row.id), day, back=True)
    accept(session_factory, tmp_path, row, people[0])
    assert count(session_factory, Gathering) == 1
    with pytest.raises(SavoirsError, match="piece_decided"), database.transaction(session_factory) as session:
        cutting.merge(session.get_one(Import, row.id), next(one.key for one in pieces_of(row) if one.is_note))


def test_a_file_in_dead_hands_is_taken_again(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Not before the time it may take is over; one that always ends its reader is given up, and kept to try again."""
    id_ = send(session_factory, tmp_path, ADVICE, people[0])
    now = utc_now()
    with database.transaction(session_factory) as session:
        row = session.get_one(Import, id_)
        row.state, row.attempts, row.claimed_until = ImportState.READING, 1, now + dt.timedelta(minutes=1)
    assert read_all(session_factory, tmp_path, now) == 0
    assert read_all(session_factory, tmp_path, now + dt.timedelta(minutes=2)) == 1
    assert row_of(session_factory, id_).state is ImportState.READY
    with database.transaction(session_factory) as session:
        row = session.get_one(Import, id_)
        row.state, row.attempts, row.claimed_until = ImportState.READING, 3, now
    read_all(session_factory, tmp_path, now)
    row = row_of(session_factory, id_)
    assert (row.state, row.error_code) == (ImportState.FAILED, "document_reader_stopped")
    with database.transaction(session_factory) as session:
        assert imports.retry_all(session, tmp_path, people[0], now) == 1
    read_all(session_factory, tmp_path)
    assert row_of(session_factory, id_).state is ImportState.READY


def test_a_cancelled_import_stays_so(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Its file goes; sending it again begins again."""
    id_ = send(session_factory, tmp_path, ADVICE, people[0])
    with database.transaction(session_factory) as session:
        assert imports.cancel(session, tmp_path, session.get_one(Import, id_), utc_now())
    assert read_all(session_factory, tmp_path) == 0
    row = row_of(session_factory, id_)
    assert row.state is ImportState.CANCELLED
    assert not original_path(tmp_path, row.sha256).exists()
    assert send(session_factory, tmp_path, ADVICE, people[0]) == id_
    assert read_all(session_factory, tmp_path) == 1


def test_a_bad_file_is_not_kept(session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]) -> None:
    """Unless somebody else's import, or a source, needs it."""
    bad = tmp_path / "blanc.txt"
    bad.write_text(" \n \n", "utf-8")
    row = send_and_read(session_factory, tmp_path, bad, people[0])
    assert (row.state, row.error_code) == (ImportState.FAILED, "document_no_text")
    assert not original_path(tmp_path, row.sha256).exists()
    good = send_and_read(session_factory, tmp_path, ADVICE, people[0])
    send_and_read(session_factory, tmp_path, ADVICE, people[1])
    with database.transaction(session_factory) as session:
        imports.remove(session, tmp_path, session.get_one(Import, good.id))
    assert original_path(tmp_path, good.sha256).exists()


def test_old_imports_go_with_files_that_made_nothing(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """After 90 days; the file of a source stays."""
    import os

    kept = send_and_read(session_factory, tmp_path, DAY, people[0])
    accept(session_factory, tmp_path, kept, people[0])
    idle = send_and_read(session_factory, tmp_path, ADVICE, people[0])
    for row in (kept, idle):
        os.utime(original_path(tmp_path, row.sha256), (0, 0))
    settings = Settings.load(data_dir=tmp_path)
    for days, left in ((89, 2), (91, 0)):
        with database.transaction(session_factory) as session:
            retention.tidy(session, settings, Ledger(tmp_path), utc_now() + dt.timedelta(days=days))
        with database.reading(session_factory) as session:
            imports.drop_orphans(session, tmp_path)
        assert count(session_factory, Import) == left
    assert original_path(tmp_path, kept.sha256).exists()
    assert not original_path(tmp_path, idle.sha256).exists()


def test_a_document_is_read_by_all_once_something_of_it_is_published(
    session_factory: Sessions, tmp_path: Path, people: tuple[Account, Account]
) -> None:
    """Before, by editors and who sent it."""
    editor, member = people
    row = send_and_read(session_factory, tmp_path, ADVICE, member)
    accept(session_factory, tmp_path, row, member)
    with database.reading(session_factory) as session:
        source = session.scalars(select(Source)).one()
        for reader in (editor, member):
            assert sources.page(session, source.id, reader, tmp_path).title == source.title
        with pytest.raises(NotFoundError):
            sources.page(session, source.id, None, tmp_path)
    with database.transaction(session_factory) as session:
        session.scalars(select(Note).order_by(Note.id)).first().status = NoteStatus.PUBLISHED  # type: ignore[union-attr]
    with database.reading(session_factory) as session:
        page = sources.page(session, source.id, None, tmp_path)
        assert (len(page.notes), page.original) == (1, None)
        assert page.lines is not None
        assert sources.page(session, source.id, editor, tmp_path).original == row.sha256
