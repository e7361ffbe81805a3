"""Nothing is kept longer than it is said to be: tidied daily, told, done twice as once; logs in which nobody is."""

from __future__ import annotations

import datetime as dt
import logging
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, database
from savoirs.config import Settings
from savoirs.models import (
    Account,
    Call,
    CallStatus,
    Contact,
    ContactMode,
    Introduction,
    IntroductionStatus,
    Letter,
    Note,
    Role,
    SearchMiss,
    Stance,
    record_id,
)
from savoirs.models.base import utc_now
from savoirs.outbox import post
from savoirs.privacy import retention
from savoirs.privacy.ledger import Ledger
from savoirs.privacy.log_files import DailyFiles, old_files
from savoirs.privacy.retention import Tidied
from tests import cli
from tests.builders import make_account, make_contact, make_note, make_organisation
from tests.pages import text_of
from tests.signing_in import signed_in
from tests.web import make_client
from web.cli.daily import logged, tidied_daily
from web.identity import STAYS

Sessions = sessionmaker[Session]

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def ago(days: float) -> dt.datetime:
    """A moment so many days before."""
    return NOW - dt.timedelta(days=days)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The default ones, over an empty folder."""
    return Settings.load(data_dir=tmp_path)


def tidy(sessions: Sessions, settings: Settings, now: dt.datetime = NOW) -> Tidied:
    """Tidy and keep it."""
    with database.transaction(sessions) as session:
        return retention.tidy(session, settings, Ledger(settings.data_dir), now)


def ask(session: Session, key: str, **values: object) -> Introduction:
    """A request of somebody of their own."""
    organisation = session.scalar(select(Contact.organisation_id).where(Contact.key == "relais"))
    asker = Contact(
        id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, name=f"Nom {key}", email=f"{key}@example.org"
    )
    session.add(asker)
    session.flush()
    defaults = {"context": "Un.", "question": "Comment ?", "preference": "writing", "need": "un besoin"}
    request = Introduction(organisation_id=organisation, requester_id=asker.id, **{**defaults, **values})
    session.add(request)
    session.flush()
    return request


@pytest.fixture
def requests(session_factory: Sessions) -> Sessions:
    """An association's contact, and requests that ended long ago, lately, or never."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session)
        relay = make_contact(session, organisation, key="relais", email="relais@example.org", name="Relais")
        ended = {"status": IntroductionStatus.ACCEPTED, "recipient_id": relay.id, "requester_outcome": "met"}
        ask(session, "ancienne", created_at=ago(500), closed_at=ago(366), requester_line="Merci.", **ended)
        ask(session, "recente", created_at=ago(500), closed_at=ago(364), **ended)
        ask(session, "jamais", created_at=ago(400), status=IntroductionStatus.SENT)
        ask(session, "neuve", created_at=ago(3), status=IntroductionStatus.SENT)
    return session_factory


def test_texts_and_identities_of_ended_requests_go_and_numbers_stay(requests: Sessions, settings: Settings) -> None:
    """Twelve months after the end; one that never ended, twelve months after its beginning."""
    done = tidy(requests, settings)
    assert (done.requests, done.contacts) == (2, 2)
    with database.reading(requests) as session:
        rows = session.execute(select(Introduction, Contact).join(Introduction.requester).order_by(Introduction.id))
        found = [
            (one.status, one.question, one.stripped_at == NOW, contact.email, contact.name) for one, contact in rows
        ]
        assert found == [
            ("accepted", "", True, None, None),
            ("accepted", "Comment ?", False, "recente@example.org", "Nom recente"),
            ("cancelled", "", True, None, None),
            ("sent", "Comment ?", False, "neuve@example.org", "Nom neuve"),
        ]
        first = session.get_one(Introduction, 1)
        assert (first.requester_outcome, first.requester_line, first.need) == ("met", "", "")
        assert session.scalar(select(Contact.email).where(Contact.key == "relais")) == "relais@example.org"
    assert tidy(requests, settings) == Tidied()


