"""Measuring quality and speed from the command line. None of it needs a data folder, or leaves one."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer import vectors as word_vectors
from savoirs.generation import Writer, vocabulary_of
from tests import cli
from web.bench.notes import Notes
from web.bench.rivals import NEEDS

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(autouse=True)
def _elsewhere(no_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in a folder of their own, where nothing may appear."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)


def lines(path: Path, rows: list[dict[str, object]]) -> None:
    """Write a file of JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A BEIR folder of two documents and two queries, one of them without an answer."""
    folder = tmp_path / "beir"
    folder.mkdir()
    lines(
        folder / "corpus.jsonl",
        [
            {"_id": "a", "title": "Repas", "text": "Un repas partagé entre bénévoles.", "metadata": {}},
            {"_id": "b", "title": "Logement", "text": "Des propriétaires prêtent une chambre."},
        ],
    )
    lines(folder / "queries.jsonl", [{"_id": "1", "text": "repas des bénévoles"}, {"_id": "2", "text": "rien"}])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t2\n2\ta\t0\n", "utf-8")
    return folder


def test_a_collection_is_measured(collection: Path) -> None:
    """The figures of the contract, over the queries that have a relevant document."""
    figures = cli.run_well("evaluate", "search", str(collection), "--json").json
    assert set(figures) == {"queries", "ndcg@10", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"}
    assert (figures["queries"], figures["ndcg@10"], figures["mrr@10"]) == (1, 1.0, 1.0)
    assert not list(Path.cwd().iterdir())


def test_a_collection_with_a_mistake_names_the_file_and_line(collection: Path) -> None:
    """One French line."""
    with (collection / "corpus.jsonl").open("a") as file:
        file.write("{\n")
    ran = cli.run("evaluate", "search", str(collection))
    assert ran.code == 1
    assert "corpus.jsonl, ligne 3" in ran.err


def test_a_collection_without_a_file_is_refused(collection: Path) -> None:
    """The missing file is named."""
    (collection / "qrels.tsv").unlink()
    ran = cli.run("evaluate", "search", str(collection))
    assert ran.code == 1
    assert "qrels.tsv" in ran.err


def test_labelled_entities_are_measured(tmp_path: Path) -> None:
    """Entities whose label another shares; the nearest share it here."""
    texts = {"a": "repas et cuisine", "b": "la cuisine du repas", "c": "vélo et atelier", "d": "atelier de vélo"}
    rows: list[dict[str, object]] = [
        {"_id": id_, "name": id_, "notes": [text], "labels": ["manger" if id_ in "ab" else "rouler"]}
        for id_, text in texts.items()
    ]
    lines(tmp_path / "entities.jsonl", rows)
    figures = cli.run_well("evaluate", "peers", str(tmp_path / "entities.jsonl"), "--json").json
    assert set(figures) == {"entities", "p@5", "mrr"}
    assert (figures["entities"], figures["mrr"]) == (4, 1.0)


def test_our_judgements_rank_the_engine_beside_two_plain_ones() -> None:
    """On our own queries the engine does better than plain BM25 and plain cosine, by both figures."""
    compared = cli.run_well("evaluate", "search", "--judgements", "--json").json
    assert compared["texts"] >= 60
    ours = compared["scores"]["savoirs"]
    for plain in ("bm25", "cosine"):
        assert ours["ndcg@10"] > compared["scores"][plain]["ndcg@10"]
        assert ours["p@3"] > compared["scores"][plain]["p@3"]
    assert compared["tags"]["no-shared-stem"]["texts"] >= 15


def test_notes_make_better_peers_than_profiles_or_themes() -> None:
    """An organisation's best notes rank it better than all its notes in one, or the themes it has.

    By the first three in each list, and by nDCG over both; in the list of who solved it, profiles do as well by nDCG.
    """
    compared = cli.run_well("evaluate", "peers", "--judgements", "--json").json
    lists = [compared[group]["scores"] for group in ("solved", "same")]
    assert all(set(scores) == {"savoirs", "profiles", "themes", "bm25", "cosine"} for scores in lists)
    for other in ("profiles", "themes"):
        assert all(scores["savoirs"]["p@3"] > scores[other]["p@3"] for scores in lists)
        assert sum(scores["savoirs"]["ndcg@10"] - scores[other]["ndcg@10"] for scores in lists) > 0


def test_what_pruning_loses_is_measured_where_something_is_pruned(collection: Path) -> None:
    """A share for each thing asked; two texts are all compared, which is said."""
    ran = cli.run("evaluate", "pruning", str(collection))
    assert ran.code == 1
    assert "tous sont comparés" in ran.err
    notes = Notes(vocabulary_of(CORPUS, 2_000), 4_001, 5, frozenset(("le", "la", "les", "de", "des", "et")))
    rows: list[dict[str, object]] = [{"_id": note.id, "title": note.title, "text": note.body[:300]} for note in notes]
    lines(collection / "corpus.jsonl", rows)
    lines(
        collection / "queries.jsonl", [{"_id": str(at), "text": str(row["title"])} for at, row in enumerate(rows[:40])]
    )
    (collection / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n1\t{rows[0]['_id']}\t1\n", "utf-8")
    if not word_vectors.available():
        assert cli.run("evaluate", "pruning", str(collection)).code == 1
        return
    shares = cli.run_well("evaluate", "pruning", str(collection), "--json").json
    assert set(shares) == {"related", "peers", "peers_note", "peers_entity", "search"}
    assert all(0.5 < share <= 1 for share in shares.values()), shares
    assert not list(Path.cwd().iterdir())


def test_the_bench_prints_a_figure_for_each_promise() -> None:
    """Every promise of speed has its figure; a page sends four statements at most, whatever the corpus."""
    answer = cli.run_well("bench", "--notes", "200", "--json").json
    measures = answer["measures"]
    assert {"search_p50_ms", "page_p95_ms", "added_p50_ms", "build_notes_per_s"} <= set(measures)
    sent = {name: one for name, one in measures.items() if "statements" in name}
    assert len(sent) >= 10
    assert all(one["kept"] for one in sent.values())
    assert not list(Path.cwd().iterdir())


OURS = {
    "build_words", "build", "fit", "any_word_lexical", "any_word", "any_word_page", "all_words", "boolean", "phrase",
    "related", "related_page", "peers", "peers_page", "peers_note", "peers_note_page", "memory", "open", "add",
    "follow",
}  # fmt: skip


@pytest.mark.timeout(300)  # new processes open the index, which takes long where many tests run at once
def test_the_engine_bench_prints_one_object_a_line_and_draws_growth(tmp_path: Path) -> None:
    """Ours and rivals, turn by turn: each with its measures, then what is promised, the smallest size first."""
    drawing = tmp_path / "growth.svg"
    installed = [name for name in ("tantivy", "bm25s") if find_spec(name) is not None]  # requirements/bench.txt
    ran = cli.run_well(
        *("bench", "engine", "--sizes", "150,100", "--queries", "2", "--svg", str(drawing), "--json"),
        *("--against", "whoosh,fts5"),
        *(f"--against={name}" for name in installed),
    )
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert (rows[0]["notes"], rows[-1]["notes"]) == (100, 150)
    measured = [row for row in rows if row["measure"] not in ("ratio", "limit")]
    assert {row["measure"] for row in measured if row["engine"] == "embedded"} == OURS
    for rival in ("whoosh", "fts5", *installed):
        assert {"build", "any_word"} < {row["measure"] for row in measured if row["engine"] == rival}
    assert all({"cpu_p99_ms", "wall_p50_ms", "p50_ms", "p95_ms"} <= set(row) for row in measured if "queries" in row)
    promised = {(row.get("of"), row.get("against"), row.get("promised")) for row in rows}
    assert {("any_word_lexical", "fts5", 150), ("any_word_lexical", "whoosh", 200)} <= promised
    assert drawing.read_text("utf-8").startswith("<svg")
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--against", "tantivy,xapian"], "moteur inconnu, « xapian »"),
        (["--sizes", "10,x"], "des nombres de 100 à"),
        (["--svg", "growth.svg"], "--svg demande --sizes"),
    ],
)
def test_the_engine_bench_refuses_what_it_does_not_know(typed: list[str], told: str) -> None:
    """In French, before anything is measured."""
    ran = cli.run("bench", "engine", *typed)
    assert ran.code == 2
    assert told in ran.err.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_rival_that_is_not_installed_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """One French line that says what to install."""
    monkeypatch.setitem(NEEDS, "tantivy", "no_such_package")
    ran = cli.run("bench", "engine", "--against", "tantivy")
    assert ran.code == 1
    assert "make .venv/.stamp-bench" in ran.err


def test_the_same_seed_invents_the_same_notes() -> None:
    """Figures of two days can be compared: the texts are the same, and as long as real ones."""
    words = vocabulary_of(CORPUS, 5_000)
    first, again, other = (Writer(words, seed).note() for seed in (1, 1, 2))
    assert first == again != other
    assert 60 <= len(first.text.split()) <= 400


@pytest.mark.timeout(400)
def test_a_merge_is_measured_beside_searches() -> None:
    """Several segments become one while searches are answered; nothing is left behind."""
    figures = cli.run_well("bench", "merge", "--notes", "1000", "--queries", "20", "--json").json
    assert (figures["segments"], figures["left"]) == (2, 1)
    assert set(figures["waits_ms"]) == {"before", "during", "after"}
    assert figures["asked"] > 0
    assert figures["anonymous_mb"] >= figures["resting_mb"] > 0
    assert not list(Path.cwd().iterdir())
