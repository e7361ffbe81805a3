"""What holds for every page: headers, errors, forms, static files, light and dark."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from savoirs.errors import ForbiddenError, SavoirsError
from tests.web import make_app
from web.display import local_address
from web.icons import FOLDER as ICONS
from web.static_files import FOLDER as STATIC

Sessions = sessionmaker[Session]


@pytest.fixture
def app(session_factory: Sessions, tmp_path: Path) -> Flask:
    """An application with pages that fail, each in its way."""
    app = make_app(session_factory, tmp_path)

    def refuse() -> str:
        raise SavoirsError("bad_sort")

    def forbid() -> str:
        raise ForbiddenError("editors_only")

    def break_down() -> str:
        raise RuntimeError("a secret of ours")

    app.add_url_rule("/refuse", view_func=refuse)
    app.add_url_rule("/interdit", view_func=forbid)
    app.add_url_rule("/casse", view_func=break_down)
    app.add_url_rule("/api/v1/casse", endpoint="api_break", view_func=break_down)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser."""
    return app.test_client()


@pytest.mark.parametrize("address", ["/aide", "/recherche", "/introuvable", "/casse", "/api/v1/introuvable"])
def test_every_answer_has_the_strict_headers(client: FlaskClient, address: str) -> None:
    """Pages, errors and the API alike: nothing runs but our files, nobody frames us."""
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_https_is_kept_to_once_it_is_the_address(session_factory: Sessions, tmp_path: Path) -> None:
    """A site reached by https says so to browsers, and its cookies travel by https only."""
    client = make_app(session_factory, tmp_path, base_url="https://savoirs.example.org").test_client()
    answer = client.get("/aide")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("address", ["/aide", "/accessibilite", "/recherche", "/introuvable"])
def test_pages_keep_to_their_own_policy(client: FlaskClient, address: str) -> None:
    """No inline style, style sheet, script or handler, and nothing from another site."""
    page = client.get(address).text
    assert not re.search(r"<style|\sstyle=|<[^>]+\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    sources = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith("/static/") for source in sources)


@pytest.mark.parametrize(
    ("address", "status"), [("/introuvable", 404), ("/refuse", 400), ("/interdit", 403), ("/casse", 500)]
)
def test_an_error_is_a_page_that_says_what_next(client: FlaskClient, address: str, status: int) -> None:
    """A title, one h1, the way home; never a traceback."""
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.text.count("<h1") == 1
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text
    assert "secret" not in answer.text


def test_a_broken_page_gives_a_number_and_logs_it(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """Who keeps the site finds the failure by the number that the reader saw; the query is not logged."""
    page = client.get("/casse?q=confidentiel").text
    number = re.search(r"numéro ([0-9a-f]{8})", page)
    assert number is not None
    assert number[1] in caplog.text
    assert "confidentiel" not in caplog.text


@pytest.mark.parametrize(("address", "status"), [("/api/v1/introuvable", 404), ("/api/v1/casse", 500)])
def test_under_api_an_error_is_a_problem_document(client: FlaskClient, address: str, status: int) -> None:
    """RFC 9457 for programs, by the path alone."""
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert json.loads(answer.text)["status"] == status


def test_another_method_is_refused_with_those_that_are_not(client: FlaskClient) -> None:
    """405 has its page and its Allow header."""
    answer = client.delete("/aide")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_heavy_a_form_is_refused(app: Flask) -> None:
    """Past the limit nothing is read, and the page says what to do."""
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = app.test_client().post("/affichage", data={"theme": "x" * 2000})
    assert answer.status_code == 413
    assert "trop lourd" in answer.text


def test_a_form_without_its_token_changes_nothing(app: Flask) -> None:
    """Every form carries a token against forgery; the theme's too."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    refused = client.post("/affichage", data={"theme": "sombre"})
    assert refused.status_code == 400
    assert "theme=" not in str(refused.headers)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/aide").text)
    assert token is not None
    assert client.post("/affichage", data={"theme": "sombre", "csrf_token": token[1]}).status_code == 303


def test_who_writes_too_often_waits(session_factory: Sessions, tmp_path: Path) -> None:
    """Writes are counted by address; reads are not."""
    client = make_app(session_factory, tmp_path, writes_per_hour=2).test_client()
    assert [client.post("/affichage").status_code for _ in range(3)] == [303, 303, 429]
    assert client.get("/aide").status_code == 200


def test_light_and_dark_are_chosen_by_form_and_kept(client: FlaskClient) -> None:
    """The choice is in the page's first tag at once, « auto » takes it back, and one returns where one was."""
    answer = client.post("/affichage", data={"theme": "sombre", "next": "/recherche?q=a"})
    assert (answer.status_code, answer.location) == (303, "/recherche?q=a")
    assert '<html lang="fr" data-theme="sombre">' in client.get("/aide").text
    client.post("/affichage", data={"theme": "auto"})
    assert '<html lang="fr">' in client.get("/aide").text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", "", "/a\nb", "a"]
)
def test_a_form_sends_nobody_to_another_site(elsewhere: str) -> None:
    """Only a path of ours is followed."""
    assert local_address(elsewhere) == "/"
    assert local_address("/aide?x=1") == "/aide?x=1"


def test_static_files_are_kept_for_a_year_only_in_their_version(client: FlaskClient) -> None:
    """The page names a version; a stale one, or none, is not kept for long. Vendored files never change."""
    address = re.search(r'href="(/static/savoirs\.css\?v=[0-9a-f]+)"', client.get("/aide").text)
    assert address is not None
    for path, kept in (
        (address[1], True),
        ("/static/savoirs.css", False),
        ("/static/savoirs.css?v=0", False),
        ("/static/vendor/literata/literata-titres-fr.woff2", True),
    ):
        with client.get(path) as answer:
            assert ("immutable" in answer.headers["Cache-Control"]) is kept, path


def test_pages_are_never_kept_by_shared_caches(client: FlaskClient) -> None:
    """A page may hold a token; that of somebody signed in is not kept at all."""
    assert client.get("/aide").headers["Cache-Control"] == "private, no-cache"
    client.set_cookie("savoirs_session", "anything")
    assert client.get("/aide").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("folder", [ICONS, *sorted((STATIC / "vendor").iterdir())], ids=lambda folder: folder.name)
def test_what_is_vendored_has_its_licence_and_version(folder: Path) -> None:
    """Every folder of other people's work says whose it is, and which version."""
    assert (folder / "LICENSE.txt").stat().st_size > 500
    assert (folder / "VERSION.txt").stat().st_size > 50


def test_the_page_loads_little() -> None:
    """Style sheet and fonts stay within the budget of the design: 60 kB of style, 70 kB of fonts."""
    assert (STATIC / "savoirs.css").stat().st_size < 60_000
    assert sum(font.stat().st_size for font in (STATIC / "vendor").rglob("*.woff2")) < 70_000
