"""Whatever is typed or sent, an answer: 200, or a refusal that says what is wrong; never an error of ours."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.embedded import EmbeddedEngine
from savoirs import database, notes
from savoirs.models import Role, Stance, record_id
from tests.builders import make_account, make_contact, make_gathering, make_note, make_organisation
from tests.conformance.engines import LANGUAGE
from tests.routes import address, arguments, known_values, rules
from tests.signing_in import signed_in
from tests.web import make_app
from web.limits import limiter

LE_FIL = record_id("organisation", "le-fil")

PAYLOADS = ("<script>alert(7331)</script>", '"><img src=x onerror=alert(7331)>', "'-alert(7331)-'", "{{7*7}}${7*7}")

TEXTS: dict[str, str] = {
    "empty": "",
    "spaces": "+++%20%09%0A",
    "ten thousand letters": "a" * 10_000,
    "ten thousand words": "repas+" * 10_000,
    "control characters": quote("".join(map(chr, range(32))) + "\x7f\x85\u2028\u200b repas"),
    "null bytes": "%00repas%00%00",
    "an unbalanced quote": quote('"repas partagé'),
    "many quotes": quote('"' * 5_001),
    "only operators": quote("ET OU SAUF ET SAUF OU"),
    "operators without words": quote("SAUF ( ET ) OU"),
    "only stop words": quote("le la les des du"),
    "deep parentheses": quote("(" * 4_000 + "repas" + ")" * 4_000),
    "deep parentheses that are strict": quote("(" * 12 + "repas ET appel" + ")" * 11),
    "fields of fields": quote("titre:" * 900 + "repas"),
    "stars and tildes": quote("*~ a* b~ * ~ titre:* é*"),
    "sql": quote("'; DROP TABLE notes; -- ' OR 1=1 /* */ UNION SELECT email FROM contacts"),
    "like wildcards": quote("%_%__%"),
    **{f"a payload, {number}": quote(payload) for number, payload in enumerate(PAYLOADS)},
    "right-to-left marks": quote("\u202erepas\u2066\u2069\u200f شبكة"),
    "combining marks": quote("e" + "\u0301" * 3_000),
    "astral letters": quote("𝓻𝓮𝓹𝓪𝓼 🎉👩‍👩‍👧 \U0010ffff"),
    "a lone surrogate": "%ED%A0%80repas%ED%BF%BF",
    "bytes that are not utf-8": quote_from_bytes(b"\xff\xfe\xc0\xaf\x80 repas"),
    "an unfinished escape": "repas%",
    "a wrong escape": "%zz%u0041",
    "a template and a path": quote("{% include '/etc/passwd' %} ../../etc/passwd"),
    "crlf": "repas%0D%0ASet-Cookie:%20x=1",
}

ASKED = (
    "/recherche?q=",
    "/recherche?exact=1&sort=title&q=",
    "/pairs?besoin=",
    f"/pairs/demande?organisation={LE_FIL}&besoin=",
    "/partager?besoin=",
    "/connexion?suite=",
    "/api/v1/search?q=",
    "/api/v1/suggest?q=",
)
"""Addresses where anything may be typed, and the answer is 200."""

ODD = (
    "",
    "0",
    "-1",
    "1e9",
    str(10**30),
    "abc",
    "%00",
    "x" * 5_000,
    "%3Cscript%3Ealert(7331)%3C/script%3E",
    "%ED%A0%80",
    "٣",
)
FILTERS = ("kind", "theme", "organisation", "territory", "stance", "year", "sort", "page", "per_page", "exact")


@pytest.fixture(scope="module")
def client(_empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A visitor's browser on the real engine; only to be read."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copyfile(_empty_database, folder / "savoirs.sqlite3")
    engine = database.open_database(f"sqlite:///{folder / 'savoirs.sqlite3'}")
    sessions = database.session_factory(engine)
    with database.transaction(sessions) as session:
        organisation = make_organisation(session, "Association Exemple Le Fil", key="le-fil")
        make_contact(session, organisation)
        editor = make_account(session, "edition", role=Role.EDITOR)
        make_gathering(session, "Une journée d’exemple", key="journee")
        told = make_note(session, "Une fiche modifiée", lived=[(organisation, Stance.NEED)], action="D’abord ceci.")
        notes.edit(session, told.id, replace(notes.draft_of(told), action="Puis cela."), editor, told.revision)
        for number in range(30):
            make_note(session, f"Un repas partagé, {number}", lived=[(organisation, Stance.SOLVED)], worked="L’appel.")
    search_engine = EmbeddedEngine(folder / "index", LANGUAGE)
    yield make_app(sessions, folder, engine=search_engine, writes_per_hour=10**6).test_client()
    search_engine.close()
    engine.dispose()


@pytest.fixture(autouse=True)
def _no_tries_left_from_before(client: FlaskClient) -> None:
    """Each test begins with none of its tries used."""
    with client.application.app_context():
        limiter.reset()


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    """An editor's browser."""
    app = client.application
    return signed_in(app.test_client(), app.extensions["savoirs"].sessions, "edition")


