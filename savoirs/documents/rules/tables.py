"""Rows of tables that a document holds: tools, indicators, organisations, by the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.proposals import Proposal
from savoirs.documents.rules.columns import Column, columns_of
from savoirs.documents.rules.indicators import split_example
from savoirs.documents.rules.offers import named_offer
from savoirs.documents.rules.organisations import organisation_of_row
from savoirs.documents.workbench import Workbench

_MOST_HEADERS = 5
"""How many rows may stand above the one that names columns: a title, a date."""


def tables(bench: Workbench) -> tuple[Proposal, ...]:
    """What the rows of the tables of a document tell; tables whose columns say nothing are left to reports."""
    found: list[Proposal] = []
    for rows in _tables(bench.blocks):
        for place, header in enumerate(rows[:_MOST_HEADERS]):
            columns = columns_of(header.cells)
            if Column.NAME in columns or Column.TOOL in columns or Column.INDICATOR in columns:
                bench.take(*rows[: place + 1])
                found += _of_rows(bench, columns, rows[place + 1 :])
                break
    return tuple(found)


def _tables(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    rows: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.ROW:
            rows.append(block)
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def _of_rows(bench: Workbench, columns: dict[Column, int], rows: Sequence[Block]) -> Iterator[Proposal]:
    for row in bench.free(rows):
        told = {column: row.cells[place].strip() for column, place in columns.items() if place < len(row.cells)}
        if Column.TOOL in columns:
            proposal = _tool(bench, row, told)
        elif Column.INDICATOR in columns:
            proposal = _indicator(bench, row, told)
        else:
            proposal = organisation_of_row(bench, row, told)
        if proposal is not None:
            bench.take(row)
            yield proposal


def _tool(bench: Workbench, row: Block, told: dict[Column, str]) -> Proposal | None:
    if not told.get(Column.TOOL):
        return None
    purpose = told.get(Column.DESCRIPTION, "")
    offer = named_offer(told[Column.TOOL], purpose, told.get(Column.PROVIDER, ""))
    kind = "platform" if offer.own_name else ""
    provider = (
        bench.name(offer.provider, row, rule="offers_a_tool", kind=kind, confidence=0.7) if offer.provider else ""
    )
    return bench.propose(
        "tool",
        offer.name,
        (row.first, row.last),
        rule="row_of_tools",
        confidence=0.85,
        words=(offer.name,),
        fields={
            "as_written": offer.name,
            "provider": provider,
            "purpose": purpose,
            "text": row.text,
            "cost": told.get(Column.COST, ""),
            "workshop": None,
        },
    )


def _indicator(bench: Workbench, row: Block, told: dict[Column, str]) -> Proposal | None:
    if not told.get(Column.INDICATOR):
        return None
    bare, examples, aside = split_example(told[Column.INDICATOR])
    example = told.get(Column.EXAMPLE, "")
    return bench.propose(
        "indicator",
        bare,
        (row.first, row.last),
        rule="row_of_indicators",
        confidence=0.85,
        words=(bare,),
        fields={
            "text": row.text,
            "examples": (*examples, *((example,) if example else ())),
            "parenthesis": aside,
            "nature": "",
            "measure": told.get(Column.MEASURE, ""),
            "workshop": None,
        },
    )
