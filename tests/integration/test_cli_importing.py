"""The command that imports documents: what it proposes, what it stores, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import cli
from tests.documents import hostile_files
from tests.documents.making import write_docx

TEXTS = Path(__file__).parents[1] / "documents" / "texts"
DAY = TEXTS / "rencontre-exemple-2023.txt"
SEED = Path(__file__).parents[3] / "shared" / "seed" / "journee-inter-associative-2017.txt"


def test_without_yes_nothing_is_stored(shipped_data: Path) -> None:
    """Each proposal is shown with its lines; neither a record nor a file is kept."""
    before = cli.run_well("index", "status", "--json").json["seq"]
    ran = cli.run_well("import", str(DAY))
    assert "outil · Plateforme EXEMPLO · ligne 66" in ran.out
    assert "atelier · Comment garder nos bénévoles plus d'un an ? · lignes 52 à 79" in ran.out
    assert "Rien n’est enregistré" in ran.err
    assert "Exemplaire" not in ran.out
    assert "@" not in ran.out
    assert cli.run_well("index", "status", "--json").json["seq"] == before
    assert not (shipped_data / "originals").exists()


def test_a_proposal_says_how_sure_it_is(shipped_data: Path) -> None:
    """In JSON, each has its confidence and its rule, and no id unless it is known."""
    answer = cli.run_well("import", str(DAY), "--json").json
    tool = next(one for one in answer["records"] if one["kind"] == "tool")
    assert tool == {
        "kind": "tool", "id": None, "title": "Plateforme EXEMPLO", "span": [66, 66], "known": False, "confidence": 0.85,
        "rule": "names_a_tool",
    }  # fmt: skip


def test_with_yes_all_is_stored_and_found(shipped_data: Path) -> None:
    """The JSON is the contract's; the next search finds what was stored; the second time gives the same."""
    first = cli.run_well("import", str(DAY), "--yes", "--json").json
    assert set(first) == {"source", "records"}
    assert {"kind", "id", "title", "span"} <= set(first["records"][0])
    found = cli.run_well("search", "duos du samedi", "--json").json["results"]
    ids = {one["id"] for one in first["records"]}
    assert found[0]["id"] in ids
    again = cli.run_well("import", str(DAY), "--yes", "--json").json
    assert [one["id"] for one in again["records"]] == [one["id"] for one in first["records"]]
    assert all(one["known"] for one in again["records"])
    assert len(list((shipped_data / "originals").rglob("*" * 1))) == 2


def test_the_day_of_2017_is_already_known(shipped_data: Path) -> None:
    """Into the base that ships, every record of the real synthesis is recognised, and none is added."""
    if not SEED.exists():
        pytest.skip("the synthesis of 2017 is not beside this checkout")
    before = cli.run_well("index", "status", "--json").json["seq"]
    answer = cli.run_well("import", str(SEED), "--yes", "--json").json
    assert len(answer["records"]) == 50
    assert [one["title"] for one in answer["records"] if not one["known"]] == []
    assert cli.run_well("index", "status", "--json").json["seq"] == before
    assert "déjà connue" in cli.run_well("import", str(SEED)).out


def test_several_files_have_one_answer_each(shipped_data: Path, tmp_path: Path) -> None:
    """A file that is refused does not keep the others from being stored: it has its sentence, and the code is 1."""
    bad = hostile_files.truncated_docx(tmp_path)
    ran = cli.run("import", str(bad), str(TEXTS / "conseils-exemple.md"), "--yes", "--json")
    assert ran.code == 1
    imports = ran.json["imports"]
    assert [one["source"]["name"] for one in imports] == ["moitie.docx", "conseils-exemple.md"]
    assert imports[0]["records"] == []
    assert "abîmé" in imports[0]["error"]
    assert len(imports[1]["records"]) == 9
    assert ran.err.count("moitie.docx") == 1


def test_a_refused_document_leaves_nothing(shipped_data: Path, tmp_path: Path) -> None:
    """One French line on stderr, code 1, no record, no original."""
    for make in (hostile_files.xml_bomb, hostile_files.macros, hostile_files.empty, hostile_files.program):
        ran = cli.run("import", str(make(tmp_path)), "--yes", "--json")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.count("\n") == 1
    assert not (shipped_data / "originals").exists()


def test_too_many_files_are_refused_at_once(shipped_data: Path, tmp_path: Path) -> None:
    """Five hundred files: one sentence, before any is opened."""
    path = write_docx(tmp_path / "x.docx", [("text", "Bonjour")])
    ran = cli.run("import", *([str(path)] * 500), "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "500" in ran.err
    assert ran.err.count("\n") == 1


def test_an_import_needs_a_ready_folder(no_data: Path) -> None:
    """Without one, the sentence says what to run; help says what is read, with an example."""
    assert "savoirs init" in cli.run("import", str(DAY)).err
    told = cli.run_well("import", "--help").out
    assert "savoirs import synthese.pdf" in told
    assert "consentement" in told


def test_the_time_of_reading_is_measured(no_data: Path) -> None:
    """On invented documents, beside what is promised, and nothing is left."""
    measures = cli.run_well("bench", "import", "--documents", "4", "--json").json["measures"]
    assert set(measures) == {"pdf_11_pages_s", "documents_s"}
    assert measures["pdf_11_pages_s"]["promised"] == 1
    assert not no_data.exists()
