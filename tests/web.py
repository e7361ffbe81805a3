"""An application over a test's database and the small engine of ``tests.fakes``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from indexer.engine import SearchEngine
from savoirs.config import Settings
from savoirs.journal import JournalFeed
from tests.fakes import WordEngine
from web.app import create_app
from web.wiring import Services

TODAY = dt.date(2026, 11, 23)


def make_app(
    sessions: sessionmaker[Session], folder: Path, *, engine: SearchEngine | None = None, **settings: Any
) -> APIFlask:
    """An application in testing mode: forms need no token, and the day is ``TODAY``.

    Args:
        sessions: Sessions on the test's database.
        folder: An empty folder for data.
        engine: The search engine; a new ``WordEngine`` when none is given.
        **settings: Values of ``Settings``.
    """
    database = sessions.kw["bind"]
    assert isinstance(database, Engine)
    values = {"data_dir": folder, "secret_key": "a key of the tests"} | settings
    services = Services(Settings.load(**values), database, sessions, engine or WordEngine(), JournalFeed(sessions))
    app = create_app(services)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False, SAVOIRS_TODAY=TODAY)
    return app


def make_client(sessions: sessionmaker[Session], folder: Path, **values: Any) -> FlaskClient:
    """A browser on such an application."""
    return make_app(sessions, folder, **values).test_client()
