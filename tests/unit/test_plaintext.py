"""Markdown to plain text, sentences, masks."""

import pytest

from savoirs import plaintext


@pytest.mark.parametrize(
    "number",
    ["04 78 00 00 00", "0478000000", "04.78.00.00.00", "+33 4 78 00 00 00", "+33 (0)4 78 00 00 00", "0033478000000",
     "04-78-00-00-00", "+262 692 00 00 00"],
)  # fmt: skip
def test_telephone_numbers_are_masked(number: str) -> None:
    """In all usual French spellings."""
    assert plaintext.masked(f"Au {number}, le soir.") == "Au […], le soir."


@pytest.mark.parametrize("address", ["a.b+c@example.org", "a (at) example.org", "a[at]b.example.org"])
def test_addresses_are_masked(address: str) -> None:
    """Even in disguise."""
    assert plaintext.masked(f"Écrire à {address} vite") == "Écrire à […] vite"


@pytest.mark.parametrize("text", ["de 2017 à 2025", "120 000 € et 45 bénévoles", "le 12 03 2024", "SIRET 123 456 789"])
def test_other_numbers_stay(text: str) -> None:
    """Years, amounts and dates are knowledge."""
    assert plaintext.masked(text) == text


def test_a_list_is_one_item_a_line() -> None:
    """A soft line break inside a paragraph is a space."""
    assert plaintext.plain_text("Un\ndeux\n\n- *trois*\n- `quatre`\n  suite\n1. cinq") == (
        "Un deux\ntrois\nquatre suite\ncinq"
    )


def test_sentences_keep_their_quotation_marks() -> None:
    """A closing « » » belongs to the sentence it ends."""
    assert plaintext.sentences("« Venez ! » Il est venu. Et 3 autres… Bien.\nFin") == [
        "« Venez ! »",
        "Il est venu.",
        "Et 3 autres…",
        "Bien.",
        "Fin",
    ]


def test_a_long_first_sentence_is_cut_between_words() -> None:
    """With an ellipsis, within the limit."""
    cut = plaintext.first_sentence("mot " * 100, limit=50)
    assert cut.endswith("mot…")
    assert len(cut) <= 50


def test_no_sentence_of_nothing() -> None:
    """An empty part has an empty first sentence."""
    assert plaintext.first_sentence("") == ""