def check(answer: TestResponse, *statuses: int) -> None:
    """What holds for any answer: one of these statuses, its headers, and nothing typed that a browser would run."""
    where = f"{answer.request.method} {answer.request.path} {answer.request.query_string[:80]!r}"
    assert answer.status_code in statuses, where
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    if answer.mimetype == "text/html":
        assert "<script>alert" not in answer.text, where
        assert "<img src=x" not in answer.text, where
    if answer.status_code >= 400 and answer.request.path.startswith("/api/"):
        assert answer.mimetype == "application/problem+json", where
        assert answer.get_json(force=True)["status"] == answer.status_code, where
    elif answer.status_code >= 400:
        assert "<h1" in answer.text, where
    answer.close()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_anything_may_be_typed(client: FlaskClient, text: str) -> None:
    """Every page and answer that takes words gives 200, and nothing typed comes back as markup."""
    for asked in ASKED:
        check(client.get(asked + text), 200)


@pytest.mark.parametrize("name", FILTERS)
def test_an_odd_filter_is_left_out_or_named(client: FlaskClient, name: str) -> None:
    """A page goes on without it; the API says which field is wrong, in a problem document."""
    for value in ODD:
        for page in ("/recherche?q=repas", "/pairs?besoin=repas"):
            check(client.get(f"{page}&{name}={value}"), 200, 302, 400, 404)
        answer = client.get(f"/api/v1/search?q=repas&{name}={value}")
        check(answer, 200, 422)
        if answer.status_code == 422:
            assert {error["field"].split(".")[0] for error in answer.get_json(force=True)["errors"]} == {name}


def test_an_odd_day_makes_a_calendar_without_it(client: FlaskClient) -> None:
    """A calendar that cannot say which day says so in its own way."""
    name = record_id("gathering", "journee")
    for value in ODD:
        check(client.get(f"/journees/{name}-une-journee-d-exemple.ics?jour={value}"), 200)


def test_a_page_of_the_api_is_a_number_from_one(client: FlaskClient) -> None:
    """Zero, a negative, a word and a number that no machine holds are refused."""
    for value in ("0", "-1", "abc", "1.5", str(10**9), str(10**30)):
        answer = client.get(f"/api/v1/search?page={value}")
        check(answer, 422)
        assert answer.get_json(force=True)["errors"][0]["field"] == "page"


def test_parameters_may_be_repeated(client: FlaskClient) -> None:
    """Hundreds of values of each, beside words and sorts given twice."""
    many = "&".join(f"{name}=x{number}" for name in ("theme", "organisation") for number in range(300))
    twice = "page=1&page=2&sort=title&sort=newest"
    for asked in ("/recherche?q=repas&q=appel", "/api/v1/search?q=repas&q=appel"):
        check(client.get(f"{asked}&{twice}&{many}"), 200)
    check(client.get(f"/pairs?besoin=repas&besoin=appel&{twice}&{many}"), 200, 404)
    check(client.get("/recherche?" + "&".join(f"p{number}=1" for number in range(5_000))), 200)


METHODS = ("HEAD", "OPTIONS", "GET", "POST", "PUT", "DELETE", "FOO")

BODIES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "an empty text": {"data": b"", "content_type": "application/json"},
    "not JSON": {"data": b"{need: 'repas'", "content_type": "application/json"},
    "bytes": {"data": b"\xff\xfe\x00", "content_type": "application/json"},
    "a form": {"data": {"need": "repas"}},
    "another type": {"data": b'{"need": "repas"}', "content_type": "text/plain"},
    "another charset": {"data": b'{"need": "repas"}', "content_type": "application/json; charset=utf-32"},
    "a list": {"json": ["repas"]},
    "a word": {"json": "repas"},
    "null": {"json": None},
    "a number for a text": {"json": {"need": 12}},
    "a list for a text": {"json": {"need": ["repas"]}},
    "an empty need": {"json": {"need": "  "}},
    "an unknown field": {"json": {"need": "repas", "besoin": "repas"}},
    "a wrong limit": {"json": {"need": "repas", "limit": 10**30}},
    "a limit that is no number": {"json": {"need": "repas", "limit": "beaucoup"}},
    "no such organisation": {"json": {"need": "repas", "organisation": "x' OR 1=1"}},
    "an organisation with a null": {"json": {"need": "repas", "organisation": "\x00"}},
    "a surrogate": {"data": b'{"need": "repas", "organisation": "\\ud800"}', "content_type": "application/json"},
    "deep lists": {"data": b"[" * 100_000 + b"]" * 100_000, "content_type": "application/json"},
    "too large": {"data": b'{"need": "' + b"a" * 1_100_000 + b'"}', "content_type": "application/json"},
    "not a number": {"data": b'{"need": NaN}', "content_type": "application/json"},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("path", ["/api/v1/peers", "/api/v1/notes"])
