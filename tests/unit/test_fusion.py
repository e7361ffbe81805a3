"""The ranking of free text against its formula in plain numpy, and what it promises whatever the weights."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import dense, explaining, fusion
from indexer.analysis import Analyser
from indexer.embedded import EmbeddedEngine
from indexer.engine import Document, Hit, Page, Request, Sort
from indexer.language import Language
from indexer.query import understand
from indexer.vectors import WordVectors
from indexer.view import Part, View
from indexer.weights import Ranking
from tests.conformance.engines import make_document
from tests.fakes_feed import MemoryFeed

LANGUAGE = Language.parse("le\nla\nles\nun\nune\nde\ndu\net\nà", "", "SDF = personnes à la rue")
WORDS = (
    "repas",
    "jardin",
    "atelier",
    "visite",
    "rue",
    "école",
    "théâtre",
    "budget",
    "vélo",
    "forêt",
    "chorale",
    "maraude",
)
QUERIES = ("repas", "jardin atelier", "école théâtre budget", "le vélo et la forêt", "maraude repas chorale visite")
ROUNDED = 2e-2
"""What eight bits may take from a cosine or an impact."""


def make_vectors(words: Sequence[str] = WORDS, size: int = 8, seed: int = 5) -> WordVectors:
    """A vector drawn for each word."""
    rng, analyser = np.random.default_rng(seed), Analyser(LANGUAGE)
    return WordVectors.of({analyser.form(word).word: rng.standard_normal(size).astype(np.float32) for word in words})


def make_documents(count: int = 30, seed: int = 7) -> list[Document]:
    """Short and long ones; some have no title, some no body; stop words between the others."""
    rng = random.Random(seed)  # noqa: S311

    def text(longest: int) -> str:
        length = rng.choice((0, 1, longest // 3, longest))
        return " ".join(rng.choice(("le", "un", *rng.choices(WORDS, k=4))) for _ in range(length))

    return [
        Document(f"d{number:02}", "practice", text(6), text(110), standing=(0.0, 0.5, -1.0, 0.0, 1.0)[number % 5])
        for number in range(count)
    ]


def make_engine(documents: Sequence[Document], vectors: WordVectors | None = None, **values: Any) -> EmbeddedEngine:
    """An engine in memory."""
    engine = EmbeddedEngine(None, LANGUAGE, vectors=vectors, **values)
    engine.catch_up(MemoryFeed(documents))
    return engine


def with_latent(engine: EmbeddedEngine, size: int = 6, seed: int = 3) -> View:
    """Give an engine a latent space, drawn, under the number of documents from which one is fitted."""
    view = engine._view
    assert view is not None
    components = np.random.default_rng(seed).standard_normal((len(view.model.terms), size)).astype(np.float32)
    model = replace(view.model, components=components)
    parts = [replace(part, dense=dense.made(part.segment, model)) for part in view.parts]
    shown = View(tuple(parts), model, view.analyser, view.seq, view.vectors)
    engine.show(shown)
    return shown


# The formula, as it is written in the design


@dataclass
class Reference:
    """All components of all documents, straight from their definitions, nothing rounded."""

    documents: Sequence[Document]
    vectors: WordVectors
    components: Mapping[str, NDArray[Any]]
    ranking: Ranking

    def __post_init__(self) -> None:
        analyser = Analyser(LANGUAGE)

        def cut(text: str) -> list[tuple[str, str]]:
            forms = [analyser.form(word) for word in analyser.cut(text)]
            return [(form.word, form.term) for form in forms]

        self.cut = cut
        self.titles = [cut(document.title) for document in self.documents]
        self.bodies = [cut(document.body) for document in self.documents]
        held = [{term for _, term in title + body} for title, body in zip(self.titles, self.bodies, strict=True)]
        self.found = {term: sum(term in one for one in held) for one in held for term in one if term}

    def idf(self, term: str) -> float:
        """BM25's."""
        count = len(self.documents)
        return math.log1p((count - self.found.get(term, 0) + 0.5) / (self.found.get(term, 0) + 0.5))

    def smooth(self, term: str) -> float:
        """What a word weighs in a sum of vectors."""
        return math.log((1 + len(self.documents)) / (1 + self.found.get(term, 0))) + 1

    def impact(self, number: int, term: str) -> float:
        """BM25F's saturation."""
        means = [np.mean([len(one) for one in texts]) for texts in (self.titles, self.bodies)]
        weighted = 0.0
        for text, mean, boost, b in zip(
            (self.titles[number], self.bodies[number]), means, (3.0, 1.0), (0.3, 0.75), strict=True
        ):
            times = sum(one == term for _, one in text)
            weighted += boost * times / (1 - b + b * len(text) / mean)
        return weighted / (1.2 + weighted)

    def place(self, tokens: Sequence[tuple[str, str]]) -> NDArray[Any]:
        """Where a text is among word vectors, of length 1."""
        rows = [(self.vectors.row(word), term) for word, term in tokens if term]
        size = self.vectors.table.shape[1]
        total = sum((self.smooth(term) * self.vectors.table[row] for row, term in rows if row >= 0), np.zeros(size))
        length = np.linalg.norm(total)
        return total / length if length else total

    def passages(self, number: int) -> list[list[tuple[str, str]]]:
        """Of 45 words; a last one of less than 18 is the last 45; the title stands before the first."""
        title, body = self.titles[number], self.bodies[number]
        cuts = [body[at : at + 45] for at in range(0, max(len(body), 1), 45)]
        if len(cuts) > 1 and len(cuts[-1]) < 18:
            cuts[-1] = body[-45:]
        return [title + cuts[0], *cuts[1:]]

    def parts(self, query: str, number: int) -> list[dict[str, float]]:
        """What each term of a query brings to a document's sum; where two passages are level, either way."""
        words = list(dict.fromkeys(one for one in self.cut(query) if one[1]))
        worth = {term: self.idf(term) for _, term in words}
        share = {term: value / sum(worth.values()) for term, value in worth.items()}
        title = self.titles[number] or self.bodies[number][:12]
        weights = self.ranking
        towards = {term: self.smooth(term) * self.word(word) for word, term in words}
        length = float(np.linalg.norm(sum(towards.values()))) or 1.0
        asked = sum(towards.values()) / length

        def in_passage(passage: Sequence[tuple[str, str]]) -> float:
            here = {term for _, term in passage}
            return sum(share[t] for t in share if t in here) + weights.passage_vector * self.place(passage) @ asked

        passages = self.passages(number)
        highest = max(map(in_passage, passages))
        of_title, of_note = self.place(title), self.place(self.titles[number] + self.bodies[number])
        nearest = max(of_title @ asked, of_note @ asked)
        variants = []
        for passage in (one for one in passages if in_passage(one) > highest - ROUNDED / 2):
            for place in (one for one in (of_title, of_note) if one @ asked > nearest - ROUNDED / 2):
                inside = weights.passage * weights.passage_vector * self.place(passage)
                compared = weights.vector * place + weights.title_vector * of_title + inside
                found = {}
                for term, part in share.items():
                    found[term] = part * (
                        self.impact(number, term)
                        + weights.title_words * (term in {one for _, one in title})
                        + weights.passage * (term in {one for _, one in passage})
                    )
                    found[term] += towards[term] @ compared / length
                for term, value in self.latent(share, number).items():
                    found[term] += weights.latent * value
                variants.append(found)
        return sorted(variants, key=lambda one: -math.fsum(one.values()))

    def word(self, word: str) -> NDArray[Any]:
        """A word's vector, 0 for none."""
        row = self.vectors.row(word)
        return self.vectors.table[row].astype(np.float64) if row >= 0 else np.zeros(self.vectors.table.shape[1])

    def latent(self, share: Mapping[str, float], number: int) -> dict[str, float]:
        """What each term brings to the cosine in the latent space."""
        if not self.components:
            return {}
        terms = {term for _, term in self.titles[number] + self.bodies[number] if term}
        document = sum((self.impact(number, t) * self.idf(t) * self.components[t] for t in terms), np.zeros(6))
        asked = sum(share[term] * self.components[term] for term in share)
        lengths = float(np.linalg.norm(document) * np.linalg.norm(asked)) or 1.0
        return {term: share[term] * float(self.components[term] @ document) / lengths for term in share}

    def nearness(self, query: str, number: int) -> float:
        """Cosine of word vectors with the whole note."""
        words = list(dict.fromkeys(self.cut(query)))
        return float(self.place(words) @ self.place(self.titles[number] + self.bodies[number]))


