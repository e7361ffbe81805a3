"""Objectives of a day: the items, or the paragraphs, under a heading that announces aims."""

from __future__ import annotations

from savoirs.documents.blocks import BlockKind
from savoirs.documents.proposals import Proposal
from savoirs.documents.wording import Role
from savoirs.documents.workbench import Workbench

_MOST = 12
_LONGEST = 400


def objectives(bench: Workbench) -> tuple[Proposal, ...]:
    """The objectives, in order. Items when there are any; a paragraph that announces them is none."""
    found = []
    for section in (one for one in bench.sections if one.role is Role.AIMS and one.own):
        free = [block for block in bench.free(section.blocks) if block.kind is not BlockKind.ROW]
        items = [block for block in free if block.kind is BlockKind.ITEM]
        chosen = items or [block for block in free if not block.introduces and len(block.text) <= _LONGEST]
        bench.take(section.heading, *(block for block in free if block.introduces))
        for block in chosen[:_MOST]:
            bench.take(block)
            found.append(
                bench.propose(
                    "objective",
                    block.text,
                    (block.first, block.last),
                    rule="under_aims",
                    confidence=0.9,
                    words=(section.title,),
                    fields={"text": block.text},
                )
            )
    return tuple(found)