def test_a_malformed_body_gets_a_problem_document(client: FlaskClient, path: str, body: dict[str, Any]) -> None:
    """It names the field, or the body; without a token, the API refuses before it reads."""
    answer = client.post(path, **body)
    check(answer, 200, 400, 401, 413, 415, 422)
    if answer.status_code == 422:
        assert answer.get_json(force=True)["errors"][0]["field"] in ("need", "besoin", "limit", "organisation", "body")


@pytest.mark.parametrize(
    "need", ["repas\ud800", "\x00", *PAYLOADS, "(" * 5_000, "ET OU", "le la", "a" * 100_000, "\u202e repas"]
)
def test_any_need_has_peers_or_none(client: FlaskClient, need: str) -> None:
    """As JSON, where even half a character can be written."""
    check(client.post("/api/v1/peers", json={"need": need}), 200, 422)


def test_every_route_answers_every_method(editor: FlaskClient) -> None:
    """405 where the method means nothing, saying which ones do; never an error."""
    app = editor.application
    adapter = app.url_map.bind("localhost")
    with database.reading(app.extensions["savoirs"].sessions) as session:
        known = known_values(app, session)
    for rule in rules(app):
        path = address(rule, known[arguments(rule)][0])
        allowed = set(adapter.allowed_methods(path))
        assert allowed >= set(rule.methods or ())
        for method in METHODS:
            if method in allowed - {"HEAD", "OPTIONS"}:
                continue
            answer = editor.open(path, method=method)
            assert answer.status_code < 500, (method, path)
            assert (answer.status_code == 405) == (method not in allowed), (method, path)
            if answer.status_code == 405 and method != "HEAD":
                check(answer, 405)
                assert set(answer.headers["Allow"].split(", ")) == allowed
            answer.close()


def test_an_id_that_nobody_gave_is_not_found(client: FlaskClient, editor: FlaskClient) -> None:
    """For an editor, to whom every page is open: 404, in a page or a problem document."""
    unknown = {
        "slug": "x",
        "filename": "x.css",
        "revision_id": "99",
        "introduction_id": "99",
        "letter_id": "99",
        "handle": "0" * 16,
    }
    unknown |= {"token": "x", "address": "aaaaaaaaaa-x"}
    for rule in rules(client.application):
        if not arguments(rule):
            continue
        path = address(rule, {name: unknown.get(name, "aaaaaaaaaa") for name in arguments(rule)})
        for method in (rule.methods or set()) & {"GET", "POST"}:
            data = {"status": "handled", "title": "Une journée", "date": "2027-01-02"} if method == "POST" else None
            check(editor.open(path, method=method, data=data), 404)


def test_an_odd_path_is_not_found(client: FlaskClient, editor: FlaskClient) -> None:
    """Half characters, nulls, quotes, climbing out of a folder, ten thousand letters."""
    odd = ["%00" * 10, "%ED%A0%80aaaaaaa", "'%20OR%201=1--", "%F0%9F%8E%89" * 10, "..%2F..%2F..%2F", "a" * 10_000]
    odd += ["{{7*7}}aaa", "٣٣٣٣٣٣٣٣٣٣", "aaaaaaaaaa-%00", "9" * 40]
    limited = [rule for rule in rules(client.application) if rule.endpoint == "sign_in.use_link"]  # a few a minute
    for rule, value in itertools.product(rules(client.application), odd):
        if arguments(rule) and rule not in limited:
            path = address(rule, dict.fromkeys(arguments(rule), "VALUE")).replace("VALUE", value)
            check(editor.open(path, method=min((rule.methods or {"GET"}) & {"GET", "POST"})), 400, 404)


@pytest.mark.parametrize("value", ["", "x", "a" * 5_000, "\xe9\xff", "x' OR 1=1", "%00", "=;,"])
def test_an_odd_cookie_or_token_opens_nothing(client: FlaskClient, value: str) -> None:
    """One reads as a visitor does."""
    headers = {"Cookie": f"savoirs_session={value}; savoirs_formulaires={value}; theme={value}"}
    for path in ("/", "/recherche?q=repas"):
        check(client.application.test_client().get(path, headers=headers), 200)
    check(client.application.test_client().get("/mon-espace", headers=headers), 403)
    for scheme in ("Bearer", "Basic", ""):
        check(client.post("/api/v1/notes", json={}, headers={"Authorization": f"{scheme} {value}"}), 401)