def shares_of(parts: Mapping[str, float]) -> dict[str, float]:
    """What words that brought something brought, summing to 1."""
    whole = math.fsum(value for value in parts.values() if value > 0)
    return {term: max(value, 0.0) / whole for term, value in parts.items()}


@pytest.mark.parametrize("latent", [False, True])
@pytest.mark.parametrize("query", QUERIES)
def test_a_score_is_the_weighted_sum_of_its_components(query: str, latent: bool) -> None:
    """BM25F + latent + best passage + vectors + title, divided by the most it can be; reasons are what words brought.

    Titles count without a body, bodies without a title; all within what eight bits may take.
    """
    documents, vectors = make_documents(), make_vectors(WORDS[:-2])
    engine = make_engine(documents, vectors)
    components: dict[str, NDArray[Any]] = {}
    if latent:
        model = with_latent(engine).model
        components = dict(zip(model.terms.decoded(), model.components.astype(np.float64), strict=True))
    ranking = Ranking()
    reference = Reference(documents, vectors, components, ranking)
    hits = engine.search(Request(query, limit=100)).hits
    most = 1 + ranking.latent + ranking.passage * (1 + ranking.passage_vector) + ranking.vector
    most += ranking.title_words + ranking.title_vector
    asked = {term for _, term in reference.cut(query) if term}
    for hit in hits:
        number = int(hit.id[1:])
        variants = reference.parts(query, number)
        total = math.fsum(variants[0].values())
        factor = 1 + ranking.standing * documents[number].standing
        assert hit.score == pytest.approx(min(max(factor * total / most, 0.0), 1.0), abs=ROUNDED / 2)
        held = {term for _, term in reference.titles[number] + reference.bodies[number]}
        assert hit.by_meaning == (not asked & held)
        if total > 0.2:
            shares = dict.fromkeys(asked, 0.0) | {reason.term: reason.share for reason in hit.reasons}
            assert any(shares == pytest.approx(shares_of(parts), abs=2 * ROUNDED / total) for parts in variants)
    alone = [reference.nearness(query, int(hit.id[1:])) for hit in hits if hit.by_meaning]
    assert min(alone, default=1.0) >= fusion.FLOOR - ROUNDED / 2
    left = {document.id for document in documents} - {hit.id for hit in hits}
    assert all(reference.nearness(query, int(id_[1:])) < fusion.FLOOR + ROUNDED / 2 for id_ in left)
    assert len(hits) > len(alone) > 0 or query in QUERIES[2:]  # some were found by meaning, or nearly all hold a word


