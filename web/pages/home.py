"""The home page: a question, what the network knows by theme, its last notes, what it still looks for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from savoirs import note_views, search, themes
from savoirs.database import reading
from savoirs.models import Note, NoteKind, NoteStatus, Stance, record_id
from savoirs.themes import ThemeCount
from web.addresses import note_url
from web.wiring import Services, current_services

bp = Blueprint("home", __name__)

LATEST = 5
NEEDS = 3
SHOWN_THEMES = 12

SPECIMEN_KEY = "groupe-facebook-ferme-benevoles"
"""The note of the 2017 day that the home page gives as an example, when it is loaded."""

_STEPS = (2, 5, 10, 16, 28)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the band of themes, and how dark its square is, 0 to 5."""

    count: int
    shade: int


@bp.get("/")
def show() -> str:
    """The home page."""
    services = current_services()
    with reading(services.sessions) as session:
        counts = themes.counts(session)[:SHOWN_THEMES]
        latest = note_views.latest(session, LATEST)
        needs = _needs(services, session)
        specimen = _specimen_url(session)
    return render_template("home.html", themes=counts, cells=_cells, latest=latest, needs=needs, specimen=specimen)


def _cells(theme: ThemeCount) -> tuple[Cell, ...]:
    numbers = (
        theme.kinds.get(NoteKind.PRACTICE, 0),
        theme.kinds.get(NoteKind.TOOL, 0),
        theme.kinds.get(NoteKind.INDICATOR, 0),
        theme.stances.get(Stance.FAILED, 0),
        theme.stances.get(Stance.NEED, 0),
    )
    return tuple(Cell(number, sum(number >= step for step in _STEPS)) for number in numbers)


def _needs(services: Services, session: Session) -> search.Results:
    query = search.Query(filters={"stance": (Stance.NEED.value,)}, sort="newest", per_page=NEEDS)
    return search.find(session, services.search_engine, services.feed, query)


def _specimen_url(session: Session) -> str | None:
    note = session.get(Note, record_id("note", SPECIMEN_KEY))
    return note_url(note.id, note.title) if note is not None and note.status is NoteStatus.PUBLISHED else None
