"""The compiled loops and their numpy twins: each is the other's oracle, and a plain sort is that of both."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import kernels
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Request
from indexer.kernels import vectorised
from indexer.language import Language
from indexer.vectors import WordVectors
from indexer.weights import Ranking
from tests.fakes_feed import MemoryFeed
from tests.property.generating import WORDS, make_documents, make_query

BLOCK = 4_096
"""What ``compiled`` scores at once: sizes on both sides of it are tried."""

SIZES = (0, 1, 2, 63, 64, 65, 1_000, BLOCK, BLOCK + 1, 3 * BLOCK + 17)
SEEDS = range(6)
Runs = tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]

pytestmark = pytest.mark.timeout(400)  # the first run of all compiles: a minute on a busy machine


@pytest.fixture(scope="session")
def compiled(request: pytest.FixtureRequest) -> ModuleType:
    """The compiled loops, kept from one run of the tests to the next."""
    if not kernels.available():
        pytest.skip("numba is not installed: numpy alone answers")
    kernels.prepare(request.config.cache.mkdir("kernels"), wait=True)
    assert kernels.ready()
    from indexer.kernels import compiled

    return compiled


@pytest.mark.usefixtures("compiled")
def test_no_loop_is_compiled_while_somebody_waits(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Warming meets every kind of array that an index answers from: in memory, mapped, with vectors and without."""
    cache = request.config.cache.mkdir("kernels")
    command = [sys.executable, "-m", "tests.unit.answering", str(cache), str(tmp_path)]
    ran = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)  # noqa: S603
    # the bits of frequent terms are made when a segment is, and small helpers are compiled within the loops
    assert [name for name in ran.stdout.split() if not name.startswith("_") and name != "set_bits"] == []


def make_runs(rng: np.random.Generator, size: int, terms: int, few: int = 6) -> Runs:
    """Postings of some terms over ``size`` documents: documents, impacts, where each run begins and ends.

    ``few`` distinct impacts, so that there are ties.
    """
    docs = [np.flatnonzero(rng.random(size) < rng.choice([0.0, 0.001, 0.05, 0.4, 1.0])) for _ in range(terms)]
    pointers = np.concatenate([[0], np.cumsum([len(some) for some in docs])]).astype(np.int64)
    joined = np.concatenate([np.zeros(0, dtype=np.int64), *docs]).astype(np.int32)
    impacts = rng.choice(rng.integers(1, 65_536, few), len(joined)).astype(np.uint16)
    return joined, impacts, pointers[:-1].copy(), pointers[1:].copy()