def test_letters_vain_searches_and_calls_go_in_their_time(session_factory: Sessions, settings: Settings) -> None:
    """Ninety days, two years, twelve months after the end."""
    with database.transaction(session_factory) as session:
        contact = make_contact(session, make_organisation(session), key="relais", email="relais@example.org")
        for days in (89, 91):
            post(session, "consent.ask", contact, f"consent/{days}", {}, ago(days))
        session.add_all([SearchMiss(words="un", month="2024-10", count=1), SearchMiss(words="un", month="2024-11")])
        asker = Contact(id="demandeur1", key="demandeur", mode=ContactMode.CLOSED, email="appel@example.org")
        session.add(asker)
        session.add(
            Call(
                id="a",
                question="Qui ?",
                asker_id=asker.id,
                status=CallStatus.CLOSED,
                created_at=ago(500),
                closed_at=ago(400),
            )
        )
        session.add(Call(id="b", question="Quoi ?", status=CallStatus.DECLINED, created_at=ago(400)))
        session.add(Call(id="c", question="Où ?", status=CallStatus.OPEN, created_at=ago(400), account_id=None))
    done = tidy(session_factory, settings)
    assert (done.letters, done.misses, done.calls, done.contacts) == (1, 1, 2, 1)
    with database.reading(session_factory) as session:
        assert session.scalars(select(Letter.key)).all() == ["consent/89"]
        assert session.scalars(select(SearchMiss.month)).all() == ["2024-11"]
        assert session.scalars(select(Call.id).order_by(Call.id)).all() == ["a", "c"]
        assert session.scalar(select(func.count()).where(Contact.email == "appel@example.org")) == 0
    assert tidy(session_factory, settings) == Tidied()


