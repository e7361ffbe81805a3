"""The migrations make the tables that the models describe, once, from any older state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, select, text

from savoirs import database, migrations
from savoirs.errors import SavoirsError
from savoirs.migrations import OPTIONS
from savoirs.models import Base, Introduction, IntroductionStatus


def _tables(engine: Engine) -> dict[str, set[str]]:
    """What SQLite keeps of each table and index: the lines of its SQL, in any order."""
    query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return {
        name: {re.sub(r"[\s\"]+", " ", line).strip(" ,") for line in sql.splitlines()}
        for name, sql in rows
        if name != "alembic_version"
    }


def test_alembic_finds_nothing_to_change_after_a_migration(database_engine: Engine) -> None:
    """Models and migrations agree on columns, types, keys and indexes."""
    with database_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, Base.metadata) == []


def test_migrated_tables_are_those_of_the_models_to_the_letter(database_engine: Engine, tmp_path: Path) -> None:
    """CHECK constraints too, which Alembic does not compare."""
    fresh = database.open_database(f"sqlite:///{tmp_path}/models.sqlite3")
    Base.metadata.create_all(fresh)
    assert _tables(database_engine) == _tables(fresh)
    fresh.dispose()


def test_migrating_twice_changes_nothing(database_engine: Engine) -> None:
    """The second time there is nothing to do."""
    before = _tables(database_engine)
    database.migrate(database_engine)
    assert _tables(database_engine) == before


def test_foreign_keys_hold_after_a_migration_on_the_same_engine(tmp_path: Path) -> None:
    """The connection that migrated, with its foreign keys off, is not used again."""
    engine = database.open_database(f"sqlite:///{tmp_path}/new.sqlite3")
    database.migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_database_from_a_later_version_is_left_alone(database_engine: Engine) -> None:
    """An unknown step is said, nothing is touched."""
    with database_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SavoirsError) as raised:
        database.migrate(database_engine)
    assert (raised.value.code, raised.value.params["revision"]) == ("database_too_new", "9999")


def test_rows_of_an_older_version_are_kept(tmp_path: Path) -> None:
    """A base of the first version, with a request in it, goes through every later step and loses nothing."""
    engine = database.open_database(f"sqlite:///{tmp_path}/old.sqlite3")
    migrations.upgrade(engine, "0001")
    organisation = {"id": "o", "key": "o", "name": "Association Exemple", "kind": "association", "description": ""}
    contact = {"id": "c", "key": "c", "mode": "closed", "email": "ruche@example.org", "description": ""}
    asked = {"organisation_id": "o", "requester_id": "c", "context": "Nous sommes douze.", "question": "Comment ?"}
    asked |= {"need": "", "sentence": "", "preference": "visit", "status": "waiting"}
    asked |= {"created_at": "2026-01-01 00:00:00.000000"}
    with engine.begin() as connection:
        for table, row in (("organisations", organisation | {"fictional": 1}), ("contacts", contact)):
            _insert(connection, table, row)
        _insert(connection, "introductions", asked)
    database.migrate(engine)
    with database.session_factory(engine)() as session:
        one = session.scalars(select(Introduction)).one()
        assert (one.context, one.availability, one.requester.email) == ("Nous sommes douze.", "", "ruche@example.org")
        assert (one.recipient_id, one.status) == (None, IntroductionStatus.WAITING)
    engine.dispose()


def _insert(connection: Connection, table: str, row: dict[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)  # noqa: S608  (names of ours)
