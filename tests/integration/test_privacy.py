"""Nobody's address, number or removed name comes out: not on a page, in an answer, an index, a log or an export.

Canaries are put in a copy of the shipped corpus, wherever a real address might be; then everything is read.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from indexer.engine import Request
from savoirs import database, lexicon
from savoirs.config import Settings
from tests import cli
from tests.canaries import (
    ADMIN,
    EDITOR,
    MEMBER,
    PREFIXES,
    WORDS_HELD,
    Planted,
    byte_forms,
    holds,
    plant,
    traces,
    traces_in_bytes,
)
from tests.routes import links, readable_addresses
from tests.signing_in import signed_in
from web.app import create_app
from web.wiring import Services, build_engine, open_services

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"
READERS = {"a visitor": None, "a member": MEMBER, "an editor": EDITOR, "an administrator": ADMIN}
FOLLOWED = 20
"""Links read beside the addresses of the routes, for each reader."""

WORDS = "permanence volière canari écrivez participante téléphone e-mail"
ENGINES = ("embedded", "whoosh")

REQUEST = {
    "context": "Nous perdons nos étudiants.",
    "question": "Comment faire ?",
    "preference": "writing",
    "name": "Une personne",
    "email": "quetzaljournal@example.org",
    "agree_relay": "y",
    "agree_exchange": "y",
}


@dataclass
class Base:
    """A data folder with the canaries in it, open, and what was read of it."""

    services: Services
    planted: Planted
    read: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, login: str | None) -> FlaskClient:
        """A browser, of a visitor or signed in."""
        app = create_app(self.services)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        client = app.test_client()
        return signed_in(client, self.services.sessions, login) if login else client


@pytest.fixture(scope="module")
def base(_shipped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    """The shipped corpus with the canaries, indexed; only to be read."""
    folder = tmp_path_factory.mktemp("canaries") / "data"
    shutil.copytree(_shipped_data, folder)
    services = open_services(Settings.load(data_dir=folder, writes_per_hour=10**6, requests_per_recipient_week=100))
    with database.transaction(services.sessions) as session:
        planted = plant(session)
    services.search_engine.rebuild(services.feed)
    yield Base(services, planted)
    services.close()


@pytest.fixture
def data_folder(base: Base, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the canaries, for commands."""
    folder = base.services.settings.data_dir
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(folder))
    return folder