@pytest.mark.parametrize("query", QUERIES)
def test_what_words_brought_sums_to_the_score(query: str) -> None:
    """To the last digits, whatever is negative: the reasons are taken from what ranks."""
    engine = make_engine(make_documents(), make_vectors())
    view = with_latent(engine)
    ranking = Ranking()
    asked = fusion.ask(understand(query, engine.analyser, view), view, view.vectors, ranking)
    part, rows = view.parts[0], np.arange(30, dtype=np.int32)
    components = fusion.features(asked, part, rows, ranking)
    scores = _total(components, ranking)
    _, values = explaining.brought(asked, view, part, rows, components, ranking)
    for row, parts in enumerate(values.tolist()):
        total = math.fsum(parts)
        if total >= 0:
            assert total == pytest.approx(float(scores[row]) * ranking.most, abs=1e-4)
        else:
            assert scores[row] == 0


def test_bm25f_alone_ranks_when_nothing_else_counts() -> None:
    """``Ranking.lexical()``: its order and scores, and nobody is found by meaning, vectors or not."""
    documents, vectors = make_documents(), make_vectors()
    engine = make_engine(documents, vectors, ranking=Ranking.lexical())
    reference = Reference(documents, vectors, {}, Ranking.lexical())
    for query in QUERIES:
        terms = dict.fromkeys(term for _, term in reference.cut(query) if term)
        whole = sum(reference.idf(term) for term in terms)
        values = {
            document.id: sum(reference.idf(term) * reference.impact(number, term) for term in terms) / whole
            for number, document in enumerate(documents)
        }
        page = engine.search(Request(query, limit=100))
        assert not any(hit.by_meaning for hit in page.hits)
        assert {hit.id for hit in page.hits} == {id_ for id_, value in values.items() if value > 0}
        assert [hit.score for hit in page.hits] == pytest.approx([values[hit.id] for hit in page.hits], abs=1e-4)
        assert page == make_engine(documents, ranking=Ranking.lexical()).search(Request(query, limit=100))


