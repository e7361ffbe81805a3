"""What the search is made of, measured from the command line: halves, comparisons, errors, words, weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import cli

FIGURES = {"queries", "ndcg@10", "recall@10", "recall@100", "mrr@10"}


@pytest.fixture(autouse=True)
def _elsewhere(no_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in a folder of their own, where nothing may appear."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A BEIR folder of 40 documents and as many queries, one word of each its own."""
    folder = tmp_path / "beir"
    folder.mkdir()
    words = [f"{first}{second}ation" for first in ("cult", "form", "habit", "plant") for second in "abcdefghij"]
    documents = [{"_id": f"d{n}", "title": "", "text": f"Un repas et {word}."} for n, word in enumerate(words)]
    queries = [{"_id": f"q{n}", "text": f"comment {word}"} for n, word in enumerate(words)]
    qrels = [f"q{n}\td{n}\t1" for n in range(len(words))]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *qrels]), "utf-8")
    return folder


def search(*arguments: str) -> dict[str, object]:
    """The JSON of one measure; nothing is left in the folder."""
    found: dict[str, object] = cli.run_well("evaluate", "search", *arguments, "--json").json
    assert not list(Path.cwd().iterdir())
    return found


def test_the_halves_share_the_queries(collection: Path) -> None:
    """Each query is in one."""
    tuning, held = (search(str(collection), "--half", half)["queries"] for half in ("tuning", "held"))
    assert isinstance(tuning, int) and isinstance(held, int)  # noqa: PT018  (one truth: both are counts)
    assert min(tuning, held) > 0
    assert tuning + held == 40


def test_plain_rankings_stand_beside_ours(collection: Path) -> None:
    """The same figures for each, on the same queries."""
    compared = search(str(collection), "--compare")["compare"]
    assert isinstance(compared, dict)
    assert list(compared) == ["bm25", "bm25f", "savoirs"]
    assert all(set(figures) == FIGURES for figures in compared.values())


def test_each_component_is_taken_away_in_turn(collection: Path) -> None:
    """Weights, words and corrections; without corrections nothing else is understood here."""
    ablated = search(str(collection), "--ablate")["ablate"]
    assert isinstance(ablated, dict)
    assert {"savoirs", "latent", "vector", "synonyms", "families", "corrections", "bm25f", "bm25"} <= set(ablated)
    shown = cli.run_well("evaluate", "search", str(collection), "--ablate").out
    assert "sans les synonymes" in shown


def test_tuning_measures_what_the_search_measures(tmp_path: Path) -> None:
    """With today's weights, its figure of each half is that of the search, however many documents hold a word."""
    folder = tmp_path / "grande"
    folder.mkdir()
    count = 150
    told = [(f"d{n}", f"Repas {n}", f"Un repas partagé, le numéro {n}.") for n in range(count)]
    documents = [dict(zip(("_id", "title", "text"), one, strict=True)) for one in told]
    queries = [{"_id": f"q{n}", "text": f"repas {n}"} for n in range(100, count)]
    qrels = [f"q{n}\td{n}\t1" for n in range(100, count)]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *qrels]), "utf-8")
    tuned = cli.run_well("evaluate", "tune", str(folder), "--json").json["ndcg@10"]["grande"]
    for half in ("tuning", "held"):
        assert tuned[half]["now"] == pytest.approx(search(str(folder), "--half", half)["ndcg@10"], abs=1e-3)


def test_errors_are_measured_beside_what_was_typed(collection: Path) -> None:
    """The share is of one figure in the other."""
    errors = search(str(collection), "--typos", "1")["typos"]
    assert isinstance(errors, dict)
    assert errors["share"] == pytest.approx(errors["misspelt"]["ndcg@10"] / errors["clean"]["ndcg@10"])
    assert "part gardée" in cli.run_well("evaluate", "search", str(collection), "--typos", "1").out


def test_other_words_are_tried_before_they_are_kept(collection: Path, tmp_path: Path) -> None:
    """A synonym that finds nothing is worth what it is worth; the shipped words stand beside."""
    words = tmp_path / "words"
    words.mkdir()
    (words / "stopwords.txt").write_text("cultaation\n", "utf-8")
    tried = search(str(collection), "--words", str(words))["words"]
    assert isinstance(tried, dict)
    assert tried["after"]["ndcg@10"] < tried["before"]["ndcg@10"]


def test_our_judgements_can_be_measured_the_same_way() -> None:
    """An editor of the words sees what a change does to our own queries."""
    found = search("--judgements", "--compare")
    assert set(found) > FIGURES
    compared = found["compare"]
    assert isinstance(compared, dict)
    assert compared["savoirs"]["ndcg@10"] > compared["bm25"]["ndcg@10"]
