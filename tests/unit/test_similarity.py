"""Likeness and peers against plain loops over the same definitions, and against scikit-learn."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from indexer import dense, fitting, fusion, kernels, peers, similarity, tail
from indexer import vectors as word_vectors
from indexer.analysis import Analyser
from indexer.building import Builder
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Link, PeersRequest, Request, Update
from indexer.language import Language
from indexer.measuring import ListFeed
from indexer.segment import BYTE, IMPACT, K1, PIVOT_SLOPE, TOPICS
from indexer.vectors import WordVectors
from indexer.view import View
from savoirs.generation import vocabulary_of
from web.bench.notes import Notes
from web.bench.queries import questions

WORDS = [f"mot{number}" for number in range(40)]


def make_documents(count: int = 40, seed: int = 1) -> list[Document]:
    """Documents of random words, lived by six entities."""
    rng = random.Random(seed)  # noqa: S311
    return [
        Document(
            f"d{number:03}",
            "practice",
            "",
            " ".join(rng.choices(WORDS, k=rng.randint(4, 30))),
            links=(Link(f"e{rng.randrange(6)}", rng.choice(("solved", "same")), rng.choice((1.0, 0.8))),),
            day=rng.choice((0, 738_000, 739_500)),
        )
        for number in range(count)
    ]


def make_engine(documents: Sequence[Document], vectors: WordVectors | None = None) -> EmbeddedEngine:
    """An engine in memory."""
    engine = EmbeddedEngine(None, Language(), vectors=vectors)
    engine.catch_up(ListFeed(documents))
    return engine


def saturated(weighted: float) -> float:
    """In sixteen bits to search, then in eight to compare."""
    return max(round(round(weighted / (K1 + weighted) * IMPACT) * BYTE / IMPACT), 1) / BYTE


def vectors(documents: Sequence[Document]) -> dict[str, dict[str, float]]:
    """By the definition: BM25F's saturation in eight bits × idf, divided by the pivoted length."""
    analyser = Analyser(Language())
    counts = {doc.id: {t: analyser.terms(doc.body).count(t) for t in analyser.terms(doc.body)} for doc in documents}
    mean = sum(len(analyser.terms(document.body)) for document in documents) / len(documents)
    lengths = {document.id: 0.25 + 0.75 * len(analyser.terms(document.body)) / mean for document in documents}
    found = {term: sum(term in bag for bag in counts.values()) for bag in counts.values() for term in bag}
    idf = {term: math.log((1 + len(documents)) / (1 + df)) + 1 for term, df in found.items()}
    raw = {id_: {t: saturated(n / lengths[id_]) * idf[t] for t, n in bag.items()} for id_, bag in counts.items()}
    norms = {id_: math.sqrt(sum(w * w for w in bag.values())) for id_, bag in raw.items()}
    pivot = sum(norms.values()) / len(norms)
    return {
        id_: {t: w / ((1 - PIVOT_SLOPE) * pivot + PIVOT_SLOPE * norms[id_]) for t, w in bag.items()}
        for id_, bag in raw.items()
    }


def unit(bag: dict[str, float]) -> dict[str, float]:
    """A vector of length 1."""
    norm = math.sqrt(sum(weight * weight for weight in bag.values()))
    return {term: weight / norm for term, weight in bag.items()}


def dot(one: dict[str, float], other: dict[str, float]) -> float:
    """What two vectors share."""
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def test_idf_is_scikit_learns() -> None:
    """Smoothed as its TfidfTransformer does."""
    builder = Builder(Analyser(Language()))
    for document in make_documents():
        builder.add(document)
    segment, model = builder.build()
    counts = np.zeros((len(segment), len(segment.terms)))
    for number in range(len(segment.terms)):
        at = slice(segment.arrays["term_ptr"][number], segment.arrays["term_ptr"][number + 1])
        counts[segment.arrays["term_docs"][at], number] = 1
    expected = TfidfTransformer().fit(counts).idf_
    assert model.idf_of_all(segment.terms) == pytest.approx(expected, rel=1e-6)


