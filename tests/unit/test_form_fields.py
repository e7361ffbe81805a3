"""What fields say of an address, and how texts are cleaned."""

from __future__ import annotations

import pytest

from web.forms.fields import clean_line, clean_text, email_problem
from web.forms.share import listed


@pytest.mark.parametrize(
    ("address", "part_of_the_sentence"),
    [
        ("camille", "signe @"),
        ("camille@exemple", "Il manque la fin"),
        ("camille@exemple.", "adresse de site"),
        ("camille@exemple..org", "adresse de site"),
        ("camille @exemple.org", "un espace ou un signe de trop"),
        ("a@example.org, b@example.org", "un espace ou un signe de trop"),
        ("a@b@example.org", "un espace ou un signe de trop"),
        (f"{'a' * 300}@example.org", "un espace ou un signe de trop"),
    ],
)
def test_a_wrong_address_is_told_which_part_is_wrong(address: str, part_of_the_sentence: str) -> None:
    """One sentence says what to mend, and never « format invalide »."""
    assert part_of_the_sentence in email_problem(address)


@pytest.mark.parametrize("address", ["camille@example.org", "c.d+e@sous.example.org", "élise@école.example.org"])
def test_a_right_address_is_accepted(address: str) -> None:
    """Accents and plus signs are not mistakes."""
    assert email_problem(address) == ""


def test_texts_lose_control_characters_and_keep_their_lines() -> None:
    """A text is kept in NFC, with LF line ends and no invisible control."""
    assert clean_text(" e\u0301te\u0301\x00\r\nfin \x1b") == "été\nfin"
    assert clean_line("un\n  deux\t") == "un deux"


def test_a_list_of_names_is_read_once_each() -> None:
    """Commas or semicolons, no empty name, no repetition."""
    assert listed("agenda ; tableur, agenda,, ") == ("agenda", "tableur")