# What is found by meaning

TREE, FIRE, NEAR_TREE = (np.array(one, dtype=np.float32) for one in ([1, 0, 0], [0, 1, 0], [0.9, 0, 0.3]))
FAR_FROM_TREE = np.array([0.15, 0, 1], dtype=np.float32)
PLANTS = WordVectors.of(
    {"verger": TREE, "arbre": NEAR_TREE, "pommier": TREE, "pompier": FIRE, "incendie": FIRE, "metro": FAR_FROM_TREE}
)


def plants(*documents: Document, **values: Any) -> EmbeddedEngine:
    """An engine over notes of trees and fires, which knows what is near to what."""
    first = make_document("verger", "Le verger", "un verger", theme="nature")
    second = make_document("arbre", "Un arbre", "la cabane", theme="nature")
    third = make_document("feu", "Incendie", "le pompier", theme="secours")
    fourth = make_document("metro", "Métro", "une station", theme="ville")
    return make_engine([first, second, third, fourth, *documents], PLANTS, **values)


def found(page: Page) -> dict[str, Hit]:
    """Hits by id."""
    return {hit.id: hit for hit in page.hits}


def test_a_note_that_shares_no_word_is_found_by_its_meaning() -> None:
    """Flagged, counted in the total and the facets, with its word that is nearest; far ones are not."""
    page = plants().search(Request("verger"))
    assert {id_: hit.by_meaning for id_, hit in found(page).items()} == {"verger": False, "arbre": True}
    assert page.total == 2
    assert {(value.value, value.count) for value in page.facets["theme"]} == {("nature", 2)}
    assert (found(page)["arbre"].via, found(page)["verger"].via) == ("arbre", "")
    assert [reason.label for reason in found(page)["arbre"].reasons] == ["verger"]


def test_reasons_are_not_made_when_none_are_asked_for() -> None:
    """The same notes, scores and flags."""
    full, bare = (plants().search(Request("verger", explain=explain)) for explain in (True, False))
    assert [hit._replace(reasons=(), via="") for hit in full.hits] == list(bare.hits)


@pytest.mark.parametrize("query", ['"verger"', "titre:verger", "verg*", "verger OU cabane", "verger~", "SAUF métro"])
def test_nothing_is_added_by_meaning_to_a_strict_query(query: str) -> None:
    """Who types an operator, a phrase or a field wants that."""
    page = plants(make_document("loin", "Pommier", "et pommier")).search(Request(query))
    assert page.understanding.strict
    assert not any(hit.by_meaning for hit in page.hits)
    assert page.total == len(page.hits)


