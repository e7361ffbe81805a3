"""While the index is made again, and when the engine breaks: everything still answers, from SQL alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from indexer.analysis import fold
from indexer.engine import FACETS, Hit, Page, Request, SearchEngine, Sort
from savoirs import database, peers, plain_search, search
from savoirs.errors import NotFoundError
from savoirs.journal import JournalFeed
from savoirs.models import LexiconLine, NoteKind, NoteStatus, ParticipationRole, Stance
from savoirs.search import Query
from tests.builders import make_gathering, make_note, make_organisation, make_theme
from tests.fakes import AwayEngine, BrokenEngine, BrokenExcerpts, WordEngine
from tests.pages import text_of, words_of
from tests.web import make_client

Sessions = sessionmaker[Session]
MaxQueries = Callable[[int], AbstractContextManager[list[str]]]


def found(sessions: Sessions, text: str = "", **asked: Any) -> Page:
    """The page of a plain search."""
    with database.reading(sessions) as session:
        return plain_search.find_page(session, Request(text, **asked))[0]


def ids(page: Page) -> list[str]:
    """Ids in order."""
    return [hit.id for hit in page.hits]


@pytest.fixture
def base(session_factory: Sessions) -> dict[str, str]:
    """A little of everything; ids by a short name."""
    with database.transaction(session_factory) as session:
        session.add_all(
            LexiconLine(file="stopwords", position=place, text=word) for place, word in enumerate(("le", "# x", "des"))
        )
        above = make_theme(session, "Bénévolat", key="benevolat")
        theme = make_theme(session, "Fidéliser", key="fidelisation", parent=above)
        old = make_organisation(session, "L’ancien Fil")
        teller = make_organisation(session, "Association Exemple Le Fil", aliases=["La Filature"], departement="59")
        old.merged_into = teller
        elsewhere = make_organisation(session, "Association Exemple du Sud", departement="13")
        repas = make_note(
            session, "Accueillir par un repas", date="2024-11", themes=[theme], lived=[(old, Stance.SOLVED)],
            worked="La sœur d’une bénévole a préparé 100 % du dîner.",
        )  # fmt: skip
        cafe = make_note(
            session, "Un café", date="2025", lived=[(elsewhere, Stance.NEED)], action="Après le repas, un Été à part."
        )
        hidden = make_note(session, "Un repas raté", anonymous=True, lived=[(elsewhere, Stance.FAILED)], date="2023")
        tool = make_note(session, "Un agenda", kind=NoteKind.TOOL, tool={"provider": teller}, date="2025-02-01")
        make_note(session, "Un repas à relire", status=NoteStatus.PENDING)
        day = make_gathering(
            session, "La journée du repas", year=2017, date=None, themes=[theme], workshops=1,
            participations=[(teller, ParticipationRole.PARTICIPANT)],
        )  # fmt: skip
        return {
            "repas": repas.id, "cafe": cafe.id, "hidden": hidden.id, "tool": tool.id, "day": day.id,
            "workshop": day.workshops[0].id, "teller": teller.id, "elsewhere": elsewhere.id,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("repas", ["repas", "hidden", "day", "cafe"]),
        ("REPAS des", ["repas", "hidden", "day", "cafe"]),
        ("ete repas", ["cafe"]),
        ("soeur diner", ["repas"]),
        ("sœurs dîners", ["repas"]),
        ("epas", []),
        ("repas introuvable", []),
        ("filature", ["teller"]),
        ("sud", ["elsewhere"]),
        ("agenda OU", ["tool"]),
        ("repas SAUF accueillir", ["repas", "hidden", "day", "cafe"]),
        ("titre:agenda", ["tool"]),
        ("des", []),
        ("100 %", ["repas"]),
        ("_epas", []),
        ("%", []),
    ],
)
def test_every_word_begins_a_word_of_what_is_found(
    session_factory: Sessions, base: dict[str, str], text: str, expected: list[str]
) -> None:
    """Without accents, case or plural; titles first, then the newest. Stop words and operators are no words."""
    assert ids(found(session_factory, text)) == [base[name] for name in expected]


def test_nothing_typed_lists_everything_published(session_factory: Sessions, base: dict[str, str]) -> None:
    """The newest first, and what has no date last; pages follow each other and the total is exact."""
    page = found(session_factory)
    names = {id_: name for name, id_ in base.items()}
    assert [names[id_] for id_ in ids(page)][:3] == ["tool", "cafe", "repas"]
    assert page.total == len(page.hits) == len(base)
    pages = [found(session_factory, offset=start, limit=3) for start in (0, 3, 6, 9)]
    assert [id_ for one in pages for id_ in ids(one)] == ids(page)
    assert {one.total for one in pages} == {page.total}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": ("tool", "organisation")}, {"tool", "teller", "elsewhere"}),
        ({"kind": ("workshop",)}, {"workshop"}),
        ({"theme": ("benevolat",)}, {"repas", "day", "workshop"}),
        ({"theme": ("gone",)}, set()),
        ({"organisation": ("teller",)}, {"repas", "tool", "teller", "day"}),
        ({"organisation": ("elsewhere",)}, {"cafe", "elsewhere"}),
        ({"territory": ("hauts-de-france",)}, {"repas", "teller"}),
        ({"territory": ("13",)}, {"cafe", "elsewhere"}),
        ({"stance": ("failed", "need")}, {"hidden", "cafe"}),
        ({"year": ("2017", "2025")}, {"cafe", "tool", "day", "workshop"}),
        ({"year": ("2025",), "kind": ("practice",)}, {"cafe"}),
    ],
)
def test_filters_leave_what_an_index_would(
    session_factory: Sessions, base: dict[str, str], filters: dict[str, tuple[str, ...]], expected: set[str]
) -> None:
    """The same documents as an engine that knows facets, an anonymous note hiding who and where."""
    named = filters.get("organisation", ())
    filters = filters | ({"organisation": tuple(base[name] for name in named)} if named else {})
    page = found(session_factory, filters=filters)
    assert set(ids(page)) == {base[name] for name in expected}
    engine = WordEngine()
    engine.catch_up(JournalFeed(session_factory))
    engine.rebuild(JournalFeed(session_factory))
    assert set(ids(engine.search(Request(filters=filters, limit=100)))) == set(ids(page))
    for name in FACETS:
        assert [(one.value, one.count) for one in page.facets[name]] == [(v, page.total) for v in filters.get(name, ())]


@pytest.mark.parametrize("sort", Sort)
def test_orders_are_those_of_an_engine(session_factory: Sessions, base: dict[str, str], sort: Sort) -> None:
    """Scores never grow along the results, and reasons sum to 1 when they are asked for."""
    page = found(session_factory, "repas", sort=sort)
    scores = [hit.score for hit in page.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(sum(reason.share for reason in hit.reasons) == pytest.approx(1) for hit in page.hits)
    assert not found(session_factory, "repas", explain=False).hits[0].reasons
    first = {"relevance": "repas", "newest": "cafe", "oldest": "day", "title": "repas"}[sort]
    assert page.hits[0].id == base[first]


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "é " * 5_000, "\x00\x07\x1b", "((((", '"', "ET OU SAUF", "%_\\%", "' OR 1=1 --", "\ud800", "²"],
)
def test_any_text_is_answered(session_factory: Sessions, base: dict[str, str], text: str) -> None:
    """No text at all raises, nor asks for more than a few statements."""
    assert found(session_factory, text).total <= len(base)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_text_raises(session_factory: Sessions, text: str) -> None:
    """Whatever is typed."""
    assert found(session_factory, text).total == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("abcdefghijklmnopqrstuvwxyzéèêàâçùûîïôœæëüÉÀŒ0123456789'’- ", min_size=4, max_size=30))
def test_a_title_is_found_by_its_own_words(database_engine: Engine, title: str) -> None:
    """What SQL narrows with never leaves out what has the words: accents, ligatures and case are allowed for."""
    words = [word for word in title.replace("'", " ").replace("’", " ").replace("-", " ").split() if word.isalnum()]
    with Session(database_engine) as session:
        note = make_note(session, title)
        for word in words:
            page, _ = plain_search.find_page(session, Request(fold(word), limit=10_000))
            assert note.id in ids(page), word
        session.rollback()


def test_an_address_is_never_found(session_factory: Sessions) -> None:
    """What is masked for readers is not there for whoever guesses it."""
    with database.transaction(session_factory) as session:
        make_note(session, "Une permanence", action="Écrivez à quetzal@example.org ou au 01 99 00 11 22, c’est ouvert.")
    assert found(session_factory, "ouvert").total == 1
    for text in ("quetzal", "quetz", "example.org", "0199001122", "01 99"):
        assert found(session_factory, text).total == 0, text


def test_it_costs_four_statements(session_factory: Sessions, base: dict[str, str], max_queries: MaxQueries) -> None:
    """Beside the journal's: stop words, matches, records, names."""
    with database.reading(session_factory) as session, max_queries(4):
        search.find(session, AwayEngine(), JournalFeed(session_factory), Query("repas", {"theme": ("benevolat",)}))


