"""The demonstration network asks and answers: its file names what is there, and is added once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import yaml
from sqlalchemy import func, select

from savoirs import call_views, database
from savoirs.config import Settings
from savoirs.models import Call, CallAnswer, CallNotice, Check, Note, Organisation, Theme, Trial
from savoirs.plaintext import holds_email, holds_telephone
from web.cli import demo_network

CORPUS = Path(__file__).parents[2] / "corpus"
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def test_the_network_asks_and_says_once(shipped_data: Path) -> None:
    """All that the file names is in the shipped corpus; a second time adds nothing."""
    told = yaml.safe_load((CORPUS / demo_network.FILE).read_text("utf-8"))
    engine = database.open_database(Settings.load(data_dir=shipped_data).sqlalchemy_url)
    sessions = database.session_factory(engine)
    for _ in range(2):
        with database.transaction(sessions) as session:
            demo_network.seed(session, CORPUS, NOW)
    with database.reading(sessions) as session:
        counted = [session.scalar(select(func.count()).select_from(table)) for table in (Call, Trial, Check)]
        assert counted == [len(told[name]) for name in ("calls", "trials", "checks")]
        notices = session.scalar(select(func.count()).select_from(CallNotice))
        answers = session.scalar(select(func.count()).select_from(CallAnswer))
        assert notices == sum(len(call.get("told", ())) for call in told["calls"])
        assert answers == sum(len(call.get("answers", ())) for call in told["calls"])
        for call in told["calls"]:
            assert session.scalar(select(Theme.id).where(Theme.key == call["theme"])) if "theme" in call else True
        assert [one.answers for one in call_views.listing(session)] == [0, 0, 1]
        fictional = dict(session.execute(select(Organisation.key, Organisation.fictional)).all())
        notes = set(session.scalars(select(Note.key)))
    engine.dispose()
    said = [*told["trials"], *told["checks"]]
    assert all(fictional[one["organisation"]] and one["note"] in notes for one in said)


def test_a_corpus_without_the_file_adds_nothing(shipped_data: Path, tmp_path: Path) -> None:
    """Another network's corpus has no such file."""
    engine = database.open_database(Settings.load(data_dir=shipped_data).sqlalchemy_url)
    sessions = database.session_factory(engine)
    with database.transaction(sessions) as session:
        demo_network.seed(session, tmp_path, NOW)
        assert session.scalar(select(func.count()).select_from(Call)) == 0
    engine.dispose()


def test_nothing_in_the_file_is_an_address() -> None:
    """Nor a telephone number."""
    text = (CORPUS / demo_network.FILE).read_text("utf-8")
    assert not holds_email(text)
    assert not holds_telephone(text)
