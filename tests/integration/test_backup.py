"""A backup is one file that has everything; restoring it loses nothing, and brings nobody back who was erased."""

from __future__ import annotations

import io
import json
import os
import signal
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from savoirs import accounts, backup, database
from savoirs.backup import archive, swapping
from savoirs.config import Settings
from savoirs.errors import SavoirsError
from savoirs.migrations import head
from savoirs.models import Account, Contact, Note, Role
from savoirs.privacy.ledger import Ledger
from tests import cli
from tests.builders import make_account, make_contact, make_note, make_organisation
from tests.canaries import byte_forms, holds
from web.cli.backup import build_index
from web.cli.folder import LEFT_BEHIND

ADDRESS = "quetzalsauve@example.org"


@contextmanager
def base_of(folder: Path) -> Iterator[sessionmaker[Session]]:
    """The database of a data folder."""
    engine = database.open_database(f"sqlite:///{folder / 'savoirs.sqlite3'}")
    yield database.session_factory(engine)
    engine.dispose()


@pytest.fixture
def data(shipped_data: Path) -> Path:
    """The shipped corpus, a person with an address, an administrator, an original file."""
    with base_of(shipped_data) as sessions, database.transaction(sessions) as session:
        organisation = make_organisation(session, "Association Exemple Sauvée", key="sauvee")
        make_contact(session, organisation, key="sauve", email=ADDRESS, name="Ix Quetzalsauve")
        make_account(session, "admin", role=Role.ADMIN)
        accounts.open_session(session, accounts.get(session, "admin"))
        make_note(session, "Une quetzalnote gardée", key="gardee")
    Settings.load().secret()
    (shipped_data / "originals" / "ab").mkdir(parents=True)
    (shipped_data / "originals" / "ab" / "abcd.odt").write_bytes(b"un document")
    return shipped_data


