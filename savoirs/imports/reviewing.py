"""The review of an import: its pieces in groups, each beside what the base knows, and its text with their passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.documents.knowing import Known
from savoirs.imports.accepting import may_accept
from savoirs.imports.knowing import matches_of
from savoirs.imports.pieces import Piece, PieceState, in_the_tree, pieces_of, to_proposals
from savoirs.models import Account, Import, Note, NoteStatus, Source
from savoirs.slugs import slugify

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("day", ("gathering", "objective", "slot")),
    ("workshops", ("workshop",)),
    ("frameworks", ("framework",)),
    ("practices", ("practice",)),
    ("tools", ("tool",)),
    ("indicators", ("indicator",)),
    ("principles", ("principle",)),
    ("testimonies", ("testimony",)),
    ("reports", ("report",)),
    ("organisations", ("organisation",)),
    ("contacts", ("contact",)),
)
"""Groups of a review, in order, and the kinds in each."""

MOST_COMPARED = 60
"""The most pieces that are compared with all notes for one page."""

MOST_LINES = 60
"""The most lines of a passage."""

Alike = Callable[[str, str], Sequence[str]]
"""Ids of published notes that tell what a title and a text tell already, the most alike first."""


@dataclass(frozen=True, slots=True)
class Near:
    """A published note that a piece may repeat."""

    id: str
    title: str
    slug: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece in the review.

    Attributes:
        piece: The piece.
        known: The record that the base holds already.
        near: Notes that may tell it already.
        acceptable: Whether this reader may make a record of it.
        record: The id of its record, made or known; empty for none.
        passage: Its first lines, masked; none for a day, which is the whole document.
    """

    piece: Piece
    known: Known | None
    near: tuple[Near, ...]
    acceptable: bool
    record: str
    passage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """An import to review.

    Attributes:
        groups: Names of groups, and their pieces: those that wait for a decision first, in the document's order.
        lines: The masked lines of the document, and the keys of the pieces that begin at each.
        marked: Numbers of the lines that some piece was made of.
        left: How many pieces wait for this reader's decision and are new.
        others: How many wait for somebody else's.
        source_id: The id of the source, once a record was made.
    """

    groups: tuple[tuple[str, tuple[Shown, ...]], ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    marked: frozenset[int]
    left: int
    others: int
    source_id: str


def review(session: Session, row: Import, account: Account, alike: Alike) -> Review:
    """The review of an import that was read. The number of queries does not grow with that of pieces."""
    tree = in_the_tree(pieces_of(row))
    _, keys = to_proposals(tree)
    matches = {keys[place]: match for place, match in matches_of(session, row, tree).items()}
    near = _near(session, [one for one in tree if one.is_note and one.is_open and one.key not in matches], alike)
    texts = row.text.splitlines()
    shown = {
        piece.key: Shown(
            piece=piece,
            known=matches.get(piece.key) if piece.state is not PieceState.ACCEPTED else None,
            near=near.get(piece.key, ()),
            acceptable=may_accept(account, piece),
            record=piece.record or (matches[piece.key].id if piece.key in matches else ""),
            passage=() if piece.kind == "gathering" else tuple(texts[piece.first - 1 : piece.last][:MOST_LINES]),
        )
        for piece in tree
    }
    new = [one for one in shown.values() if one.piece.is_open and one.known is None]
    mine = sum(one.acceptable for one in new)
    starts: dict[int, list[str]] = {}
    marked: set[int] = set()
    for piece in tree:
        if piece.state is not PieceState.IGNORED:
            starts.setdefault(piece.first, []).append(piece.key)
            marked.update(range(piece.first, piece.last + 1) if piece.kind != "gathering" else ())
    source = select(Source.id).where(Source.sha256 == row.sha256).order_by(Source.id).limit(1)
    return Review(
        groups=tuple(
            (name, some)
            for name, kinds in GROUPS
            if (some := tuple(sorted((one for one in shown.values() if one.piece.kind in kinds), key=_decided)))
        ),
        lines=tuple((text, tuple(starts.get(number, ()))) for number, text in enumerate(texts, 1)),
        marked=frozenset(marked),
        left=mine,
        others=len(new) - mine,
        source_id=session.scalar(source) or "",
    )


def _decided(one: Shown) -> bool:
    return not one.piece.is_open or one.known is not None


def _near(session: Session, pieces: Sequence[Piece], alike: Alike) -> dict[str, tuple[Near, ...]]:
    """Published notes near each piece. One query."""
    found = {piece.key: tuple(alike(piece.title, str(piece.fields["text"]))) for piece in pieces[:MOST_COMPARED]}
    ids = sorted({id_ for some in found.values() for id_ in some})
    if not ids:
        return {}
    rows = session.execute(
        select(Note.id, Note.title).where(Note.id.in_(ids), Note.status == NoteStatus.PUBLISHED).order_by(Note.id)
    )
    titles = {row.id: row.title for row in rows}
    return {
        key: tuple(Near(id_, titles[id_], slugify(titles[id_])) for id_ in some if id_ in titles)
        for key, some in found.items()
    }
