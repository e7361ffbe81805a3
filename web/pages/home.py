"""The home page: a question, what the network knows by theme, its last notes, what it still looks for."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template

from savoirs.database import reading
from savoirs.front import front
from savoirs.models import NoteKind, Stance, record_id
from savoirs.overview import overview
from savoirs.themes import ThemeCount
from web.addresses import note_url
from web.band import Cell, cell
from web.call_words import answers_in_words
from web.wiring import current_services

bp = Blueprint("home", __name__)

LATEST = 5
NEEDS = 3
CALLS = 3
SHOWN_THEMES = 12

SPECIMEN_ID = record_id("note", "groupe-facebook-ferme-benevoles")
"""The note of the 2017 day that the home page gives as an example, when it is loaded."""


@bp.get("/")
def show() -> str:
    """The home page."""
    services = current_services()
    engine, feed = services.search_engine, services.feed
    seq = feed.last_seq()
    with reading(services.sessions) as session:
        counts = services.overview.at(seq, lambda: overview(session, calls=CALLS))
        notes = services.front.at(
            seq, lambda: front(session, engine, feed, example_id=SPECIMEN_ID, latest=LATEST, needs=NEEDS)
        )
    specimen = note_url(notes.example.id, notes.example.title) if notes.example else None
    return render_template(
        "home.html",
        themes=[(theme, _cells(theme, counts.calls_by_theme)) for theme in counts.themes[:SHOWN_THEMES]],
        calls=counts.calls,
        calls_total=counts.calls_total,
        notes=notes,
        specimen=specimen,
        answers_in_words=answers_in_words,
    )


def _cells(theme: ThemeCount, calls: Mapping[str, int]) -> tuple[Cell, ...]:
    numbers = (
        theme.kinds.get(NoteKind.PRACTICE, 0),
        theme.kinds.get(NoteKind.TOOL, 0),
        theme.kinds.get(NoteKind.INDICATOR, 0),
        theme.stances.get(Stance.FAILED, 0),
        theme.stances.get(Stance.NEED, 0),
        calls.get(theme.key, 0),
    )
    return tuple(map(cell, numbers))