def test_related_documents_are_the_nearest_vectors() -> None:
    """In the order of a plain loop, with its values and its shares."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    source = unit(bags["d000"])
    values = {id_: dot(source, bag) for id_, bag in bags.items() if id_ != "d000"}
    expected = sorted(
        (id_ for id_, value in values.items() if value >= similarity.CLOSE_BY_TERMS), key=lambda i: -values[i]
    )
    hits = engine.related("d000", 10)
    assert [hit.id for hit in hits] == expected[:10]
    for hit in hits:
        assert hit.score == pytest.approx(min(1.0, values[hit.id]), rel=1e-4)
        for reason in hit.reasons:
            if reason.term:
                part = source[reason.term] * bags[hit.id][reason.term] / values[hit.id]
                assert reason.share == pytest.approx(part, rel=1e-3)


@pytest.mark.parametrize("group", ["solved", "same"])
@pytest.mark.parametrize("today", [0, 740_000])
def test_an_entity_is_worth_its_best_documents(group: str, today: int) -> None:
    """Three of them, discounted, weighted by role and age: a plain loop gives the same list and scores."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    idf = {term: math.log((1 + 40) / (1 + sum(term in bag for bag in bags.values()))) + 1 for term in WORDS}
    need = unit({term: idf[term] for term in ("mot1", "mot2", "mot3")})
    values: dict[str, list[float]] = {}
    for document in documents:
        age = max(today - document.day, 0) if document.day and today else 0
        fresh = peers.FLOOR + (1 - peers.FLOOR) * 0.5 ** (age / peers.HALF_LIFE_DAYS)
        for link in document.links:
            value = dot(need, bags[document.id]) * link.weight * fresh
            if link.group == group and value >= peers.CLOSE_BY_TERMS:
                values.setdefault(link.entity, []).append(value)
    totals = {
        entity: sum(d * v for d, v in zip(peers.DISCOUNTS, sorted(found, reverse=True), strict=False))
        / sum(peers.DISCOUNTS)
        for entity, found in values.items()
    }
    expected = sorted(totals, key=lambda entity: (-totals[entity], entity))
    found_peers = engine.peers(PeersRequest(need="mot1 mot2 mot3", today=today, limit=10)).groups[group]
    assert [peer.entity for peer in found_peers] == expected
    assert [peer.score for peer in found_peers] == pytest.approx([totals[e] for e in expected], rel=1e-4)
    for peer in found_peers:
        assert math.fsum(reason.share for reason in peer.reasons) == pytest.approx(1)
        assert math.fsum(one.share for one in peer.evidence) == pytest.approx(1)


def test_entities_meet_both_ways() -> None:
    """From an entity, the score is the mean of two means of nearest documents: a plain loop agrees."""
    documents = make_documents()
    engine, bags = make_engine(documents), vectors(documents)
    mine = [document for document in documents if document.links[0].entity == "e0"]
    totals = {}
    for entity in ("e1", "e2", "e3", "e4", "e5"):
        theirs = [d for d in documents if d.links[0].entity == entity and d.links[0].group == "solved"]
        if not theirs:
            continue
        table = [[dot(unit(bags[one.id]), bags[other.id]) * other.links[0].weight for other in theirs] for one in mine]
        forward = sum(max(row) for row in table) / len(mine)
        backward = sum(max(row[place] for row in table) for place in range(len(theirs))) / len(theirs)
        totals[entity] = (forward + backward) / 2
    found = engine.peers(PeersRequest(entity="e0", limit=10)).groups["solved"]
    assert [peer.entity for peer in found] == sorted(totals, key=lambda entity: -totals[entity])
    assert [peer.score for peer in found] == pytest.approx(sorted(totals.values(), reverse=True), rel=1e-4)


