"""Rows of several tables in one statement: every select has the same columns, and says what its rows are.

A page needs a little of many tables: joining them would multiply rows, and a statement each would make a dozen. A
``UNION ALL`` of ``piece`` selects reads them all at once; ``read_pieces`` sorts the rows by what they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    cast,
    literal_column,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Chosen = Callable[[Any], ColumnElement[bool]]
"""Says which records are wanted, as a condition on the column that holds their id."""

_COLUMNS: dict[str, TypeEngine[Any]] = {
    "id": String(),
    "name": String(),
    "position": Integer(),
    "kind": String(),
    "role": String(),
    "stance": String(),
    "date": String(),
    "text": String(),
    "departement": String(),
    "merged_into": String(),
    "volunteers": Integer(),
    "employees": Integer(),
    "fictional": Boolean(),
    "anonymous": Boolean(),
    "agreed": Boolean(),
}


def piece(what: str, owner: Any, **columns: Any) -> Select[Any]:
    """A part of such a statement.

    Args:
        what: What its rows are: letters and hyphens.
        owner: The column of the record that they belong to.
        **columns: Some of ``id``, ``name``, ``position``, ``kind``… (``_COLUMNS``); those that it has not are None.
    """
    named: list[ColumnElement[Any]] = [
        (type_coerce(columns[name], type_) if name in columns else cast(null(), type_)).label(name)
        for name, type_ in _COLUMNS.items()
    ]
    return select(
        literal_column(f"'{what}'", String()).label("what"), type_coerce(owner, String()).label("owner"), *named
    )


class Pieces:
    """The rows of such a statement, by what they are and whose; in order of position, then as SQL gave them."""

    def __init__(self, rows: Sequence[Any] = ()) -> None:
        self._all = sorted(rows, key=lambda row: row.position or 0)
        self._rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self._all:
            self._rows[row.what, row.owner].append(row)

    def of(self, what: str, owner: str) -> Sequence[Any]:
        """Rows of a record."""
        return self._rows.get((what, owner), ())

    def rows(self, what: str) -> Sequence[Any]:
        """Rows of all records."""
        return [row for row in self._all if row.what == what]

    def one(self, what: str, owner: str) -> Any:
        """The only row of a record; None when there is none."""
        return next(iter(self.of(what, owner)), None)


def read_pieces(session: Session, query: CompoundSelect[*tuple[Any, ...]], **values: Any) -> Pieces:
    """Run such a statement. One query."""
    rows: Sequence[Any] = session.execute(query, values).all()
    return Pieces(rows)
