"""Measuring speed: CPU time of what users wait for, and how many SQL statements a page sends."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from indexer.engine import Document, Feed, Request, SearchEngine
from savoirs import accounts, notes, search
from savoirs.database import reading, transaction
from savoirs.drafts import ExperienceDraft, NoteDraft
from savoirs.generation import Writer
from savoirs.models import Gathering, Note, Organisation, Role, Stance, Theme
from web.addresses import gathering_url, note_url, organisation_url
from web.wiring import Services

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Times:
    """CPU milliseconds of a thing done several times; ``wall_p50_ms`` is what a clock on the wall says."""

    count: int
    p50_ms: float
    p95_ms: float
    wall_p50_ms: float


def timed(actions: Sequence[Callable[[], Any]], *, warm_up: int = WARM_UP) -> Times:
    """Do each action once, the first ones once more beforehand, unmeasured."""
    for action in actions[:warm_up]:
        action()
    cpu, wall = [], []
    for action in actions:
        began, began_wall = time.process_time_ns(), time.perf_counter_ns()
        action()
        cpu.append((time.process_time_ns() - began) / 1e6)
        wall.append((time.perf_counter_ns() - began_wall) / 1e6)
    p50, p95 = np.percentile(cpu, [50, 95])
    return Times(len(actions), float(p50), float(p95), statistics.median(wall))


def build_rate(engine: SearchEngine, feed: Feed, documents: int) -> float:
    """Documents indexed in a second of CPU time, from a feed to a finished index."""
    began = time.process_time()
    engine.rebuild(feed)
    return documents / max(time.process_time() - began, 1e-9)


def queries(writer: Writer, documents: Sequence[Document], count: int) -> list[str]:
    """Searches of one to three words taken from the notes."""
    found = []
    for _ in range(count):
        words = [word for word in writer.one_of(documents).title.lower().split() if len(word) > 2] or ["atelier"]
        found.append(" ".join(words[: 1 + int(writer.random.integers(3))]))
    return found


def search_times(engine: SearchEngine, texts: Sequence[str]) -> Times:
    """Free searches in the engine alone, facets and reasons included."""
    return timed([partial(engine.search, Request(text=text)) for text in texts])


def page_times(app: Flask, texts: Sequence[str]) -> Times:
    """The whole search page, server time, through the application."""
    client = app.test_client()
    return timed([partial(_get, client, f"/recherche?q={quote(text)}") for text in texts])


def advice_times(app: Flask, documents: Sequence[Document], count: int) -> Times:
    """What somebody who writes waits for: duplicates, themes and hints, of texts half of which are new."""
    from web import advising  # noqa: PLC0415  (only this measure needs it)

    with app.app_context():
        advising.read_all()
    client = app.test_client()
    pairs = zip(documents[:count], documents[count : 2 * count], strict=False)
    return timed([partial(_advised, client, one.title, f"{one.body} {other.body}") for one, other in pairs])


def added_times(services: Services, writer: Writer, count: int) -> Times:
    """From a note's draft to the same note found by the next search, its commit included."""
    with transaction(services.sessions) as session:
        accounts.create(session, "mesure", Role.EDITOR)
    with reading(services.sessions) as session:
        author = accounts.get(session, "mesure")
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.key).limit(1)).one()
        theme = session.scalars(select(Theme.key).order_by(Theme.key).limit(1)).one()

    def add(number: int) -> None:
        word = f"motunique{number:05}"
        invented = writer.note()
        draft = NoteDraft(
            title=f"{invented.title} {word}",
            summary=invented.title[:180],
            action=invented.text,
            themes=(theme,),
            experiences=(ExperienceDraft(organisation, stance=Stance.SOLVED),),
        )
        with transaction(services.sessions) as session:
            added = notes.add(session, draft, author)
        if _first(services, word) != added.id:
            raise RuntimeError("a note that was added is not found")

    return timed([partial(add, number) for number in range(count)], warm_up=0)


def statements(app: Flask, services: Services, text: str) -> dict[str, int]:
    """How many SQL statements each page sends, the most of two visits; transactions and pragmas do not count."""
    with reading(services.sessions) as session:
        pages = _pages(session, quote(text))
    client = app.test_client()
    _get(client, "/recherche")
    return {name: max(_sent(services, client, address) for _ in range(2)) for name, address in pages.items()}


def _pages(session: Session, text: str) -> dict[str, str]:
    """Addresses of the pages that read the base, by what people call them."""
    note = session.scalars(select(Note).order_by(Note.key).limit(1)).one()
    organisation = session.scalars(select(Organisation).order_by(Organisation.key).limit(1)).one()
    day = session.scalars(select(Gathering).order_by(Gathering.key).limit(1)).first()
    return {
        "recherche": f"/recherche?q={text}",
        "accueil": "/",
        "fiche": note_url(note.id, note.title),
        "organisation": organisation_url(organisation.id, organisation.name),
        "organisations": "/organisations",
        "pairs": f"/pairs?besoin={text}",
        "pairs d’une fiche": f"/pairs?fiche={note.id}",
        "pairs d’une organisation": f"/pairs?organisation={organisation.id}",
        "mise en relation": f"/pairs/demande?organisation={organisation.id}&besoin={text}",
        "journées": "/journees",
        **({"journée": gathering_url(day.id, day.title)} if day else {}),
        "évaluation": "/evaluation",
        "partager": "/partager",
    }


def _sent(services: Services, client: FlaskClient, address: str) -> int:
    with _counting(services.database) as sent:
        _get(client, address)
    return len(sent)


def _first(services: Services, text: str) -> str | None:
    with reading(services.sessions) as session:
        results = search.find(session, services.search_engine, services.feed, search.Query(text=text))
    return results.results[0].id if results.results else None


def _get(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def _advised(client: FlaskClient, title: str, text: str) -> None:
    response = client.post("/partager/conseils", data={"kind": "practice", "title": title, "action": text})
    if response.status_code != 200:
        raise RuntimeError(f"advice answered {response.status_code}")


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