def test_removing_the_document_named_as_evidence_lowers_the_score() -> None:
    """What is shown as the reason is the reason."""
    documents = make_documents()
    request = PeersRequest(need="mot1 mot2 mot3", limit=10)
    for peer in make_engine(documents).peers(request).groups["solved"]:
        named = peer.evidence[0].document
        rest = make_engine([document for document in documents if document.id != named])
        after = {other.entity: other.score for other in rest.peers(request).groups["solved"]}
        assert after.get(peer.entity, 0.0) < peer.score


def test_negations_bring_nobody_nearer() -> None:
    """« ne » and « pas » are in half of all sentences."""
    documents = [
        Document("a", "practice", "", "ils ne viennent pas", links=(Link("e1", "solved"),)),
        Document("b", "practice", "", "rien ne va pas", links=(Link("e2", "solved"),)),
    ]
    found = make_engine(documents).peers(PeersRequest(need="les bénévoles ne viennent pas")).groups["solved"]
    assert [peer.entity for peer in found] == ["e1"]
    assert {reason.term for peer in found for reason in peer.reasons} == {"viennent"}


# With word vectors and a latent space


def make_vectors(size: int = 12) -> WordVectors:
    """A vector drawn for all words but five."""
    rng = np.random.default_rng(3)
    return WordVectors.of({word: rng.standard_normal(size).astype(np.float32) for word in WORDS[5:]})


def with_latent(engine: EmbeddedEngine, size: int = 20) -> View:
    """Give an engine a latent space, drawn."""
    view = engine._view
    assert view is not None
    components = np.random.default_rng(5).standard_normal((len(view.model.terms), size)).astype(np.float32)
    model = replace(view.model, components=components)
    parts = [replace(part, dense=dense.made(part.segment, model)) for part in view.parts]
    shown = View(tuple(parts), model, view.analyser, view.seq, view.vectors)
    engine.show(shown)
    return shown


def impacts(view: View) -> sparse.csr_matrix:
    """The note × term matrix, impacts in [0, 1]."""
    segment = view.parts[0].segment
    data = segment.arrays["row_impacts"] / BYTE
    shape = (len(segment), len(segment.terms))
    return sparse.csr_matrix((data, segment.arrays["row_terms"].copy(), segment.arrays["row_ptr"].copy()), shape=shape)


@pytest.mark.parametrize("learnt", [False, True])
def test_the_part_of_terms_is_scikit_learns_cosine_with_a_pivoted_length(learnt: bool) -> None:
    """Its idf, its cosine times the length of the other note over its pivoted length."""
    engine = make_engine(make_documents(), make_vectors() if learnt else None)
    view = engine._view
    assert view is not None
    matrix = impacts(view)
    weighted = TfidfTransformer(norm=None).fit(matrix > 0).transform(matrix)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scales = lengths / ((1 - PIVOT_SLOPE) * lengths.mean() + PIVOT_SLOPE * lengths)
    expected = cosine_similarity(weighted) * scales
    part, rows = view.parts[0], np.arange(40, dtype=np.int32)
    scale = similarity.OF_TERMS / (1 + similarity.OF_TERMS) if learnt else 1.0
    for row in range(40):
        found = similarity.likeness(similarity.of_document(part, row, view), part, rows, view)
        assert found.by_terms == pytest.approx(scale * expected[row], abs=1e-4)


def test_likeness_is_the_sum_of_its_parts() -> None:
    """Cosine of vectors once the mean is taken away, + topics, + terms; each as plain numpy says, in [0, 1]."""
    view = with_latent(make_engine(make_documents(), make_vectors()))
    part, rows = view.parts[0], np.arange(40, dtype=np.int32)
    arrays, latent = part.segment.arrays, part.dense
    assert latent is not None
    notes = arrays["note_vectors"] * arrays["note_scales"][:, None]
    assert view.model.mean == pytest.approx(notes.mean(axis=0), abs=1e-5)
    by_vectors = cosine_similarity(notes - notes.mean(axis=0))
    by_topics = cosine_similarity(latent.latent[:, :TOPICS].astype(np.float64))
    scale = 1 / (1 + similarity.OF_TOPICS + similarity.OF_TERMS)
    for row in range(40):
        asking = similarity.of_document(part, row, view)
        found = similarity.likeness(asking, part, rows, view)
        meaning = scale * (by_vectors[row] + similarity.OF_TOPICS * by_topics[row])
        assert found.by_meaning == pytest.approx(meaning, abs=1e-3)
        assert found.total == pytest.approx(np.clip(found.by_terms + found.by_meaning, 0, 1), abs=1e-6)
        some = np.array([7, 3, 30], dtype=np.int32)
        assert similarity.likeness(asking, part, some, view).total == pytest.approx(found.total[some], abs=1e-6)


