"""What the home page and the map of gaps count: notes by theme, and open calls. One statement for both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, String, cast, func, literal, literal_column, select, union_all
from sqlalchemy.orm import Session

from savoirs import themes
from savoirs.cards import Named
from savoirs.models import Call, CallAnswer, CallStatus, Note, NoteStatus
from savoirs.plaintext import masked
from savoirs.slugs import slugify
from savoirs.themes import ThemeCount


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An open call as the home page shows it: its question, the ISO day it was let through, how many notes answer."""

    call: Named
    day: str
    answers: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the root themes, the fullest first; open calls by root theme; the last open calls.

    ``calls_by_theme`` is by key, and has those without a theme under the empty one.
    """

    themes: tuple[ThemeCount, ...]
    calls_by_theme: Mapping[str, int]
    calls: tuple[OpenCall, ...]
    calls_total: int


def overview(session: Session, *, calls: int) -> Overview:
    """Count. One query.

    Args:
        session: The session.
        calls: How many of the last calls.
    """
    rows: Sequence[Any] = session.execute(_query()).all()
    counts = themes.read_counts(row for row in rows if row[0] in themes.COUNTED)
    keys = {row[1]: row[2] for row in rows if row[0] == "root"}
    by_theme: dict[str, int] = defaultdict(int)
    for what, root, _value, _name, count in rows:
        if what == "calls":
            by_theme[keys.get(root, "")] += count
    found = sorted(((row[3], row[1]), row) for row in rows if row[0] == "call")[::-1]
    last = tuple(
        OpenCall(Named(id_, masked(asked), slugify(masked(asked))), moment[:10], answers)
        for _, (_what, id_, asked, moment, answers) in found[:calls]
    )
    return Overview(counts, dict(by_theme), last, len(found))


def _query() -> CompoundSelect[*tuple[Any, ...]]:
    above = themes.above("above_calls")
    answers = (
        select(func.count())
        .select_from(CallAnswer)
        .join(Note, Note.id == CallAnswer.note_id)
        .where(CallAnswer.call_id == Call.id, Note.status == NoteStatus.PUBLISHED)
        .correlate(Call)
        .scalar_subquery()
    )
    root = func.coalesce(above.c.root, literal_column("''"))
    return union_all(
        *themes.count_queries(),
        select(literal("calls"), root, literal(""), literal(""), func.count(Call.id))
        .outerjoin(above, above.c.theme == Call.theme_id)
        .where(Call.status == CallStatus.OPEN)
        .group_by(root),
        select(literal("call"), Call.id, Call.question, cast(Call.opened_at, String), answers).where(
            Call.status == CallStatus.OPEN
        ),
    )