def test_results_are_whole_while_the_index_is_made_again(session_factory: Sessions, base: dict[str, str]) -> None:
    """Excerpts are marked, active filters are named, and the results say that they are plain."""
    engine, feed = AwayEngine(), JournalFeed(session_factory)
    with database.reading(session_factory) as session:
        results = search.find(session, engine, feed, Query("diner", {"theme": ("benevolat",)}))
        assert results.degraded
        (result,) = results.results
        assert "<mark>dîner</mark>" in result.excerpt
        assert [(one.value, one.label, one.active) for one in results.facets["theme"]] == [
            ("benevolat", "Bénévolat", True)
        ]
        assert [word.typed for word in results.understanding.words] == ["diner"]
        assert search.related(session, engine, feed, base["repas"]) == ()
        engine.away = False
        assert not search.find(session, engine, feed, Query("repas")).degraded
        assert search.related(session, engine, feed, base["repas"]) != ()


def test_peers_are_nobody_meanwhile(session_factory: Sessions, base: dict[str, str]) -> None:
    """The lists are empty and say why; what does not exist is refused as ever."""
    engine, feed = AwayEngine(), JournalFeed(session_factory)
    with database.reading(session_factory) as session:
        for start in ({"need": "repas"}, {"note_id": base["repas"]}, {"organisation_id": base["teller"]}):
            nobody = peers.find(session, engine, feed, **start)  # type: ignore[arg-type]
            assert (nobody.solved, nobody.same, nobody.degraded) == ((), (), True)
        for unknown in ({"note_id": "zzzzzzzzzz"}, {"organisation_id": "zzzzzzzzzz"}):
            with pytest.raises(NotFoundError):
                peers.find(session, engine, feed, **unknown)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", [AwayEngine, BrokenEngine])