def test_what_terms_bring_sums_to_the_likeness() -> None:
    """When both notes have words that say so: what is shown is what counts."""
    view = with_latent(make_engine(make_documents(), make_vectors()))
    part = view.parts[0]
    rows, summed = np.arange(40, dtype=np.int32), 0
    for row in range(0, 40, 3):
        asking = similarity.of_document(part, row, view)
        found = similarity.likeness(asking, part, rows, view)
        contributions = np.zeros((40, len(asking.places)), dtype=np.float32)
        similarity.bring(asking, part, rows, found, contributions, owners=np.arange(40), worths=found.total, view=view)
        assert contributions.shape == (40, len(asking.places))
        assert contributions.min() >= 0
        why = similarity.reasons(contributions, asking, view)
        for total, some, likeness in zip(contributions.sum(axis=1), why, found.total, strict=True):
            assert math.fsum(reason.share for reason in some) == pytest.approx(1 if total > 0 else 0, abs=1e-9)
            assert total >= likeness - 1e-5  # what pulls apart is no reason
        near = (found.by_meaning > 0) & (found.total < 1)
        assert contributions.sum(axis=1)[near] == pytest.approx(found.total[near], abs=1e-5)
        summed += int(near.sum())
    assert summed > 100


@pytest.mark.parametrize("learnt", [False, True])
def test_related_documents_are_the_nearest_of_all(learnt: bool) -> None:
    """In falling score, none under the bar, never itself, with reasons that sum to 1."""
    documents = make_documents()
    engine = make_engine(documents, make_vectors() if learnt else None)
    view = with_latent(engine) if learnt else engine._view
    assert view is not None
    part, rows = view.parts[0], np.arange(40, dtype=np.int32)
    bar = similarity.CLOSE if learnt else similarity.CLOSE_BY_TERMS
    for row in range(40):
        near = similarity.likeness(similarity.of_document(part, row, view), part, rows, view).total
        order = [other for other in np.lexsort((rows, -near)).tolist() if other != row and near[other] >= bar][:5]
        hits = engine.related(documents[row].id, 5)
        assert [hit.id for hit in hits] == [documents[other].id for other in order]
        assert [hit.score for hit in hits] == pytest.approx(near[order].tolist())
        for hit in hits:
            assert math.fsum(reason.share for reason in hit.reasons) == pytest.approx(1)
            assert (hit.by_meaning, hit.via, hit.copies) == (False, "", ())
    assert engine.related("d000", 0) == engine.related("nobody", 5) == ()


