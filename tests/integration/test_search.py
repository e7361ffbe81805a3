"""Searching: from what was typed to a page of results."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, search
from savoirs.errors import SavoirsError
from savoirs.journal import JournalFeed, record_change
from savoirs.models import Note, NoteStatus, Stance
from savoirs.search import Query, Results
from tests.builders import make_gathering, make_note, make_organisation, make_theme
from tests.fakes import WordEngine

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def find(sessions: Sessions, text: str = "", **query: object) -> Results:
    """Search with a new engine."""
    with database.reading(sessions) as session:
        return search.find(session, WordEngine(), JournalFeed(sessions), Query(text, **query))  # type: ignore[arg-type]


def test_a_result_says_who_where_and_what_worked(session_factory: Sessions) -> None:
    """All that a result shows comes with it."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Fidéliser", key="fidelisation")
        organisation = make_organisation(session, "Association Exemple Le Fil", departement="59")
        make_note(
            session,
            "Accueillir par un repas",
            themes=[theme],
            lived=[(organisation, Stance.SOLVED)],
            worked="Le repas. Et le café.",
            failed="- Le message groupé",
        )
    (result,) = find(session_factory, "repas").results
    assert result.title_html == "Accueillir par un <mark>repas</mark>"
    assert "<mark>repas</mark>" in result.excerpt
    assert "<mark>" not in result.excerpt_text
    assert [theme.id for theme in result.themes] == ["fidelisation"]
    assert [(one.id, one.name) for one in result.organisations] == [(organisation.id, organisation.name)]
    assert (result.territory, result.stances, result.fictional) == ("Nord", (Stance.SOLVED,), True)
    assert (result.worked, result.failed) == ("Le repas.", "Le message groupé")
    assert sum(reason.share for reason in result.reasons) == pytest.approx(1)


def test_every_kind_of_record_is_a_result(session_factory: Sessions) -> None:
    """Organisations, days and workshops are found beside notes."""
    with database.transaction(session_factory) as session:
        make_organisation(session, "Association Exemple Durable")
        make_gathering(session, "Journée durable")
        make_note(session, "Un lien durable")
    results = find(session_factory, "durable faire durer lien").results
    assert {result.kind for result in results} == {"organisation", "gathering", "workshop", "practice"}
    (workshop,) = [result for result in results if result.kind == "workshop"]
    assert workshop.gathering is not None
    assert workshop.gathering.name == "Journée durable"


def test_an_anonymous_result_names_nobody(session_factory: Sessions) -> None:
    """Neither an organisation nor its territory."""
    with database.transaction(session_factory) as session:
        organisation = make_organisation(session)
        make_note(session, "Un échec", lived=[(organisation, Stance.FAILED)], anonymous=True)
    (result,) = find(session_factory, "échec").results
    assert (result.organisations, result.territory, result.anonymous) == ((), None, True)
    assert result.stances == (Stance.FAILED,)


def test_what_is_hostile_is_text(session_factory: Sessions) -> None:
    """No tag of a note reaches a page of results."""
    with database.transaction(session_factory) as session:
        make_note(session, "<script>alert(1)</script> repas", context="<img src=x> repas")
    for text in ("repas", ""):
        result = next(result for result in find(session_factory, text).results)
        assert "<script" not in result.title_html + result.excerpt
        assert "<img" not in result.excerpt


def test_a_page_costs_three_statements_whatever_the_corpus(session_factory: Sessions, max_queries: MaxQueries) -> None:
    """The journal's number, the records, the names: with the session's, four."""
    engine, feed = WordEngine(), JournalFeed(session_factory)
    for size in (3, 40):
        with database.transaction(session_factory) as session:
            organisations = [make_organisation(session) for _ in range(size)]
            for organisation in organisations:
                make_note(session, "Un repas", lived=[(organisation, Stance.SOLVED)])
            make_gathering(session)
        engine.catch_up(feed)
        with database.reading(session_factory) as session, max_queries(3):
            assert search.find(session, engine, feed, Query("repas", per_page=100)).total >= size


