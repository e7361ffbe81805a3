"""Nobody's address comes out by what is written rather than read: letters, files, logs, commands, refused forms.

The canaries of ``tests.canaries`` are in a data folder of their own. What is to be tried is discovered, not listed.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from savoirs import database
from savoirs.config import Settings
from savoirs.models import Base as Tables
from savoirs.models import Contact, Letter
from savoirs.models.base import utc_now
from tests import cli
from tests.canaries import (
    ADDRESSES,
    ADMIN,
    EDITOR,
    MEMBER,
    NAMES,
    NUMBERS,
    byte_forms,
    holds,
    plant,
    traces,
    traces_in_bytes,
)
from tests.routes import address, arguments, known_values, rules
from tests.signing_in import signed_in
from web.app import create_app
from web.cli import main
from web.letters.writing import Desk, as_html, as_text, write
from web.wiring import Services, load_loops, open_services

pytestmark = pytest.mark.timeout(600)  # seconds alone, minutes when the machine does much else

READERS = {"a visitor": None, "a member": MEMBER, "an editor": EDITOR, "an administrator": ADMIN}
IN_CONTACTS = (ADDRESSES[0], ADDRESSES[1], ADDRESSES[2], ADDRESSES[5], ADDRESSES[6], ADDRESSES[7], NAMES[0])
"""What was given as somebody's address or name, rather than written in a note against all advice."""


