"""What a visitor writes is text: no page, for anybody, runs it or loads anything for it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from indexer.embedded import EmbeddedEngine
from indexer.engine import SearchEngine
from savoirs import database
from savoirs.models import Note, NoteStatus, Organisation, Role
from tests.builders import make_account, make_contact, make_gathering, make_organisation, make_theme
from tests.conformance.engines import LANGUAGE
from tests.routes import readable_addresses
from tests.signing_in import signed_in
from tests.web import make_app

Sessions = sessionmaker[Session]

PAYLOAD = """<script>alert(7331)</script>"><img src=x onerror=alert(7331)>' onmouseover='alert(7331)"""
MARKDOWN = f"""{PAYLOAD}

[un lien](javascript:alert(7331)) [un autre](data:text/html;base64,eA==) ![](https://ailleurs.example.org/x.png)

<https://ailleurs.example.org/" onclick="alert(7331)> <svg onload=alert(7331)> <iframe src="https://ailleurs.example.org">

[ref]: vbscript:alert(7331) "un titre"
[ref] `<b>` **gras** <style>*{{display:none}}</style> &lt;script&gt;alert(7331)&lt;/script&gt; {{{{ 7*7 }}}}
"""
STORY: dict[str, Any] = {
    "kind": "practice",
    "title": f"Rappeler {PAYLOAD}",
    "summary": f"{PAYLOAD}",
    "introduction": MARKDOWN,
    "context": MARKDOWN,
    "action": MARKDOWN,
    "worked": MARKDOWN,
    "failed": MARKDOWN,
    "themes": ["fidelisation"],
    "stance": "solved",
    "for_whom": PAYLOAD,
    "time_needed": PAYLOAD,
    "cost": PAYLOAD,
    "requires": PAYLOAD,
    "tools": PAYLOAD,
    "step": "publish",
}
REQUEST = {
    "context": MARKDOWN,
    "question": MARKDOWN,
    "preference": "writing",
    "name": PAYLOAD,
    "email": "une.personne@example.org",
    "agree_relay": "y",
    "agree_exchange": "y",
}


class _Dangers(HTMLParser):
    """Collects what a browser would run or load that is not one of our files."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Elements that should not be there, and attributes that run or load."""
        if tag in ("iframe", "object", "embed", "base", "style", "frame", "audio", "video", "template"):
            self.found.append(tag)
        self._script = tag == "script"
        for name, value in attrs:
            target = "".join((value or "").split()).lower()
            runs = name.startswith("on") or name in ("style", "srcdoc", "formaction")
            loads = name in ("src", "action", "xlink:href") and not target.startswith(("/", "#"))
            leads = name == "href" and target.split(":")[0] in ("javascript", "data", "vbscript")
            if runs or loads or leads:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        """A script that is written in the page."""
        if self._script and data.strip():
            self.found.append(f"script: {data}")
        self._script = False


def dangers(html: str) -> list[str]:
    """What in a page is not text, nor ours."""
    parser = _Dangers()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[SearchEngine]:
    """The real engine: it marks words inside what was written."""
    engine = EmbeddedEngine(tmp_path / "index", LANGUAGE)
    yield engine
    engine.close()


def test_the_reader_of_dangers_sees_them() -> None:
    """Each of these would be a fault of ours."""
    for bad in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href=" java\nscript:alert(1)">x</a>',
        '<p style="x">',
        "<iframe>",
        '<img src="https://ailleurs.example.org/x.png">',
    ):
        assert dangers(bad) != []
    ours = '<script src="/static/x.js"></script><a href="https://ailleurs.example.org">x</a>'
    assert dangers(f"<p>&lt;script&gt;</p>{ours}") == []


