"""A document as sections: a heading, what its words say it is about, and the blocks under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.wording import WORKSHOP_HEADING, Role, role_of


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it, up to the next heading of any level.

    Attributes:
        heading: Its heading; None for what comes before the first.
        blocks: What is under it, other headings left out.
        role: What it is about; under a heading of no known role, the role of the section it is part of.
        level: Of its heading; 0 without one.
        number: Of the workshop it tells, from 1; 0 for any other section.
        own: Whether its own heading gives it its role.
    """

    heading: Block | None
    blocks: tuple[Block, ...]
    role: Role
    level: int
    number: int = 0
    own: bool = True

    @property
    def first(self) -> int:
        """Its first line."""
        return self.heading.first if self.heading else self.blocks[0].first

    @property
    def title(self) -> str:
        """The text of its heading, empty without one."""
        return self.heading.text if self.heading else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items that follow one another, and the paragraph that introduces them, if any."""

    intro: Block | None
    items: tuple[Block, ...]


_APART = (Role.AIMS, Role.CONTACTS, Role.PARTICIPANTS, Role.PROGRAMME, Role.TESTIMONIES, Role.WORKSHOPS)
"""What is never a part of a workshop, even under its heading."""

_INHERITED = (Role.WORKSHOP, Role.FRAMEWORK, Role.TESTIMONIES, Role.PARTICIPANTS)


def sections_of(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of a document, in order; empty ones too, since a heading alone says something."""
    found: list[Section] = []
    above: list[Section] = []
    heading: Block | None = None
    under: list[Block] = []
    for block in blocks:
        if heading is not None and not under and _entitles(heading, block):
            under.append(replace(block, kind=BlockKind.PARAGRAPH, level=0))
        elif block.kind is BlockKind.HEADING:
            if heading is not None or under:
                found.append(_section(heading, under, above))
            heading, under = block, []
        else:
            under.append(block)
    if heading is not None or under:
        found.append(_section(heading, under, above))
    return tuple(found)


def workshop_theme(title: str, folded: str) -> str:
    """What comes after the number in a workshop's heading: « numérique » in « Synthèse atelier #1 : numérique »."""
    match = WORKSHOP_HEADING.match(folded)
    if match is None:
        return ""
    rest = title[match.end() :] if len(title) == len(folded) else re.split(r"\d{1,2}", title, maxsplit=1)[-1]
    return rest.strip(" \u00a0:-–—.|/#")


def groups_of(blocks: Sequence[Block]) -> Iterator[Group]:
    """The lists among blocks, each with what introduces it, an item too where all are; rows of tables are none."""
    intro: Block | None = None
    items: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM and block.introduces:
            if items:
                yield Group(intro, tuple(items))
            intro, items = block, []
            continue
        if block.kind is BlockKind.ITEM:
            items.append(block)
            continue
        if items:
            yield Group(intro, tuple(items))
            intro, items = None, []
        intro = block if block.kind is BlockKind.PARAGRAPH else None
    if items:
        yield Group(intro, tuple(items))


def _entitles(heading: Block, block: Block) -> bool:
    """Whether a line that has only the words of a heading is what a workshop gave, right under its heading."""
    by_words = block.kind is BlockKind.HEADING and block.last_chars > 0
    return (
        by_words and role_of(heading.folded) is Role.WORKSHOP and role_of(block.folded) not in (*_APART, Role.WORKSHOP)
    )


def _section(heading: Block | None, under: list[Block], above: list[Section]) -> Section:
    """A section; ``above`` has those it may be part of, each of a deeper level than the one before it."""
    if heading is None:
        return Section(None, tuple(under), Role.OTHER, 0)
    while above and above[-1].level >= heading.level:
        above.pop()
    section = _told(heading, tuple(under), above[-1] if above else None)
    above.append(section)
    return section


def _told(heading: Block, under: tuple[Block, ...], parent: Section | None) -> Section:
    folded = heading.folded
    role = role_of(folded)
    match = WORKSHOP_HEADING.match(folded)
    inherits = parent is not None and parent.role in _INHERITED and role not in (*_APART, Role.WORKSHOP)
    if parent is not None and inherits:
        return Section(heading, under, parent.role, heading.level, parent.number, own=False)
    return Section(heading, under, role, heading.level, int(match.group(1)) if match else 0)
