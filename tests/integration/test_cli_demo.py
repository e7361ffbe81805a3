"""The demonstration and the server, in processes of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import select

from savoirs.database import open_database, reading, session_factory, transaction
from savoirs.models import SignInLink, record_id
from savoirs.models.base import utc_now
from tests import cli


def address_in(process: subprocess.Popen[str]) -> str:
    """The address it says it answers on; it is told once the port is open."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise AssertionError("the process ended without saying where it answers")


def read_until(process: subprocess.Popen[str], last: str) -> str:
    """What it prints, up to a line that begins so."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(last):
            return "".join(lines)
    raise AssertionError(f"never printed {last}")


def get(address: str) -> str:
    """The body of an address that answers 200."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  (loopback)
        return str(answer.read().decode())


def stop(process: subprocess.Popen[str], how: signal.Signals) -> int:
    """Send a signal, wait for the end."""
    process.send_signal(how)
    return process.wait(timeout=10)


@pytest.mark.parametrize("there", ["absent", "empty"])
def test_the_demonstration_starts_serves_and_stops(no_data: Path, there: str) -> None:
    """From nothing it answers, on loopback only, tells what to try, and Ctrl+C ends it cleanly.

    A second start, on its own folder, loads nothing again.
    """
    if there == "empty":
        no_data.mkdir()
    with cli.running("demo", "--port", "0", SAVOIRS_DATA_DIR=str(no_data)) as process:
        address = address_in(process)
        assert json.loads(get(f"{address}/healthz")) == {"status": "ok"}
        told = read_until(process, "Ctrl+C")
        assert told.count("/connexion/lien/") == 2
        assert "animer mes bénévoles" in told
        assert "Singa" in get(f"{address}/recherche?q=apprendre+%C3%A0+coder")
        assert not answers_elsewhere(int(address.rpartition(":")[2]))
        assert stop(process, signal.SIGINT) == 0
    if there == "empty":
        return
    with cli.running("demo", "--port", "0", SAVOIRS_DATA_DIR=str(no_data)) as process:
        get(f"{address_in(process)}/healthz")
        assert stop(process, signal.SIGTERM) == 0
        assert process.stderr is not None
        assert "Chargement" not in process.stderr.read()


def answers_elsewhere(port: int) -> bool:
    """Whether another address of this machine than 127.0.0.1 answers on a port: 127.0.0.2 is one, on Linux."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.2", port)) == 0


def test_a_sign_in_link_of_the_demonstration_opens_a_session(no_data: Path) -> None:
    """Opening the link shows a page; its button signs in, once."""
    with cli.running("demo", "--port", "0", SAVOIRS_DATA_DIR=str(no_data)) as process:
        link = re.search(r"http://\S+/connexion/lien/\S+", read_until(process, "Ctrl+C"))
        assert link is not None
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = browser.open(link.group(), timeout=10).read().decode()
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert csrf is not None
        form = urllib.request.Request(  # noqa: S310  (loopback)
            link.group(), data=f"csrf_token={csrf.group(1)}".encode(), headers={"Referer": link.group()}
        )
        assert browser.open(form, timeout=10).status == 200
        address = link.group().partition("/connexion")[0]
        assert browser.open(f"{address}/mon-espace", timeout=10).status == 200
        with pytest.raises(urllib.error.HTTPError, match=r"400|404|410"):
            browser.open(form, timeout=10)


def test_a_folder_that_holds_something_else_is_left_alone(no_data: Path) -> None:
    """The demonstration never writes into a folder that is not its own."""
    no_data.mkdir()
    (no_data / "comptes.ods").write_text("précieux", "utf-8")
    ran = cli.run("demo")
    assert ran.code == 1
    assert "SAVOIRS_DATA_DIR" in ran.err
    assert [path.name for path in no_data.iterdir()] == ["comptes.ods"]


def test_a_port_that_is_taken_is_said(shipped_data: Path) -> None:
    """One French line, code 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with cli.running("serve", "--port", port, SAVOIRS_DATA_DIR=str(shipped_data)) as process:
            out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert "déjà pris" in err.replace("\N{NO-BREAK SPACE}", " ")


def test_a_note_added_by_one_process_is_found_by_the_others(shipped_data: Path) -> None:
    """A note added through the server is found by the command line's next search, and by the server's."""
    cli.run_well("account", "add", "amina", "--role", "editor")
    token = cli.run_well("account", "token", "amina").out.strip()
    body = {
        "title": "Un zébulon au potager",
        "summary": "Le zébulon pousse en mai.",
        "action": "Nous avons planté un zébulon avec les voisins.",
        "themes": ["environnement"],
        "experiences": [{"organisation": record_id("organisation", "singa"), "stance": "solved"}],
    }
    with cli.running("serve", "--port", "0", SAVOIRS_DATA_DIR=str(shipped_data)) as process:
        address = address_in(process)
        request = urllib.request.Request(  # noqa: S310  (loopback)
            f"{address}/api/v1/notes",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (loopback)
            added = json.loads(answer.read())
        assert cli.run_well("search", "zébulon", "--json").json["results"][0]["id"] == added["id"]
        assert added["id"] in get(f"{address}/recherche?q=zebulon")
        assert stop(process, signal.SIGTERM) == 0


def test_a_server_that_starts_forgets_sessions_and_links_that_are_over(shipped_data: Path) -> None:
    """A link that was used is of no use; one that still works is kept."""
    cli.run_well("account", "add", "amina", "--role", "editor")
    for _ in range(2):
        cli.run_well("account", "link", "amina")
    database = open_database(f"sqlite:///{shipped_data / 'savoirs.sqlite3'}")
    sessions = session_factory(database)
    with transaction(sessions) as session:
        used = session.scalars(select(SignInLink).order_by(SignInLink.token_hash)).first()
        assert used is not None
        used.used_at = utc_now()
    with cli.running("serve", "--port", "0", SAVOIRS_DATA_DIR=str(shipped_data)) as process:
        address_in(process)
        stop(process, signal.SIGTERM)
    with reading(sessions) as session:
        left = session.scalars(select(SignInLink.token_hash).order_by(SignInLink.token_hash)).all()
    assert len(left) == 1
    assert used.token_hash not in left
    database.dispose()


def test_scikit_learn_is_never_loaded_to_search(shipped_data: Path) -> None:
    """It would take more memory than all the rest; it is for measuring."""
    asked = "import sys; from web.cli import main\ntry: main(['search', 'repas', '--json'])\nfinally: "
    told = "print([name for name in ('sklearn', 'scipy') if name in sys.modules], file=sys.stderr)"
    ran = subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, "-c", asked + told],
        env={**os.environ, "SAVOIRS_DATA_DIR": str(shipped_data)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr.strip().endswith("[]")
