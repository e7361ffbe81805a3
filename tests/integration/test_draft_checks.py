"""Mistakes of a draft, each beside its field."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from savoirs.draft_checks import check
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.models import ExperienceRole, NoteKind, Stance
from tests.builders import make_organisation, make_theme

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def good(session: Session) -> NoteDraft:
    """A draft without mistakes."""
    make_theme(session, key="accueil")
    return NoteDraft(title="Un repas", action="Cuisiner.", themes=("accueil",), date="2024")


def test_a_good_draft_has_no_mistake(
    session: Session, good: NoteDraft, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """And costs two queries at most."""
    organisation = make_organisation(session)
    lived = (ExperienceDraft(organisation.id, stance=Stance.SOLVED),)
    with max_queries(2):
        assert check(session, replace(good, experiences=lived), today=TODAY) == ()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": " "}, "title", "missing"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"summary": "x" * 181}, "summary", "too_long"),
        ({"action": ""}, "action", "no_text"),
        ({"context": "x" * 20_001}, "context", "too_long"),
        ({"themes": ()}, "themes", "missing"),
        ({"themes": ("inconnu",)}, "themes", "unknown_theme"),
        ({"themes": tuple("abcdefg")}, "themes", "too_many"),
        ({"audiences": ("martiens",)}, "audiences", "unknown_audience"),
        ({"date": "hier"}, "date", "bad_date"),
        ({"date": "2024-02-30"}, "date", "bad_date"),
        ({"date": "2027"}, "date", "date_in_future"),
        ({"true_as_of": "12/03/2024"}, "true_as_of", "bad_date"),
        ({"context": "Écrire à a@example.org"}, "context", "holds_email"),
        ({"worked": "Appeler le 04 78 00 00 00"}, "worked", "holds_telephone"),
        ({"experiences": (ExperienceDraft("inconnue", stance=Stance.NEED),)}, "experiences", "unknown_organisation"),
        ({"tools": ("x" * 121,)}, "tools", "too_long"),
        ({"kind": NoteKind.TOOL, "tool": ToolDraft("inconnu")}, "tool.provider_id", "unknown_organisation"),
        ({"kind": NoteKind.INDICATOR, "indicator": IndicatorDraft(nature="x")}, "indicator.nature", "bad_value"),
        ({"organisation_name": "x" * 201}, "organisation_name", "too_long"),
    ],
)
def test_each_mistake_has_its_field(
    session: Session, good: NoteDraft, change: dict[str, object], field: str, code: str
) -> None:
    """One mistake, one error, beside the field that has it."""
    found = check(session, replace(good, **change), today=TODAY)  # type: ignore[arg-type]
    assert (field, code) in [(one.field, one.code) for one in found]


def test_mistakes_come_in_the_order_of_the_form(session: Session) -> None:
    """The first one is where the focus goes."""
    found = check(session, NoteDraft(date="hier", audiences=("martiens",)), today=TODAY)
    assert [one.field for one in found] == ["title", "action", "themes", "audiences", "date"]


def test_who_lived_it_has_a_stance_and_others_have_none(session: Session, good: NoteDraft) -> None:
    """And nobody is there twice in one role."""
    one = make_organisation(session).id
    wrong = (
        ExperienceDraft(one, ExperienceRole.CITED, Stance.NEED),
        ExperienceDraft(one, ExperienceRole.LIVED),
        ExperienceDraft(one, ExperienceRole.LIVED, Stance.NEED),
    )
    codes = [error.code for error in check(session, replace(good, experiences=wrong), today=TODAY)]
    assert codes == ["stance_without_lived", "stance_missing", "repeated_organisation"]


def test_an_anonymous_note_does_not_name_who_lived_it(session: Session, good: NoteDraft) -> None:
    """In no field, under no alias, whatever the accents."""
    organisation = make_organisation(session, "Association Exemple La Marée", aliases=["La Marée"])
    draft = replace(
        good,
        anonymous=True,
        failed="À la maree, rien.",
        experiences=(ExperienceDraft(organisation.id, stance=Stance.FAILED),),
    )
    (error,) = check(session, draft, today=TODAY)
    assert (error.field, error.code, error.params) == ("anonymous", "names_organisation", {"name": "La Marée"})
    assert check(session, replace(draft, failed="Le mareyeur, rien."), today=TODAY) == ()
