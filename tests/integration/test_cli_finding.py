"""Search, related notes and peers from the command line, over the shipped corpus."""

from __future__ import annotations

import pytest

from tests import cli

pytestmark = pytest.mark.usefixtures("shipped_data")


def first_title(*arguments: str) -> str:
    """The title of the first result."""
    return str(cli.run_well("search", *arguments, "--json").json["results"][0]["title"])


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("apprendre à coder", "Code Academy"),
        ("emmaus", "Emmaüs"),
        ("programer ses posts", "Programmer"),
    ],
)
def test_what_the_welcome_page_suggests_is_found_first(typed: str, title: str) -> None:
    """The searches that a newcomer is told to try find the right note first, accents and typing errors or not."""
    assert title in first_title(typed)


def test_json_output_is_json_only_and_has_the_shape_of_the_api() -> None:
    """With --json, stdout is one JSON object of the API's shape; reasons of each result sum to 1."""
    answer = cli.run_well("search", "bénévoles", "--json", "--per-page", "5").json
    assert set(answer) == {"query", "total", "page", "per_page", "took_ms", "results", "facets"}
    assert len(answer["results"]) == answer["per_page"] == 5
    for result in answer["results"]:
        assert sum(reason["share"] for reason in result["reasons"]) == pytest.approx(1)


def test_a_search_without_json_reads_as_french() -> None:
    """Titles, excerpts, reasons and addresses are printed; corrections are told."""
    ran = cli.run_well("search", "programer", "ses", "posts")
    assert "pourquoi" in ran.out
    assert "/fiches/" in ran.out
    assert "programer" in ran.out


@pytest.mark.parametrize("text", ["", "((((", '"', "ET OU SAUF", "le la les", "\x07\x1b[2J", "x" * 10_000])
def test_no_text_is_an_error(text: str) -> None:
    """An absurd query gives results or none, never an error."""
    assert "results" in cli.run_well("search", "--json", text).json


def test_filters_may_be_repeated() -> None:
    """Two values of a filter give what has one or the other."""
    answer = cli.run_well("search", "--kind", "tool", "--kind", "indicator", "--json", "--per-page", "100").json
    assert {result["kind"] for result in answer["results"]} == {"tool", "indicator"}


@pytest.mark.parametrize("wrong", [("--kind", "bidule"), ("--sort", "bidule")])
def test_a_wrong_value_is_one_french_line(wrong: tuple[str, str]) -> None:
    """A filter or a sort that does not exist is said in one line, and the process leaves with 1."""
    ran = cli.run("search", "x", *wrong)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_related_notes_share_words_with_the_note() -> None:
    """A note found by search has related notes, itself not among them, each with reasons."""
    note = cli.run_well("search", "programmer ses posts", "--kind", "tool", "--json").json["results"][0]["id"]
    answer = cli.run_well("related", note, "--json").json
    assert answer["results"]
    assert note not in {result["id"] for result in answer["results"]}
    assert all(result["reasons"] for result in answer["results"])


def test_an_unknown_note_is_refused_in_french() -> None:
    """An id that nothing has is said in one line."""
    ran = cli.run("related", "zzzzzzzzzz")
    assert ran.code == 1
    assert "fiche" in ran.err


def test_who_solved_what_blocks_somebody_is_proposed() -> None:
    """« animer mes bénévoles » proposes Parrains Par Mille among the first three, with a sentence and reasons."""
    answer = cli.run_well("peers", "animer mes bénévoles", "--json").json
    best = answer["solved"][:3]
    assert "Parrains Par Mille" in {peer["organisation"]["name"] for peer in best}
    for peer in best:
        assert peer["evidence"][0]["sentence"]
        assert sum(reason["share"] for reason in peer["reasons"]) == pytest.approx(1)
