"""Evaluation frameworks: numbered sections, each with what it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import fold, tidy_title
from savoirs.documents.proposals import Proposal
from savoirs.documents.rules.workshops import Workshop
from savoirs.documents.sections import Section
from savoirs.documents.wording import Role
from savoirs.documents.workbench import Workbench
from savoirs.slugs import slugify

_SIGNED = re.compile(
    r"\bnegatifs?\b.*\bpositifs?\b|\bpositifs?\b.*\bnegatifs?\b|\bbons et mauvais\b|\binattendus?\b|\bimprevus?\b"
)
_POINTS = re.compile(r"\b(?:dysfonctionnements?|difficultes?|ecarts?|echecs?|obstacles?|freins?|problemes?)\b")
_EXPECTED = re.compile(r"\battentes?\b|\bprevus?\b|\battendus?\b|\binitia\w+|\bau depart\b|\bobjectifs?\b")
_SHAREABLE = re.compile(
    r"\b(?:attentes?|besoins?|souhaits?)\b.*\b(?:partenaires?|fondation|financeurs?|mecenes?|accompagnement|bailleurs?)\b"
)
_SINGLE = re.compile(r"\bobjectif general\b|\bcontexte\b|\bresume\b|\btitre\b|\bbudget\b")
_PLURAL = re.compile(r"^(?:\w+-)?\w+s\b|\bpar (?:sous-)?objectif\b|\bresultats\b|\bindicateurs\b|\bpoints\b|\bpistes\b")
_FEWEST = 2
_MOST_SECTIONS = 20


@dataclass
class _Part:
    """A section of the framework while it is gathered."""

    number: int
    block: Block
    items: list[Block] = field(default_factory=list)


def frameworks(bench: Workbench, workshops: Sequence[Workshop]) -> tuple[Proposal, ...]:
    """The frameworks of a document: of a workshop whose output is one, or under a heading that announces one."""
    found = []
    seen: set[int] = set()
    for workshop in workshops:
        if workshop.output == "framework" and workshop.sections:
            seen.update(section.first for section in workshop.sections)
            title = workshop.synthesis or workshop.theme or workshop.question
            found.append(_framework(bench, workshop.sections, title, workshop.number))
    for place, section in enumerate(bench.sections):
        if section.role is Role.FRAMEWORK and section.own and section.first not in seen:
            under = [section]
            for one in bench.sections[place + 1 :]:
                if one.role is not Role.FRAMEWORK and one.level <= section.level:
                    break
                under.append(one)
            seen.update(one.first for one in under)
            found.append(_framework(bench, under, section.title, None))
    return tuple(one for one in found if one is not None)


def _framework(bench: Workbench, sections: Sequence[Section], title: str, workshop: int | None) -> Proposal | None:
    parts = _parts(bench, sections)
    if len(parts) < _FEWEST or not any(part.items for part in parts):
        return None
    for part in parts:
        bench.take(part.block, *part.items)
    last = parts[-1].items[-1].last if parts[-1].items else parts[-1].block.last
    bench.take(sections[0].heading)
    return bench.propose(
        "framework",
        title,
        (sections[0].first, last),
        rule="numbered_sections",
        confidence=0.9 if all(part.items for part in parts) else 0.7,
        words=tuple(part.block.text for part in parts),
        fields={"sections": tuple(_told(part) for part in parts), "workshop": workshop},
    )


def _parts(bench: Workbench, sections: Sequence[Section]) -> list[_Part]:
    """Numbers that follow one another open sections, bullets or not; the rest is under the last one opened."""
    parts: list[_Part] = []
    numbered = any(block.number == "1" for block in _all(sections))
    for block in _all(sections):
        if not bench.is_free(block):
            continue
        expected = str(len(parts) + 1)
        opens = block.number == expected if numbered else _opens(block, sections)
        if opens and len(parts) < _MOST_SECTIONS:
            parts.append(_Part(len(parts) + 1, block))
        elif parts and block.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH) and not _is_name(bench, block):
            parts[-1].items.append(block)
    return parts


def _opens(block: Block, sections: Sequence[Section]) -> bool:
    """Without numbers, headings below the first one open sections, and so do lines that announce items."""
    return (block.kind is BlockKind.HEADING and block is not sections[0].heading) or (
        block.kind is BlockKind.PARAGRAPH and block.introduces
    )


def _all(sections: Sequence[Section]) -> list[Block]:
    blocks: list[Block] = []
    for place, section in enumerate(sections):
        if section.heading is not None and place:
            blocks.append(section.heading)
        blocks += section.blocks
    return blocks


def _is_name(bench: Workbench, block: Block) -> bool:
    """Whether a paragraph is only a name, as below a logo."""
    return block in bench.apart


def _told(part: _Part) -> dict[str, Any]:
    return {
        "number": part.number,
        "title": tidy_title(part.block.text),
        "lines": (part.block.first, part.block.last),
        "items": tuple(_item(block) for block in part.items),
    }


def _item(block: Block) -> dict[str, Any]:
    folded = fold(block.text)
    points = bool(_POINTS.search(folded) and _EXPECTED.search(folded))
    return {
        "key": slugify(block.text, max_length=60),
        "title": tidy_title(block.text),
        "lines": (block.first, block.last),
        "many": bool(_PLURAL.search(folded)) and not _SINGLE.search(folded),
        "signed": bool(_SIGNED.search(folded)),
        "points_to_expectation": points,
        "shareable_as_need": bool(_SHAREABLE.search(folded)),
    }
