"""What a reader changes of a proposal before accepting it: its words, its lines, where it begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from savoirs.documents.folding import tidy_title, without_marker
from savoirs.draft_checks import LIMITS
from savoirs.errors import FieldError, InvalidError, NotFoundError, SavoirsError
from savoirs.imports.pieces import Piece, PieceState, find, keep_pieces, pieces_of, put
from savoirs.models import Import, ImportState
from savoirs.plaintext import masked, sentences, shortened

LONGEST_TEXT = 15_000

_FIELDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "practice": lambda _title: {"lived_by": [], "cites": [], "tools": [], "examples": []},
    "tool": lambda title: {"provider": "", "purpose": "", "as_written": title},
    "indicator": lambda _title: {"nature": "", "measure": "", "examples": [], "parenthesis": ""},
    "testimony": lambda _title: {"organisation": ""},
    "principle": lambda _title: {},
    "report": lambda _title: {},
}
"""What a note of each kind says beside its text, when nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a reader wants a note to be. ``theme`` is a key, or empty to let its words tell; so is an organisation."""

    title: str
    kind: str
    theme: str
    organisation: str
    first: int
    last: int


def organisation_of(piece: Piece) -> str:
    """The association that a note is said to be about; empty when it is about none."""
    told = piece.fields
    if piece.kind == "practice":
        return next(iter(told.get("lived_by", ())), "")
    if piece.kind == "tool":
        return str(told.get("provider", ""))
    if piece.kind == "testimony":
        return str(told.get("organisation", ""))
    return next(iter(told.get("participants", ())), "")


def change(row: Import, key: str, wanted: Change) -> Piece:
    """Change a note that nobody has decided about.

    Raises:
        InvalidError: ``import_title_missing``, ``too_long``, ``import_bad_lines`` or ``import_bad_kind``.
        NotFoundError: ``unknown_piece``.
        SavoirsError: ``piece_decided``.
    """
    pieces = pieces_of(row)
    piece = _open_note(row, pieces, key)
    last_line = len(row.text.splitlines())
    title = masked(" ".join(wanted.title.split()))
    mistakes = []
    if not title:
        mistakes.append(FieldError("title", "import_title_missing"))
    if len(title) > LIMITS["title"]:
        mistakes.append(FieldError("title", "import_title_too_long", {"maximum": LIMITS["title"]}))
    if wanted.kind not in _FIELDS:
        mistakes.append(FieldError("kind", "import_bad_kind"))
    if not 1 <= wanted.first <= wanted.last <= last_line:
        mistakes.append(FieldError("first", "import_bad_lines", {"last": last_line}))
    if mistakes:
        raise InvalidError(tuple(mistakes))
    fields = dict(piece.fields)
    if (wanted.first, wanted.last) != piece.span:
        fields["text"] = text_of(row, wanted.first, wanted.last)
        if not fields["text"].strip():
            raise InvalidError((FieldError("first", "import_no_words"),))
    if wanted.kind != piece.kind:
        kept = ("text", "workshop", "themes")
        fields = {name: value for name, value in fields.items() if name in kept} | _FIELDS[wanted.kind](title)
    fields["themes"] = [wanted.theme] if wanted.theme else []
    changed = replace(
        piece, title=title, kind=wanted.kind, first=wanted.first, last=wanted.last, edited=True,
        fields=_about(wanted.kind, fields, wanted.organisation, organisation_of(piece)),
        secret=piece.secret and wanted.kind == piece.kind,
    )  # fmt: skip
    keep_pieces(row, put(pieces, changed))
    return changed


def merge(row: Import, key: str) -> Piece:
    """Make one note of a note and the next one in the document that is not decided.

    Raises:
        SavoirsError: ``nothing_to_merge`` and those of ``change``.
    """
    pieces = pieces_of(row)
    piece = _open_note(row, pieces, key)
    other = next_note(pieces, piece)
    if other is None:
        raise SavoirsError("nothing_to_merge")
    fields = dict(piece.fields)
    fields["text"] = shortened(f"{fields['text']}\n\n{other.fields['text']}", LONGEST_TEXT)
    whole = replace(
        piece, first=min(piece.first, other.first), last=max(piece.last, other.last), fields=fields, edited=True
    )
    keep_pieces(row, put(pieces, whole, replace(other, state=PieceState.MERGED)))
    return whole


def split(row: Import, key: str, line: int) -> tuple[Piece, Piece]:
    """Make two notes of one: the second begins at a line.

    Raises:
        InvalidError: ``import_bad_cut``.
        SavoirsError: Those of ``change``.
    """
    pieces = pieces_of(row)
    piece = _open_note(row, pieces, key)
    above, below = text_of(row, piece.first, line - 1), text_of(row, line, piece.last)
    if not piece.first < line <= piece.last or not above.strip() or not below.strip():
        raise InvalidError((FieldError("line", "import_bad_cut", {"first": piece.first + 1, "last": piece.last}),))
    one = replace(piece, last=line - 1, fields={**piece.fields, "text": above}, edited=True)
    title = shortened(tidy_title(without_marker((sentences(below) or [below])[0])[0]), LIMITS["title"])
    number = sum(known.key.startswith("s") for known in pieces) + 1
    common = {name: piece.fields[name] for name in ("workshop", "themes") if name in piece.fields}
    other = Piece(
        key=f"s{number}", kind=piece.kind, title=title, first=line, last=piece.last, rule="cut_by_a_reader",
        fields={**_FIELDS[piece.kind](title), **common, "workshop": piece.fields.get("workshop"), "text": below},
        edited=True,
    )  # fmt: skip
    place = [known.key for known in pieces].index(key)
    keep_pieces(row, [*put(pieces[: place + 1], one), other, *pieces[place + 1 :]])
    return one, other


def ignore(row: Import, key: str, *, back: bool = False) -> None:
    """Leave a proposal out with what belongs to it, or take it back; one that is decided already stays as it is.

    Raises:
        NotFoundError: ``unknown_piece``.
    """
    pieces = pieces_of(row)
    if find(pieces, key) is None:
        raise NotFoundError("unknown_piece", key=key)
    before, after = (PieceState.IGNORED, PieceState.PROPOSED) if back else (PieceState.PROPOSED, PieceState.IGNORED)
    mine = {key} | {piece.key for piece in pieces if piece.parent == key}
    changed = [replace(piece, state=after) for piece in pieces if piece.key in mine and piece.state is before]
    keep_pieces(row, put(pieces, *changed))
    tell_state(row)


def tell_state(row: Import) -> None:
    """An import is done when nothing of it waits for a decision."""
    left = any(piece.is_open for piece in pieces_of(row))
    row.state = ImportState.READY if left else ImportState.DONE


def next_note(pieces: Sequence[Piece], piece: Piece) -> Piece | None:
    """The note that comes next in the document and is not decided."""
    after = [one for one in pieces if one.is_note and one.is_open and one.key != piece.key and one.first >= piece.first]
    return min(after, key=lambda one: (one.first, one.last), default=None)


def text_of(row: Import, first: int, last: int) -> str:
    """The masked text of some lines."""
    return shortened("\n".join(row.text.splitlines()[max(0, first - 1) : last]).strip(), LONGEST_TEXT)


def _open_note(row: Import, pieces: Sequence[Piece], key: str) -> Piece:
    piece = find(pieces, key)
    if piece is None or not piece.is_note:
        raise NotFoundError("unknown_piece", key=key)
    if row.state not in (ImportState.READY, ImportState.DONE) or not piece.is_open:
        raise SavoirsError("piece_decided")
    return piece


def _about(kind: str, fields: dict[str, Any], name: str, before: str) -> dict[str, Any]:
    """Fields that say which association the note is about."""
    if kind == "practice":
        others = [one for one in fields.get("lived_by", ()) if one not in (before, name)]
        return {**fields, "lived_by": [*([name] if name else []), *others]}
    if kind == "tool":
        return {**fields, "provider": name}
    if kind == "testimony":
        return {**fields, "organisation": name}
    return {**fields, "participants": [name] if name else []}