def test_filters_apply_to_what_is_found_by_meaning() -> None:
    """Like to the rest; a note that does not pass is in no count."""
    engine = plants(make_document("autre", "Arbre", "un parc", theme="ville"))
    page = engine.search(Request("verger", filters={"theme": ("ville",)}))
    assert ([hit.id for hit in page.hits], page.total) == (["autre"], 1)
    assert page.hits[0].by_meaning
    page = engine.search(Request("verger", filters={"theme": ("secours",)}))
    assert (page.hits, page.total) == ((), 0)


def test_a_removed_note_is_not_found_by_its_meaning() -> None:
    """Nor does one that came since stay out."""
    feed = MemoryFeed([make_document("verger", "Verger"), make_document("arbre", "Arbre")])
    engine = EmbeddedEngine(None, LANGUAGE, vectors=PLANTS)
    engine.catch_up(feed)
    feed.remove("arbre")
    feed.put(make_document("pommier", "Pommier"))
    engine.catch_up(feed)
    assert set(found(engine.search(Request("verger")))) == {"verger", "pommier"}


def test_so_many_notes_at_most_are_found_by_meaning_alone() -> None:
    """Those that are nearest; those that are looked at may hold a word too."""
    others = [make_document(f"arbre{number:02}", "Arbre", f"objet{number}") for number in range(60)]
    nearest = [make_document(f"pommier{number:02}", "Pommier", f"chose{number}") for number in range(30)]
    page = plants(*others, *nearest).search(Request("verger", limit=200))
    alone = [hit.id for hit in page.hits if hit.by_meaning]
    assert len(nearest) < len(alone) <= fusion.BY_MEANING
    assert page.total == len(page.hits) == len(alone) + 1
    assert {document.id for document in nearest} <= set(alone)


def test_none_is_found_under_the_floor() -> None:
    """A little closeness is chance."""
    far = WordVectors.of({"verger": TREE, "gare": np.array([fusion.FLOOR - 0.03, 1, 0], dtype=np.float32)})
    near = WordVectors.of({"verger": TREE, "gare": np.array([fusion.FLOOR + 0.03, 1, 0], dtype=np.float32)})
    documents = [make_document("verger", "Verger"), make_document("gare", "Gare")]
    assert set(found(make_engine(documents, far).search(Request("verger")))) == {"verger"}
    assert set(found(make_engine(documents, near).search(Request("verger")))) == {"verger", "gare"}


def test_a_word_of_no_note_that_vectors_know_is_meant_as_typed() -> None:
    """« Pommier » is corrected to « pompier » to find words, yet nobody who types it thinks of fires."""
    page = plants().search(Request("pommier"))
    assert [word.used for word in page.understanding.words] == [("pompier",)]
    assert {id_: hit.by_meaning for id_, hit in found(page).items()} == {"feu": False, "verger": True, "arbre": True}
    assert {reason.label for reason in found(page)["verger"].reasons} == {"pommier"}


def test_who_holds_a_word_of_a_synonym_but_not_all_of_it_is_found_by_meaning() -> None:
    """« SDF » also looks for « personnes à la rue » whole: total, facets and flags agree, and filters hold."""
    vectors = WordVectors.of({"sdf": TREE, "personnes": NEAR_TREE})
    documents = [
        make_document("sdf", "SDF", theme="rue"),
        make_document("whole", "Des personnes à la rue", theme="rue"),
        make_document("part", "Des personnes", theme="ville"),
        make_document("other", "Un métro", theme="ville"),
    ]
    engine = make_engine(documents, vectors)
    page = engine.search(Request("SDF"))
    assert {id_: hit.by_meaning for id_, hit in found(page).items()} == {"sdf": False, "whole": False, "part": True}
    assert page.total == 3
    assert {(value.value, value.count) for value in page.facets["theme"]} == {("rue", 2), ("ville", 1)}
    page = engine.search(Request("SDF", filters={"theme": ("rue",)}))
    assert (set(found(page)), page.total) == ({"sdf", "whole"}, 2)
    assert {hit.id for hit in make_engine(documents).search(Request("SDF")).hits} == {"sdf", "whole"}


