"""Making a data folder, loading, exporting, and examining it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from savoirs.database import transaction
from savoirs.models import CallStatus, NoteStatus
from tests import cli
from tests.builders import make_call, make_note
from web.cli.data import opened

CORPUS = Path(__file__).parents[2] / "corpus"


def test_init_makes_a_folder_that_searches(no_data: Path) -> None:
    """After init alone, themes and words are there, nothing is published, and searching works."""
    ran = cli.run_well("init")
    assert "prêt" in ran.out
    assert cli.run_well("search", "bénévoles", "--json").json["total"] == 0
    assert (no_data / "secret_key").stat().st_mode & 0o077 == 0


def test_init_twice_keeps_everything(shipped_data: Path) -> None:
    """Running init again on a folder in use loses nothing."""
    before = cli.run_well("search", "--json").json["total"]
    cli.run_well("init")
    assert cli.run_well("search", "--json").json["total"] == before


def test_loading_twice_changes_nothing(shipped_data: Path) -> None:
    """The same corpus again writes no change."""
    assert cli.run_well("load", str(CORPUS), "--json").json["changes"] == 0


def test_a_corpus_with_a_mistake_is_refused_whole(no_data: Path, tmp_path: Path) -> None:
    """File, line and what to do are said; nothing is loaded."""
    bad = tmp_path / "corpus"
    shutil.copytree(CORPUS, bad)
    file = bad / "notes" / "journee-2017" / "buffer-publications.md"
    file.write_text(file.read_text("utf-8").replace("kind: tool", "kind: truc"), "utf-8")
    cli.run_well("init")
    ran = cli.run("load", str(bad))
    assert ran.code == 1
    assert "buffer-publications.md:" in ran.err
    assert "truc" in ran.err
    assert cli.run_well("search", "--json").json["total"] == 0


def test_an_export_can_be_loaded_elsewhere(shipped_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is exported from one folder and loaded into another is found there as it was."""
    cli.run_well("export", str(tmp_path / "out"))
    before = cli.run_well("search", "--json", "--per-page", "100").json
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(tmp_path / "other"))
    cli.run_well("init")
    cli.run_well("load", str(tmp_path / "out"))
    after = cli.run_well("search", "--json", "--per-page", "100").json
    assert [result["id"] for result in after["results"]] == [result["id"] for result in before["results"]]


def test_the_index_is_disposable(shipped_data: Path) -> None:
    """Deleted, damaged or rebuilt, it says again what the database says."""
    assert cli.run_well("index", "status", "--json").json["seq"] > 0
    shutil.rmtree(shipped_data / "index")
    assert cli.run_well("search", "bénévoles", "--json").json["total"] > 0
    assert cli.run_well("index", "verify", "--json").json == {"different": []}
    assert cli.run_well("index", "rebuild", "--json").json["documents"] > 200


@pytest.mark.parametrize("engine", ["embedded", "whoosh"])
def test_verifying_a_damaged_index_says_that_it_was(
    shipped_data: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Damage is repaired at opening, and the operator is told beside the result."""
    monkeypatch.setenv("SAVOIRS_ENGINE", engine)
    cli.run_well("index", "rebuild")
    assert cli.run_well("index", "verify").err == ""
    largest = max((path for path in (shipped_data / "index").rglob("*") if path.is_file()), key=_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    ran = cli.run_well("index", "verify", "--json")
    assert ran.json == {"different": []}
    assert "abîmé" in ran.err


def test_an_export_says_what_it_leaves_out(shipped_data: Path, tmp_path: Path) -> None:
    """A corpus folder holds what is published only; whoever takes it for a backup is told."""
    with opened() as services, transaction(services.sessions) as session:
        make_note(session, "Une fiche qui attend", status=NoteStatus.PENDING)
        make_call(session, status=CallStatus.WAITING)
    told = cli.run_well("export", str(tmp_path / "out")).err
    assert "1\N{NO-BREAK SPACE}fiche non publiée" in told
    assert "1\N{NO-BREAK SPACE}appel non publié" in told


def test_the_doctor_finds_a_good_folder_good(shipped_data: Path) -> None:
    """Everything is looked at, and all is well."""
    answer = cli.run_well("doctor", "--json").json
    assert answer["good"]
    assert {"Python", "SQLite", "Tables", "Index", "Mots vides", "Polices"} <= {one["name"] for one in answer["checks"]}


def test_the_doctor_says_that_links_of_letters_lead_nowhere(
    shipped_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server to send by, and no public address: it says which setting is missing; with it, all is good."""
    monkeypatch.setenv("SAVOIRS_SMTP_HOST", "localhost")
    refused = cli.run("doctor")
    assert refused.code == 1
    assert "SAVOIRS_BASE_URL" in refused.out
    monkeypatch.setenv("SAVOIRS_BASE_URL", "https://savoirs.example.org")
    assert "envoyés par localhost" in cli.run_well("doctor").out


def test_the_doctor_says_what_is_missing(no_data: Path) -> None:
    """Without a data folder it leaves with 1 and says what to run."""
    ran = cli.run("doctor")
    assert ran.code == 1
    assert "savoirs init" in ran.out


def test_accounts_are_made_listed_and_given_links(shipped_data: Path) -> None:
    """An editor and a member are made; a link and a token are printed alone on their line; no address is asked."""
    cli.run_well("account", "add", "amina", "--role", "editor")
    cli.run_well("account", "add", "bachir", "--organisation", "singa")
    accounts = cli.run_well("account", "list", "--json").json["accounts"]
    assert [(one["login"], one["role"], one["organisation"]) for one in accounts] == [
        ("amina", "editor", None),
        ("bachir", "member", "Singa"),
    ]
    assert "/connexion/lien/" in cli.run_well("account", "link", "amina").out
    assert len(cli.run_well("account", "token", "amina").out.strip()) >= 43
    cli.run_well("account", "password", "amina", typed="un assez long mot de passe\n")


@pytest.mark.parametrize(
    "typed",
    [
        ("account", "link", "personne"),
        ("account", "token", "personne"),
        ("account", "add", "x", "--organisation", "nulle part"),
        ("account", "add", "membre-sans-association"),
    ],
)
def test_accounts_that_cannot_be_are_refused_in_french(shipped_data: Path, typed: tuple[str, ...]) -> None:
    """An unknown login, an unknown organisation, a member of nothing: one line, code 1."""
    ran = cli.run(*typed)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1


def _size(path: Path) -> int:
    return path.stat().st_size