def test_what_a_visitor_writes_runs_nowhere(session_factory: Sessions, tmp_path: Path, engine: SearchEngine) -> None:
    """A note, the name of an association, a request: previewed, waiting, published, found, told as a reason."""
    with database.transaction(session_factory) as session:
        make_theme(session, "Fidéliser", key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil")
        make_contact(session, fil)
        make_gathering(session)
        make_account(session, "membre", organisation=fil)
        make_account(session, "edition", role=Role.EDITOR)
        asked = f"/pairs/demande?organisation={fil.id}"
    app = make_app(session_factory, tmp_path, engine=engine, writes_per_hour=10**6)
    visitor, member = app.test_client(), signed_in(app.test_client(), session_factory, "membre")
    editor = signed_in(app.test_client(), session_factory, "edition")
    named = {**STORY, "organisation": f"Association {PAYLOAD}"}
    pages = {"preview": visitor.post("/partager", data={**named, "step": "preview"}).text}
    pages["mistakes"] = visitor.post("/partager", data={**named, "date": PAYLOAD, "title": ""}).text
    assert visitor.post("/partager", data={**named, "token": "a"}).status_code == 303
    assert member.post("/partager", data={**STORY, "organisation": "Association Exemple Le Fil"}).status_code == 303
    assert visitor.post(asked, data=REQUEST).status_code == 303
    with database.reading(session_factory) as session:
        waiting = session.scalars(select(Note.id).where(Note.status == NoteStatus.PENDING)).one()
        published = session.scalars(select(Note.id).where(Note.status == NoteStatus.PUBLISHED)).one()
    pages["moderation"] = editor.get("/moderation").text + editor.get(f"/moderation/fiches/{waiting}").text
    answer = editor.post(f"/moderation/fiches/{waiting}/publier", data={"create_organisation": "y"})
    assert answer.status_code == 303
    edit = {**STORY, "organisation": "Association Exemple Le Fil", "action": f"Autre chose {MARKDOWN}"}
    assert editor.post(f"/fiches/{published}/modifier", data={**edit, "base_revision": "1"}).status_code == 303
    conflict = {**edit, "action": "Encore autre chose", "base_revision": "1", "token": "b"}
    assert editor.post(f"/fiches/{published}/modifier", data=conflict).status_code == 303
    with database.reading(session_factory) as session:
        assert session.scalar(select(Organisation.id).where(Organisation.name.contains("alert(7331)"))) is not None
        known = readable_addresses(app, session, each=2)
    addresses = [one for endpoint, some in known.items() if endpoint != "static" for one in some]
    typed = ("rappeler", "alert", PAYLOAD)
    searches = [f"/{page}={word}" for page in ("recherche?q", "pairs?besoin", "partager?besoin") for word in typed]
    for name, client in (("visitor", visitor), ("member", member), ("editor", editor)):
        for address in (
            *addresses,
            *searches,
            f"{asked}&besoin=rappeler&fiche={published}",
            f"/pairs?fiche={published}",
        ):
            answer = client.get(address, follow_redirects=True)
            if answer.mimetype == "text/html":
                pages[f"{name} {address}"] = answer.text
            answer.close()
    assert sum("alert(7331)" in page for page in pages.values()) > 30  # it was there to be read
    assert {name: found for name, page in pages.items() if (found := dangers(page))} == {}


def test_an_answer_of_the_api_marks_words_and_nothing_else(
    session_factory: Sessions, tmp_path: Path, engine: SearchEngine
) -> None:
    """An excerpt is HTML that a program may show as it is."""
    with database.transaction(session_factory) as session:
        make_theme(session, key="fidelisation")
        fil = make_organisation(session, "Association Exemple Le Fil")
        make_account(session, "membre", organisation=fil)
    app = make_app(session_factory, tmp_path, engine=engine)
    client = signed_in(app.test_client(), session_factory, "membre")
    client.post("/partager", data={**STORY, "organisation": "Association Exemple Le Fil"})
    for word in ("alert", "script", "rappeler", "onerror", ""):
        answer = client.get("/api/v1/search", query_string={"q": word})
        assert answer.mimetype == "application/json"
        (note,) = [one for one in answer.json["results"] if one["kind"] == "practice"]
        bare = note["excerpt"].replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert ">" not in bare