def test_facets_have_names(session_factory: Sessions) -> None:
    """Themes, organisations and regions by name; kinds and stances by value, for the web to translate."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session, "Fidéliser", key="fidelisation")
        organisation = make_organisation(session, "Association Exemple Le Fil", departement="69")
        make_note(session, "Un repas", themes=[theme], lived=[(organisation, Stance.NEED)], date="2024-11")
    facets = find(session_factory, "repas").facets
    labels = {name: [value.label for value in values] for name, values in facets.items()}
    assert labels == {
        "kind": ["practice"],
        "theme": ["Fidéliser"],
        "organisation": ["Association Exemple Le Fil"],
        "territory": ["Auvergne-Rhône-Alpes"],
        "stance": ["need"],
        "year": ["2024"],
    }


def test_a_departement_filters_too(session_factory: Sessions) -> None:
    """« Près de chez moi » is a département: listed when it is chosen."""
    with database.transaction(session_factory) as session:
        for departement in ("69", "01"):
            organisation = make_organisation(session, departement=departement)
            make_note(session, "Un repas", lived=[(organisation, Stance.NEED)])
    found = find(session_factory, "repas", filters={"territory": ("01",)})
    assert [result.territory for result in found.results] == ["Ain"]
    assert ("01", "Ain", True) in [(value.value, value.label, value.active) for value in found.facets["territory"]]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        (Query(page=0), "bad_page", "page"),
        (Query(page=10**9), "bad_page", "page"),
        (Query(per_page=101), "bad_page", "per_page"),
        (Query(sort="random"), "bad_sort", "sort"),
        (Query(filters={"kind": ("secret",)}), "bad_filter", "kind"),
        (Query(filters={"stance": ("maybe",)}), "bad_filter", "stance"),
        (Query(filters={"year": ("20",)}), "bad_filter", "year"),
        (Query(filters={"territory": ("atlantis",)}), "bad_filter", "territory"),
        (Query(filters={"colour": ("red",)}), "bad_filter", "colour"),
    ],
)
def test_a_bad_value_is_named(session_factory: Sessions, query: Query, code: str, field: str) -> None:
    """The error says which field."""
    with database.reading(session_factory) as session, pytest.raises(SavoirsError) as error:
        search.find(session, WordEngine(), JournalFeed(session_factory), query)
    assert (error.value.code, error.value.params["field"]) == (code, field)


def test_an_unknown_theme_leaves_nothing(session_factory: Sessions) -> None:
    """An old address with a theme that is gone is no error."""
    with database.transaction(session_factory) as session:
        make_note(session)
    assert find(session_factory, filters={"theme": ("gone",)}).total == 0


def test_an_empty_base_answers(session_factory: Sessions) -> None:
    """One page, nothing in it."""
    found = find(session_factory)
    assert (found.total, found.pages, found.results) == (0, 1, ())


def test_a_note_withdrawn_behind_the_index_is_not_shown(session_factory: Sessions) -> None:
    """SQL is the truth: what it no longer publishes is left out, whatever an index still holds."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Un repas")
    engine, feed = WordEngine(), JournalFeed(session_factory)
    engine.catch_up(feed)
    with database.transaction(session_factory) as session:
        session.get_one(Note, note.id).status = NoteStatus.WITHDRAWN
    with database.reading(session_factory) as session:
        assert search.find(session, engine, feed, Query("repas")).results == ()


def test_a_change_is_seen_by_the_next_search(session_factory: Sessions) -> None:
    """The engine follows the journal before it answers."""
    engine, feed = WordEngine(), JournalFeed(session_factory)
    engine.catch_up(feed)
    with database.transaction(session_factory) as session:
        note = make_note(session, "Un repas")
        record_change(session, "note", note.id)
    with database.reading(session_factory) as session:
        assert [result.id for result in search.find(session, engine, feed, Query("repas")).results] == [note.id]


def test_related_are_notes(session_factory: Sessions, max_queries: MaxQueries) -> None:
    """Not organisations nor days, and not the note itself."""
    with database.transaction(session_factory) as session:
        note = make_note(session, "Accueillir autour du repas partagé")
        near = make_note(session, "Un repas partagé")
        make_gathering(session, "Le repas partagé")
    engine = WordEngine()
    engine.catch_up(JournalFeed(session_factory))
    with database.reading(session_factory) as session, max_queries(3):
        results = search.related(session, engine, JournalFeed(session_factory), note.id, limit=1)
    assert [result.id for result in results] == [near.id]
    assert results[0].excerpt == "Un résumé d’exemple."
