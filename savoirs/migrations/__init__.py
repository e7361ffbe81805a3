"""How the tables came to be, one step a file. Alembic, configured in code: no ini file, no environment script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from savoirs.database import WRITE_OPTION
from savoirs.errors import SavoirsError
from savoirs.models import Base

OPTIONS: dict[str, Any] = {"target_metadata": Base.metadata, "render_as_batch": True, "compare_type": True}
"""How a database is compared with the models, and changed: SQLite alters a table by copying it (batch)."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Apply the steps that a database lacks, all of them or none.

    Args:
        engine: The database.
        to: The last step to take; an older one is for tests of later steps.

    Raises:
        SavoirsError: ``database_too_new`` when the database knows a step that we do not.
    """
    config = Config()
    script = ScriptDirectory(str(Path(__file__).parent))

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(to, revision)

    with engine.connect() as connection:
        if current(connection) == script.get_current_head():
            return
    with engine.execution_options(**{WRITE_OPTION: True}).connect() as connection:
        _without_foreign_keys(connection)
        with EnvironmentContext(config, script, fn=steps) as environment:
            environment.configure(connection=connection, **OPTIONS)
            try:
                with connection.begin():
                    environment.run_migrations()
            except CommandError as error:
                raise SavoirsError("database_too_new", revision=current(connection)) from error
        connection.detach()  # its foreign keys are off: it must not go back to the pool


def current(connection: Connection) -> str | None:
    """The last step a database has taken, None for a new one."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The last step there is."""
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()


def _without_foreign_keys(connection: Connection) -> None:
    """Copying a table drops it for a moment; SQLite ignores this pragma inside a transaction, so it comes before."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF").close()