@pytest.fixture
def saved(data: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    file = tmp_path / "sauvegarde.tar.gz"
    cli.run_well("backup", str(file))
    return file


def addresses(folder: Path) -> list[str]:
    """The addresses in the database of a data folder."""
    with base_of(folder) as sessions, database.reading(sessions) as session:
        return [one for one in session.scalars(select(Contact.email).order_by(Contact.id)) if one]


def traces(folder: Path) -> list[str]:
    """Files that hold the person's address."""
    forms = byte_forms(ADDRESS, "quetzalsauve")
    return [path.name for path in sorted(folder.rglob("*")) if path.is_file() and holds(path.read_bytes(), forms)]


def test_a_backup_has_everything_and_is_its_owner_s_only(data: Path, saved: Path) -> None:
    """Database, key, originals; not the index, which is made again. Nothing is left beside it."""
    manifest = archive.verify(saved)
    assert set(manifest.files) == {"savoirs.sqlite3", "secret_key", "originals/ab/abcd.odt"}
    assert saved.stat().st_mode & 0o777 == 0o600
    assert not list(saved.parent.glob(".*.part"))


def test_the_command_says_that_addresses_are_in_it(data: Path, tmp_path: Path) -> None:
    """Whoever keeps the file knows what it is; a file that is there is kept unless asked."""
    file = tmp_path / "une.tar.gz"
    assert "contient les adresses" in cli.run_well("backup", str(file)).out
    again = cli.run("backup", str(file))
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "existe déjà" in again.err
    assert cli.run_well("backup", str(file), "--yes", "--json").json["files"][0] == "originals/ab/abcd.odt"
    assert "Impossible d’écrire" in cli.run("backup", str(tmp_path / "absent" / "une.tar.gz")).err


def test_a_backup_is_restored_in_an_empty_folder(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are found again; everybody signs in again."""
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(tmp_path / "ailleurs"))
    cli.run_well("restore", str(saved))
    found = cli.run_well("search", "quetzalnote", "--json").json
    assert found["results"][0]["title"] == "Une quetzalnote gardée"
    assert (tmp_path / "ailleurs" / "originals" / "ab" / "abcd.odt").read_bytes() == b"un document"
    assert cli.run_well("index", "verify").code == 0
    with base_of(tmp_path / "ailleurs") as sessions, database.reading(sessions) as session:
        assert accounts.list_sessions(session, accounts.get(session, "admin")) == ()


def test_data_that_are_there_are_replaced_only_when_asked(data: Path, saved: Path) -> None:
    """One sentence; and with --yes what came after the backup is gone, and nothing of it is left aside."""
    with base_of(data) as sessions, database.transaction(sessions) as session:
        make_note(session, "Une fiche d’après", key="apres")
    refused = cli.run("restore", str(saved))
    assert (refused.code, "--yes" in refused.err) == (1, True)
    cli.run_well("restore", str(saved), "--yes")
    with base_of(data) as sessions, database.reading(sessions) as session:
        assert session.scalar(select(Note.id).where(Note.key == "apres")) is None
        assert session.scalar(select(Note.id).where(Note.key == "gardee"))
    assert not {path.name for path in data.iterdir()} & {swapping.RESTORING, swapping.REPLACED, swapping.MARK}


def test_a_backup_is_taken_while_somebody_writes(data: Path, tmp_path: Path) -> None:
    """What it holds is one state: every pair of notes written together is there or absent together."""
    going = threading.Event()

    def write() -> None:
        with base_of(data) as sessions:
            for number in range(1000):
                with database.transaction(sessions) as session:
                    make_note(session, "Une", key=f"paire-une-{number}", journal=False)
                    make_note(session, "Deux", key=f"paire-deux-{number}", journal=False)
                if going.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            backup.create(Settings.load(), tmp_path / f"{number}.tar.gz")
    finally:
        going.set()
        writer.join()
    for number in range(4):
        folder = tmp_path / f"lu-{number}"
        folder.mkdir()
        file = tmp_path / f"{number}.tar.gz"
        archive.extract(file, archive.verify(file), folder)
        with base_of(folder) as sessions, database.reading(sessions) as session:
            keys = session.scalars(select(Note.key).where(Note.key.startswith("paire-"))).all()
        ones, twos = ({key.rpartition("-")[2] for key in keys if which in key} for which in ("-une-", "-deux-"))
        assert ones == twos


# What is refused


Change = Callable[[list[tuple[tarfile.TarInfo, bytes]]], list[tuple[tarfile.TarInfo, bytes]]]


def rewritten(source: Path, target: Path, change: Change) -> Path:
    """A backup with other members."""
    with tarfile.open(source, "r:gz") as tar:
        members = []
        for member in tar.getmembers():
            content = tar.extractfile(member)
            members.append((member, content.read() if content else b""))
    with tarfile.open(target, "w:gz") as tar:
        for member, body in change(members):
            member.size = len(body) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(body))
    return target


def manifest_with(members: list[tuple[tarfile.TarInfo, bytes]], **values: object) -> None:
    """Say something else in the first member."""
    info, body = members[0]
    members[0] = (info, json.dumps(json.loads(body) | values).encode())


def _flipped(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    name = next(place for place, (info, _) in enumerate(members) if info.name == "savoirs.sqlite3")
    info, body = members[name]
    members[name] = (info, body[:5000] + bytes([body[5000] ^ 1]) + body[5001:])
    return members


def _later(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    manifest_with(members, format=99)
    return members


def _elsewhere(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    files = json.loads(members[0][1])["files"]
    files["originals/../../dehors"] = {"size_bytes": 2, "sha256": "0"}
    manifest_with(members, files=files)
    return [*members, (tarfile.TarInfo("originals/../../dehors"), b"ah")]


def _linked(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    info = tarfile.TarInfo("secret_key")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return [(info, b"") if one.name == "secret_key" else (one, body) for one, body in members]


def _another(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [*members, (tarfile.TarInfo("../dehors"), b"ah")]


def _lacking(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return members[:-1]


def _twice(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [*members, members[-1]]


def _not_ours(members: list[tuple[tarfile.TarInfo, bytes]]) -> list[tuple[tarfile.TarInfo, bytes]]:
    return members[1:]


FORGED = {
    "a byte changed": (_flipped, "abîmée"),
    "a later format": (_later, "plus récente"),
    "a path outside": (_elsewhere, "abîmée"),
    "a link": (_linked, "abîmée"),
    "a file more": (_another, "abîmée"),
    "a file less": (_lacking, "abîmée"),
    "a file twice": (_twice, "abîmée"),
    "no manifest": (_not_ours, "n’est pas une sauvegarde"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_backup_is_refused_before_anything_changes(
    data: Path, saved: Path, tmp_path: Path, forged: str
) -> None:
    """One French sentence; the folder is as it was, and nothing was written outside."""
    change, said = FORGED[forged]
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.name != swapping.LOCK}
    ran = cli.run("restore", str(rewritten(saved, tmp_path / "autre.tar.gz", change)), "--yes")
    assert (ran.code, said in ran.err, "Traceback" in ran.err) == (1, True, False), ran.err
    after = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.name != swapping.LOCK}
    assert {path: when for path, when in after.items() if path.is_file()} == {
        path: when for path, when in before.items() if path.is_file()
    }
    assert not (tmp_path / "dehors").exists()


def test_a_file_that_was_cut_anywhere_is_refused(data: Path, saved: Path, tmp_path: Path) -> None:
    """At its beginning, in its middle, just before its end; and a file of another kind."""
    whole = saved.read_bytes()
    file = tmp_path / "coupee.tar.gz"
    for length in (0, 1, 10, 100, len(whole) // 3, len(whole) // 2, len(whole) - 9000, len(whole) - 1):
        file.write_bytes(whole[:length])
        ran = cli.run("restore", str(file), "--yes")
        assert (ran.code, "Rien n’est changé" in ran.err) == (1, True), (length, ran.err)
    file.write_text("bonjour")
    assert "n’est pas une sauvegarde" in cli.run("restore", str(file), "--yes").err
    assert addresses(data) == [ADDRESS]


def test_a_backup_of_a_later_savoirs_is_refused(data: Path, tmp_path: Path) -> None:
    """Its database has steps that this one does not know."""
    with base_of(data) as sessions, database.transaction(sessions) as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    backup.create(Settings.load(), tmp_path / "demain.tar.gz")
    with base_of(data) as sessions, database.transaction(sessions) as session:
        session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head()}'")  # noqa: S608
    assert "plus récente" in cli.run("restore", str(tmp_path / "demain.tar.gz"), "--yes").err
    assert addresses(data) == [ADDRESS]


def test_a_folder_that_is_being_served_is_left_alone(data: Path, saved: Path) -> None:
    """A server would go on writing in files that are gone; and a server does not start during a restoration."""
    with swapping.in_use(data, alone=False):
        assert "arrêtez-le d’abord" in cli.run("restore", str(saved), "--yes").err
    with swapping.in_use(data, alone=True), pytest.raises(SavoirsError) as raised, swapping.in_use(data, alone=False):
        pass
    assert raised.value.code == "folder_restoring"


def test_another_database_is_backed_up_by_its_own_tool(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL: the sentence names pg_dump."""
    monkeypatch.setenv("SAVOIRS_DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")
    assert "pg_dump" in cli.run("backup", str(tmp_path / "une.tar.gz")).err


# Killed halfway


STEPS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "os.truncate")


def _die_at(step: int, work: Callable[[], object]) -> int:
    """Do something in a child that dies at its nth step on files; its code, 9 when it died."""
    import sys

    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    steps = 0

    def heard(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if event in STEPS:
            steps += 1
            if steps == step:
                os._exit(9)

    sys.addaudithook(heard)
    try:
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.timeout(300)
def test_a_swap_killed_at_any_step_is_gone_on_with(tmp_path: Path) -> None:
    """Whatever the step, the next command finds the restored files, all of them, and the others as they were."""
    ended = False
    for step in range(1, 60):
        folder = tmp_path / str(step)
        for place, content in (("", "old"), (swapping.RESTORING, "new")):
            (folder / place / "index").mkdir(parents=True)
            (folder / place / "index" / "CURRENT").write_text(content)
            (folder / place / "savoirs.sqlite3").write_text(content)
        (folder / "savoirs.sqlite3-wal").write_text("old")
        (folder / "logs").mkdir()
        code = _die_at(step, lambda folder=folder: swapping.swap(folder))  # type: ignore[misc]
        begun = (folder / swapping.MARK).exists() or (folder / "savoirs.sqlite3").read_text() == "new"
        assert swapping.is_interrupted(folder) == any((folder / name).exists() for name in LEFT_BEHIND)
        swapping.go_on(folder)
        expected = "new" if begun else "old"
        assert (folder / "savoirs.sqlite3").read_text() == expected
        assert (folder / "index" / "CURRENT").read_text() == expected
        assert (folder / "savoirs.sqlite3-wal").exists() is not begun
        assert (folder / "logs").is_dir()
        assert not (folder / swapping.REPLACED).exists()
        if code == 0:
            ended = True
            break
    assert ended


def test_a_restoration_killed_while_it_makes_ready_changes_nothing(data: Path, saved: Path) -> None:
    """The data are those of before; the next restoration cleans what is left and ends."""
    with cli.running("restore", str(saved), "--yes", SAVOIRS_DATA_DIR=str(data)) as process:
        until = time.monotonic() + 60
        while not (data / swapping.RESTORING).exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert addresses(data) == [ADDRESS]
    cli.run_well("restore", str(saved), "--yes")
    assert not (data / swapping.RESTORING).exists()
    cli.run_well("index", "verify")


def test_a_backup_killed_halfway_leaves_the_one_before(data: Path, saved: Path) -> None:
    """The file is replaced at once or not at all; what was left is removed by the next one."""
    before = saved.read_bytes()
    code = _die_at(1, lambda: backup.create(Settings.load(), saved, replace=True))
    assert code == 9
    (saved.parent / f".{saved.name}.dead.part").mkdir()
    assert saved.read_bytes() == before
    backup.create(Settings.load(), saved, replace=True)
    assert not list(saved.parent.glob(".*.part"))


# Erasures


def test_who_was_erased_stays_so_after_an_older_backup(data: Path, saved: Path) -> None:
    """The ledger of the folder is applied to what is restored: no byte of any file has the address."""
    cli.run_well("privacy", "erase", ADDRESS, "--yes")
    assert traces(data) == []
    assert cli.run_well("restore", str(saved), "--yes", "--json").json["erasures"] == 1
    assert traces(data) == []
    with base_of(data) as sessions, database.reading(sessions) as session:
        assert session.scalar(select(Note.id).where(Note.key == "gardee"))


def test_the_ledger_of_the_backup_counts_too(
    data: Path, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backup, erasure, second backup: a new folder that gets the second, then the first, never shows the person."""
    cli.run_well("privacy", "erase", ADDRESS, "--yes")
    cli.run_well("backup", str(tmp_path / "deux.tar.gz"))
    elsewhere = tmp_path / "ailleurs"
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(elsewhere))
    cli.run_well("restore", str(tmp_path / "deux.tar.gz"))
    assert len(Ledger(elsewhere).entries()) == 1
    cli.run_well("restore", str(saved), "--yes")
    assert traces(elsewhere) == []


def test_a_database_put_back_by_hand_is_erased_again_at_the_next_start(data: Path, tmp_path: Path) -> None:
    """Somebody copied an old file instead of using « restore »: init and serve see that it lacks an erasure."""
    old = tmp_path / "ancienne.sqlite3"
    with base_of(data) as sessions, database.reading(sessions) as session:
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
    old.write_bytes((data / "savoirs.sqlite3").read_bytes())
    cli.run_well("privacy", "erase", ADDRESS, "--yes")
    (data / "savoirs.sqlite3").write_bytes(old.read_bytes())
    assert traces(data) != []
    cli.run_well("init")
    assert traces(data) == []


def test_restoring_asks_for_room_and_builds_where_told(data: Path, saved: Path, tmp_path: Path) -> None:
    """The index of the restored folder is made before it replaces the one in use."""
    folders = []

    def build(folder: Path) -> None:
        folders.append(folder)
        build_index(Settings.load(), folder)

    backup.restore(Settings.load(), saved, build)
    assert folders == [data / swapping.RESTORING]
    with base_of(data) as sessions, database.reading(sessions) as session:
        assert session.scalar(select(Account.login).where(Account.login == "admin"))
