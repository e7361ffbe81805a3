"""Gentle hints: each rule says what it must, and keeps silent otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from savoirs import hints
from savoirs.drafts import NoteDraft
from savoirs.models import NoteKind

FULL = NoteDraft(
    title="Un café le jeudi",
    action="En mars 2025, dans le quartier de la gare, douze bénévoles ont ouvert un café pour les personnes isolées.",
    worked="Vingt habitués reviennent.",
    failed="Le matin, personne ne vient.",
)
BARE = NoteDraft(
    title="Ouvrir la porte",
    action="Nous ouvrons la porte, nous faisons chauffer de la soupe, nous discutons longuement, puis nous fermons.",
    worked="On revient volontiers.",
)


def codes(draft: NoteDraft) -> list[str]:
    """The codes of its hints."""
    return [hint.code for hint in hints.hints(draft)]


def test_a_note_that_says_all_gets_no_hint() -> None:
    """A date, a place, people, a figure, a failure, nobody named."""
    assert codes(FULL) == []


def test_what_is_missing_is_said_in_order() -> None:
    """Nothing in the text, nothing in the fields."""
    assert codes(BARE) == ["date", "place", "audience", "number", "failed"]


def test_fields_count_as_well_as_the_text() -> None:
    """A date in its field, a box ticked, an organisation on the map."""
    told = replace(BARE, date="2025", audiences=("familles",), failed="Le lundi.")
    assert [hint.code for hint in hints.hints(told, placed=True)] == ["number"]


def test_a_text_that_has_just_begun_is_left_alone() -> None:
    """Nobody is told what is missing at the third word; an address is said at once."""
    assert codes(NoteDraft(title="Un café", action="Nous avons")) == []
    assert codes(NoteDraft(action="Écrire à lea@example.org")) == ["email"]


def test_a_definition_needs_neither_date_nor_place() -> None:
    """An indicator and a principle tell no story."""
    assert codes(replace(BARE, kind=NoteKind.PRINCIPLE)) == []
    assert codes(replace(BARE, kind=NoteKind.INDICATOR)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Madame Petit nous aide",
        "M. Durand vient",
        "un mot de Sophie Marchand-Lelong",
        "Karim BELAÏD anime",
        "le Dr Roux",
    ],
)
def test_a_person_is_recognised(text: str) -> None:
    """After a civility, or a common first name and a name."""
    assert hints.person(text)


@pytest.mark.parametrize(
    "text",
    ["Association Exemple Le Fil", "Saint-Denis et Plaine Commune", "La Maison Verte", "Marie arrive", "le Rhône"],
)
def test_what_is_nobody_s_name_is_left_alone(text: str) -> None:
    """An association, a place, a first name alone."""
    assert not hints.person(text)


@pytest.mark.parametrize("text", ["01 99 00 12 34", "+33 1 99 00 12 34"])
def test_a_telephone_is_said_and_never_repeated(text: str) -> None:
    """The hint does not hold the number."""
    (hint,) = hints.hints(NoteDraft(action=f"Appelez le {text}"))
    assert (hint.code, text in hint.found) == ("telephone", False)


@pytest.mark.parametrize("text", ["à Lyon", "dans le Rhône", "une vallée étroite", "En Bretagne", "près de Lille"])
def test_a_place_is_recognised(text: str) -> None:
    """A name of territory, a sort of place, a capital after a preposition."""
    assert not hints.no_place(NoteDraft(), text)


@pytest.mark.parametrize("text", ["en mars", "depuis la rentrée", "2024", "l’hiver dernier"])
def test_a_date_is_recognised(text: str) -> None:
    """A year, a month, a season, or since when."""
    assert not hints.no_date(NoteDraft(), text)


@pytest.mark.parametrize("text", ["12 repas", "une douzaine", "la moitié", "trois fois"])
def test_a_number_is_recognised(text: str) -> None:
    """In figures or in letters."""
    assert not hints.no_number(NoteDraft(), text)