def read_everything(base: Base, reader: str) -> dict[str, str]:
    """What a reader gets at the addresses of every route, and at links from there."""
    if reader not in base.read:
        client = base.client(READERS[reader])
        with database.reading(base.services.sessions) as session:
            known = readable_addresses(client.application, session, first=base.planted.ids(), each=3)
        wanted = [
            one for endpoint, some in known.items() if endpoint != "static" or reader == "a visitor" for one in some
        ]
        wanted += _questions(base.planted)
        read: dict[str, str] = {}
        found: dict[str, None] = {}
        for address in wanted:
            _read(client, address, read, found)
        more = [link for link in found if link not in read and not link.startswith("/static/")]
        for address in more[:: -(-len(more) // FOLLOWED) or 1]:
            _read(client, address, read, {})
        base.read[reader] = read
    return base.read[reader]


def _read(client: FlaskClient, address: str, read: dict[str, str], found: dict[str, None]) -> None:
    if address in read:
        return
    answer = client.get(address)
    assert answer.status_code < 500, address
    heads = "".join(f"{name}: {value}\n" for name, value in answer.headers if name != "Set-Cookie")
    read[address] = heads + answer.get_data().decode("utf-8", "replace")
    if answer.mimetype == "text/html":
        found.update(dict.fromkeys(links(answer.get_data(as_text=True))))
    answer.close()
    if answer.location and answer.location.startswith("/"):
        _read(client, answer.location, read, found)


def _questions(planted: Planted) -> list[str]:
    """Addresses with something asked in them."""
    asked = ["/robots.txt", "/sitemap.xml", "/feed", "/openapi.json", "/recherche?sort=newest", "/recherche?page=2"]
    for word in WORDS.split():
        asked += [f"/recherche?q={word}", f"/api/v1/search?q={word}&per_page=100", f"/pairs?besoin={word}"]
        asked += [f"/api/v1/suggest?q={word[:3]}", f"/partager?besoin={word}"]
    for id_ in planted.ids():
        asked += [f"/pairs?fiche={id_}", f"/pairs?organisation={id_}", f"/api/v1/search?organisation={id_}"]
        asked += [f"/fiches/{id_}/modifier?version={number}" for number in (1, 2, 3)]
        asked += [
            f"/pairs/demande?organisation={planted.organisation}&fiche={id_}&besoin=permanence",
            f"/pairs/demande/gardee?organisation={id_}",
        ]
    return asked


def leaks(read: dict[str, str]) -> dict[str, list[str]]:
    """The addresses at which a canary can be read, or an address of the document of 2017 when it is there."""
    source = byte_forms(*_addresses_of_the_source())
    found = {address: traces(text) for address, text in read.items()}
    found |= {address: ["of the source"] for address, text in read.items() if holds(text.encode(), source)}
    return {address: kept for address, kept in found.items() if kept}


@pytest.mark.timeout(600)  # a minute alone, more when the machine does much else
@pytest.mark.parametrize("reader", READERS)
def test_no_page_and_no_answer_shows_an_address(base: Base, reader: str) -> None:
    """Every route, with ids of the database, and links from there: 0, for editors too."""
    read = read_everything(base, reader)
    assert len(read) > 100
    assert leaks(read) == {}


@pytest.mark.parametrize("reader", READERS)
def test_completions_give_no_address(base: Base, reader: str) -> None:
    """The beginning of an address, a number or a name leads to nothing that was not typed."""
    client = base.client(READERS[reader])
    for prefix in PREFIXES:
        for completed in client.get("/api/v1/suggest", query_string={"q": prefix}).json["completions"]:
            assert traces(completed) == []


@pytest.mark.parametrize("word", WORDS_HELD)
def test_a_search_for_an_address_does_not_know_it(base: Base, word: str) -> None:
    """A word of an address is in no note as far as a search can tell, nor offered for a word spelt nearly the same."""
    client = base.client(None)
    for typed in (word, f"{word[:-1]}x", f"{word[:7]}*"):
        answer = client.get("/api/v1/search", query_string={"q": typed}).json
        assert word not in {used for one in answer["query"]["understood"] for used in one["used"]}
        assert [result for result in answer["results"] if not result["by_meaning"]] == []
        assert answer["query"]["suggestion"] is None or word not in answer["query"]["suggestion"]


@pytest.mark.parametrize("engine", ENGINES)
def test_no_index_file_holds_an_address(base: Base, engine: str, tmp_path: Path) -> None:
    """Neither engine writes one, in any encoding; the notes that held them are in the index all the same."""
    with database.reading(base.services.sessions) as session:
        vectors = base.services.settings.word_vectors_dir
        built = build_engine(engine, tmp_path / "index", lexicon.language(session), vectors=vectors)
    built.rebuild(base.services.feed)
    built.catch_up(base.services.feed)
    assert {hit.id for hit in built.search(Request("permanence canaris")).hits} >= {base.planted.note}
    for prefix in PREFIXES:
        assert [word for word in built.complete(prefix) if traces(word)] == []
    built.close()
    folders = (tmp_path / "index", vectors)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert any(b"permanen" in path.read_bytes() for path in files)  # the words of notes can be seen in these bytes
    assert {path.name: found for path in files if (found := traces_in_bytes(path.read_bytes()))} == {}


def test_no_export_holds_an_address(data_folder: Path, tmp_path: Path) -> None:
    """The folder that « savoirs export » writes, and what it prints."""
    ran = cli.run_well("export", str(tmp_path / "export"), "--json")
    files = [path for path in sorted((tmp_path / "export").rglob("*")) if path.is_file()]
    assert len(files) > 200
    assert {path.name: found for path in files if (found := traces_in_bytes(path.read_bytes()))} == {}
    assert traces(ran.out + ran.err) == []


def test_no_reading_command_prints_an_address(data_folder: Path, base: Base) -> None:
    """For a person and for a program."""
    commands = [
        ("search", "permanence", "canaris"),
        ("search", "volière", "participante"),
        ("related", base.planted.note),
        ("peers", "une permanence pour les canaris"),
        ("peers", "--note", base.planted.mended),
        ("account", "list"),
        ("index", "status"),
        ("index", "verify"),
        ("doctor",),
    ]
    for command in commands:
        for form in ((), ("--json",)):
            ran = cli.run(*command, *form)
            assert ran.code in (0, 1), (command, ran.err)
            assert traces(ran.out + ran.err) == []


def test_no_log_holds_an_address_or_what_was_asked(base: Base, caplog: pytest.LogCaptureFixture) -> None:
    """Pages that answer, refuse or break: a log says where, never who nor what was typed."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # as it is unless somebody debugs
    client = base.client(EDITOR)
    client.application.config["WTF_CSRF_ENABLED"] = False
    for address in ("/recherche?q=quetzaldemande@example.org", "/fiches/quetzaldem", "/pairs?besoin=quetzaldemande"):
        client.get(address)
    with base.services.database.begin() as connection:
        connection.execute(
            sql("CREATE TRIGGER no_contact BEFORE INSERT ON contacts BEGIN SELECT RAISE(ABORT, 'x'); END")
        )
    try:
        answer = client.post(
            f"/pairs/demande?organisation={base.planted.organisation}&besoin=quetzalfiche", data=REQUEST
        )
    finally:
        with base.services.database.begin() as connection:
            connection.execute(sql("DROP TRIGGER no_contact"))
    assert answer.status_code == 500
    assert traces(answer.get_data(as_text=True).replace("quetzalfiche", "")) == []
    assert "incident" in caplog.text
    assert traces(caplog.text) == []


def test_the_two_addresses_of_the_source_are_not_kept(base: Base, data_folder: Path, tmp_path: Path) -> None:
    """The day of 2017 gives two persons' addresses: neither is in the database, an index or an export."""
    forms = byte_forms(*_required_addresses())
    cli.run_well("export", str(tmp_path / "export"))
    folders = (tmp_path / "export", data_folder)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert [path.name for path in files if holds(path.read_bytes(), forms)] == []


def test_no_file_under_version_control_holds_an_address_of_the_source() -> None:
    """Code, tests and corpus alike."""
    forms = byte_forms(*_required_addresses())
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run([git, "-C", str(ROOT), "ls-files", "-z"], check=True, capture_output=True)  # noqa: S603
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    assert len(names) > 300
    assert [name for name in names if holds((ROOT / name).read_bytes(), forms)] == []


def _required_addresses() -> list[str]:
    found = _addresses_of_the_source()
    if not found:
        pytest.skip("the document of 2017 is not beside this repository")
    assert len(found) == 2
    return found


def _addresses_of_the_source() -> list[str]:
    """The addresses in the document that the corpus was made from; they are never written in this repository."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(SEED.glob("*.txt")))
    return re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
