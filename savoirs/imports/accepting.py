"""Accepting: pieces become records, all that was asked for in one transaction, and never twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from savoirs.database import reading, transaction
from savoirs.documents.knowing import slug
from savoirs.documents.limits import Limits
from savoirs.documents.originals import original_path
from savoirs.documents.proposals import NOTE_KINDS, Proposal
from savoirs.documents.reading import read
from savoirs.documents.splitting import split
from savoirs.documents.storing import Stored, store
from savoirs.errors import FieldError, InvalidError, SavoirsError
from savoirs.imports import choosing
from savoirs.imports.cutting import tell_state
from savoirs.imports.knowing import document_of, matches_of
from savoirs.imports.pieces import (
    Piece,
    PieceState,
    in_the_tree,
    keep_pieces,
    pieces_of,
    put,
    to_proposals,
    with_secrets,
)
from savoirs.journal import record_change
from savoirs.models import Account, Import, ImportState, Note, NoteStatus, Workshop
from savoirs.note_rights import is_editor


@dataclass(frozen=True, slots=True)
class Refused:
    """A piece that cannot become a note as it is, and why."""

    key: str
    title: str
    error: FieldError


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the pieces that were accepted. ``waiting`` is how many notes wait for an editor."""

    stored: tuple[Stored, ...] = ()
    refused: tuple[Refused, ...] = ()
    waiting: int = 0


def may_accept(account: Account, piece: Piece) -> bool:
    """Whether an account may make a record of a piece: an editor of any, a member of a note."""
    return is_editor(account) or piece.is_note


def accept(
    sessions: sessionmaker[Session],
    data_dir: Path,
    limits: Limits,
    import_id: str,
    account: Account,
    keys: Collection[str] | None = None,
    *,
    today: dt.date | None = None,
) -> Accepted:
    """Make records of pieces. What was decided already is left as it is: a second click finds nothing to do.

    A piece brings what it belongs to, and the association that it is about when the document proposes it. Notes of a
    member wait for an editor.

    Args:
        sessions: Sessions on the database.
        data_dir: Where originals are kept.
        limits: What the original may cost, if it has to be read again for an address.
        import_id: The import.
        account: Who accepts.
        keys: Which pieces; None for all that wait for a decision.
        today: Whose year a day of unknown year is given.

    Raises:
        NotFoundError: ``unknown_import``.
        SavoirsError: ``import_not_ready``; ``original_gone`` when an address is asked for and its file was removed.
    """
    with reading(sessions) as session:
        row = choosing.get(session, import_id, account)
        wanted = _wanted(row, account, keys)
        path = original_path(data_dir, row.sha256)
    fresh: tuple[Proposal, ...] | None = None
    if any(piece.secret for piece in wanted) and path.exists():
        fresh = split(read(path, limits, name=row.name))
    with transaction(sessions) as session:
        row = choosing.get(session, import_id, account, lock=True)
        asked = _wanted(row, account, keys)
        wanted = [piece for piece in asked if piece.kind != "contact" or fresh is not None]
        if len(wanted) < len(asked) and (keys is not None or not wanted):
            raise SavoirsError("original_gone", name=row.name)
        if not wanted:
            return Accepted()
        return _accepted(session, row, account, wanted, fresh or (), today)


def _wanted(row: Import, account: Account, keys: Collection[str] | None) -> list[Piece]:
    """The pieces asked for that may still be accepted, with what they bring."""
    if row.state not in (ImportState.READY, ImportState.DONE):
        raise SavoirsError("import_not_ready")
    pieces = pieces_of(row)
    asked = {piece.key for piece in pieces if keys is None or piece.key in keys}
    waiting = [piece for piece in pieces if piece.is_open and piece.key in asked and may_accept(account, piece)]
    brought = {piece.parent for piece in waiting}
    if is_editor(account):
        named = {slug(name) for piece in waiting for name in _names_of(piece)}
        brought |= {piece.key for piece in pieces if piece.kind == "organisation" and slug(piece.title) in named}
    chosen = {piece.key for piece in waiting} | {
        piece.key for piece in pieces if piece.key in brought and piece.is_open and may_accept(account, piece)
    }
    return [piece for piece in pieces if piece.key in chosen]


