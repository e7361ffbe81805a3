"""What is learnt from the notes: when, how much, and that nobody who searches pays for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer import dense, fitting, maintenance
from indexer.analysis import Analyser
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Request
from indexer.language import Language
from indexer.segment import TOPICS, Model
from indexer.vectors import WordVectors
from indexer.view import View
from savoirs.generation import vocabulary_of
from tests.fakes_feed import MemoryFeed
from web.bench.notes import Notes

ROOT = Path(__file__).parents[2]
ENOUGH = 1_200
SIZE = 24


@pytest.fixture(scope="module")
def notes() -> list[Document]:
    """Notes about topics."""
    return list(Notes(vocabulary_of(ROOT / "corpus", 1_500), ENOUGH, 6))


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """A vector drawn for each word of the notes."""
    rng, analyser = np.random.default_rng(2), Analyser(Language())
    written = vocabulary_of(ROOT / "corpus", 1_500)
    words = {analyser.form(word).word for text in written for word in analyser.cut(text)} - {""}
    return WordVectors.of({word: rng.standard_normal(SIZE).astype(np.float32) for word in sorted(words)})


def learnt(notes: list[Document], vectors: WordVectors | None = None, directory: Path | None = None) -> EmbeddedEngine:
    """An engine that knows some notes, after maintenance."""
    engine = EmbeddedEngine(directory, Language(), vectors=vectors)
    engine.maintain(MemoryFeed(notes))
    return engine


def view_of(engine: EmbeddedEngine) -> View:
    """What an engine sees."""
    assert engine._view is not None
    return engine._view


@pytest.fixture(scope="module")
def fitted(notes: list[Document], vectors: WordVectors) -> EmbeddedEngine:
    """An engine in memory that learnt from all the notes."""
    return learnt(notes, vectors)


@pytest.mark.parametrize("on_disk", [False, True])
def test_nothing_is_fitted_under_a_thousand_notes(notes: list[Document], tmp_path: Path, on_disk: bool) -> None:
    """It would learn their accidents; the index works without."""
    engine = learnt(notes[: fitting.LATENT_FROM - 1], directory=tmp_path if on_disk else None)
    view = view_of(engine)
    assert view.model.components.shape[1] == 0
    assert len(view.model.centroids) == 0
    assert [part.dense for part in view.parts] == [None]
    assert not fitting.needed(view)
    assert engine.search(Request(notes[0].title)).total > 0
    assert engine.related(notes[0].id)
    engine.close()


def test_maintenance_fits_a_latent_space(notes: list[Document], fitted: EmbeddedEngine) -> None:
    """A component for four notes, 128 at most; directions of length 1, no two alike; not done again."""
    view = view_of(fitted)
    components = view.model.components
    assert components.shape == (len(view.model.terms), min(fitting.LATENT, ENOUGH // 4))
    assert components.T @ components == pytest.approx(np.eye(components.shape[1]), abs=1e-3)
    assert not fitting.needed(view)
    fitted.maintain(MemoryFeed(notes))
    assert view_of(fitted).model is view.model


def test_a_quarter_of_the_notes_bounds_the_components(notes: list[Document]) -> None:
    """Were there fewer."""
    engine = EmbeddedEngine(None, Language())
    engine.catch_up(MemoryFeed(notes[:200]))
    assert fitting.fit(view_of(engine)).components.shape[1] == 50


def test_components_are_the_first_singular_vectors(fitted: EmbeddedEngine) -> None:
    """Of impacts × idf, rows of length 1: the sixteen topics hold what an exact decomposition says they can."""
    view = view_of(fitted)
    matrix = fitting._matrix(view, [np.arange(ENOUGH)])
    assert np.sqrt(matrix.multiply(matrix).sum(axis=1)) == pytest.approx(1.0, abs=1e-5)
    exact = np.sqrt(np.linalg.eigvalsh((matrix @ matrix.T).toarray())[::-1][:TOPICS])
    held = np.linalg.norm(matrix @ view.model.components[:, :TOPICS], axis=0)
    assert held == pytest.approx(exact, rel=0.05)


def test_notes_are_folded_where_the_space_says(fitted: EmbeddedEngine) -> None:
    """A note's place is its row times the components, of length 1, within what eight bits take."""
    view = view_of(fitted)
    made = view.parts[0].dense
    assert made is not None
    places = made.latent * made.latent_scales[:, None]
    expected = fitting._matrix(view, [np.arange(ENOUGH)]) @ view.model.components
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.sum(places * expected, axis=1) == pytest.approx(1.0, abs=5e-3)
    topics = made.latent[:, :TOPICS] * made.topic_scales[:, None]
    assert np.linalg.norm(topics, axis=1) == pytest.approx(1.0, abs=1e-4)


def test_the_same_notes_make_the_same_model(
    notes: list[Document], vectors: WordVectors, fitted: EmbeddedEngine
) -> None:
    """The seed is fixed."""
    one, other = view_of(fitted).model, view_of(learnt(notes, vectors)).model
    np.testing.assert_allclose(one.components, other.components, atol=1e-6)
    np.testing.assert_array_equal(one.frequencies, other.frequencies)
    np.testing.assert_array_equal(one.mean, other.mean)