@pytest.mark.engine_breaks
def test_every_page_answers_without_the_engine(
    session_factory: Sessions, base: dict[str, str], tmp_path: Path, engine: type[SearchEngine]
) -> None:
    """Pages and API answer 200, and the search page says calmly why words are searched as they are."""
    client = make_client(session_factory, tmp_path, engine=engine())
    for address in (
        "/", "/recherche", "/recherche?q=repas", "/recherche?q=rien", "/pairs?besoin=repas",
        f"/pairs?fiche={base['repas']}",
        f"/pairs/demande?organisation={base['teller']}&besoin=repas", "/api/v1/search?q=repas", "/api/v1/suggest?q=rep",
        f"/api/v1/notes/{base['repas']}/related", "/readyz",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
    assert client.get(f"/fiches/{base['repas']}", follow_redirects=True).status_code == 200
    assert client.post("/api/v1/peers", json={"need": "repas"}).json == {"solved": [], "same": []}
    assert "en cours de reconstruction" in text_of(client.get("/recherche?q=repas"))
    assert "en cours de reconstruction" in text_of(client.get("/recherche?q=rien"))
    assert "en cours de reconstruction" in text_of(client.get("/pairs?besoin=repas"))


def test_the_api_keeps_its_shape(session_factory: Sessions, base: dict[str, str], tmp_path: Path) -> None:
    """The same members, facets by every name, the words understood as they are."""
    plain = make_client(session_factory, tmp_path, engine=AwayEngine()).get("/api/v1/search?q=repas+rep&kind=practice")
    usual = make_client(session_factory, tmp_path).get("/api/v1/search?q=repas&kind=practice")
    assert plain.json is not None
    assert usual.json is not None
    assert set(plain.json) == set(usual.json)
    assert set(plain.json["results"][0]) == set(usual.json["results"][0])
    assert set(plain.json["facets"]) == set(FACETS)
    assert plain.json["query"] == {
        "text": "repas rep",
        "understood": [{"typed": word, "used": [word], "synonyms": []} for word in ("repas", "rep")],
        "dropped": [],
        "suggestion": None,
    }


def test_a_plain_page_shows_no_count_it_does_not_know(
    session_factory: Sessions, base: dict[str, str], tmp_path: Path
) -> None:
    """Filters chosen can be taken away; nothing is greyed, and the total says « résultats »."""
    client = make_client(session_factory, tmp_path, engine=AwayEngine())
    page = text_of(client.get("/recherche?q=repas&kind=practice&kind=tool"))
    assert page.count('type="checkbox" name="kind"') == 2
    assert "disabled" not in page
    assert "3 fiches" in page
    assert "4 résultats" in text_of(client.get("/recherche?q=repas"))


def test_readiness_says_who_answers(session_factory: Sessions, tmp_path: Path) -> None:
    """« ready » with the index, « rebuilding » without, and unready only when SQL cannot be read."""
    engine = AwayEngine()
    client = make_client(session_factory, tmp_path, engine=engine)
    assert client.get("/readyz").json == {"status": "rebuilding", "engine": "embedded", "search": "plain", "seq": 0}
    engine.away = False
    assert client.get("/readyz").json == {"status": "ready", "engine": "embedded", "search": "index", "seq": 0}
    with database.transaction(session_factory) as session:
        session.connection().exec_driver_sql("ALTER TABLE changes RENAME TO gone")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "not ready"})


