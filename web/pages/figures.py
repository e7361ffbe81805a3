"""« Pilotage »: how the network uses Savoirs, for programme officers. Numbers, no names; small groups are hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from savoirs.database import reading
from savoirs.introductions import figures as introduction_figures
from web.clock import now
from web.identity import required_editor
from web.pages.gap_figures import gap_rows, miss_rows
from web.wiring import Services, current_services

bp = Blueprint("figures", __name__)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes:
        anchor: Its id in the page.
        title: Its title.
        template: What shows it, in a ``<section>`` that has its title already; it gets ``figures``.
        read: Reads what it shows; called with a session and the services.
    """

    anchor: str
    title: str
    template: str
    read: Callable[[Session, Services], Any]


def _introductions(session: Session, _services: Services) -> introduction_figures.Figures:
    return introduction_figures.figures(session, now())


SECTIONS: tuple[Section, ...] = (
    Section("mises-en-relation", "Mises en relation", "_figures_introductions.html", _introductions),
    Section("manques", "Ce qui manque", "_gaps.html", gap_rows),
    Section("recherches-vaines", "Ce que l’on cherche en vain", "_misses.html", miss_rows),
)
"""In the order of the page."""


@bp.get("/pilotage")
def show() -> str:
    """All sections; for editors and administrators."""
    required_editor()
    services = current_services()
    with reading(services.sessions) as session:
        shown = [(section, section.read(session, services)) for section in SECTIONS]
    return render_template("figures.html", shown=shown)
