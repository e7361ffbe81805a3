"""Pieces: the proposals of a file as a reader leaves them, kept as JSON with the import, and back.

No secret is in a piece. A contact's address and the name of who signs a testimony are in the original file, and are
read again from it by the lines they were found at (``origin``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from savoirs.documents.proposals import NOTE_KINDS, Decision, Proposal, Span
from savoirs.models import Import

SECRETS: Mapping[str, tuple[str, ...]] = {"contact": ("email", "telephone", "name"), "testimony": ("author",)}
"""Fields that stay in the original file, by kind of proposal."""


class PieceState(StrEnum):
    """What became of a piece; ``merged`` is for one that is now part of another."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IGNORED = "ignored"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Piece:
    """A proposal, and what a reader made of it.

    Attributes:
        key: Its name within the import, which never changes.
        kind: As ``Proposal.kind``.
        title: What it is called, masked.
        first: Its first line.
        last: Its last line, included.
        confidence: From 0 to 1.
        rule: What decided it.
        words: The words that the rule went by.
        fields: What else it says, without secrets.
        parent: The key of what it belongs to, or empty.
        state: What became of it.
        record: The id of the record it became.
        origin: The lines it was read at, where its secrets are; empty for a piece that a reader cut.
        secret: Whether something of it is in the original file only.
        edited: Whether a reader changed it.
    """

    key: str
    kind: str
    title: str
    first: int
    last: int
    confidence: float = 1.0
    rule: str = ""
    words: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    state: PieceState = PieceState.PROPOSED
    record: str = ""
    origin: tuple[int, ...] = ()
    secret: bool = False
    edited: bool = False

    @property
    def span(self) -> Span:
        """Its lines."""
        return self.first, self.last

    @property
    def is_note(self) -> bool:
        """Whether it would be a note."""
        return self.kind in NOTE_KINDS

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state is PieceState.PROPOSED


def of_proposals(proposals: Sequence[Proposal]) -> list[Piece]:
    """Proposals as pieces, each before its children, their secrets left out."""
    found: list[Piece] = []

    def add(one: Proposal, parent: str) -> None:
        hidden = SECRETS.get(one.kind, ())
        piece = Piece(
            key=f"p{len(found) + 1}",
            kind=one.kind,
            title=one.title,
            first=one.span[0],
            last=one.span[1],
            confidence=round(one.confidence, 3),
            rule=one.decided_by.rule,
            words=one.decided_by.words,
            fields={name: _plain(value) for name, value in one.fields.items() if name not in hidden},
            parent=parent,
            origin=one.span,
            secret=any(one.fields.get(name) for name in hidden),
        )
        found.append(piece)
        for child in one.children:
            add(child, piece.key)

    for one in proposals:
        add(one, "")
    return found


def pieces_of(row: Import) -> list[Piece]:
    """The pieces of an import, in order."""
    return [
        Piece(
            **kept | {
                "words": tuple(kept["words"]),
                "origin": tuple(kept["origin"]),
                "state": PieceState(kept["state"]),
            }
        )
        for kept in row.pieces
    ]  # fmt: skip


def keep_pieces(row: Import, pieces: Sequence[Piece]) -> None:
    """Write the pieces of an import; its counts follow."""
    row.pieces = [asdict(piece) | {"state": piece.state.value} for piece in pieces]
    row.found = sum(piece.state is not PieceState.MERGED for piece in pieces)
    row.kept = sum(piece.state is PieceState.ACCEPTED for piece in pieces)


def find(pieces: Iterable[Piece], key: str) -> Piece | None:
    """The piece of a key, None when there is none."""
    return next((piece for piece in pieces if piece.key == key), None)


def put(pieces: Sequence[Piece], *changed: Piece) -> list[Piece]:
    """The pieces, some of them in their new state."""
    by_key = {piece.key: piece for piece in changed}
    return [by_key.get(piece.key, piece) for piece in pieces]


def in_the_tree(pieces: Iterable[Piece]) -> list[Piece]:
    """Those that still stand for themselves."""
    return [piece for piece in pieces if piece.state is not PieceState.MERGED]


def to_proposals(pieces: Sequence[Piece]) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """Pieces as proposals, and their keys in the order of ``flat(proposals)``."""
    children: dict[str, list[Piece]] = {}
    for piece in pieces:
        children.setdefault(piece.parent, []).append(piece)
    keys: list[str] = []

    def proposal(piece: Piece) -> Proposal:
        keys.append(piece.key)
        below = tuple(proposal(child) for child in children.get(piece.key, ()))
        said = Decision(piece.rule, piece.words)
        return Proposal(
            piece.kind, piece.title, piece.span, piece.confidence, said, "", _lively(piece.kind, piece.fields), below
        )

    return tuple(proposal(piece) for piece in children.get("", ())), tuple(keys)


def with_secrets(pieces: Sequence[Piece], fresh: Sequence[Proposal]) -> list[Piece]:
    """Pieces with what only the original file tells, from the proposals that it gives again."""
    told = {(one.kind, one.span): one.fields for one in fresh if one.kind in SECRETS}
    found = []
    for piece in pieces:
        fields = told.get((piece.kind, (piece.origin[0], piece.origin[1]))) if piece.origin else None
        hidden = {name: fields.get(name) if fields else None for name in SECRETS.get(piece.kind, ())}
        found.append(replace(piece, fields={**piece.fields, **hidden}) if hidden else piece)
    return found


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _lively(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as the rules give them."""
    given = {**dict.fromkeys(SECRETS.get(kind, ())), **fields}
    if kind == "gathering" and given.get("date"):
        given["date"] = dt.date.fromisoformat(given["date"])
    return given