@pytest.mark.engine_breaks
@pytest.mark.parametrize("engine", [BrokenEngine, BrokenExcerpts])
def test_an_engine_that_breaks_is_logged_without_the_search(
    session_factory: Sessions,
    base: dict[str, str],
    engine: type[SearchEngine],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Readers get plain results; the log has the kind of error and where, not what was typed."""
    with database.reading(session_factory) as session:
        results = search.find(session, engine(), JournalFeed(session_factory), Query("repas confidentiel"))
        assert results.degraded
        assert search.find(session, engine(), JournalFeed(session_factory), Query("repas")).total == 4
    assert "fakes.py" in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert "confidentiel" not in caplog.text


class Telling(WordEngine):
    """An engine that found by meaning, and that groups two copies behind a related note."""

    def __init__(self, near: str, copies: tuple[str, ...]) -> None:
        super().__init__()
        self.near, self.copies = near, copies

    def search(self, request: Request) -> Page:
        """Its one find, if the index has it."""
        page = super().search(request)
        return Page(1, (Hit(self.near, 0.5, by_meaning=True, via="convivialité"),), page.facets, page.understanding)

    def related(self, document: str, limit: int = 5) -> tuple[Hit, ...]:  # noqa: ARG002
        """The same, with what stands behind it."""
        return (Hit(self.near, 0.5, copies=self.copies),)


def test_what_is_found_by_meaning_says_by_which_word(
    session_factory: Sessions, base: dict[str, str], tmp_path: Path
) -> None:
    """On the page in a few words, and in the API as ``via``."""
    client = make_client(session_factory, tmp_path, engine=Telling(base["cafe"], ()))
    assert "proche par le sens : « convivialité »" in words_of(client.get("/recherche?q=fête"))
    answer = client.get("/api/v1/search?q=fête").json
    assert answer is not None
    assert (answer["results"][0]["by_meaning"], answer["results"][0]["via"]) == (True, "convivialité")


def test_copies_stand_behind_a_related_note(session_factory: Sessions, base: dict[str, str], tmp_path: Path) -> None:
    """The note's page links them, published ones only; the API gives their names."""
    engine = Telling(base["cafe"], (base["hidden"], base["tool"], "zzzzzzzzzz"))
    client: FlaskClient = make_client(session_factory, tmp_path, engine=engine)
    page = client.get(f"/fiches/{base['repas']}", follow_redirects=True)
    assert "et 2 fiches presque identiques : Un repas raté , Un agenda" in words_of(page)
    assert f'href="/fiches/{base["tool"]}-un-agenda"' in page.text
    answer = client.get(f"/api/v1/notes/{base['repas']}/related").json
    assert answer is not None
    assert [copy["name"] for copy in answer["results"][0]["copies"]] == ["Un repas raté", "Un agenda"]
