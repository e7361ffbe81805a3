"""Imports: a file sent by somebody is kept, read beside the request, reviewed, and becomes records piece by piece.

``add`` keeps a file, ``read_next`` reads one that waits, ``review`` shows what was found, ``cutting`` changes it, and
``accept`` writes records. What a reader decides is kept with the import: they may leave and come back.
"""

from savoirs.imports.accepting import Accepted, accept
from savoirs.imports.choosing import Line, get, lines, of_account
from savoirs.imports.pieces import Piece, PieceState, pieces_of
from savoirs.imports.reading import read_next
from savoirs.imports.reviewing import Review, Shown, review
from savoirs.imports.sending import Sent, add, check
from savoirs.imports.tidying import cancel, drop_orphans, remove, retry, retry_all

__all__ = [
    "Accepted",
    "Line",
    "Piece",
    "PieceState",
    "Review",
    "Sent",
    "Shown",
    "accept",
    "add",
    "cancel",
    "check",
    "drop_orphans",
    "get",
    "lines",
    "of_account",
    "pieces_of",
    "read_next",
    "remove",
    "retry",
    "retry_all",
    "review",
]