def test_a_synonym_of_several_words_is_found_behind_many_that_hold_some_of_them() -> None:
    """However many hold « personnes » and « rue » apart."""
    apart = [make_document(f"p{number:03}", "Personnes", "de la rue") for number in range(300)]
    documents = [*apart, make_document("whole", "", "personnes à la rue " + "autre " * 300), make_document("s", "SDF")]
    for vectors in (None, make_vectors(("chose",))):
        page = make_engine(documents, vectors).search(Request("SDF"))
        assert (set(found(page)), page.total) == ({"s", "whole"}, 2)


# Whatever the query


@pytest.fixture(scope="module")
def many() -> EmbeddedEngine:
    """Four hundred notes that hold a word, seventy that are only near, in two parts, some removed."""
    rng = random.Random(11)  # noqa: S311
    words, vectors = [*WORDS, "cabane"], make_vectors([*WORDS, "cabane"])
    texts = [" ".join(rng.choices(WORDS[1:], k=rng.randint(0, 60))) for _ in range(470)]
    documents = [
        make_document(
            f"d{number:03}", rng.choice(words[1:]), f"{'repas ' * (number < 400)}{text}", theme=f"t{number % 7}"
        )
        for number, text in enumerate(texts)
    ]
    feed = MemoryFeed(documents[:330])
    engine = EmbeddedEngine(None, LANGUAGE, vectors=vectors)
    engine.catch_up(feed)
    for document in documents[330:]:
        feed.put(document)
    for number in range(0, 60, 3):
        feed.remove(f"d{number:03}")
    engine.catch_up(feed)
    return engine


MANY = ("repas", "repas jardin", "jardin école forêt", "repas cabane")


@pytest.mark.parametrize("query", MANY)
@pytest.mark.parametrize("filters", [{}, {"theme": ("t1", "t2", "t3", "t4", "t5")}])
def test_pages_follow_one_another_without_repeats_or_gaps(
    many: EmbeddedEngine, query: str, filters: dict[str, tuple[str, ...]]
) -> None:
    """Read in any order, of any length, far behind what is ranked again: the list is the one read in one go."""
    whole = many.search(Request(query, filters=filters, limit=1_000))
    ids = [hit.id for hit in whole.hits]
    assert len(ids) == len(set(ids)) == whole.total > 250
    for length in (20, 37, 150):
        starts = list(range(0, whole.total, length))
        random.Random(length).shuffle(starts)  # noqa: S311
        for start in starts:
            page = many.search(Request(query, filters=filters, offset=start, limit=length))
            assert [hit.id for hit in page.hits] == ids[start : start + length]
            assert page.total == whole.total
            assert page.facets == whole.facets
    assert many.search(Request(query, filters=filters, offset=whole.total)).hits == ()
    empty = many.search(Request(query, filters=filters, limit=0))
    assert (empty.hits, empty.total, empty.facets) == ((), whole.total, whole.facets)


@pytest.mark.parametrize("query", MANY)
def test_scores_fall_within_0_and_1_and_reasons_sum_to_1(many: EmbeddedEngine, query: str) -> None:
    """From the first to the last page; facets sum to the total; so many at most by meaning, each with its word."""
    page = many.search(Request(query, limit=1_000))
    assert all(0 <= hit.score <= 1 for hit in page.hits)
    assert all(one.score >= other.score for one, other in pairwise(page.hits))
    assert all(one.id < other.id for one, other in pairwise(page.hits) if one.score == other.score > 0)
    for hit in page.hits:
        assert math.fsum(reason.share for reason in hit.reasons) == pytest.approx(1) or hit.score == 0
        assert all(reason.share >= 0 for reason in hit.reasons)
        assert bool(hit.via) == hit.by_meaning
    assert sum(value.count for value in page.facets["theme"]) == page.total
    assert sum(hit.by_meaning for hit in page.hits) <= fusion.BY_MEANING


