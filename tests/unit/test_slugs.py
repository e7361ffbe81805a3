"""Slugs: what is folded, where they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from savoirs.slugs import slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Accueillir autour d’un repas", "accueillir-autour-d-un-repas"),
        ("Cœur à cœur, été 2024 !", "coeur-a-coeur-ete-2024"),
        ("ÉTÉ — ÇA VA ?", "ete-ca-va"),
        ("ﬁn", "fin"),
        ("  ", ""),
        ("日本", ""),
    ],
)
def test_a_slug_is_ascii_words_and_hyphens(text: str, slug: str) -> None:
    """Accents and ligatures are folded, all else separates words."""
    assert slugify(text) == slug


def test_a_long_title_is_cut_between_words() -> None:
    """No word is cut when one ends in time."""
    assert slugify("un deux trois", max_length=8) == "un-deux"
    assert slugify("un deux trois", max_length=7) == "un-deux"


def test_a_word_too_long_is_cut_in_it() -> None:
    """A single word longer than the limit still gives a slug."""
    assert slugify("anticonstitutionnellement", max_length=4) == "anti"


@given(st.text(max_size=60), st.integers(min_value=1, max_value=20))
def test_any_text_gives_a_slug_that_stays_the_same(text: str, limit: int) -> None:
    """A slug of a slug is itself, never too long, never with a hyphen at an end."""
    slug = slugify(text, max_length=limit)
    assert len(slug) <= limit
    assert slug == slug.strip("-")
    assert slugify(slug, max_length=limit) == slug
