"""What the home page shows of notes: the last ones, open needs, and one given as an example. One statement for all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from indexer.engine import Feed, Request, SearchEngine, Sort
from savoirs import plain_search
from savoirs.cards import NoteLine
from savoirs.fallback import answered
from savoirs.models import Note, NoteStatus, Stance
from savoirs.note_lines import note_lines
from savoirs.note_views import LATEST_FIRST


@dataclass(frozen=True, slots=True)
class Front:
    """``needs_total`` counts all open needs; ``example`` is None when that note is not there."""

    latest: tuple[NoteLine, ...]
    needs: tuple[NoteLine, ...]
    needs_total: int
    example: NoteLine | None


def front(session: Session, engine: SearchEngine, feed: Feed, *, example_id: str, latest: int, needs: int) -> Front:
    """Read it. One query beside the journal's, two without the engine.

    The last notes and the others are read together in the order of the last ones, so the first are still the last.
    Their status is looked at here as well: see ``peer_facts``.

    Args:
        session: The session.
        engine: The search engine.
        feed: What it follows.
        example_id: The note given as an example.
        latest: How many of the last notes.
        needs: How many needs, the newest first.
    """
    request = Request(filters={"stance": (Stance.NEED.value,)}, sort=Sort.NEWEST, limit=needs, facets=(), explain=False)
    page = answered(engine, feed, lambda: engine.search(request), lambda: plain_search.find_page(session, request)[0])
    ids = [hit.id for hit in page.hits]
    last = select(Note.id).where(Note.status == NoteStatus.PUBLISHED).order_by(*LATEST_FIRST).limit(latest)
    wanted = or_(Note.id.in_([*ids, example_id]), Note.id.in_(last))
    lines = note_lines(session, select(Note).where(wanted).order_by(*LATEST_FIRST))
    by_id = {line.id: line for line in lines if line.status is NoteStatus.PUBLISHED}
    return Front(
        latest=tuple(by_id.values())[:latest],
        needs=tuple(by_id[id_] for id_ in ids if id_ in by_id),
        needs_total=page.total,
        example=by_id.get(example_id),
    )
