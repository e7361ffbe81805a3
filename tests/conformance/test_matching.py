"""Which documents a query finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.engine import SearchEngine
from tests.conformance.engines import find, make_document

Index = Callable[..., SearchEngine]

LIBRARY = (
    make_document("repas", "Un repas partagé", "Les bénévoles mangent ensemble avant la permanence du soir."),
    make_document("code", "Apprendre à coder", "Une formation gratuite en ligne.", tools="Code Academy"),
    make_document("visite", "Rendre visite", "Des bénévoles visitent des personnes âgées.", themes="isolement"),
    make_document("outil", "Planifier", "Publier au bon moment.", tools="Hootsuite", kinds="outil", kind="tool"),
    make_document("fondation", "Un appel", "Financer un projet de formation.", organisations="Fondation Exemple"),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bénévoles", {"repas", "visite"}),
        ("repas coder", {"repas", "code"}),
        ("hootsuite", {"outil"}),
        ("isolement", {"visite"}),
        ("fondation", {"fondation"}),
        ("girafe", set()),
        ("girafe repas", {"repas"}),
        ("", {"repas", "code", "visite", "outil", "fondation"}),
        ("   ", {"repas", "code", "visite", "outil", "fondation"}),
    ],
)
def test_a_free_query_finds_every_document_with_one_of_its_words(index: Index, query: str, expected: set[str]) -> None:
    """Words are looked for in all fields; an empty query finds everything."""
    assert set(find(index(*LIBRARY), query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bénévoles ET repas", {"repas"}),
        ("bénévoles AND repas", {"repas"}),
        ("repas OU coder", {"repas", "code"}),
        ("repas OR coder", {"repas", "code"}),
        ("bénévoles SAUF repas", {"visite"}),
        ("bénévoles NOT repas", {"visite"}),
        ("SAUF bénévoles", {"code", "outil", "fondation"}),
        ("formation ET girafe", set()),
        ("girafe SAUF formation", set()),
        ("formation SAUF girafe", {"code", "fondation"}),
        ("(repas OU visite) ET bénévoles", {"repas", "visite"}),
        ("formation SAUF (ligne OU projet)", set()),
        ("formation ET (ligne OU projet)", {"code", "fondation"}),
        ("repas OU (SAUF bénévoles)", {"repas", "code", "outil", "fondation"}),
    ],
)
def test_operators_make_the_set_strict(index: Index, query: str, expected: set[str]) -> None:
    """ET, OU, SAUF and parentheses mean what they say; a word found nowhere is required all the same."""
    engine = index(*LIBRARY)
    assert set(find(engine, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("titre:formation", set()),
        ("texte:formation", {"code", "fondation"}),
        ("titre:repas", {"repas"}),
        ("outil:hootsuite", {"outil"}),
        ("thème:isolement", {"visite"}),
        ("theme:isolement", {"visite"}),
        ("THÈME:isolement", {"visite"}),
        ("organisation:fondation", {"fondation"}),
        ("type:outil", {"outil"}),
        ("titre:rep*", {"repas"}),
        ("titre:benev*", set()),
        ('titre:"repas partagé"', {"repas"}),
        ('texte:"repas partagé"', set()),
        ("type:outil ET hootsuite", {"outil"}),
        ("auteur:repas", {"repas"}),
    ],
)
def test_a_field_narrows_where_a_word_is_looked_for(index: Index, query: str, expected: set[str]) -> None:
    """A known name before a colon is a field; an unknown one is a word like others."""
    assert set(find(index(*LIBRARY), query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"apprendre à coder"', {"code"}),
        ('"apprendre coder"', set()),
        ('"apprendre un coder"', {"code"}),
        ('"coder apprendre"', set()),
        ("« apprendre à coder »", {"code"}),
        ("“apprendre à coder”", {"code"}),
        ('"la permanence du soir"', {"repas"}),
        ('"partagé les bénévoles"', set()),
        ('"à coder"', {"code"}),
        ('"girafe bleue"', set()),
        ('"formation gratuite" OU "personnes âgées"', {"code", "visite"}),
    ],
)
def test_a_phrase_keeps_its_words_at_their_distance(index: Index, query: str, expected: set[str]) -> None:
    """A stop word inside holds the place of any one word; a phrase never crosses from a field to the next."""
    assert set(find(index(*LIBRARY), query)) == expected


def test_a_phrase_may_repeat_a_word(index: Index) -> None:
    """Each occurrence is at its own place."""
    engine = index(
        make_document("twice", "Pas à pas", "avancer pas à pas"), make_document("once", "Pas", "ne fais pas cela")
    )
    assert find(engine, '"pas à pas"') == ["twice"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("form*", {"code", "fondation"}),
        ("FORM*", {"code", "fondation"}),
        ("bénév*", {"repas", "visite"}),
        ("formations*", set()),
        ("zzz*", set()),
        ("l*", {"code"}),
        ("formattion~", {"code", "fondation"}),
        ("fromation~", {"code", "fondation"}),
        ("permanance~", {"repas"}),
        ("pxrmxnxnce~", set()),
        ("repos~", {"repas"}),
        ("repsa~", {"repas"}),
        ("rpesa~", set()),
    ],
)
def test_patterns_run_over_unstemmed_words(index: Index, query: str, expected: set[str]) -> None:
    """``prefix*`` finds beginnings; ``word~`` one edit, two from eight letters on, a swap of neighbours being one."""
    assert set(find(index(*LIBRARY), query)) == expected


def test_a_synonym_is_found_too(index: Index) -> None:
    """Who types a phrase also finds what the synonyms' file gives for it, one way or both ways as it says."""
    engine = index(
        make_document("short", "Accueillir un SDF"),
        make_document("long", "Des personnes à la rue"),
        make_document("teen", "Un adolescent"),
        make_document("minor", "Un mineur isolé"),
    )
    assert set(find(engine, "SDF")) == {"short", "long"}
    assert set(find(engine, "personnes à la rue")) == {"short", "long"}
    assert set(find(engine, "mineur isolé")) == {"minor", "teen"}
    assert find(engine, "adolescent") == ["teen"]


def test_a_misspelt_word_is_searched_as_its_correction(index: Index) -> None:
    """Understanding says so; ``exact`` switches it off."""
    engine = index(*LIBRARY)
    assert set(find(engine, "benevolles")) == {"repas", "visite"}
    assert find(engine, "benevolles", exact=True) == []
    assert find(engine, "hotsuite") == ["outil"]


def test_what_was_understood_is_told(index: Index) -> None:
    """Words, what was searched for them, what was dropped, a likely spelling."""
    from indexer.engine import Request

    understanding = index(*LIBRARY).search(Request("les benevolles xylophone")).understanding
    assert [word.typed for word in understanding.words if word.corrected] == ["benevolles"]
    assert set(understanding.dropped) == {"les", "xylophone"}
    assert understanding.suggestion == "les bénévoles xylophone"
    assert not understanding.strict
