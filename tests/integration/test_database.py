"""What the one engine factory promises: pragmas, transactions that keep all or nothing, writers that wait."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database
from savoirs.errors import SavoirsError
from savoirs.models import Note, Organisation, Theme
from savoirs.models.base import UtcDateTime
from tests.builders import make_note, make_organisation, make_theme


def test_a_connection_has_the_pragmas_that_keep_data_safe(database_engine: Engine) -> None:
    """Foreign keys hold, a commit is on disk when acknowledged, erased text is overwritten."""
    with database_engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "synchronous", "secure_delete", "busy_timeout")
        }
    assert values == {"foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "busy_timeout": 5000}


@pytest.mark.parametrize(
    ("version", "mode"), [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((3, 53, 4), "WAL")]
)
def test_an_sqlite_that_can_corrupt_its_log_does_not_use_one(version: tuple[int, ...], mode: str) -> None:
    """Below 3.51.3 the journal mode is DELETE."""
    assert database.journal_mode(version) == mode


def test_the_journal_mode_fits_the_sqlite_in_use(database_engine: Engine) -> None:
    """What the version calls for is what the database has."""
    with database_engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert str(mode).upper() == database.journal_mode(database.sqlite_version())


def test_a_transaction_that_fails_leaves_nothing(session_factory: sessionmaker[Session]) -> None:
    """An error in the block drops all that it wrote."""

    def fail_halfway() -> None:
        with database.transaction(session_factory) as session:
            make_theme(session)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.reading(session_factory) as session:
        assert session.scalars(select(Theme)).all() == []


def test_a_transaction_that_ends_is_kept(session_factory: sessionmaker[Session]) -> None:
    """What was written is there for the next session."""
    with database.transaction(session_factory) as session:
        make_note(session, "Partager un local")
    with database.reading(session_factory) as session:
        assert session.scalars(select(Note.title)).all() == ["Partager un local"]


def test_reading_keeps_nothing(session_factory: sessionmaker[Session]) -> None:
    """A write made while reading is dropped."""
    with database.reading(session_factory) as session:
        make_theme(session)
    with database.reading(session_factory) as session:
        assert session.scalars(select(Theme)).all() == []


def test_a_reader_sees_one_state_while_somebody_writes(session_factory: sessionmaker[Session]) -> None:
    """What commits in the middle of a reading session is not seen by it."""
    if database.journal_mode(database.sqlite_version()) != "WAL":
        pytest.skip("without WAL the writer waits for the reader instead")
    with database.reading(session_factory) as reader:
        before = reader.scalars(select(Theme)).all()
        with database.transaction(session_factory) as writer:
            make_theme(writer)
        assert reader.scalars(select(Theme)).all() == before


def test_two_writers_wait_for_each_other(session_factory: sessionmaker[Session]) -> None:
    """A read then a write in one transaction never fails because another writer came in between."""
    barrier = threading.Barrier(4)
    failures: list[BaseException] = []

    def add_ten() -> None:
        try:
            barrier.wait(timeout=10)
            for _ in range(10):
                with database.transaction(session_factory) as session:
                    session.scalars(select(Theme.id)).all()
                    make_theme(session)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.reading(session_factory) as session:
        assert (failures, len(session.scalars(select(Theme)).all())) == ([], 40)


def test_a_writer_that_waited_too_long_is_told_so(tmp_path: Path) -> None:
    """The error is ours, with a code, not the driver's."""
    engine = database.open_database(f"sqlite:///{tmp_path}/busy.sqlite3", busy_timeout_s=0.05)
    database.migrate(engine)
    factory = database.session_factory(engine)

    def write() -> None:
        with database.transaction(factory) as session:
            make_theme(session)

    with database.transaction(factory) as holder:
        make_theme(holder)
        with pytest.raises(SavoirsError) as raised:
            write()
    assert raised.value.code == "database_busy"
    engine.dispose()


def test_a_reference_to_nothing_is_refused(session: Session) -> None:
    """Foreign keys are enforced."""
    session.add(Theme(id="aaaaaaaaaa", key="orpheline", name="Orpheline", parent_id="bbbbbbbbbb"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_value_outside_its_list_is_refused(session: Session) -> None:
    """Enumerated columns carry a CHECK, whatever writes to the table."""
    organisation = make_organisation(session)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE organisations SET kind = 'planet' WHERE id = :id"), {"id": organisation.id})


def test_moments_come_back_aware_and_in_utc(session: Session) -> None:
    """A moment written in Paris time is the same moment when read, in UTC."""
    paris = dt.timezone(dt.timedelta(hours=2))
    written = dt.datetime(2025, 7, 1, 10, 30, tzinfo=paris)
    note = make_note(session, published_at=written)
    session.expire_all()
    read = session.get_one(Note, note.id).published_at
    assert read is not None
    assert (read, read.tzinfo) == (written, dt.UTC)


def test_a_naive_moment_is_refused() -> None:
    """A moment without a time zone is a mistake, said at once."""
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(dt.datetime(2025, 7, 1), None)  # type: ignore[arg-type]


def test_the_query_counter_sees_each_statement(
    session: Session, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """The guard of the pages counts selects, not transactions."""
    with max_queries(1) as sent:
        session.scalars(select(Organisation)).all()
    assert len(sent) == 1


def test_the_query_counter_fails_beyond_its_limit(
    session: Session, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """One statement too many makes the test fail, with the statements."""

    def send_two() -> None:
        with max_queries(1):
            session.scalars(select(Organisation)).all()
            session.scalars(select(Theme)).all()

    with pytest.raises(AssertionError, match="2 statements"):
        send_two()
