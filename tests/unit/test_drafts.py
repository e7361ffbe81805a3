"""Drafts: kept as JSON, read back, compared."""

import json
import unicodedata

import pytest

from savoirs.draft_checks import clean_text, cleaned
from savoirs.draft_differences import compared, differences
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.errors import InvalidError
from savoirs.models import ExperienceRole, NoteKind, Stance


def test_a_draft_survives_json() -> None:
    """Whatever its fields, what is written is read back equal."""
    draft = NoteDraft(
        kind=NoteKind.TOOL,
        title="Un « titre »",
        themes=("numerique",),
        date="2024-11",
        anonymous=True,
        experiences=(ExperienceDraft("abc", ExperienceRole.LIVED, Stance.FAILED), ExperienceDraft("def")),
        tool=ToolDraft(None, "agenda", "Agenda", ("a", "b")),
        indicator=IndicatorDraft(examples=("un",)),
        organisation_stance=Stance.NEED,
    )
    assert NoteDraft.from_json(json.loads(json.dumps(draft.to_json()))) == draft


def test_absent_keys_take_their_default_and_unknown_ones_are_left_out() -> None:
    """An older or a newer revision can still be read."""
    assert NoteDraft.from_json({"title": "Un", "colour": "red"}) == NoteDraft(title="Un")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"kind": "poem"}, "kind"),
        ({"title": 3}, "title"),
        ({"title": None}, "title"),
        ({"anonymous": "yes"}, "anonymous"),
        ({"themes": "numerique"}, "themes"),
        ({"themes": [1]}, "themes.0"),
        ({"kind": []}, "kind"),
        ({"experiences": [{"organisation_id": "a", "stance": "maybe"}]}, "experiences.0.stance"),
        ({"tool": "agenda"}, "tool"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(data: dict[str, object], field: str) -> None:
    """The error says where it is."""
    with pytest.raises(InvalidError) as error:
        NoteDraft.from_json(data)
    assert [(one.field, one.code) for one in error.value.errors] == [(field, "bad_value")]


def test_an_experience_says_whose_it_is() -> None:
    """The one thing without a default."""
    with pytest.raises(InvalidError) as error:
        NoteDraft.from_json({"experiences": [{"stance": "need"}]})
    assert [(one.field, one.code) for one in error.value.errors] == [("experiences.0.organisation_id", "missing")]


def test_cleaning_mends_what_nobody_needs_to_be_told_of() -> None:
    """Composition, ends of lines, controls, empty entries, details of another kind."""
    draft = NoteDraft(
        title="  E\u0301te\u0301\x00 ",
        context="un\r\ndeux",
        themes=("a", "", "a"),
        date="",
        tool=ToolDraft(category="agenda"),
        testimony_author="Quelqu’un",
    )
    assert cleaned(draft) == NoteDraft(title="Été", context="un\ndeux", themes=("a",))


def test_only_fields_that_differ_are_told() -> None:
    """In the order of the draft, with the words that changed."""
    before = NoteDraft(title="Un repas", worked="Le repas du jeudi.", themes=("a",))
    after = NoteDraft(title="Un repas", worked="Le grand repas.", themes=("a", "b"))
    told = differences(before, after, {"a": "Accueil", "b": "Bénévolat"})
    assert [(one.field, one.before, one.after) for one in told] == [
        ("worked", "Le repas du jeudi.", "Le grand repas."),
        ("themes", "Accueil", "Accueil\nBénévolat"),
    ]
    assert [(part.change, part.text) for part in told[0].parts] == [
        ("same", "Le "),
        ("added", "grand "),
        ("same", "repas"),
        ("removed", " du jeudi"),
        ("same", "."),
    ]


def test_the_parts_of_a_comparison_make_both_texts() -> None:
    """Nothing is lost on either side, even in texts so long that lines are compared."""
    before = "\n".join(f"ligne {number} " + "mot " * 20 for number in range(200))
    after = before.replace("ligne 7 ", "Ligne sept ") + "\nfin"
    parts = compared(before, after)
    assert "".join(part.text for part in parts if part.change != "added") == before
    assert "".join(part.text for part in parts if part.change != "removed") == after


def test_who_lived_it_is_told_by_name() -> None:
    """Ids, roles and stances are words when their names are given."""
    before, after = NoteDraft(), NoteDraft(experiences=(ExperienceDraft("abc", stance=Stance.SOLVED),))
    (one,) = differences(before, after, {"abc": "Le Fil", "lived": "a vécu", "solved": "résolu"})
    assert one.after == "Le Fil · a vécu · résolu"


def test_what_is_hidden_of_a_text_are_three_categories_of_unicode() -> None:
    """Controls, private use and surrogates, over all of Unicode; tabs and ends of line stay."""
    hidden = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Co", "Cs")}
    hidden -= {"\n", "\t", "\r"}  # the last becomes an end of line
    kept = [char for char in map(chr, range(0x110000)) if clean_text(f"a{char}b") == "ab"]
    assert set(kept) == hidden