@pytest.fixture(scope="module")
def planted(_shipped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the canaries, its index looked after as a server does, its planner told."""
    folder = tmp_path_factory.mktemp("everywhere") / "data"
    shutil.copytree(_shipped_data, folder)
    services = open_services(Settings.load(data_dir=folder))
    with database.transaction(services.sessions) as session:
        plant(session)
        database.analyse(session)
    services.search_engine.catch_up(services.feed)
    services.search_engine.maintain(services.feed)
    services.close()
    return folder


@pytest.fixture
def folder(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one's own, for what writes."""
    return cli.copy_of(planted, tmp_path / "data", monkeypatch)


@pytest.fixture
def services(folder: Path) -> Iterator[Services]:
    """The copy, open."""
    services = open_services(Settings.load(data_dir=folder, writes_per_hour=10**6))
    yield services
    services.close()


def test_no_letter_tells_an_address(services: Services) -> None:
    """Of every kind, to everybody, about requests that were not accepted: text, HTML, and what the outbox keeps."""
    told = {}
    written = 0
    with database.reading(services.sessions) as session:
        desk = Desk(session, services.settings, utc_now())
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        for letter in letters:
            found = write(letter, desk)
            kept = json.dumps([letter.key, letter.params, letter.last_error])
            if found is not None:
                written += 1
                kept += as_text(found.paragraphs, desk) + as_html(found.subject, found.paragraphs, desk)
            told[letter.kind] = [*told.get(letter.kind, []), *traces(kept)]
    assert written >= 8
    assert {kind: names for kind, names in told.items() if names} == {}


def test_an_address_is_in_one_table(services: Services) -> None:
    """Every table, every column; and the samples that the planner keeps."""
    with database.reading(services.sessions) as session:
        found = {
            table.name: traces_of(session, table.name)
            for table in Tables.metadata.sorted_tables
            if table is not Contact.__table__
        }
        found["sqlite_stat4"] = traces_of(session, "sqlite_stat4") if _has_samples(session) else []
    assert {name: held for name, held in found.items() if held} == {}


def traces_of(session: Session, table: str) -> list[str]:
    """Which of the addresses and names given as such are in the rows of a table."""
    rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  (our own names)
    content = "\n".join(str(value) for row in rows for value in row).encode()
    return [one for one in IN_CONTACTS if holds(content, byte_forms(one, one.partition("@")[0]))]


def _has_samples(session: Session) -> bool:
    return session.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'")) is not None


def test_no_file_but_the_database_holds_an_address(planted: Path) -> None:
    """Segments, vocabulary, models, compiled loops, marks, word vectors: whatever is in the data folder."""
    folders = (planted, Settings.load(data_dir=planted).word_vectors_dir)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    others = [path for path in files if not path.name.startswith("savoirs.sqlite3")]
    assert len(others) > 5
    assert {path.name: found for path in others if (found := traces_in_bytes(path.read_bytes()))} == {}


# Commands


ARGUMENTS = {
    "search": ("permanence", "canaris"),
    "related": ("{note}",),
    "peers": ("une permanence pour les canaris",),
    "export": ("{folder}/export",),
    "backup": ("{folder}/sauvegarde.tar.gz",),
}
"""What commands that must be given something are given."""

NOT_TRIED = {
    "load": "reads a corpus",
    "import": "reads documents, of which there is none here",
    "restore": "replaces the folder",
    "privacy erase": "erases who is given",
    "evaluate search": "reads collections",
    "evaluate tune": "reads collections",
    "evaluate pruning": "reads collections",
    "evaluate peers": "reads collections",
    "evaluate themes": "reads a corpus",
    "evaluate duplicates": "reads a corpus",
    "bench": "makes its own notes",
    "bench engine": "makes its own notes",
    "bench import": "makes its own documents",
}
"""Commands with ``--json`` that are left out, and why: they tell nothing of this folder."""


def json_commands(command: click.Command, path: str = "") -> Iterator[str]:
    """Every command that takes ``--json``, by what is typed for it."""
    if any("--json" in option.opts for option in command.params):
        yield path
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            under = command.get_command(ctx, name)
            assert under is not None
            yield from json_commands(under, f"{path} {name}".strip())


def test_no_command_prints_an_address(folder: Path, tmp_path: Path) -> None:
    """Each command that takes « --json », with and without it; a new one is tried by being there."""
    names = list(json_commands(main))
    assert set(NOT_TRIED) <= set(names)
    load_loops(Settings.load())  # those of the installation, or « index maintain » compiles its own for a minute
    engine = database.open_database(f"sqlite:///{folder / 'savoirs.sqlite3'}")
    with engine.connect() as connection:
        note = connection.execute(text("SELECT id FROM notes WHERE title LIKE '%canaris'")).scalar()
    engine.dispose()
    for name in (name for name in names if name not in NOT_TRIED):
        for number, form in enumerate(((), ("--json",))):
            given = [one.format(note=note, folder=tmp_path / str(number)) for one in ARGUMENTS.get(name, ())]
            (tmp_path / str(number)).mkdir(exist_ok=True)
            ran = cli.run(*name.split(), *given, *form)
            assert ran.code in (0, 1), (name, ran.err)
            assert traces(ran.out + ran.err) == [], name
    exported = [path for path in sorted(tmp_path.glob("*/export/**/*")) if path.is_file()]
    assert {path.name: found for path in exported if (found := traces_in_bytes(path.read_bytes()))} == {}


# Pages that write


def test_no_answer_to_an_empty_form_shows_an_address(services: Services) -> None:
    """Every route that writes, as every role, with nothing in the form: whatever it does, it shows nobody."""
    shown = {}
    for reader, login in READERS.items():
        app = create_app(services)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
        client = app.test_client()
        if login:
            signed_in(client, services.sessions, login)
        with database.reading(services.sessions) as session:
            known = known_values(app, session)
        for rule in rules(app):
            if "POST" not in (rule.methods or ()) or rule.rule in ("/deconnexion", "/mon-espace/fermer/<handle>"):
                continue
            for values in known[arguments(rule)][:2]:
                answer = client.post(address(rule, values), data={})
                assert answer.status_code < 500, rule.rule
                if found := traces(answer.get_data().decode("utf-8", "replace")):
                    shown[reader, rule.rule] = found
                answer.close()
    assert shown == {}


def test_no_page_of_error_shows_an_address(services: Services) -> None:
    """Not found, not allowed, not understood, too large, as every role and in the API too."""
    for login in READERS.values():
        app = create_app(services)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        client = app.test_client()
        if login:
            signed_in(client, services.sessions, login)
        answers = [
            client.get(f"{start}{end}")
            for start in ("", "/api/v1", "/fiches", "/organisations", "/journees", "/appels", "/mes-donnees/lien")
            for end in ("/aaaaaaaaaa", "/un-lien-faux", "/%00", "/../..")
        ]
        answers += [client.delete("/recherche"), client.post("/pairs/demande"), client.get("/recherche?page=zéro")]
        answers += [client.get("/api/v1/search?sort=x"), client.post("/connexion", data=b"x" * 2_000_000)]
        for answer in answers:
            assert answer.status_code < 500
            assert traces(answer.get_data(as_text=True)) == []


def test_a_person_s_copy_holds_their_own_address_and_nobody_else_s(services: Services) -> None:
    """What is taken away from « Mes données » is whole, and the person's only."""
    app = create_app(services)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = signed_in(app.test_client(), services.sessions, MEMBER)
    with zipfile.ZipFile(io.BytesIO(client.post("/mes-donnees/copie").data)) as files:
        content = "\n".join(files.read(name).decode("utf-8-sig") for name in files.namelist())
    assert ADDRESSES[6] in content
    own = {ADDRESSES[6].partition("@")[0], ADDRESSES[8].partition("@")[0], NUMBERS[2]}  # and the line they wrote
    assert set(traces(content)) <= own


# A server


def test_neither_a_server_s_output_nor_its_logs_hold_what_was_asked(folder: Path) -> None:
    """Searches, a sign-in, a page that breaks: said where, never who nor what."""
    engine = database.open_database(f"sqlite:///{folder / 'savoirs.sqlite3'}")
    with cli.running("serve", "--port", "0", SAVOIRS_DATA_DIR=str(folder), SAVOIRS_DEBUG="") as process:
        assert process.stdout is not None
        site = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert site is not None
        for asked in ("/recherche?q=quetzalfiche%40example.org", "/pairs?besoin=quetzalfiche", "/fiches/quetzalfic"):
            _get(site.group() + asked)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE themes RENAME TO themes_elsewhere"))
        broken = _get(f"{site.group()}/evaluation?q=quetzalfiche"), _get(f"{site.group()}/partager?besoin=quetzalfiche")
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE themes_elsewhere RENAME TO themes"))
        process.terminate()
        out, err = process.communicate(timeout=60)
    engine.dispose()
    assert 500 in broken
    logs = sorted((folder / "logs").iterdir())
    assert any("incident" in path.read_text("utf-8") for path in logs)
    assert traces(out + err) == []
    assert {path.name: found for path in logs if (found := traces_in_bytes(path.read_bytes()))} == {}


def _get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  (loopback)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
