"""The French analyser, trap by trap."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import CountVectorizer

from indexer.analysis import Analyser, WhooshAnalyser, clean, fold
from indexer.language import Language, LanguageError, Synonym

LANGUAGE_FOLDER = Path(__file__).parents[2] / "corpus" / "language"


def make_language(stopwords: str = "", families: str = "", synonyms: str = "") -> Language:
    """A language from the text of its files, one entry a line."""
    return Language.parse(stopwords.replace(" ", "\n"), families, synonyms)


def shipped() -> Analyser:
    """The analyser made of the words that ship."""
    names = ("stopwords", "families", "synonyms")
    return Analyser(Language.parse(*((LANGUAGE_FOLDER / f"{name}.txt").read_text("utf-8") for name in names)))


def terms(text: str, **words: str) -> list[str]:
    """The terms of a text, with stop words shown as « _ »."""
    analyser = Analyser(make_language(**words))
    return [token.form.term or "_" for token in analyser.tokens(clean(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fidélité", "fidelite"),
        ("évalué", "evalue"),
        ("créer", "creer"),
        ("bénéficiaires", "beneficiaires"),
        ("œuvre", "oeuvre"),
        ("ex æquo", "ex aequo"),
        ("l’école", "l'école"),
        ("R.N.A.", "RNA"),
        ("e-mail", "email"),
        ("aujourd’hui", "aujourd'hui"),
    ],
)
def test_two_ways_of_writing_give_the_same_terms(one: str, other: str) -> None:
    """Accents are folded before stemming; ligatures, apostrophes, acronyms and hyphens do not matter."""
    assert terms(one) == terms(other)


def test_elisions_leave_the_word_alone() -> None:
    """What is elided is a word of its own, dropped as a stop word."""
    words = "l d qu jusqu lorsqu"
    assert terms("l’école d'aide qu’ici jusqu’alors lorsqu'elle", stopwords=words)[1::2] == terms(
        "école aide ici alors elle"
    )


def test_a_stop_word_keeps_its_place() -> None:
    """Phrases count words as they were typed."""
    assert terms("boîte à outils", stopwords="à") == ["boit", "_", "outil"]


def test_accents_tell_a_word_from_a_stop_word_when_they_are_typed() -> None:
    """« sûr » is searched; « sur » and an unaccented « meme » are not."""
    assert terms("sûr sur même meme", stopwords="sur même") == ["sur", "_", "_", "_"]


def test_negations_are_kept() -> None:
    """« ne … pas » and « sans » change what is said."""
    found = [token.form.term for token in shipped().tokens("Ils n’ont pas de local, sans aide")]
    assert {"ne", "pas"} <= set(found)
    assert shipped().form("sans").term


@pytest.mark.parametrize(
    "word",
    ["les", "où", "entre", "quelles", "comment", "jusqu", "lorsqu", "pourrais", "aimerais", "devrait", "souhaite"],
)
def test_the_words_usual_lists_forget_are_stop_words(word: str) -> None:
    """Usual French lists lack some of the commonest words."""
    assert shipped().form(word).term == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bénévole", "bénévolat"),
        ("association", "asso"),
        ("mécène", "mécénat"),
        ("rester", "restent"),
        ("motiver", "motivent"),
        ("répondre", "réponses"),
        ("soutenir", "soutien"),
        ("acheter", "achats"),
        ("étranger", "étrangère"),
        ("2e", "deuxième"),
    ],
)
def test_families_join_what_the_stemmer_keeps_apart(one: str, other: str) -> None:
    """The stemmer alone leaves these pairs apart; a line of the families file joins them."""
    bare = Analyser(Language())
    assert bare.form(one).term != bare.form(other).term
    assert shipped().form(one).term == shipped().form(other).term


@pytest.mark.parametrize(("one", "other"), [("revenir", "revenu"), ("service", "servir")])
def test_words_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    """A family that joined them would find what nobody asked for."""
    assert shipped().form(one).term != shipped().form(other).term


def test_two_families_may_share_a_stem_and_stay_two() -> None:
    """« aidant » and « aide » have one stem; listed apart, they are two terms."""
    families = "aider, aide\naidant, aidants"
    assert terms("aide aidant aidants aider", families=families) == ["aid", "aidant", "aidant", "aid"]


def test_synonyms_are_found_by_phrase() -> None:
    """The longest of two readings is not chosen for the reader: each phrase that begins somewhere is told."""
    analyser = Analyser(make_language(stopwords="de", synonyms="maraude = tournée de rue"))
    typed = [token.form.term for token in analyser.tokens("une tournée de rue")]
    assert [(start, length) for start, length, _ in analyser.synonyms(typed)] == [(1, 3)]
    assert [others for _, _, others in analyser.synonyms(typed)] == [[("maraude", ("maraud",))]]


def test_a_very_long_word_is_cut() -> None:
    """Nobody types it, and it could fill the vocabulary."""
    assert len(shipped().form("x" * 1000).word) == 64


@pytest.mark.parametrize(
    ("written", "read"), [("a\x00b", "a b"), ("e\u0301t\u00e9", "été"), ("14\u00a0h", "14\u00a0h"), ("\ud800", " ")]
)
def test_a_text_is_cleaned(written: str, read: str) -> None:
    """Composed, control characters gone, no-break spaces kept."""
    assert clean(written) == read


def test_folding_undoes_accents_and_ligatures() -> None:
    """What prefixes and corrections run over."""
    assert fold("Œuvre d’Été, ŒDÈME, Straße") == "oeuvre d’ete, oedeme, strasse"


def test_the_fingerprint_changes_with_a_word() -> None:
    """An index made with other words is stale."""
    assert Analyser(make_language("le")).fingerprint != Analyser(make_language("la")).fingerprint


def test_whoosh_sees_the_same_terms_at_the_same_places() -> None:
    """One analyser: the adapter adds nothing, and survives being written in a schema."""
    analyser = shipped()
    adapter = pickle.loads(pickle.dumps(WhooshAnalyser(analyser)))  # noqa: S301  (our own bytes)
    text = "L’accueil des bénévoles, boîte à outils"
    ours = [(t.form.term, place, t.start) for place, t in enumerate(analyser.tokens(text)) if t.form.term]
    assert [(token.text, token.pos, token.startchar) for token in adapter(text)] == ours
    assert adapter == WhooshAnalyser(analyser)


def test_scikit_learn_sees_the_same_terms() -> None:
    """``terms`` is what its vectorizers take."""
    vectorizer = CountVectorizer(analyzer=shipped().terms)
    vectorizer.fit(["Les bénévoles de l’association"])
    assert sorted(vectorizer.vocabulary_) == sorted(shipped().terms("bénévolat associatif"))


@pytest.mark.parametrize(
    ("file", "text", "line", "problem"),
    [
        ("stopwords", "le\nla les\n", 2, "several_words"),
        ("families", "# c\nseul\n", 2, "lone_word"),
        ("families", "a, b\nb, c\n", 2, "two_families"),
        ("synonyms", "a b c\n", 1, "no_separator"),
        ("synonyms", "a >\n", 1, "lone_word"),
    ],
)
def test_a_mistake_in_the_words_names_its_line(file: str, text: str, line: int, problem: str) -> None:
    """So that who edits them finds it."""
    texts = {"stopwords": "", "families": "", "synonyms": "", file: text}
    with pytest.raises(LanguageError) as raised:
        Language.parse(**texts)
    assert (raised.value.file, raised.value.line, raised.value.problem) == (file, line, problem)


def test_one_way_and_two_way_synonyms_are_read() -> None:
    """``=`` goes every way, ``>`` goes one."""
    language = make_language(synonyms="a = b = c\nd > e, f")
    assert Synonym("b", ("a", "c")) in language.synonyms
    assert Synonym("d", ("e", "f")) in language.synonyms
    assert "e" not in {synonym.phrase for synonym in language.synonyms}