@pytest.mark.parametrize("query", MANY)
def test_without_vectors_the_same_notes_are_found_by_their_words(many: EmbeddedEngine, query: str) -> None:
    """And so it is with vectors of other words."""
    assert many._view is not None
    documents = [
        document
        for part in many._view.parts
        for document, alive in zip(part.documents, part.alive, strict=False)
        if alive
    ]
    for vectors in (None, make_vectors(("inconnu",))):
        plain = make_engine(documents, vectors).search(Request(query, limit=1_000))
        known = {document.id for document in documents}
        expected = {h.id for h in many.search(Request(query, limit=1_000)).hits if not h.by_meaning and h.id in known}
        assert {hit.id for hit in plain.hits} == expected
        assert plain.total == len(expected)
        assert not any(hit.by_meaning or hit.via for hit in plain.hits)
        assert all(0 < hit.score <= 1 for hit in plain.hits)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.TITLE])
def test_another_order_shows_the_notes_that_hold_a_word(many: EmbeddedEngine, sort: Sort) -> None:
    """What is near in meaning has no place in an order by date."""
    page = many.search(Request("repas jardin", sort=sort, limit=1_000))
    by_score = many.search(Request("repas jardin", limit=1_000))
    assert {hit.id for hit in page.hits} == {hit.id for hit in by_score.hits if not hit.by_meaning}


def test_an_empty_index_answers() -> None:
    """With vectors too."""
    assert make_engine([], PLANTS).search(Request("verger")).total == 0


def test_a_part_of_its_own_scores_as_in_a_whole() -> None:
    """Under one model, cutting an index in parts changes no score."""
    documents, vectors = make_documents(), make_vectors()
    engine = make_engine(documents, vectors)
    view = with_latent(engine)
    expected = [engine.search(Request(query, limit=100)) for query in QUERIES]
    parts = []
    for some in (documents[:11], documents[11:12], documents[12:]):
        builder = engine._recipe.builder()
        for document in some:
            builder.add(document)
        segment, _ = builder.build(view.model)
        parts.append(Part.whole(segment, dense.made(segment, view.model)))
    engine.show(view.after(parts, view.seq))
    for query, page in zip(QUERIES, expected, strict=True):
        cut = engine.search(Request(query, limit=100))
        assert (cut.total, cut.facets) == (page.total, page.facets)
        scores = {hit.id: hit.score for hit in page.hits}
        assert {hit.id: hit.score for hit in cut.hits} == pytest.approx(scores, abs=1e-5)


def _total(components: fusion.Features, ranking: Ranking) -> np.ndarray:
    """The weighted sum, divided by the most it can be."""
    told = components.told()
    weights = {name: getattr(ranking, name, 1.0) for name in told}
    return np.clip(sum(weights[name] * values for name, values in told.items()) / ranking.most, 0, 1)


# What readers made of a document


def test_of_two_equal_notes_the_one_that_holds_comes_first() -> None:
    """Tried and kept before unknown, unknown before what is over; and the reasons say the same of all three."""
    same = Document("b", "practice", "Le repas", "un repas au jardin")
    kept, over = replace(same, id="c", standing=0.6), replace(same, id="a", standing=-1.0)
    hits = make_engine([over, same, kept], make_vectors()).search(Request("repas jardin")).hits
    assert [hit.id for hit in hits] == ["c", "b", "a"]
    assert hits[0].score / hits[2].score == pytest.approx(1.06 / 0.9, abs=1e-4)
    assert hits[0].reasons == hits[1].reasons == hits[2].reasons


def test_what_holds_does_not_pass_what_answers_better() -> None:
    """Standing moves what is nearly as good, no more."""
    better = Document("a", "practice", "Le repas au jardin", "un repas au jardin", standing=-1.0)
    tried = Document("b", "practice", "La forêt", "un vélo et un repas", standing=1.0)
    hits = make_engine([better, tried], make_vectors()).search(Request("repas jardin")).hits
    assert [hit.id for hit in hits] == ["a", "b"]
