"""Indicators: the items of a list that a heading, or the sentence above it, calls indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from savoirs.documents.blocks import Block
from savoirs.documents.folding import fold
from savoirs.documents.proposals import Proposal
from savoirs.documents.rules.workshops import Workshop
from savoirs.documents.sections import Section, groups_of
from savoirs.documents.wording import EXAMPLE, Role, role_of
from savoirs.documents.workbench import Workbench

PARENTHESIS = re.compile(r"\s*\(([^()]{3,})\)")
_AFTER = re.compile(r"[,;:.]?\s+(?:par exemple|p\. ?ex\.|exemples?\s*:|ex\s*:)\s*:?\s*(.{3,})$", re.IGNORECASE)
_MEASURE = re.compile(r"^(?:mesure|mesurer|calcul|comment mesurer|source)\s*:\s*", re.IGNORECASE)
_COUNTED = re.compile(r"\bnombre\b|\btaux\b|\bpart\b|\bpourcentage\b|\b% |\bduree\b|\bmontant\b|\bfrequence\b")
_WEAKEST_CONFIDENCE = 0.7


def indicators(bench: Workbench, workshops: Sequence[Workshop]) -> tuple[Proposal, ...]:
    """The indicators of a document, in order."""
    of_workshop = {section.first: one for one in workshops for section in one.sections}
    found = []
    for section in bench.sections:
        workshop = of_workshop.get(section.first)
        announced = _announced(section, workshop)
        for group in groups_of(section.blocks):
            said = group.intro is not None and role_of(group.intro.folded) is Role.INDICATORS and group.intro.introduces
            if not announced and not said:
                continue
            bench.take(group.intro if said else None)
            for block in bench.free(group.items):
                bench.take(block)
                found.append(_indicator(bench, block, section, workshop, said=said))
    return tuple(found)


def split_example(text: str) -> tuple[str, tuple[str, ...], str]:
    """A text without its examples and parentheses, the examples, and the parenthesis that is none."""
    examples: list[str] = []
    aside: list[str] = []
    for inside in PARENTHESIS.findall(text):
        example = EXAMPLE.match(inside)
        if example:
            examples.append(inside[example.end() :].strip(" :,"))
        else:
            aside.append(inside.strip())
    bare = PARENTHESIS.sub("", text).strip()
    after = _AFTER.search(bare)
    if after:
        examples.append(after.group(1).strip(" ."))
        bare = bare[: after.start()].strip()
    return bare, tuple(one for one in examples if one), " ; ".join(aside)


def _announced(section: Section, workshop: Workshop | None) -> bool:
    if workshop is not None:
        return workshop.output == "indicators"
    return section.role is Role.INDICATORS


def _indicator(bench: Workbench, block: Block, section: Section, workshop: Workshop | None, *, said: bool) -> Proposal:
    bare, examples, aside = split_example(block.text)
    return bench.propose(
        "indicator",
        bare or block.text,
        (block.first, block.last),
        rule="listed_indicator",
        confidence=0.9 if workshop or not said else _WEAKEST_CONFIDENCE,
        words=((workshop.synthesis if workshop else "") or section.title,),
        fields={
            "text": block.text,
            "examples": examples,
            "parenthesis": aside,
            "nature": "quantitative" if _COUNTED.search(fold(bare)) else "qualitative",
            "workshop": workshop.number if workshop else None,
        },
    )