@pytest.fixture
def members(session_factory: Sessions) -> Sessions:
    """Accounts seen long ago, lately, never; the only administrator has not come for long either."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session)
        for login, seen in (("ancienne", 731), ("recente", 729), ("jamais", None)):
            account = make_account(session, login, organisation=organisation, created_at=ago(800))
            account.seen_on = ago(seen).date().isoformat() if seen else None
        make_account(session, "tenue", role=Role.ADMIN, created_at=ago(2000))
        old = accounts.get(session, "ancienne")
        own = Contact(id="propre0001", key="propre", mode=ContactMode.CLOSED, email="ancienne@example.org")
        own.account_id, own.address_confirmed_at = old.id, ago(800)
        session.add(own)
        make_note(session, "Une fiche", key="une", lived=[(organisation, Stance.SOLVED)]).author_id = old.id
    return session_factory


def logins(sessions: Sessions) -> list[str]:
    """Who has an account."""
    with database.reading(sessions) as session:
        return list(session.scalars(select(Account.login).order_by(Account.login)))


def test_an_account_without_visits_is_told_and_goes_a_month_later(members: Sessions, settings: Settings) -> None:
    """By letter where there is an address; its notes stay; the last administrator is never removed."""
    assert tidy(members, settings).warned == 2
    assert tidy(members, settings) == Tidied()
    with database.reading(members) as session:
        (letter,) = session.scalars(select(Letter)).all()
        assert (letter.kind, letter.params["day"]) == ("privacy.inactive", "2026-12-26")
        assert session.scalar(select(Account.warned_at).where(Account.login == "tenue")) is None
    assert tidy(members, settings, NOW + dt.timedelta(days=29)).accounts == 0
    done = tidy(members, settings, NOW + dt.timedelta(days=31))
    assert done.accounts == 2
    assert logins(members) == ["recente", "tenue"]
    assert len(Ledger(settings.data_dir).entries()) == 2
    with database.reading(members) as session:
        assert session.scalar(select(Note.title).where(Note.key == "une", Note.author_id.is_(None))) == "Une fiche"
        assert session.scalar(select(func.count()).where(Contact.key == "propre")) == 0


def test_who_comes_back_after_the_notice_keeps_the_account(
    members: Sessions, settings: Settings, tmp_path: Path
) -> None:
    """A page says so, once; nothing more is asked of the database on the visits of that day."""
    tidy(members, settings)
    client = signed_in(make_client(members, tmp_path), members, "ancienne")
    assert STAYS[:20] in text_of(client.get("/mon-espace"))
    assert STAYS[:20] not in text_of(client.get("/mon-espace"))
    assert tidy(members, settings, NOW + dt.timedelta(days=31)).accounts == 1
    assert logins(members) == ["ancienne", "recente", "tenue"]


def test_a_visit_is_kept_once_a_day(members: Sessions, tmp_path: Path) -> None:
    """Signing in keeps the day; only the first request of another day writes."""
    client = signed_in(make_client(members, tmp_path), members, "jamais")
    with database.reading(members) as session:
        assert session.scalar(select(Account.seen_on).where(Account.login == "jamais")) == utc_now().date().isoformat()
    with database.transaction(members) as session:
        accounts.get(session, "jamais").seen_on = "2020-01-01"
    writes = []

    from sqlalchemy import Engine, event

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE accounts"):
            writes.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    for _ in range(3):
        client.get("/mon-espace")
    event.remove(Engine, "before_cursor_execute", note)
    assert len(writes) == 1


def test_the_command_tells_what_it_did_and_what_it_would_do(shipped_data: Path) -> None:
    """For a person and for a program; « --dry-run » changes nothing, not even the ledger."""
    engine = database.open_database(f"sqlite:///{shipped_data / 'savoirs.sqlite3'}")
    sessions = database.session_factory(engine)
    with database.transaction(sessions) as session:
        make_contact(session, make_organisation(session), key="relais")
        ask(session, "quetzaltrace", created_at=utc_now() - dt.timedelta(days=400), question="quetzaltexte")
        long_ago = utc_now() - dt.timedelta(days=40)
        make_account(session, "partie", role=Role.EDITOR, seen_on="2020-01-01").warned_at = long_ago
    (shipped_data / "logs").mkdir()
    (shipped_data / "logs" / "savoirs-2020-01-01.log").write_text("vieux")
    would = cli.run_well("privacy", "run", "--dry-run", "--json").json
    assert (would["requests"], would["accounts"], would["logs"], would["dry_run"]) == (1, 1, 1, True)
    assert not (shipped_data / "erasures.jsonl").exists()
    assert "demandes vidées 1" in cli.run_well("privacy", "run", "--dry-run").out
    done = cli.run_well("privacy", "run", "--json").json
    assert {**done, "dry_run": True} == would
    assert "Rien n’est gardé trop longtemps." in cli.run_well("privacy", "run").out
    files = [path for path in shipped_data.rglob("*") if path.is_file()]
    assert not [path for path in files if b"quetzalt" in path.read_bytes()]
    assert not list((shipped_data / "logs").iterdir())
    with database.transaction(sessions) as session:
        session.execute(delete(Letter))
    engine.dispose()


# Logs


def test_logs_are_daily_files_without_addresses_or_what_was_asked(tmp_path: Path) -> None:
    """Query strings, addresses and numbers are taken out, of tracebacks too; owner only."""
    logger = logging.getLogger("savoirs.un-essai")
    with logged(Settings.load(data_dir=tmp_path)):
        logger.warning("GET /recherche?q=quetzal&page=2 by quetzal@example.org at 01 99 00 11 22")
        try:
            raise ValueError("quetzal@example.org")
        except ValueError:
            logger.exception("broken")
        logger.info("quiet")
    logger.warning("afterwards")
    (file,) = (tmp_path / "logs").iterdir()
    text = file.read_text("utf-8")
    assert file.name == f"savoirs-{dt.datetime.now(dt.UTC).date().isoformat()}.log"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "quetzal" not in text
    assert "01 99" not in text
    assert "GET /recherche?… by […] at […]" in text
    assert "Traceback" in text
    assert "quiet" not in text
    assert "afterwards" not in text


def test_old_logs_are_those_past_the_setting_and_nothing_else(tmp_path: Path) -> None:
    """Other files are not ours to remove."""
    for name in ("savoirs-2026-05-29.log", "savoirs-2026-05-30.log", "savoirs-2026-13.log", "autre-2020-01-01.log"):
        (tmp_path / name).write_text("")
    assert [path.name for path in old_files(tmp_path, 180, dt.date(2026, 11, 26))] == ["savoirs-2026-05-29.log"]
    assert old_files(tmp_path / "absent", 180, dt.date(2026, 11, 26)) == []


def test_a_server_tidies_soon_and_then_each_day(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """In a child process; one that fails is said once, and tried again."""
    settings = Settings.load(data_dir=tmp_path)
    mark = tmp_path / "mark"
    command = (sys.executable, "-c", f"open({str(mark)!r}, 'a').write('x'); raise SystemExit('non')")
    with tidied_daily(settings, command=command, first_s=0.0, every_s=0.05):
        until = time.monotonic() + 30
        while (not mark.exists() or len(mark.read_text()) < 2) and time.monotonic() < until:
            time.sleep(0.02)
    assert len(mark.read_text()) >= 2
    assert "will be tomorrow: non" in caplog.text


def test_an_unwritable_disk_breaks_no_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The record is lost, the server lives."""
    (tmp_path / "logs").write_text("not a folder")
    handler = DailyFiles(tmp_path / "logs")
    handler.handle(logging.LogRecord("x", logging.ERROR, "", 0, "lost", (), None))
    assert "lost" in capsys.readouterr().err