@pytest.mark.parametrize("later", [(), ("second",), ("first", "third")])
def test_copies_stand_behind_one_another(later: Sequence[str]) -> None:
    """Reports of one day are one result, that names the others; they are found all the same from one another.

    Wherever they are: those written later are in another part of the index.
    """
    day = "on a partagé un repas avec les voisins du quartier puis planté des arbres devant la maison commune"
    documents = [
        Document("asked", "practice", "Un repas", "un repas partagé avec des voisins, et des arbres plantés"),
        Document("first", "practice", "La journée", day),
        Document("second", "practice", "La journée", f"{day} hier"),
        Document("third", "practice", "La journée", day),
        Document("other", "practice", "Le jardin", "des arbres plantés par les voisins du quartier"),
        *(Document(f"far{n}", "practice", f"Atelier {n}", f"réparer un vélo avec un outil {n}") for n in range(20)),
    ]
    words = sorted({word for document in documents for word in Analyser(Language()).terms(document.body)})
    rng = np.random.default_rng(6)
    drawn = WordVectors.of({word: rng.standard_normal(12).astype(np.float32) for word in words})
    for known in (None, drawn):
        engine = make_engine([document for document in documents if document.id not in later], known)
        engine.show(tail.applied(engine.view, [Update(one.id, one) for one in documents if one.id in later], 2))
        found = engine.related("first", 5)[0]
        assert {found.id, *found.copies} == {"second", "third"}
        if known is None:  # vectors that are drawn bring the others near by chance only
            hits = {hit.id: hit for hit in engine.related("asked", 5)}
            assert "other" in hits
            together = [{id_, *hit.copies} for id_, hit in hits.items() if hit.copies]
            assert together == [{"first", "second", "third"}]
            assert len(engine.related("asked", 1)) == 1


@pytest.mark.parametrize("learnt", [False, True])
def test_nothing_close_is_nothing_related(learnt: bool) -> None:
    """Rather than what is least far."""
    words = {"pomme": [1, 0, 0], "velo": [0, 1, 0], "lune": [0, 0, 1]}
    vectors = WordVectors.of({word: np.array(one, dtype=np.float32) for word, one in words.items()})
    documents = [Document(word, "practice", "", f"{word} {word}a {word}b") for word in words]
    engine = make_engine(documents, vectors if learnt else None)
    assert [engine.related(document.id, 5) for document in documents] == [(), (), ()]
    alone = make_engine(documents[:1], vectors if learnt else None)
    assert alone.related(documents[0].id) == ()


def test_documents_without_words_are_near_to_nobody() -> None:
    """Empty, or of stop words."""
    documents = [*make_documents(10), Document("empty", "practice", "", ""), Document("void", "practice", "?", "…")]
    for vectors in (None, make_vectors()):
        engine = make_engine(documents, vectors)
        assert engine.related("empty") == engine.related("void") == ()
        assert all(hit.id not in ("empty", "void") for hit in engine.related("d000", 50))


# What is looked at only in part


COUNT = 6_000
STOP_WORDS = frozenset(("le", "la", "les", "de", "des", "du", "un", "une", "et", "pour", "dans", "avec", "en", "que"))


@pytest.fixture(scope="module")
def notes() -> Notes:
    """Six thousand notes about topics."""
    return Notes(vocabulary_of(Path(__file__).parents[2] / "corpus", 4_000), COUNT, 3, STOP_WORDS)


@pytest.fixture(scope="module")
def many(notes: Notes, request: pytest.FixtureRequest) -> EmbeddedEngine:
    """An engine over them with real word vectors and clusters, its latent space fitted on a sixth. Half a minute."""
    if not word_vectors.available():
        pytest.skip(f"{word_vectors.PACKAGE} is not installed: words drawn at random make no clusters")
    kernels.prepare(request.config.cache.mkdir("kernels"), wait=True)
    found = word_vectors.open_vectors(request.config.cache.mkdir("word-vectors"))
    engine = EmbeddedEngine(None, Language(STOP_WORDS), vectors=found)
    engine.catch_up(ListFeed(list(notes)))
    view = engine._view
    assert view is not None
    components = fitting._components(view, [np.arange(0, COUNT, 6)])
    centroids = fitting._centroids(view, [np.arange(COUNT)], COUNT)
    model = replace(view.model, components=components, centroids=centroids)
    parts = [replace(part, dense=dense.made(part.segment, model)) for part in view.parts]
    engine.show(View(tuple(parts), model, view.analyser, view.seq, view.vectors))
    assert len(centroids) > 100
    return engine