def make_bits(docs: NDArray[np.int32], starts: Any, ends: Any, size: int, kept: NDArray[np.bool_]) -> tuple[Any, Any]:
    """The documents of some of the runs as sets of bits, and the row of each run, -1 for none."""
    rows = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    bits = np.zeros((int(kept.sum()), (size + 63) // 64), dtype=np.uint64)
    for one in np.flatnonzero(kept):
        vectorised.set_bits(docs[starts[one] : ends[one]], bits[rows[one]])
    return bits, rows


def make_stream(rng: np.random.Generator, count: int, words: int, fields: int = 6) -> dict[str, Any]:
    """Numbers of the written words of some documents, -2 at the end of a field, and where documents and fields end."""
    numbers: list[int] = []
    ends: list[int] = []
    for _ in range(count):
        for field in range(fields):
            longest = (8, 120, 3, 3, 3, 2)[field]
            length = int(rng.integers(0, longest)) if rng.random() < 0.8 else 0
            numbers += rng.integers(0, words, length).tolist() if words else []
            ends.append(len(numbers))
            numbers.append(-2)
    field_ends = np.array(ends, dtype=np.int64).reshape(count, fields)
    return {
        "numbers": np.array(numbers, dtype=np.int32),
        "pointers": np.concatenate([[0], field_ends[:, -1] + 1]).astype(np.int64),
        "field_ends": field_ends,
    }


def make_terms(rng: np.random.Generator, words: int, terms: int) -> NDArray[np.int32]:
    """The term of each written word: every term has one at least, some words are stop words."""
    found = rng.integers(-1, terms, words)
    found[:terms] = np.arange(terms)
    return found.astype(np.int32)


def by_brute_force(
    runs: Runs, worths: NDArray[np.float32], alive: NDArray[np.bool_], ranks: NDArray[np.int32], limit: int
) -> tuple[list[int], list[float]]:
    """The best documents, each summed alone and all sorted."""
    docs, impacts, starts, ends = runs
    sums: dict[int, np.float32] = {}
    for start, end, worth in zip(starts.tolist(), ends.tolist(), worths, strict=True):
        for place in range(start, end):
            doc = int(docs[place])
            sums[doc] = np.float32(sums.get(doc, np.float32(0)) + worth * np.float32(impacts[place]))
    found = sorted((-float(value), int(ranks[doc]), doc) for doc, value in sums.items() if alive[doc])[:limit]
    return [doc for _, _, doc in found], [-value for value, _, _ in found]


def make_search(seed: int, size: int) -> tuple[Runs, dict[str, Any]]:
    """Arguments of ``best``: runs with the term that can bring most first, dead documents, ranks, a valid bar."""
    rng = np.random.default_rng((seed, size))
    docs, impacts, starts, ends = make_runs(rng, size, int(rng.integers(0, 6)))
    worths = rng.random(len(starts)).astype(np.float32) + np.float32(0.01)
    worths /= np.float32(65_535 * max(float(worths.sum()), 1e-9))
    runs = zip(starts.tolist(), ends.tolist(), strict=True)
    highest = np.array([impacts[s:e].max(initial=0) for s, e in runs], dtype=np.float32)
    order = np.argsort(-(worths * highest), kind="stable")
    starts, ends, worths, highest = starts[order], ends[order], worths[order], highest[order]
    bits, bit_rows = make_bits(docs, starts, ends, size, rng.random(len(starts)) < 0.5)
    share = rng.choice([0.0, 0.1, 0.9, 1.0])
    values = {
        "worths": worths,
        "bounds": worths * highest,
        "bits": bits,
        "bit_rows": bit_rows,
        "alive": rng.random(size) >= share,
        "ranks": rng.permutation(size).astype(np.int32),
    }
    return (docs, impacts, starts, ends), values


def test_every_numpy_loop_has_its_compiled_twin(compiled: ModuleType) -> None:
    """Of the same name and the same arguments in the same order, and each is compared below."""
    names = [
        name
        for name, made in inspect.getmembers(vectorised, inspect.isfunction)
        if made.__module__ == vectorised.__name__ and not name.startswith("_")
    ]
    for name in names:
        twin = inspect.signature(getattr(compiled, name).py_func)
        assert list(twin.parameters) == list(inspect.signature(getattr(vectorised, name)).parameters), name
    here = inspect.getsource(inspect.getmodule(test_every_numpy_loop_has_its_compiled_twin) or kernels)
    names.remove("places")  # in ``test_texts``
    assert [name for name in names if f"loops.{name}(" not in here] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_words_are_cut_and_numbered_as_by_splitting(compiled: ModuleType, seed: int) -> None:
    """Whatever the texts: empty, of one letter, touching one another, all alike or all distinct."""
    rng = np.random.default_rng(seed)
    letters = np.zeros(256, dtype=bool)
    letters[[97, 98, 99, 233]] = True
    for count, longest in ((0, 1), (1, 0), (1, 1), (1, 50), (30, 1), (30, 12), (400, 40)):
        texts = [
            bytes(rng.choice([97, 98, 99, 233, 32, 44], size).tolist()) for size in rng.integers(0, longest + 1, count)
        ]
        for joint in (b"", b" "):
            data = joint.join(texts)
            ends = np.cumsum([len(text) + len(joint) for text in texts], dtype=np.int64) - len(joint)
            words = [text.replace(b",", b" ").split() for text in texts]
            every = [word for some in words for word in some]
            expected = list(dict.fromkeys(every))
            for loops in (compiled, vectorised):
                numbers, word_ends, starts, stops = loops.distinct_words(
                    np.frombuffer(data, dtype=np.uint8), letters, ends
                )
                assert [data[start:stop] for start, stop in zip(starts, stops, strict=True)] == expected
                assert [expected[number] for number in numbers] == every
                assert word_ends.tolist() == np.cumsum([len(some) for some in words], dtype=np.int64).tolist()


@pytest.mark.parametrize("limit", [0, 1, 10, 200, 100_000])
@pytest.mark.parametrize("size", SIZES)
def test_the_best_are_those_of_a_full_sort(compiled: ModuleType, size: int, limit: int) -> None:
    """Documents, order and scores, with ties, dead documents, and whether or not a bar lets some go unread."""
    for seed in SEEDS:
        runs, values = make_search(seed, size)
        wanted = min(limit, size)
        docs, scores = by_brute_force(runs, values["worths"], values["alive"], values["ranks"], wanted)
        bars = [1e-30]
        if len(scores) == wanted and wanted:
            bars.append(scores[-1] * (1 - 1e-6))
        for loops in (compiled, vectorised):
            for bar in bars:
                found, reached = loops.best(*runs, *values.values(), bar, wanted)
                assert (found.dtype, reached.dtype) == (np.int32, np.float32)
                assert found.tolist() == docs
                assert reached.tolist() == scores


@pytest.mark.parametrize("limit", [0, 1, 10, 100_000])
@pytest.mark.parametrize("size", SIZES)
def test_finding_is_counting_and_ranking(compiled: ModuleType, size: int, limit: int) -> None:
    """As a full sort, with bars as an index has them, filters and dead documents; a mask tells which, when asked to."""
    depths = np.array([1, 10, 20], dtype=np.int64)
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        docs, impacts, starts, ends = make_runs(rng, size, 6)
        pointers = np.append(starts, ends[-1])
        bits, bit_of = make_bits(docs, starts, ends, size, rng.random(6) < 0.5)
        term_bars = np.zeros((6, 3), dtype=np.uint16)
        vectorised.bars(pointers, impacts, depths, term_bars)
        numbers = rng.permutation(6)[: rng.integers(0, 6)].astype(np.int32)
        units = ((rng.random(len(numbers)) + 0.1) / 65_535 / 6).astype(np.float32)
        dead = np.flatnonzero(rng.random(size) < rng.choice([0.0, 0.01])).astype(np.int32)
        alive = np.ones(size, dtype=bool)
        alive[dead] = False
        filtered = alive & (rng.random(size) < 0.5)
        ranks = rng.permutation(size).astype(np.int32)
        held = np.zeros(size, dtype=bool)
        vectorised.scatter(held, docs, starts[numbers], ends[numbers])
        held[dead] = False
        arrays = (docs, impacts, pointers, term_bars, bit_of, bits)
        by_bound = np.argsort(-(units * term_bars[numbers, 0].astype(np.float32)), kind="stable")
        runs = (docs, impacts, starts[numbers][by_bound], ends[numbers][by_bound])
        codes, members = rng.integers(-3, 4, (size, 4)).astype(np.int8), rng.permutation(size).astype(np.int32)
        vectors = (codes, np.full(size, 0.25, dtype=np.float32), members)
        vector = np.array([1, -2, 0, 1], dtype=np.float32)
        three_runs = np.array([0, size // 4, size // 2, size], dtype=np.int64)
        centroids = (rng.integers(-127, 128, (3, 4)).astype(np.int8), np.ones(3, dtype=np.float32))
        two_of_three = vectorised.probe(*centroids, vector, 2)
        clusterings = ((np.array([0, size], dtype=np.int64), two_of_three[:1] * 0), (three_runs, two_of_three))
        weights = np.append(units, 0).astype(np.float32)  # of one that this part has not, too
        asked_of_all = (np.append(numbers, -1).astype(np.int32), weights, np.ones_like(weights))
        for allowed, depth in ((alive, int(np.searchsorted(depths, limit + len(dead)))), (filtered, -1)):
            expected, scores = by_brute_force(runs, units[by_bound], allowed, ranks, limit)
            for loops in (compiled, vectorised):
                for mask in (np.ones(size, dtype=bool), np.zeros(0, dtype=bool)):
                    asked = (numbers, units, depth, limit, *arrays, allowed, dead, ranks, mask)
                    found, reached, total = loops.find(*asked, True)
                    assert found.tolist() == expected
                    assert reached.tolist() == scores
                    assert total == int(held.sum())
                    assert mask.tolist() in ([], held.tolist())
                    found, reached, total = loops.find(*asked, False)
                    assert (found.tolist(), reached.tolist(), total) == (expected, scores, 0)
                for cluster_ptr, clusters in clusterings:
                    close = vectorised.near(*vectors, clusters, cluster_ptr, allowed, ranks, vector, 0.0, min(5, size))
                    told = (depth, limit, *arrays, allowed, dead, ranks, *centroids, 2, *vectors, cluster_ptr)
                    first, values, *others, both = loops.nearby(*asked_of_all, 7, 1.0, *told, vector, 5)
                    assert sorted(first.tolist()) == sorted(expected)
                    assert (values * weights.sum()).tolist() == pytest.approx(scores, rel=1e-5)
                    assert [some.tolist() for some in others] == [some.tolist() for some in close]
                    assert both.tolist() == list(dict.fromkeys([*first.tolist(), *others[0].tolist()]))
                    asked = (*centroids, 2, *vectors, cluster_ptr, allowed, ranks, vector[:0], 0.0, 5, first)
                    nothing, how_near, before = loops.nearest(*asked)
                    assert (len(nothing), len(how_near), before.tolist()) == (0, 0, first.tolist())


@pytest.mark.parametrize("limit", [0, 1, 7, 500])
@pytest.mark.parametrize("size", [0, 1, 6, 300])
def test_the_best_of_some_rows_are_those_of_a_full_sort(compiled: ModuleType, size: int, limit: int) -> None:
    """Ties by rank, negative scores too."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        rows = np.sort(rng.choice(1_000, size, replace=False)).astype(np.int32)
        scores = rng.choice([-2.5, -1, 0, 0.5, 3.25], size).astype(np.float32)
        ranks = rng.permutation(1_000).astype(np.int32)
        expected = sorted(zip((-scores).tolist(), ranks[rows].tolist(), rows.tolist(), strict=True))[:limit]
        for loops in (compiled, vectorised):
            found, values = loops.best_of(rows, scores, ranks, limit)
            assert found.tolist() == [row for _, _, row in expected]
            assert values.tolist() == [-value for value, _, _ in expected]
            assert (found.dtype, values.dtype) == (np.int32, np.float32)


@pytest.mark.parametrize("size", SIZES)
def test_sets_of_documents_are_the_same(compiled: ModuleType, size: int) -> None:
    """Unions, with and without a mask to fill, masks by runs and by field, what two lists share, bits."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        docs, _, starts, ends = make_runs(rng, size, 4)
        fields = rng.integers(1, 64, len(docs)).astype(np.uint8)
        bits, bit_rows = make_bits(docs, starts, ends, size, rng.random(4) < 0.5)
        dead = np.flatnonzero(rng.random(size) < 0.2).astype(np.int32)
        expected = {doc for s, e in zip(starts, ends, strict=True) for doc in docs[s:e].tolist()}
        in_title = set(docs[(fields & 1) > 0].tolist())
        lists = [docs[s:e] for s, e in zip(starts, ends, strict=True)]
        first, second = sorted(lists[:2], key=len)
        for loops in (compiled, vectorised):
            mask = np.ones(size, dtype=bool)
            total = loops.union(docs, starts, ends, bits, bit_rows, dead, mask, size)
            assert total == len(expected - set(dead.tolist()))
            assert set(np.flatnonzero(mask).tolist()) == expected - set(dead.tolist())
            untold = np.zeros(0, dtype=bool)
            assert loops.union(docs, starts, ends, bits, bit_rows, dead, untold, size) == total
            mask = np.zeros(size, dtype=bool)
            loops.scatter(mask, docs, starts, ends)
            assert set(np.flatnonzero(mask).tolist()) == expected
            mask[:] = False
            loops.scatter_field(mask, docs, fields, starts, ends, 1)
            assert set(np.flatnonzero(mask).tolist()) == in_title
            shared = loops.intersect(first, second)
            assert (shared.dtype, shared.tolist()) == (np.int32, sorted(set(first.tolist()) & set(second.tolist())))
            assert loops.intersect(first[:3], second).tolist() == sorted(set(first[:3].tolist()) & set(second.tolist()))
            words = np.zeros((size + 63) // 64, dtype=np.uint64)
            loops.set_bits(first, words)
            assert sum(int(word) << 64 * at for at, word in enumerate(words)) == sum(1 << doc for doc in first.tolist())


@pytest.mark.parametrize("size", SIZES)
def test_values_bars_facets_and_the_living_are_the_same(compiled: ModuleType, size: int) -> None:
    """Looked up or counted one by one."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        docs, impacts, starts, ends = make_runs(rng, size, 5)
        pointers = np.append(starts, ends[-1])
        rows = np.sort(rng.choice(size, min(size, 50), replace=False)).astype(np.int32)
        alive = rng.random(size) < 0.7
        depths = np.array([1, 10, 20], dtype=np.int64)
        facets = rng.integers(0, 3, size)
        facet_ptr = np.concatenate([[0], np.cumsum(facets)]).astype(np.int64)
        values = rng.integers(0, 9, int(facets.sum())).astype(np.int32)
        found: list[list[Any]] = []
        for loops in (compiled, vectorised):
            looked_up = np.full((5, len(rows)), 7, dtype=np.float32)
            loops.look_up(docs, impacts, starts, ends, rows, looked_up)
            reached = np.zeros((5, 3), dtype=np.uint16)
            loops.bars(pointers, impacts, depths, reached)
            counts = np.arange(9, dtype=np.int64)
            loops.count_facets(alive, facet_ptr, values, counts)
            living = loops.count_alive(pointers, docs, alive)
            found.append([looked_up.tolist(), reached.tolist(), counts.tolist(), living.tolist()])
        assert found[0] == found[1]
        known = dict(zip(docs[: ends[0]].tolist(), impacts[: ends[0]].tolist(), strict=True))
        assert found[0][0][0] == [known.get(row, 0) for row in rows.tolist()]
        ordered = sorted(impacts[: ends[0]].tolist(), reverse=True)
        assert found[0][1][0] == [ordered[n - 1] if len(ordered) >= n else 0 for n in (1, 10, 20)]
        assert found[0][3][0] == int(alive[docs[: ends[0]]].sum())


@pytest.mark.parametrize("count", [0, 1, 5, 80])
def test_phrases_are_found_in_the_same_documents(compiled: ModuleType, count: int) -> None:
    """In any field or in one, with a gap in the middle, and never across the end of a field."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, count))
        made = make_stream(rng, count, 5)
        stream = np.where(made["numbers"] == 4, -1, made["numbers"]).astype(np.int32)  # one word in five is a stop word
        rows = np.flatnonzero(rng.random(count) < 0.8).astype(np.int32)
        for wanted in ([1], [1, 2], [0, -1, 3], [2, 2], [3, -1, -1, 0]):
            for field in (-1, 0, 1, 4):
                needle = np.array(wanted, dtype=np.int32)
                expected = []
                for row in rows.tolist():
                    ends = made["field_ends"][row]
                    starts = [made["pointers"][row], *(ends[:-1] + 1)]
                    texts = [stream[s:e].tolist() for s, e in zip(starts, ends, strict=True)]
                    some = texts if field < 0 else [texts[field]]
                    hits = (
                        all(want < 0 or text[at + offset] == want for offset, want in enumerate(wanted))
                        for text in some
                        for at in range(len(text) - len(wanted) + 1)
                    )
                    expected += [row] if any(hits) else []
                for loops in (compiled, vectorised):
                    found = loops.phrase_rows(stream, made["pointers"], made["field_ends"], rows, needle, field)
                    assert found.dtype == np.int32
                    assert found.tolist() == expected, (wanted, field)


@pytest.mark.parametrize("count", [0, 1, 7, 120])
def test_the_same_matrix_is_made_of_the_same_words(compiled: ModuleType, count: int) -> None:
    """Postings by term, by document and by written word: sums of gains to the last bit but one."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, count))
        made = make_stream(rng, count, 40)
        numbers, pointers = made["numbers"], made["pointers"]
        term_of = make_terms(rng, 40, 25)
        gains = rng.random((count, 6))
        found: list[list[Any]] = []
        sums = []
        for loops in (compiled, vectorised):
            counted = loops.count_terms(numbers, term_of, pointers, 25)
            term_ptr = np.concatenate([[0], np.cumsum(counted)]).astype(np.int64)
            size = int(term_ptr[-1])
            docs, fields = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint8)
            normed, row_terms = np.empty(size), np.empty(size, dtype=np.int32)
            places, row_ptr = np.empty(size, dtype=np.int64), np.empty(count + 1, dtype=np.int64)
            loops.fill_terms(
                numbers, term_of, pointers, gains, term_ptr, docs, normed, fields, row_terms, places, row_ptr
            )
            word_docs, word_fields = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint8)
            loops.fill_words(numbers, term_of, pointers, term_ptr, word_docs, word_fields)
            assert word_docs.tolist() == docs.tolist()
            assert word_fields.tolist() == fields.tolist()
            arrays = (counted, docs, fields, row_terms, places, row_ptr)
            found.append([array.tolist() for array in arrays])
            sums.append(normed)
        assert found[0] == found[1]
        np.testing.assert_allclose(sums[0], sums[1], rtol=1e-12)


@pytest.mark.parametrize("size", [0, 1, 64, 900])
def test_segments_are_copied_alike(compiled: ModuleType, size: int) -> None:
    """Postings of terms and of words behind those already there, numbers of living documents."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        docs, impacts, starts, ends = make_runs(rng, size, 6)
        pointers = np.append(starts, ends[-1])
        fields = rng.integers(1, 64, len(docs)).astype(np.uint8)
        alive = rng.random(size) < 0.7
        new_docs = np.where(alive, np.cumsum(alive) - 1 + 10, -1).astype(np.int32)
        new_terms = np.array([3, -1, 0, 5, 1, -1], dtype=np.int32)
        room = 3 + size  # what is there already, then all that may come
        begins = np.arange(6, dtype=np.int64) * room
        lengths = rng.integers(0, 5, size)
        number_ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        numbers = rng.integers(-2, 6, int(lengths.sum())).astype(np.int32)
        found: list[list[Any]] = []
        for loops in (compiled, vectorised):
            cursor = begins + 3
            out = [np.zeros(6 * room, dtype=dtype) for dtype in (np.int32, np.uint16, np.uint8)]
            loops.append_terms(pointers, docs, impacts, fields, new_terms, new_docs, cursor, *out)
            word_cursor = begins + 3
            words = [np.zeros(6 * room, dtype=dtype) for dtype in (np.int32, np.uint8)]
            loops.append_words(pointers, docs, fields, new_terms, new_docs, word_cursor, *words)
            assert (words[0].tolist(), words[1].tolist()) == (out[0].tolist(), out[2].tolist())
            assert cursor.tolist() == word_cursor.tolist()
            copied = np.zeros(len(numbers) + 2, dtype=np.int32)
            end = loops.append_numbers(number_ptr, numbers, new_terms, alive, 2, copied)
            found.append([*(array.tolist() for array in out), cursor.tolist(), copied.tolist(), int(end)])
        assert found[0] == found[1]


def make_texts(seed: int, count: int) -> dict[str, Any]:
    """Documents, their word vectors as ``compiled`` makes them, and the postings of their terms."""
    from indexer.building import passage_pointers

    rng = np.random.default_rng((seed, count))
    made = make_stream(rng, count, 60)
    table = rng.standard_normal((30, 16)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return {
        **made,
        "rng": rng,
        "table": table,
        "word_rows": rng.integers(-1, 30, 60).astype(np.int32),
        "weights": (rng.random(60) * 5).astype(np.float32),
        "passage_ptr": passage_pointers(made["field_ends"][:, 1] - made["field_ends"][:, 0] - 1),
    }


def text_vectors(loops: ModuleType, made: dict[str, Any]) -> list[NDArray[Any]]:
    """Vectors of titles, notes and passages, and their scales."""
    sizes = (len(made["field_ends"]), len(made["field_ends"]), int(made["passage_ptr"][-1]))
    out: list[NDArray[Any]] = []
    for size in sizes:
        out += [np.full((size, 16), 9, dtype=np.int8), np.full(size, 9, dtype=np.float32)]
    names = ("numbers", "word_rows", "weights", "pointers", "field_ends", "table", "passage_ptr")
    loops.text_vectors(*(made[name] for name in names), 45, 18, 12, *out)
    return out


@pytest.mark.parametrize("count", [0, 1, 60])
def test_texts_have_the_same_vectors(compiled: ModuleType, count: int) -> None:
    """Within one step of eight bits, since sums may be made in another order; each of length 1, or nothing."""
    for seed in SEEDS:
        made = make_texts(seed, count)
        one, other = text_vectors(compiled, made), text_vectors(vectorised, made)
        for codes, scales, others, other_scales in zip(one[::2], one[1::2], other[::2], other[1::2], strict=True):
            assert np.abs(codes.astype(int) - others.astype(int)).max(initial=0) <= 1
            np.testing.assert_allclose(scales, other_scales, rtol=1e-4)
            lengths = np.linalg.norm(codes * scales[:, None], axis=1)
            assert np.all((np.abs(lengths - 1) < 2e-2) | ((scales == 0) & (lengths == 0)))


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("count", [1, 60, 600])
def test_the_same_features_rank_documents(compiled: ModuleType, count: int, asked: bool) -> None:
    """Five numbers within 1e-6; the best passage is the same, or one as good."""
    for seed in SEEDS:
        made = make_texts(seed, count)
        rng = made["rng"]
        term_of = make_terms(rng, 60, 40)
        stream = np.append(term_of, [-2, -2])[made["numbers"]].astype(np.int32)
        counted = vectorised.count_terms(made["numbers"], term_of, made["pointers"], 40)
        term_ptr = np.concatenate([[0], np.cumsum(counted)]).astype(np.int64)
        docs, fields = np.empty(int(term_ptr[-1]), dtype=np.int32), np.empty(int(term_ptr[-1]), dtype=np.uint8)
        vectorised.fill_words(made["numbers"], term_of, made["pointers"], term_ptr, docs, fields)
        impacts = rng.integers(1, 65_536, len(docs)).astype(np.uint16)
        bits, bit_of = make_bits(docs, term_ptr[:-1], term_ptr[1:], count, rng.random(40) < 0.5)
        terms = rng.choice(40, int(rng.integers(1, 6)), replace=False).astype(np.int32)
        shares = (np.ones(len(terms)) / len(terms)).astype(np.float32)
        query = rng.standard_normal(16).astype(np.float32) if asked else np.zeros(0, dtype=np.float32)
        query /= np.float32(np.linalg.norm(query) if asked else 1)
        rows = np.flatnonzero(rng.random(count) < 0.9).astype(np.int32)
        vectors = text_vectors(vectorised, made)
        latent, weights = rng.random(len(rows)).astype(np.float32), Ranking().weights
        codes, scales = rng.integers(-127, 128, (count, 8)).astype(np.int8), np.full(count, 0.01, dtype=np.float32)
        places = rng.standard_normal(8).astype(np.float32)
        ranks, standings = np.arange(count, dtype=np.int32), rng.uniform(-1, 1, count).astype(np.float32)
        most = 4 * Ranking().most  # more than these numbers can sum to: none is cut to 1
        results, fused = [], []
        for loops in (compiled, vectorised):
            found, passages = np.zeros((len(rows), 5), dtype=np.float32), np.zeros(len(rows), dtype=np.int32)
            loops.features(
                rows, docs, impacts, fields, bits, term_ptr[terms], term_ptr[terms + 1], bit_of[terms], terms,
                shares / np.float32(65_535), shares, stream, made["pointers"], made["field_ends"], *vectors,
                made["passage_ptr"], query, latent, standings, weights, 45, 18, 12, max(1, len(rows)), found, passages,
            )  # fmt: skip
            results.append((found, passages))
            need = max(1, len(rows))
            first = loops.fuse(rows, results[0][0], latent, standings, weights, most, ranks, need)
            told = (
                rows, terms, shares / np.float32(65_535), 65_535.0, term_ptr, bit_of, docs, impacts, fields, bits,
                stream, made["pointers"], made["field_ends"], *vectors, made["passage_ptr"], query, codes, scales,
                places, standings, weights, most, ranks, 45, 18, 12,
            )  # fmt: skip
            second = loops.rerank(*told, need)
            fused.append((*first, *second))
            # Fewer wanted: what is not read then was not among them.
            fewer = loops.rerank(*told, min(3, need))
            for some, every in zip(fewer[:3], second[:3], strict=True):
                assert some.tolist() == every[:3].tolist()
        for one, other in zip(*fused, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)
        np.testing.assert_allclose(results[0][0], results[1][0], atol=1e-6)
        if asked:
            assert results[0][1].tolist() == results[1][1].tolist()


def test_the_nearest_centroids_are_probed(compiled: ModuleType) -> None:
    """The same ones, ascending, whatever the loops."""
    rng = np.random.default_rng(3)
    codes, scales = rng.integers(-127, 128, (50, 16)).astype(np.int8), rng.random(50).astype(np.float32)
    vector = rng.standard_normal(16).astype(np.float32)
    nearest = sorted(np.argsort(-((codes @ vector) * scales))[:7].tolist())
    for loops in (compiled, vectorised):
        assert loops.probe(codes, scales, vector, 7).tolist() == nearest


@pytest.mark.parametrize("size", [0, 1, 50, BLOCK + 3])
def test_dense_vectors_are_compared_alike(compiled: ModuleType, size: int) -> None:
    """Products within 1e-6 of their size; the same nearest centroid; folded rows within one step of eight bits."""
    rng = np.random.default_rng(size)
    codes = rng.integers(-127, 128, (size, 32)).astype(np.int8)
    scales = (rng.random(size) / 127).astype(np.float32)
    vector = rng.standard_normal(32).astype(np.float32)
    centroids = rng.standard_normal((9, 32)).astype(np.float32)
    rows = np.flatnonzero(rng.random(size) < 0.8).astype(np.int32)
    lengths = rng.integers(0, 12, size)
    row_ptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    row_terms = rng.integers(0, 20, int(lengths.sum())).astype(np.int32)
    row_impacts = rng.integers(1, 256, len(row_terms)).astype(np.uint8)
    weights, components = rng.random(20).astype(np.float32), rng.standard_normal((20, 24)).astype(np.float32)
    table_rows, worths = rng.integers(0, 9, 5), rng.standard_normal(5).astype(np.float32)
    results = []
    for loops in (compiled, vectorised):
        total = loops.weighted(centroids, table_rows, worths)
        assert total == pytest.approx(unit(worths @ centroids[table_rows]), abs=1e-6)
        assert loops.weighted(centroids, table_rows, np.zeros(5, dtype=np.float32)).shape == (0,)
        assert loops.weighted(centroids, table_rows[:0], worths[:0]).shape == (0,)
        of_words, of_topics = loops.meaning(centroids, components, table_rows, worths, 2)
        assert of_words == pytest.approx(unit(worths[:2] @ centroids[table_rows[:2]]), abs=1e-6)
        assert of_topics == pytest.approx(unit(worths[2:] @ components[table_rows[2:]]), abs=1e-6)
        products = np.empty(len(rows), dtype=np.float32)
        nearest = np.empty(size, dtype=np.int32)
        folded, long, topical = np.empty((size, 24), dtype=np.int8), *np.empty((2, size), dtype=np.float32)
        loops.dots(codes, scales, rows, vector, products)
        loops.assign(codes, centroids, nearest)
        loops.fold_rows(row_ptr, row_terms, row_impacts, weights, components, 16, folded, long, topical)
        results.append((products, nearest, folded, long, topical))
    one, other = results
    np.testing.assert_allclose(one[0], other[0], atol=5e-6)
    assert one[1].tolist() == other[1].tolist()
    assert np.abs(one[2].astype(int) - other[2].astype(int)).max(initial=0) <= 1
    np.testing.assert_allclose(one[3], other[3], rtol=1e-4)
    np.testing.assert_allclose(one[4], other[4], rtol=2e-2)


@pytest.mark.parametrize("size", [0, 1, 30])
def test_terms_in_common_are_told_alike(compiled: ModuleType, size: int) -> None:
    """How near documents are to what is asked, and what each term asked brings to each of them."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        bags = [rng.permutation(25)[: rng.integers(0, 12)] for _ in range(size + 3)]
        row_ptr = np.concatenate([[0], np.cumsum([len(bag) for bag in bags])]).astype(np.int64)
        row_terms = np.concatenate(bags).astype(np.int32)
        row_impacts = rng.integers(1, 256, len(row_terms)).astype(np.uint8)
        rows = rng.permutation(size + 3)[:size].astype(np.int32)
        asked = rng.permutation(25)[:9].astype(np.int32)
        asked[rng.random(9) < 0.2] = -1
        weights, idf = rng.random(9).astype(np.float32), rng.random(25).astype(np.float32)
        count = size + 3
        codes = rng.integers(-127, 128, (count, 8)).astype(np.int8)
        scales, norms, centred, topic_scales = (rng.random((4, count)) / 100).astype(np.float32)
        centred *= np.float32(100)
        vector, mean = rng.standard_normal((2, 8)).astype(np.float32)
        table, word_rows = rng.standard_normal((6, 8)).astype(np.float32), rng.integers(-1, 6, 9)
        matrix = np.zeros((size + 3, 25))
        for number, bag in enumerate(bags):
            matrix[number, bag] = row_impacts[row_ptr[number] : row_ptr[number + 1]]
        for loops in (compiled, vectorised):
            totals, by_terms, by_meaning = loops.compare(
                rows, row_ptr, row_terms, row_impacts, norms, idf, codes, scales, centred, codes, topic_scales, asked,
                weights, 0.5, vector, mean, 0.6, vector, 0.3,
            )  # fmt: skip
            common = np.where(asked >= 0, matrix[rows][:, asked] * weights * idf[asked], 0)
            np.testing.assert_allclose(by_terms, 0.5 * common.sum(axis=1) * norms[rows], rtol=1e-5)
            np.testing.assert_allclose(totals, np.clip(by_terms + by_meaning, 0, 1), rtol=1e-6)
            documents = codes[rows] * scales[rows, None]
            near = (documents - mean) @ vector * centred[rows] * 0.6
            topics = codes[rows] @ vector * topic_scales[rows] * 0.3
            np.testing.assert_allclose(by_meaning, near + topics, atol=2e-2, rtol=1e-3)
            brought = np.zeros((size, 9), dtype=np.float32)
            loops.bring(
                rows, row_ptr, row_terms, row_impacts, idf, asked, weights, by_terms, codes, scales, mean, table,
                word_rows, by_meaning, brought,
            )  # fmt: skip
            expected = spread(common, by_terms)
            words = np.where(word_rows >= 0, np.maximum((documents - mean) @ table[word_rows].T, 0) * weights, 0)
            expected += spread(words, np.maximum(by_meaning, 0))
            np.testing.assert_allclose(brought, expected, atol=1e-3, rtol=1e-3)
            owners, worths = np.arange(size) // 2, rng.random(size).astype(np.float32)
            totals = np.ones(((size + 1) // 2, 9), dtype=np.float32)
            loops.explain(
                rows, owners, worths, row_ptr, row_terms, row_impacts, idf, asked, weights, by_terms, codes, scales,
                mean, table, word_rows, by_meaning, totals,
            )  # fmt: skip
            shared = spread(brought.astype(np.float64), worths)
            expected = 1 + np.array([shared[owners == owner].sum(axis=0) for owner in range(len(totals))])
            np.testing.assert_allclose(totals, expected.reshape(totals.shape), atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("limit", [0, 3, 40])
def test_copies_stand_behind_the_first(compiled: ModuleType, limit: int) -> None:
    """A text is new, or nearly that of a new one before it; of empty ones nothing is promised."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, limit))
        bags = [rng.permutation(12)[: rng.integers(0, 9)] for _ in range(43)]
        row_ptr = np.cumsum([0, *map(len, bags)], dtype=np.int64)
        row_terms = np.concatenate(bags).astype(np.int32)
        row_impacts = rng.integers(1, 256, len(row_terms)).astype(np.uint8)
        rows, idf = rng.permutation(43)[:40].astype(np.int32), rng.random(12).astype(np.float32)
        codes = rng.integers(-127, 128, (43, 8)).astype(np.int8)
        scales = (1 / np.linalg.norm(codes.astype(float), axis=1)).astype(np.float32)
        matrix = np.zeros((43, 12))
        for number, bag in enumerate(bags):
            matrix[number, bag] = row_impacts[row_ptr[number] : row_ptr[number + 1]]
        weighted, vectors = matrix[rows] * idf, codes[rows] * scales[rows, None]
        lengths = np.linalg.norm(weighted, axis=1)
        terms = weighted @ weighted.T / np.maximum(np.outer(lengths, lengths), 1e-9)
        for known, near in ((codes, vectors @ vectors.T), (codes[:0, :0], np.ones((40, 40)))):
            sure = (np.abs(near - 0.4) > 1e-4) & (np.abs(terms - 0.4) > 1e-4) & (np.outer(lengths, lengths) > 0)
            for loops in (compiled, vectorised):
                found = loops.originals(rows, row_ptr, row_terms, row_impacts, idf, known, scales, 0.4, limit).tolist()
                firsts = [at for at, first in enumerate(found) if first == at]
                assert len(firsts) <= limit
                for at, first in enumerate(found):
                    before = [one for one in firsts if one < at]
                    if sure[at, before].all():
                        alike = [one for one in before if near[at, one] >= 0.4 and terms[at, one] >= 0.4]
                        assert first == (alike[0] if alike else at if len(before) < limit else -1)


@pytest.mark.parametrize("limit", [0, 1, 7, 500])
def test_the_best_among_some_rows_are_scored_term_after_term(compiled: ModuleType, limit: int) -> None:
    """By what each term brings to them, equal ones by rank; to the last bit, since other rows are scored elsewhere."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, limit))
        docs, impacts, starts, ends = make_runs(rng, 300, int(rng.integers(1, 5)))
        worths, ranks = rng.random(len(starts)).astype(np.float32), rng.permutation(300).astype(np.int32)
        rows = np.sort(rng.permutation(300)[:120]).astype(np.int32)
        scores = np.zeros(120, dtype=np.float32)
        for start, end, worth in zip(starts, ends, worths, strict=True):
            known = dict(zip(docs[start:end].tolist(), impacts[start:end], strict=True))
            values = np.array([known.get(row, 0) for row in rows.tolist()], dtype=np.float32)
            scores += values / np.float32(65_535) * worth
        expected = sorted(range(120), key=lambda at: (-scores[at], ranks[rows[at]]))[:limit]
        for loops in (compiled, vectorised):
            found, reached = loops.best_among(rows, docs, impacts, starts, ends, worths, 65_535, ranks, min(limit, 120))
            assert found.tolist() == rows[expected].tolist()
            assert reached.tolist() == scores[expected].tolist()


def test_a_text_is_found_among_many(compiled: ModuleType) -> None:
    """Kept in order or by an order beside them; what is not there has no place, and any text can be looked for."""
    for words in (
        [],
        ["a"],
        ["", "a", "ab", "b", "é", "œuvre", "\U0001f600"],
        [f"{number:04}" for number in range(300)],
    ):
        rng = np.random.default_rng(len(words))
        mixed = [words[place] for place in rng.permutation(len(words))]
        order = np.array(sorted(range(len(words)), key=lambda place: mixed[place]), dtype=np.int32)
        for texts, kept in ((words, np.zeros(0, dtype=np.int32)), (mixed, order)):
            encoded = [text.encode() for text in texts]
            data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
            ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)[1:]
            for wanted in (*words, "aa", "zz", "\udc80"):
                asked = np.frombuffer(wanted.encode("utf-8", "surrogatepass"), dtype=np.uint8)
                expected = texts.index(wanted) if wanted in texts else -1
                for loops in (compiled, vectorised):
                    assert loops.text_place(data, ends, kept, asked) == expected


@pytest.mark.parametrize("latent", [0, 3, 9])
def test_a_document_is_described_alike(compiled: ModuleType, latent: int) -> None:
    """Its terms, its vector less the mean and its topics, each of length 1; nothing where there is nothing."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        row_ptr = np.array([0, 0, 4, 9], dtype=np.int64)
        row_terms, row_impacts = rng.permutation(12)[:9].astype(np.int32), rng.integers(1, 256, 9).astype(np.uint8)
        idf, term_vectors = rng.random(12).astype(np.float32), rng.integers(-1, 5, 12).astype(np.int32)
        codes, scales = rng.integers(-127, 128, (3, 8)).astype(np.int8), np.array([0, 0.01, 0.02], dtype=np.float32)
        latents = rng.integers(-127, 128, (3, latent)).astype(np.int8)
        for mean in (rng.random(8).astype(np.float32), np.zeros(0, dtype=np.float32)):
            for row in range(3):
                found = [
                    loops.described(
                        row, row_ptr, row_terms, row_impacts, idf, term_vectors, codes, scales, mean, latents, 5
                    )
                    for loops in (compiled, vectorised)
                ]
                for one, other in zip(*found, strict=True):
                    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
                    assert one.dtype == other.dtype
                numbers, weights, _, _, vector, topics = found[0]
                assert numbers.tolist() == row_terms[row_ptr[row] : row_ptr[row + 1]].tolist()
                assert float(weights @ weights) == pytest.approx(1 if row else 0, abs=1e-5)
                assert vector.shape == ((8,) if row and len(mean) else (0,))
                assert topics.shape == (latent,)
                assert not topics[5:].any()


@pytest.mark.parametrize("limit", [0, 1, 4, 99])
def test_the_closest_documents_are_those_of_a_full_sort(compiled: ModuleType, limit: int) -> None:
    """In falling likeness, ties by rank, none under the floor, without the one that is left out."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, limit))
        rows, ranks = rng.permutation(40)[:25].astype(np.int32), rng.permutation(40).astype(np.int32)
        by_terms = rng.choice([0, 0.25, 0.5], 25).astype(np.float32)
        by_meaning = rng.choice([-0.5, 0.25, 0.75], 25).astype(np.float32)
        likeness = np.clip(by_terms + by_meaning, 0, 1)
        totals = dict(zip(rows.tolist(), likeness.tolist(), strict=True))
        without = int(rows[0])
        kept = [row for row, total in totals.items() if total >= 0.25 and row != without]
        expected = sorted(kept, key=lambda row: (-totals[row], ranks[row]))[:limit]
        for loops in (compiled, vectorised):
            found, scores, terms = loops.closest(rows, likeness, by_terms, without, 0.25, limit, ranks)
            assert found.tolist() == expected
            assert scores.tolist() == [totals[row] for row in expected]
            assert terms.tolist() == [by_terms[rows.tolist().index(row)] for row in expected]


@pytest.mark.parametrize("limit", [0, 1, 3, 99])
def test_entities_are_proposed_alike(compiled: ModuleType, limit: int) -> None:
    """By the discounted sum of their best links of a group, with whoever is equal to the last."""
    discounts = np.array([1.0, 0.5])
    for seed in SEEDS:
        rng = np.random.default_rng((seed, limit))
        counts = rng.integers(0, 4, 30)
        link_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        size = int(link_ptr[-1])
        link_entities, names = rng.integers(0, 9, size).astype(np.int32), rng.permutation(90)[:9].astype(np.int64)
        link_groups, link_weights = rng.integers(0, 2, size).astype(np.uint8), rng.random(size).astype(np.float32)
        rows = np.sort(rng.permutation(30)[:20]).astype(np.int32)
        standings, away = rng.random(30).astype(np.float32), np.array([3, 5], dtype=np.int64)[: rng.integers(0, 3)]
        fresh = rng.random(20 * rng.integers(0, 2)).astype(np.float32)
        worths = (1 + 0.1 * standings[rows]) * (fresh if len(fresh) else 1)
        arrays = (standings, 0.1, fresh, link_ptr, link_entities, link_groups, link_weights, names, away)
        one, other = (loops.linked(rows, *arrays) for loops in (compiled, vectorised))
        for mine, theirs in zip(one, other, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-6)
            assert mine.dtype == theirs.dtype
        documents, places, entities, groups, weights = one
        told = [
            (row, int(names[link_entities[link]]), int(link_groups[link]), float(link_weights[link] * worth))
            for row, worth in zip(rows.tolist(), worths, strict=True)
            for link in range(link_ptr[row], link_ptr[row + 1])
            if link_entities[link] not in away
        ]
        columns = (documents[places].tolist(), entities.tolist(), groups.tolist(), weights.tolist())
        assert list(zip(*columns[:3], strict=True)) == [link[:3] for link in told]
        assert columns[3] == pytest.approx([weight for *_, weight in told])
        assert set(documents.tolist()) == {row for row, _, _, _ in told}
        near = np.round(rng.random(len(documents)), 1).astype(np.float32)
        for each, most in ((1, 3), (2, 5), (9, 5), (2, 99)):
            speaking = 0.0
            for bar in sorted(set(near.tolist())):  # the highest bar that lets enough of them speak
                ranked = sorted(range(len(places)), key=lambda link: (-near[places[link]], places[link]))
                told = [(places[link], (entities[link], groups[link])) for link in ranked if near[places[link]] >= bar]
                firsts = {place for at, (place, key) in enumerate(told) if [k for _, k in told[:at]].count(key) < each}
                speaking = bar if len(firsts) >= most else speaking
            spoken = np.where(near[places] >= np.float32(speaking), near[places] * weights, 0)
            for loops in (compiled, vectorised):
                found = loops.heard(places, entities, groups, weights, near, each, most)
                np.testing.assert_allclose(found, spoken, rtol=1e-6)
        values = np.round(weights, 1)  # few: some are equal
        expected: dict[int, tuple[float, list[int]]] = {}
        for entity in set(entities.tolist()):
            some = (entities == entity) & (groups == 1) & (values >= np.float32(0.1))
            own = [int(at) for at in np.flatnonzero(some)]
            own = sorted(own, key=lambda at: (-values[at], at))[:2]
            total = sum(float(values[at]) * share for at, share in zip(own, discounts, strict=False))
            if total > 0:
                expected[entity] = (total, own)
        bar = sorted((total for total, _ in expected.values()), reverse=True)[limit - 1 : limit]
        for loops in (compiled, vectorised):
            found, totals, links, brought = loops.proposed(entities, groups, values, 1, 0.1, discounts, limit)
            kept = {key for key, (total, _) in expected.items() if limit and (not bar or total >= bar[0])}
            assert set(found.tolist()) == kept
            for entity, total, own in zip(found.tolist(), totals.tolist(), links.tolist(), strict=True):
                assert total == pytest.approx(expected[entity][0])
                assert [at for at in own if at >= 0] == expected[entity][1]
            assert brought.sum(axis=1) == pytest.approx(totals)
            assert ((brought > 0) == (links >= 0)).all()


def test_words_are_seen_where_they_stand(compiled: ModuleType) -> None:
    """In a title or what stands for it, and in one passage, the last of which may be made longer."""
    window, short, lead = 6, 3, 2
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        sizes = [(int(rng.integers(0, 4)), int(rng.integers(0, 26))) for _ in range(12)]
        texts = [(rng.integers(0, 30, title).tolist(), rng.integers(0, 30, body).tolist()) for title, body in sizes]
        words = [[*title, -2, *body, -2] for title, body in texts]
        pointers = np.cumsum([0, *map(len, words)], dtype=np.int64)
        stream = np.concatenate(words).astype(np.int32)
        cuts = pointers[:-1] + [title for title, _ in sizes]
        field_ends = np.stack([cuts, pointers[1:] - 1], axis=1)
        rows = rng.permutation(12)[:8].astype(np.int32)
        numbers = np.append(rng.permutation(30)[:9], -1).astype(np.int32)
        last = [max(0, (len(texts[row][1]) - 1) // window) for row in rows.tolist()]
        passages = np.array([rng.integers(0, most + 1) for most in last], dtype=np.int32)
        expected: tuple[list[list[bool]], list[list[bool]]] = ([], [])
        for row, passage in zip(rows.tolist(), passages.tolist(), strict=True):
            title, body = texts[row]
            read = body[passage * window : passage * window + window]
            if passage == 0:
                read = [*title, *read]
            elif len(read) < short:
                read = body[-window:]
            for seen, held in zip(expected, (title or body[:lead], read), strict=True):
                seen.append([number in held for number in numbers.tolist()])
        for loops in (compiled, vectorised):
            found = loops.mentions(rows, passages, numbers, stream, pointers, field_ends, window, short, lead)
            assert tuple(seen.tolist() for seen in found) == expected


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_the_highest_shares_are_those_of_a_full_sort(compiled: ModuleType, limit: int) -> None:
    """Of what is positive, ties by place; nothing positive has no share."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, limit))
        values = rng.integers(-2, 4, (7, 6)).astype(np.float32)
        values[0] = -1
        for loops in (compiled, vectorised):
            order, found = np.empty((7, limit), dtype=np.int64), np.empty((7, limit), dtype=np.float64)
            counts = np.empty(7, dtype=np.int64)
            loops.shares(values, order, found, counts)
            for row, places, some, count in zip(values, order, found, counts, strict=True):
                positive = np.maximum(row, 0)
                first = np.argsort(-positive, kind="stable")[: min(limit, count)]
                assert count == np.count_nonzero(positive)
                assert places[:count].tolist() == first.tolist()
                assert some[:count].tolist() == pytest.approx((positive[first] / max(positive.sum(), 1)).tolist())


def spread(parts: NDArray[Any], totals: NDArray[Any]) -> NDArray[Any]:
    """Rows of parts made to sum to totals; rows of zeros stay so."""
    sums = parts.sum(axis=1)
    spread_out: NDArray[Any] = parts * (totals / np.where(sums > 0, sums, 1))[:, None]
    return spread_out


def unit(vector: NDArray[Any]) -> NDArray[Any]:
    """The same vector, of length 1."""
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("limit", [1, 10, 5_000])
@pytest.mark.parametrize("size", [0, 1, 50, BLOCK + 3])
def test_the_nearest_vectors_are_those_of_a_full_sort(compiled: ModuleType, size: int, limit: int) -> None:
    """Of some runs of them, above a floor, with documents left out; equally near ones by rank."""
    for seed in SEEDS:
        rng = np.random.default_rng((seed, size))
        codes = rng.integers(-3, 4, (size, 4)).astype(np.int8)  # few values: many are equally near, and exactly so
        scales = np.full(size, 0.25, dtype=np.float32)
        members, ranks = rng.permutation(size).astype(np.int32), rng.permutation(size).astype(np.int32)
        cuts = np.sort(rng.integers(0, size + 1, 7))
        runs, pointers = np.array([0, 2, 4], dtype=np.int32), cuts.astype(np.int64)
        allowed = rng.random(size) < 0.7
        vector = rng.integers(-2, 3, 4).astype(np.float32)
        floor = float(rng.choice([-10.0, 0.0, 0.5]))
        places = [place for run in runs for place in range(pointers[run], pointers[run + 1])]
        close = {int(members[place]): float(codes[place] @ vector) * 0.25 for place in places}
        kept = [doc for doc, value in close.items() if value >= floor and allowed[doc]]
        expected = sorted(kept, key=lambda doc: (-close[doc], ranks[doc]))[: min(limit, size)]
        for loops in (compiled, vectorised):
            found, values = loops.near(
                codes, scales, members, runs, pointers, allowed, ranks, vector, floor, min(limit, size)
            )
            assert found.tolist() == expected
            assert values.tolist() == [close[doc] for doc in expected]
            assert (found.dtype, values.dtype) == (np.int32, np.float32)


def make_vectors(seed: int) -> WordVectors:
    """A vector for most of the words that documents are generated from."""
    from indexer.analysis import Analyser

    rng = np.random.default_rng(seed)
    analyser = Analyser(Language())
    forms = {form.word for word in WORDS for cut in analyser.cut(word) if (form := analyser.form(cut)).term}
    return WordVectors.of({word: rng.standard_normal(8).astype(np.float32) for word in sorted(forms)[::2]})


def make_index(documents: list[Document]) -> EmbeddedEngine:
    """An engine in memory over some documents, the last of which came, changed or went after the others."""
    feed = MemoryFeed(documents[:200])
    engine = EmbeddedEngine(None, Language(), vectors=make_vectors(1))
    engine.catch_up(feed)
    for document in documents[200:]:
        feed.put(document)
    for document in documents[:30:3]:
        feed.remove(document.id)
    engine.catch_up(feed)
    return engine


@pytest.mark.parametrize("seed", [1, 2])
def test_an_index_answers_the_same_pages_with_compiled_and_with_numpy_loops(compiled: ModuleType, seed: int) -> None:
    """A hundred queries, free, strict and broken: ids, totals, facets, what was understood; scores within 1e-5."""
    rng = random.Random(seed)  # noqa: S311
    documents = make_documents(rng, 260)
    with kernels.using(vectorised):
        engine = make_index(documents)
    texts = [document.body for document in documents if document.body]
    for _ in range(100):
        query = make_query(rng, texts)
        filters = {"kind": ("tool",)} if rng.random() < 0.2 else {}
        request = Request(query, filters=filters, limit=rng.choice((0, 1, 20, 400)), offset=rng.choice((0, 0, 7)))
        with kernels.using(compiled):
            assert kernels.loops() is compiled
            one = engine.search(request)
        with kernels.using(vectorised):
            assert kernels.loops() is vectorised
            other = engine.search(request)
        assert (one.total, one.facets, one.understanding) == (other.total, other.facets, other.understanding), query
        assert same_order(one.hits, other.hits), query
        flags = {hit.id: hit.by_meaning for hit in other.hits}
        assert all(flags[hit.id] == hit.by_meaning for hit in one.hits if hit.id in flags)


def same_order(one: Any, other: Any, within: float = 1e-5) -> bool:
    """Whether two lists of hits have the same scores, and the same ids where scores are not level."""
    scores = [hit.score for hit in one], [hit.score for hit in other]
    if len(one) != len(other) or not np.allclose(*scores, atol=within):
        return False
    swapped = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a.id != b.id]
    return all(
        any(abs(scores[1][at] - scores[1][near]) < within for near in (at - 1, at + 1) if 0 <= near < len(other))
        for at in swapped
    )


@pytest.mark.parametrize("seed", [3])
def test_an_index_made_with_compiled_loops_is_the_one_made_with_numpy(compiled: ModuleType, seed: int) -> None:
    """Array by array; vectors within one step of eight bits."""
    documents = make_documents(random.Random(seed), 260)  # noqa: S311
    with kernels.using(compiled):
        one = make_index(documents)
    with kernels.using(vectorised):
        other = make_index(documents)
    assert one._view is not None
    assert other._view is not None
    assert len(one._view.parts) == len(other._view.parts)
    for part, twin in zip(one._view.parts, other._view.parts, strict=True):
        assert part.alive.tolist() == twin.alive.tolist()
        for name, array in part.segment.arrays.items():
            if array.dtype.kind == "f" or array.dtype == np.int8:
                atol = 1 if array.dtype == np.int8 else 1e-3
                expected = twin.segment.arrays[name].astype(np.float64)
                np.testing.assert_allclose(array.astype(np.float64), expected, atol=atol)
            else:
                np.testing.assert_array_equal(array, twin.segment.arrays[name])


def test_two_short_lists_are_joined_without_repetition(compiled: ModuleType) -> None:
    """The first as it is, then what the second adds, in its order."""
    first, second = np.array([5, 1, 9], dtype=np.int32), np.array([9, 2, 5, 7], dtype=np.int32)
    nothing = np.zeros(0, dtype=np.int32)
    for loops in (compiled, vectorised):
        assert loops.joined(first, second).tolist() == [5, 1, 9, 2, 7]
        assert loops.joined(first, nothing).tolist() == [5, 1, 9]
        assert loops.joined(nothing, second).tolist() == [9, 2, 5, 7]