def test_clusters_hold_every_note_once(fitted: EmbeddedEngine) -> None:
    """Each in the nearest; centres of length 1; the same seed gives the same ones."""
    view = view_of(fitted)
    rows = [np.arange(ENOUGH)]
    centres = fitting._centroids(view, rows, fitting.CLUSTERS_FROM)
    assert len(centres) == min(int(2 * np.sqrt(fitting.CLUSTERS_FROM)), ENOUGH // 8)
    assert np.linalg.norm(centres, axis=1) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(fitting._centroids(view, rows, fitting.CLUSTERS_FROM), centres, atol=1e-5)
    segment = view.parts[0].segment
    model = Model(view.model.lengths, ENOUGH, view.model.terms, view.model.frequencies, centroids=centres)
    made = dense.made(segment, model)
    assert made is not None
    assert sorted(made.cluster_rows.tolist()) == list(range(ENOUGH))
    nearest = (segment.arrays["note_vectors"] @ centres.T).argmax(axis=1)
    for number in range(len(centres)):
        run = slice(int(made.cluster_ptr[number]), int(made.cluster_ptr[number + 1]))
        assert np.all(np.diff(made.cluster_rows[run]) > 0)
        assert np.mean(nearest[made.cluster_rows[run]] == number) == 1.0 or run.start == run.stop


def test_there_are_no_clusters_without_vectors_or_with_few_notes(notes: list[Document], fitted: EmbeddedEngine) -> None:
    """All vectors are read: quick enough."""
    assert len(view_of(fitted).model.centroids) == 0
    engine = EmbeddedEngine(None, Language())
    engine.catch_up(MemoryFeed(notes[:50]))
    assert fitting._centroids(view_of(engine), [np.arange(50)], 10_000).shape == (0, 0)


def test_what_is_fitted_is_kept_on_disk(
    notes: list[Document], vectors: WordVectors, fitted: EmbeddedEngine, tmp_path: Path
) -> None:
    """The next process has it, answers the same, and has nothing to fit."""
    feed = MemoryFeed(notes)
    engine = EmbeddedEngine(tmp_path / "index", Language(), vectors=vectors)
    engine.catch_up(feed)
    assert engine.needs_maintenance(feed)
    engine.maintain(feed)
    assert not engine.needs_maintenance(feed)
    engine.close()
    engine = EmbeddedEngine(tmp_path / "index", Language(), vectors=vectors)
    engine.catch_up(feed)
    assert not engine.needs_maintenance(feed)
    np.testing.assert_allclose(view_of(engine).model.components, view_of(fitted).model.components, atol=1e-6)
    for note in notes[::150]:
        one, other = (some.search(Request(note.title, limit=30)) for some in (engine, fitted))
        assert one.total == other.total
        scores = {hit.id: hit.score for hit in other.hits}
        assert {hit.id: hit.score for hit in one.hits} == pytest.approx(scores, abs=1e-4)
    engine.close()


def test_notes_that_come_are_folded_in(notes: list[Document], vectors: WordVectors) -> None:
    """A note in the tail has a place in the space, the same as if it had been there."""
    feed = MemoryFeed(notes[: ENOUGH - 20])
    engine = EmbeddedEngine(None, Language(), vectors=vectors)
    engine.maintain(feed)
    model = view_of(engine).model
    for note in notes[ENOUGH - 20 :]:
        feed.put(note)
        engine.catch_up(feed)
    view = view_of(engine)
    assert view.model is model
    assert len(view.parts) > 1
    builder = engine._recipe.builder()
    for note in notes:
        builder.add(note)
    segment, _ = builder.build(model)
    whole = dense.made(segment, model)
    assert whole is not None
    for part in view.parts:
        assert part.dense is not None
        for row, id_ in enumerate(part.segment.ids.decoded()):
            at = segment.place(id_)
            assert part.dense.latent[row].tolist() == whole.latent[at].tolist()
            assert part.dense.latent_scales[row] == pytest.approx(whole.latent_scales[at], rel=1e-5)


def test_a_space_of_few_components_has_few_topics() -> None:
    """Notes of ten words between them: nothing is read beyond the last component."""
    rng = np.random.default_rng(1)
    words = [f"mot{number}" for number in range(10)]
    notes = [Document(f"d{n}", "practice", "", " ".join(rng.choice(words, 5))) for n in range(fitting.LATENT_FROM)]
    view = view_of(learnt(notes))
    assert view.model.components.shape[1] == 9
    made = view.parts[0].dense
    assert made is not None
    lengths = np.linalg.norm(made.latent.astype(np.float32), axis=1) * made.topic_scales
    assert lengths == pytest.approx(1.0, abs=1e-5)


def test_a_model_is_outgrown_once_the_notes_have_doubled(notes: list[Document]) -> None:
    """Not before, nor for a small base."""
    engine, feed = EmbeddedEngine(None, Language()), MemoryFeed(notes[:520])
    engine.catch_up(feed)
    for start in (520, 680, 840):
        for note in notes[start : start + 160]:
            feed.put(note)
        engine.catch_up(feed)
        assert not maintenance.outgrown(view_of(engine))
    for note in notes[1_000:1_040]:
        feed.put(note)
    engine.catch_up(feed)
    view = view_of(engine)
    assert (view.living, view.model.covered) == (1_040, 520)
    assert maintenance.outgrown(view)


LOADED = """
import sys
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, PeersRequest, Request
from indexer.language import Language
from tests.fakes_feed import MemoryFeed

def told():
    return [name for name in ("sklearn", "scipy", "numba", "spacy") if name in sys.modules]

feed = MemoryFeed(Document(f"d{n}", "practice", f"mot{n % 50} repas", f"mot{n % 7} jardin{n}") for n in range(1_001))
engine = EmbeddedEngine(None, Language())
engine.catch_up(feed)
engine.search(Request("repas mot3"))
engine.related("d5")
engine.peers(PeersRequest(need="repas"))
print(told())
engine.maintain(feed)
print("sklearn" in told(), engine._view.model.components.shape[1] > 0)
"""


def test_scikit_learn_and_scipy_are_loaded_by_who_fits_only() -> None:
    """Catching up, searching, comparing load neither: 100 MB that a small machine has not got."""
    ran = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.splitlines() == ["[]", "True True"]
