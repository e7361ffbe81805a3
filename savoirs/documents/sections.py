"""A document as sections: a heading, what its words say it is about, and the blocks under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


_INHERITED = (Role.WORKSHOP, Role.FRAMEWORK, Role.TESTIMONIES, Role.PARTICIPANTS)


def sections_of(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of a document, in order; empty ones too, since a heading alone says something."""
    found: list[Section] = []
    heading: Block | None = None
    under: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            if heading is not None or under:
                found.append(_section(heading, under, found))
            heading, under = block, []
        else:
            under.append(block)
    if heading is not None or under:
        found.append(_section(heading, under, found))
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


def _section(heading: Block | None, under: list[Block], before: list[Section]) -> Section:
    if heading is None:
        return Section(None, tuple(under), Role.OTHER, 0)
    folded = heading.folded
    role = role_of(folded)
    match = WORKSHOP_HEADING.match(folded)
    if role is Role.OTHER or (role is not Role.WORKSHOP and heading.number):
        parent = next((one for one in reversed(before) if one.level and one.level < heading.level), None)
        if parent is not None and parent.role in _INHERITED:
            return Section(heading, tuple(under), parent.role, heading.level, parent.number, own=False)
    return Section(heading, tuple(under), role, heading.level, int(match.group(1)) if match else 0)
