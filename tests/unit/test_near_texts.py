"""A text that is no note yet, beside the notes: likeness, likely duplicates, themes and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from indexer.engine import Document, Update
from indexer.language import Language
from savoirs import suggesting
from savoirs.duplicates import likely
from savoirs.models import NoteKind
from savoirs.near_texts import NearTexts
from savoirs.suggesting import ThemeWords
from savoirs.themes import ThemeNode

BIKES = (
    "Chaque samedi, un atelier répare les vélos du quartier avec les adolescents, des pneus et une clé de treize. "
    "La mairie prête un garage froid, et le mécanicien retraité montre comment régler les freins."
)
SOUP = (
    "Le mardi soir, douze cuisinières préparent une soupe de légumes invendus du marché pour les voisins isolés. "
    "On mange ensemble sous le préau, puis chacun repart avec un bocal."
)
TREE = (
    ThemeNode("mobilite", "Mobilité", "Se déplacer.", ("vélo", "covoiturage"), ()),
    ThemeNode(
        "solidarite",
        "Solidarité",
        "Aider.",
        (),
        (ThemeNode("repas", "Aide alimentaire", "Nourrir.", ("soupe", "repas partagé"), ()),),
    ),
)


class _Feed:
    """A journal of documents, as a test writes it."""

    def __init__(self, *documents: Document) -> None:
        self.changes = [Update(one.id, one) for one in documents]

    def last_seq(self) -> int:
        """The number of the last change."""
        return len(self.changes)

    def updates(self, after: int, upto: int) -> Sequence[Update]:
        """The last state of what changed."""
        return list({one.id: one for one in self.changes[after:upto]}.values())

    def snapshot(self) -> tuple[int, Iterator[Document]]:
        """Everything."""
        latest = {one.id: one.document for one in self.changes}
        return len(self.changes), iter([one for one in latest.values() if one is not None])


def note(id_: str, title: str, body: str, *themes: str, kind: str = "practice") -> Document:
    """A published note."""
    return Document(id_, kind, title, body, facets={"theme": themes})


def texts(*documents: Document) -> NearTexts:
    """The notes, read."""
    found = NearTexts(Language.parse("le\nla\nles\nun\nune\ndes\nde\ndu\net\non\navec\npour", "", ""))
    found.put(documents)
    return found


@pytest.fixture
def two() -> NearTexts:
    """Bikes and soup."""
    return texts(note("bikes", "Réparer des vélos", BIKES, "mobilite"), note("soup", "La soupe", SOUP, "repas"))


def test_the_nearest_note_is_the_one_that_tells_the_same(two: NearTexts) -> None:
    """The cosine is 1 at most, and highest with the note that shares its words."""
    near = two.near("Réparer des vélos", BIKES)
    assert near is not None
    assert near.table.ids[int(near.likeness.argmax())] == "bikes"
    assert 0.9 < near.likeness.max() <= 1.0001


def test_a_text_without_a_word_is_near_nothing(two: NearTexts) -> None:
    """No terms, no answer; a text of unknown words alone is near no note."""
    assert two.near("", "  … ") is None
    near = two.near("", "xylophone brumeux zinzolin")
    assert near is not None
    assert near.likeness.max() == 0


def test_a_copy_is_told_already_and_the_note_itself_is_not_its_own_copy(two: NearTexts) -> None:
    """Half of a note is enough; a note that is edited is not compared with itself."""
    half = BIKES[: len(BIKES) // 2 + 20]
    assert [one.note_id for one in likely(two.near("Réparer", half))] == ["bikes"]
    assert likely(two.near("Réparer des vélos", BIKES, without="bikes")) == ()
    assert (
        likely(two.near("Une fanfare", "Les trompettes jouent sur la place devant la gare, le dimanche matin.")) == ()
    )


def test_few_words_are_never_said_to_be_a_copy(two: NearTexts) -> None:
    """A title alone tells too little."""
    assert likely(two.near("Réparer des vélos", "")) == ()


def test_changes_are_followed_one_by_one() -> None:
    """A note added, changed or withdrawn is so in the next answer; much is read again in the background."""
    feed = _Feed(note("bikes", "Réparer des vélos", BIKES))
    found = NearTexts(Language.parse("", "", ""))
    assert found.ready(feed, wait_s=20)
    feed.changes.append(Update("soup", note("soup", "La soupe", SOUP)))
    assert found.ready(feed)
    assert [one.note_id for one in likely(found.near("La soupe", SOUP))] == ["soup"]
    feed.changes.append(Update("soup", None))
    feed.changes.append(Update("org", Document("org", "organisation", "Le Fil")))
    assert found.ready(feed)
    near = found.near("La soupe", SOUP)
    assert near is not None
    assert near.table.ids == ("bikes",)
    assert likely(near) == ()


def test_themes_say_which_words_decided(two: NearTexts) -> None:
    """With few notes, only the words of the themes themselves tell."""
    words = ThemeWords(TREE, two)
    found = suggesting.themes_of(two.near("Un atelier de vélo", BIKES), words)
    assert [one.key for one in found] == ["mobilite"]
    assert found[0].words[0] in ("vélo", "vélos")


def test_nothing_is_proposed_for_too_little(two: NearTexts) -> None:
    """A few words, or no theme's word among them: silence."""
    words = ThemeWords(TREE, two)
    assert suggesting.themes_of(two.near("Vélo", ""), words) == ()
    assert suggesting.themes_of(two.near("Une fanfare", "Les trompettes jouent fort sur la grande place."), words) == ()
    assert suggesting.kind_of(two.near("Un atelier de vélo", BIKES), NoteKind.PRACTICE) is None


def test_notes_teach_words_that_no_theme_has() -> None:
    """Once enough notes of a theme say « pneus », a text that says it is proposed that theme."""
    many = [note(f"b{n}", "Pneus et freins", f"Pneus, freins, garage, mécanicien {n}", "mobilite") for n in range(15)]
    many += [note(f"s{n}", "Légumes", f"Légumes, bocal, marché, préau {n}", "solidarite", "repas") for n in range(15)]
    found = texts(*many)
    words = ThemeWords(TREE, found)
    proposed = suggesting.themes_of(found.near("Nos pneus", "Un mécanicien et son garage changent les freins."), words)
    assert proposed[0].key == "mobilite"
    assert set(proposed[0].words) <= {"pneus", "mécanicien", "garage", "freins"}
    assert words.precise(("repas", "solidarite")) == ("repas",)


def test_another_kind_is_proposed_when_its_notes_are_much_nearer() -> None:
    """A text like many tools is proposed « outil », with its words; for a tool nothing is proposed."""
    many = [note(f"p{n}", "Marché", f"Légumes bocal marché préau voisins {n}") for n in range(15)]
    many += [note(f"t{n}", "Logiciel", f"Logiciel tableur licence gratuit {n}", kind="tool") for n in range(15)]
    near = texts(*many).near("Un logiciel", "Ce logiciel remplace le tableur : licence gratuite, aucun serveur.")
    proposed = suggesting.kind_of(near, NoteKind.PRACTICE)
    assert proposed is not None
    assert proposed.kind is NoteKind.TOOL
    assert "logiciel" in proposed.words
    assert suggesting.kind_of(near, NoteKind.TOOL) is None
