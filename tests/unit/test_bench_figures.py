"""Times taken turn by turn, promises, the table and the drawing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any
from xml.etree import ElementTree

import pytest

from indexer.engine import Document
from web.bench import growth, table
from web.bench.promises import ratios
from web.bench.timing import Metered, Times, interleaved


def make_rows(*, notes: int = 1_000, ours_ms: float = 0.1, tantivy_ms: float = 0.4) -> list[dict[str, Any]]:
    """Two engines, free searches, building and memory."""
    times = ("cpu_p50_ms", "cpu_p95_ms", "cpu_p99_ms", "wall_p50_ms", "wall_p95_ms", "wall_p99_ms", "p50_ms", "p95_ms")
    return [
        {"engine": "embedded", "notes": notes, "measure": "any_word_lexical", **dict.fromkeys(times, ours_ms)},
        {"engine": "tantivy", "notes": notes, "measure": "any_word_lexical", **dict.fromkeys(times, tantivy_ms)},
        {"engine": "embedded", "notes": notes, "measure": "build_words", "notes_per_s": 900.0},
        {"engine": "embedded", "notes": notes, "measure": "build", "notes_per_s": 700.0, "size_bytes": 10},
        {"engine": "tantivy", "notes": notes, "measure": "build", "notes_per_s": 1_000.0, "size_bytes": 10},
        {
            "engine": "embedded", "notes": notes, "measure": "memory",
            "anonymous_mb": 170.0, "file_mb": 5.0, "imported_mb": 60.0, "loops_mb": 40.0, "sklearn": False,
        },
    ]  # fmt: skip


def test_turns_are_taken_and_nobody_always_goes_first() -> None:
    """Two engines, three questions: each answers all of them, beginning in turn."""
    done: list[tuple[str, int]] = []
    actions = {name: [partial(done.append, (name, number)) for number in range(3)] for name in "ab"}
    times = interleaved(actions, warm_up_s=0)
    assert [name for name, _ in done] == ["a", "b", "b", "a", "a", "b"]
    assert sorted(done) == [(name, number) for name in "ab" for number in range(3)]
    assert [len(times[name].cpu_ns) for name in "ab"] == [3, 3]


def test_a_turn_may_be_of_several_questions() -> None:
    """The last one of what is left; each still answers all."""
    done: list[tuple[str, int]] = []
    actions = {name: [partial(done.append, (name, number)) for number in range(3)] for name in "ab"}
    interleaved(actions, warm_up_s=0, turn=2)
    assert [name for name, _ in done] == ["a", "a", "b", "b", "b", "a"]
    assert sorted(done) == [(name, number) for name in "ab" for number in range(3)]


def test_two_engines_never_answer_the_same_question_one_after_the_other() -> None:
    """The second would find what the first has read."""
    asked: list[int] = []
    interleaved({name: [partial(asked.append, number) for number in range(40)] for name in "ab"}, warm_up_s=0)
    assert all(one != other for one, other in zip(asked[::2], asked[1::2], strict=True))


def test_the_garbage_collector_waits_during_measures_and_works_afterwards() -> None:
    """Its pauses are nobody's."""
    seen: list[bool] = []
    interleaved({"a": [lambda: seen.append(gc.isenabled())]}, warm_up_s=0)
    assert (seen, gc.isenabled()) == ([False], True)


def test_percentiles_are_of_cpu_time_unless_they_say_otherwise() -> None:
    """In milliseconds."""
    figures = Times([1_000_000, 3_000_000, 2_000_000], [9_000_000] * 3).figures()
    assert (figures["p50_ms"], figures["cpu_p50_ms"], figures["wall_p50_ms"]) == (2.0, 2.0, 9.0)
    assert {f"{clock}_p{percent}_ms" for clock in ("cpu", "wall") for percent in (50, 95, 99)} <= set(figures)


def test_drawing_notes_is_counted_apart() -> None:
    """All notes pass, and their time is told."""

    def slowly() -> Iterator[Document]:
        for number in range(3):
            sum(range(20_000))
            yield Document(str(number), "practice", "")

    metered = Metered(slowly())
    assert [note.id for note in metered] == ["0", "1", "2"]
    assert metered.cpu_ns > 0


@pytest.mark.parametrize(("ours_ms", "kept"), [(0.1, True), (0.2, False)])
def test_a_ratio_says_whether_its_promise_is_kept(ours_ms: float, kept: bool) -> None:
    """Words alone three times faster than tantivy."""
    row = next(one for one in ratios(make_rows(ours_ms=ours_ms)) if one["of"] == "any_word_lexical")
    assert (row["against"], row["promised"], row["kept"]) == ("tantivy", 3, kept)
    assert row["value"] == pytest.approx(0.4 / ours_ms)


def test_notes_a_second_are_better_when_more_and_memory_when_less() -> None:
    """A ratio is always better when larger; a figure alone when smaller."""
    found = {row["of"]: row for row in ratios(make_rows())}
    assert (found["build_words"]["value"], found["build_words"]["kept"]) == (pytest.approx(0.9), True)
    assert (found["build"]["value"], found["build"]["kept"]) == (pytest.approx(0.7), None)
    assert (found["memory"]["measure"], found["memory"]["value"], found["memory"]["kept"]) == ("limit", 170.0, False)


def test_a_rival_of_which_nothing_is_promised_has_its_ratio_all_the_same() -> None:
    """The reader judges."""
    rows = [{**row, "engine": "other" if row["engine"] == "tantivy" else row["engine"]} for row in make_rows()]
    row = next(one for one in ratios(rows) if one["of"] == "build" and one["against"] == "other")
    assert (row["promised"], row["kept"]) == (None, None)


def test_the_table_says_which_promises_are_not_kept() -> None:
    """In French, with what was promised."""
    rows = make_rows(ours_ms=0.8)
    told = "\n".join(table.lines([*rows, *ratios(rows)]))
    assert "mots libres, BM25F seul : 2,00 fois plus lent que tantivy (promis : au moins 3,00 fois plus rapide)" in told
    assert "mémoire anonyme : 170 Mo (promis : au plus 160), PAS TENU" in told
    assert (
        "construction sans vecteurs : 1,11 fois plus lent que tantivy (promis : au plus 1,25 fois plus lent), tenu"
        in told
    )


def test_the_drawing_is_whole_and_can_be_read_without_seeing_it() -> None:
    """Well-formed, with a title and a description that gives the ends of each curve, in light and in dark."""
    drawing = growth.draw([*make_rows(notes=1_000), *make_rows(notes=10_000, ours_ms=0.9)])
    root = ElementTree.fromstring(drawing)  # noqa: S314  (ours)
    names = [child.tag.rpartition("}")[2] for child in root]
    assert names[:2] == ["title", "desc"]
    assert "0,10 ms pour 1 000 fiches, 0,90 ms pour 10 000 fiches" in (root[1].text or "").replace("\u202f", " ")
    assert root.get("aria-labelledby") == "title desc"
    assert "prefers-color-scheme: dark" in drawing


def test_a_panel_of_the_drawing_has_all_the_engines_that_were_measured() -> None:
    """Each with its own curve."""
    panel = growth.panels(make_rows())[0]
    assert (panel.measure, set(panel.curves)) == ("any_word_lexical", {"embedded", "tantivy"})