@pytest.mark.timeout(400)
def test_related_documents_are_found_without_comparing_all(many: EmbeddedEngine) -> None:
    """Ninety-nine in a hundred of the five nearest, of those that are close."""
    view = many._view
    assert view is not None
    part, rows = view.parts[0], np.arange(COUNT, dtype=np.int32)
    hits = total = looked_at = 0
    for row in range(0, COUNT, 50):
        asking = similarity.of_document(part, row, view)
        near = similarity.likeness(asking, part, rows, view).total
        near[row] = 0
        order = np.lexsort((part.segment.arrays["id_ranks"], -near))[:5]
        expected = {part.segment.ids[int(one)] for one in order if near[one] >= similarity.CLOSE}
        found = many.related(part.segment.ids[row], 5)
        assert not any(hit.copies for hit in found)
        hits, total = hits + len(expected & {hit.id for hit in found}), total + len(expected)
        looked_at += len(similarity.candidates(asking, view, [part.alive])[0])
    assert total > 500
    assert hits / total >= 0.99
    assert looked_at / (COUNT / 50) <= 2 * (similarity.BY_TERMS + similarity.BY_VECTORS)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("asked_by", ["need", "document", "entity"])
def test_peers_are_those_of_all_documents(many: EmbeddedEngine, notes: Notes, asked_by: str) -> None:
    """Ninety-five in a hundred of both lists, though few documents are compared: here many are as near as others."""
    view = many._view
    assert view is not None
    some = list(notes.some(range(0, COUNT, 60)))
    if asked_by == "need":
        requests = [PeersRequest(need=note.title, explain=False) for note in some]
    elif asked_by == "document":
        requests = [PeersRequest(document=note.id, explain=False) for note in some]
    else:
        entities = list(dict.fromkeys(link.entity for note in some for link in note.links))[:20]
        requests = [PeersRequest(entity=entity, explain=False) for entity in entities]
    pruned = [proposed(many, request) for request in requests]
    model = replace(view.model, centroids=view.model.centroids[:0])
    many.show(View(view.parts, model, view.analyser, view.seq, view.vectors))
    every = [proposed(many, request) for request in requests]
    many.show(view)
    found = sum(len(one & other) for one, other in zip(pruned, every, strict=True))
    assert found / sum(map(len, every)) >= 0.95


def proposed(engine: EmbeddedEngine, request: PeersRequest) -> set[tuple[str, str]]:
    """Who is proposed, in which list."""
    groups = engine.peers(request).groups
    return {(group, peer.entity) for group, peers in groups.items() for peer in peers}


@pytest.mark.timeout(400)
def test_the_first_ten_are_found_without_ranking_all(
    many: EmbeddedEngine, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ninety-nine in a hundred of the ten that ranking every matching document, and all near ones, gives."""
    view = many._view
    assert view is not None
    texts = questions(notes, 80).any_word
    pages = [many.search(Request(text, limit=10, explain=False)) for text in texts]
    monkeypatch.setattr(fusion, "CANDIDATES", COUNT)
    whole = EmbeddedEngine(None, many.analyser.language, vectors=view.vectors)
    model = replace(view.model, centroids=view.model.centroids[:0])
    whole.show(View(view.parts, model, view.analyser, view.seq, view.vectors))
    hits = total = 0
    for text, page in zip(texts, pages, strict=True):
        expected = {hit.id for hit in whole.search(Request(text, limit=10, explain=False)).hits}
        hits, total = hits + len(expected & {hit.id for hit in page.hits}), total + len(expected)
    assert total > 500
    assert hits / total >= 0.99


def test_a_peer_whose_way_still_holds_comes_before_one_whose_way_is_over() -> None:
    """Two that lived the same: what readers said of their documents decides."""
    kept = Document("a", "practice", "Le repas", "un repas", links=(Link("e1", "solved"),), standing=0.5)
    over = replace(kept, id="b", links=(Link("e0", "solved"),), standing=-1.0)
    found = make_engine([kept, over]).peers(PeersRequest(need="repas")).groups["solved"]
    assert [peer.entity for peer in found] == ["e1", "e0"]
