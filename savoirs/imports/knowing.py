"""Which pieces the base holds already: what ``documents.known`` says, with what this import made itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.documents.knowing import Known, known
from savoirs.documents.text import Line, ReadDocument
from savoirs.imports.pieces import Piece, to_proposals
from savoirs.models import Contact, Import, Source


def document_of(row: Import) -> ReadDocument:
    """The document of an import as records need it: what it is, and its masked lines."""
    lines = tuple(Line(number, text) for number, text in enumerate(row.text.splitlines(), 1))
    return ReadDocument(
        row.name, row.format, row.sha256, row.size_bytes, lines or (Line(1, ""),), row.pages, row.recognised
    )


def matches_of(session: Session, row: Import, tree: Sequence[Piece]) -> dict[int, Known]:
    """Records that pieces would make again, by place in ``flat(to_proposals(tree))``.

    A record that a piece became is that piece's, whatever another one beside it looks like.
    """
    proposals, keys = to_proposals(tree)
    by_key = {piece.key: piece for piece in tree}
    made = {piece.record for piece in tree if piece.record}
    found = known(session, document_of(row), proposals)
    matches = {place: match for place, match in found.items() if match.id not in made}
    contacts = _contacts_at(session, row)
    for place, key in enumerate(keys):
        piece = by_key[key]
        if piece.kind == "contact" and place not in matches and piece.origin in contacts:
            matches[place] = Known(contacts[piece.origin], piece.title, "source")
        if piece.record:
            matches[place] = Known(piece.record, piece.title, "source")
    return matches


def _contacts_at(session: Session, row: Import) -> dict[tuple[int, ...], str]:
    """Contacts made from this very file, by their lines: a piece has no address to know them by."""
    rows = session.execute(
        select(Contact.first_line, Contact.last_line, Contact.id)
        .join(Source, Source.id == Contact.source_id)
        .where(Source.sha256 == row.sha256, Contact.key.not_like("testimony-%"), Contact.first_line.is_not(None))
        .order_by(Contact.id)
    )
    return {(first or 0, last or 0): id_ for first, last, id_ in rows}