def _names_of(piece: Piece) -> list[str]:
    """The associations that a piece is about."""
    told = piece.fields
    names = [told.get(name) for name in ("organisation", "provider")]
    names += [*told.get("lived_by", ()), *told.get("cites", ()), *told.get("participants", ())]
    names += [one["organisation"] for one in told.get("participations", ())]
    return [name for name in names if name]


def _accepted(
    session: Session,
    row: Import,
    account: Account,
    wanted: Sequence[Piece],
    fresh: Sequence[Proposal],
    today: dt.date | None,
) -> Accepted:
    try:
        with session.begin_nested():
            stored = _stored(session, row, account, wanted, fresh, today)
        refused: list[Refused] = []
    except InvalidError as invalid:
        stored, refused = [], []
        for piece in wanted if len(wanted) > 1 else ():
            try:
                with session.begin_nested():
                    stored += _stored(session, row, account, [piece], fresh, today)
            except InvalidError as error:
                refused.append(Refused(piece.key, piece.title, error.errors[0]))
        if len(wanted) == 1:
            refused = [Refused(wanted[0].key, wanted[0].title, invalid.errors[0])]
    _link_workshops(session, row)
    waiting = 0 if is_editor(account) else sum(one.kind in NOTE_KINDS and not one.known for one in stored)
    tell_state(row)
    session.flush()
    return Accepted(tuple(stored), tuple(refused), waiting)


def _stored(
    session: Session,
    row: Import,
    account: Account,
    wanted: Sequence[Piece],
    fresh: Sequence[Proposal],
    today: dt.date | None,
) -> list[Stored]:
    """Write some pieces, and keep with each the record that it became."""
    pieces = pieces_of(row)
    tree = with_secrets(in_the_tree(pieces), fresh)
    proposals, keys = to_proposals(tree)
    document = document_of(row)
    matches = matches_of(session, row, tree)
    known = {keys[place] for place in matches}
    chosen = {piece.key for piece in wanted}
    chosen |= {piece.parent for piece in wanted if piece.parent}
    days = {piece.key for piece in tree if piece.kind == "gathering" and piece.key in known}
    left_out = [place for place, key in enumerate(keys) if key not in chosen | days]
    _, made = store(
        session, document, proposals, matches,
        author=account, published=is_editor(account), left_out=left_out, text=row.text, today=today,
    )  # fmt: skip
    placed = [key for place, key in enumerate(keys) if place not in set(left_out)]
    done = {key: one for key, one in zip(placed, made, strict=True) if key in chosen}
    if not is_editor(account):
        _hold_back(session, [one.id for one in done.values() if one.kind in NOTE_KINDS and not one.known])
    changed = [
        replace(piece, state=PieceState.ACCEPTED, record=done[piece.key].id) for piece in pieces if piece.key in done
    ]
    keep_pieces(row, put(pieces, *changed))
    session.flush()
    return list(done.values())


def _hold_back(session: Session, ids: Sequence[str]) -> None:
    """What a member takes out of a document is read by an editor before it is published, whoever it is about."""
    for id_ in ids:
        note = session.get_one(Note, id_)
        note.status, note.published_at = NoteStatus.PENDING, None
    session.flush()


def _link_workshops(session: Session, row: Import) -> None:
    """Notes that were accepted before the day they come from are put in their workshops once it is there."""
    pieces = pieces_of(row)
    numbers = {
        piece.fields.get("number"): piece.record for piece in pieces if piece.kind == "workshop" and piece.record
    }
    notes = {
        piece.record: numbers[piece.fields.get("workshop")]
        for piece in pieces
        if piece.is_note and piece.record and piece.fields.get("workshop") in numbers
    }
    for note_id, workshop_id in sorted(notes.items()):
        note = session.get(Note, note_id)
        if note is not None and note.workshop_id is None and session.get(Workshop, workshop_id) is not None:
            note.workshop_id = workshop_id
            record_change(session, "note", note.id)
