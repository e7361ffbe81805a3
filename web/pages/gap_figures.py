"""Two sections of « Pilotage »: the map of gaps, and searches that found nothing; each as a table to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from savoirs import gaps, misses
from savoirs.database import reading
from savoirs.gaps import Gap
from savoirs.misses import Miss
from web.band import Cell, cell
from web.identity import required_editor
from web.wiring import Services, current_services

bp = Blueprint("gap_figures", __name__)

COLUMNS = ("besoins", "solutions", "échecs utiles", "appels", "recherches vaines")
WITHOUT_THEME = "Sans thème"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """A row of the map: a theme, its squares in the order of ``COLUMNS``, and whether more is asked than told."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    lacking: bool


def gap_rows(session: Session, _services: Services) -> tuple[GapRow, ...]:
    """The map of gaps."""
    return tuple(
        GapRow(gap.key, gap.name or WITHOUT_THEME, tuple(map(cell, _numbers(gap))), gap.asked > gap.told)
        for gap in gaps.read(session)
    )


def miss_rows(session: Session, _services: Services) -> tuple[Miss, ...]:
    """Searches that found nothing."""
    return misses.shown(session)


@bp.get("/pilotage/manques.csv")
def gaps_csv() -> Response:
    """The map of gaps."""
    required_editor()
    with reading(current_services().sessions) as session:
        rows = [(gap.name or WITHOUT_THEME, *_numbers(gap)) for gap in gaps.read(session)]
    return _csv(("thème", *COLUMNS), rows)


@bp.get("/pilotage/recherches-vaines.csv")
def misses_csv() -> Response:
    """Searches that found nothing."""
    required_editor()
    with reading(current_services().sessions) as session:
        rows = [(miss.words, miss.count, miss.month) for miss in misses.shown(session, gaps.LOOKED_AT)]
    return _csv(("mots", "recherches", "dernier mois"), rows)


def _numbers(gap: Gap) -> tuple[int, ...]:
    return (gap.needs, gap.solved, gap.failed, gap.calls, gap.searches)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table that French spreadsheets open as it is: semicolons, and a mark that says UTF-8."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(header)
    table.writerows([_harmless(value) for value in row] for row in rows)
    return Response("\ufeff" + written.getvalue(), mimetype="text/csv")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
