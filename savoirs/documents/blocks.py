"""From lines to blocks: headings, paragraphs, items and rows, with page noise left out and cut lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from savoirs.documents import wording
from savoirs.documents.folding import clean, fold, without_marker, without_number
from savoirs.documents.text import Line, LineKind


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table.

    Attributes:
        text: Its clean text, without bullet; its number is kept in ``number``.
        kind: What it is.
        first: Its first line, from 1.
        last: Its last line, included.
        level: The level of a heading, from 1.
        number: Of an item or a numbered heading, « 2 » or « b »; else empty.
        gap: How many empty lines are above it.
        cells: The cells of a row.
        last_chars: How long its last line is; 0 for what the next line cannot go on with.
    """

    text: str
    kind: BlockKind
    first: int
    last: int
    level: int = 0
    number: str = ""
    gap: int = 0
    cells: tuple[str, ...] = ()
    last_chars: int = 0

    @property
    def folded(self) -> str:
        """Its text as rules compare it."""
        return fold(self.text)

    @property
    def introduces(self) -> bool:
        """Whether it announces what follows."""
        return self.text.endswith(":")


CAPITALS, NAMED, NUMBERED = 2, 2, 4
"""Levels of headings that only their form tells."""

_LONGEST_HEADING = 120
_FULL_LINE = 45
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–—|\s]*\d{1,3}\s*(?:(?:/|sur|of)\s*\d{1,4})?[-–—|\s]*$", re.IGNORECASE)
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,}|_{3,}|\*{3,})\s*$")
_DIGITS = re.compile(r"\d+")
_LABELLED = re.compile(r"^[A-ZÀ-ÖØ-Þ][\w’' -]{2,30}\s?:\s")
_SENTENCE_END = (".", "!", "?", "…", ":", ";", "»")
_COMPOUND_STARTS = """
au la ci inter sous sur mi demi semi non peut vis rendez apres avant bien porte auto co post pre pro grand
petit contre ex socio social multi micro mini intra extra anti franco trans quelques est dit moi toi lui nous
vous eux elles
"""
_COMPOUNDS = frozenset(_COMPOUND_STARTS.split())
"""What stays joined by its hyphen to the word of the next line, folded."""

_EDGE = 3


def blocks_of(lines: Sequence[Line]) -> tuple[Block, ...]:
    """The blocks of a document, in order."""
    noise = _noise(lines)
    full_line = _full_line(lines)
    found: list[Block] = []
    gap = 0
    for place, line in enumerate(lines):
        text = clean(line.text)
        if not text or place in noise or _UNDERLINE.match(line.text):
            gap += not text
            continue
        under = place + 1 < len(lines) and lines[place + 1].text.startswith(("===", "---")) and len(text) < 100
        goes_on = bool(found) and found[-1].kind is not BlockKind.HEADING and not gap and text[:1].islower()
        block = _block(line, text, gap, underlined=under, formless=goes_on)
        if found and not gap and text[:1].islower() and found[-1].kind is BlockKind.HEADING and found[-1].last_chars:
            found[-1] = replace(found[-1], kind=BlockKind.PARAGRAPH, level=0)
        if found and not line.whole and _continues(found[-1], block, line, full_line):
            found[-1] = _joined(found[-1], block)
        else:
            found.append(block)
        gap = 0
    return tuple(_numbered_headings(found))


def _full_line(lines: Sequence[Line]) -> int:
    """How long a line of a page is when the next word had no room on it; 0 when there are no pages."""
    lengths = sorted(len(line.text) for line in lines if line.page is not None and line.text.strip())
    return max(20, round(0.9 * lengths[len(lengths) * 4 // 5])) if lengths else 0


def _block(line: Line, text: str, gap: int, *, underlined: bool, formless: bool) -> Block:
    if line.kind is LineKind.ROW:
        cells = tuple(clean(cell) for cell in line.cells)
        return Block(text, BlockKind.ROW, line.number, line.end, gap=gap, cells=cells)
    if line.kind is LineKind.HEADING or underlined:
        title, number = without_number(text.lstrip("# "))
        return Block(title, BlockKind.HEADING, line.number, line.end, line.level or CAPITALS, number, gap)
    bare, marked = without_marker(text)
    title, number = without_number(bare)
    if marked or line.kind is LineKind.ITEM:
        return Block(title, BlockKind.ITEM, line.number, line.end, line.level, number, gap, last_chars=len(text))
    level = 0 if formless else _level(text)
    if level:
        named = len(text) if not text.isupper() else 0
        return Block(text, BlockKind.HEADING, line.number, line.end, level, "", gap, last_chars=named)
    if number and not wording.HOUR.match(text):
        return Block(title, BlockKind.ITEM, line.number, line.end, NUMBERED, number, gap, last_chars=len(text))
    return Block(text, BlockKind.PARAGRAPH, line.number, line.end, gap=gap, last_chars=len(text))


def _level(text: str) -> int:
    """The level of a line that its form alone makes a heading; 0 for any other."""
    if len(text) > _LONGEST_HEADING or text.endswith((".", ",", ";")) or wording.HOUR.match(text):
        return 0
    letters = [char for char in text if char.isalpha()]
    if len(letters) >= 4 and sum(char.isupper() for char in letters) >= 0.8 * len(letters):
        return CAPITALS
    folded = fold(text)
    if wording.WORKSHOP_HEADING.match(folded) and not text.endswith("?"):
        return CAPITALS
    return NAMED if wording.names_a_section(folded) else 0


def _continues(before: Block, block: Block, line: Line, full_line: int) -> bool:
    """Whether a line goes on with the block above it: a reader of PDF, and many a text, cut paragraphs in lines."""
    if (
        before.kind is BlockKind.ROW
        or line.kind is LineKind.ROW
        or (block.gap and not _over_a_break(before, block, line))
    ):
        return False
    if before.kind is BlockKind.HEADING:
        same = block.kind is BlockKind.HEADING and line.kind is LineKind.HEADING and block.level == before.level
        return same and len(before.text) + len(block.text) < _LONGEST_HEADING
    labels = _LABELLED.match(before.text) and _LABELLED.match(block.text)
    if block.kind is not BlockKind.PARAGRAPH or wording.HOUR.match(block.text) or labels:
        return False
    if block.text[:1].islower() or block.text[:1] in ")»":
        return not before.text.endswith((":", "."))
    room = before.last_chars + 1 + len(block.text.split(" ", 1)[0]) if full_line else before.last_chars
    if full_line and before.kind is BlockKind.ITEM and before.introduces:
        return room >= full_line and not block.introduces
    return room >= (full_line or _FULL_LINE) and not before.text.endswith(_SENTENCE_END) and not block.introduces


def _over_a_break(before: Block, block: Block, line: Line) -> bool:
    """Whether a sentence goes on over the end of a page or a column."""
    goes_on = block.text[:1].islower() and before.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
    return line.page is not None and block.gap <= 2 and goes_on and not before.text.endswith(_SENTENCE_END)


def _joined(before: Block, block: Block) -> Block:
    return replace(before, text=_glued(before.text, block.text), last=block.last, last_chars=len(block.text))


def _glued(one: str, other: str) -> str:
    """Two lines as one; a word cut at its end loses its hyphen, a compound keeps it."""
    if not one.endswith("-") or not one[-2:-1].isalpha():
        return f"{one} {other}"
    word = fold(re.split(r"[\s'’-]", one[:-1])[-1])
    return one[:-1] + other if other[:1].islower() and word not in _COMPOUNDS else one + other


def _numbered_headings(blocks: list[Block]) -> Iterator[Block]:
    """Numbered lines that stand apart, with something else than the next number below them, are headings."""
    for place, block in enumerate(blocks):
        alone = (
            block.kind is BlockKind.ITEM
            and block.level == NUMBERED
            and block.number.isdigit()
            and len(block.text) <= 90
            and not block.text.endswith((".", ";", ","))
            and (block.gap or place == 0)
        )
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if alone and after is not None and not (after.number and after.level == NUMBERED):
            yield replace(block, kind=BlockKind.HEADING)
        else:
            yield replace(block, level=0) if block.kind is BlockKind.ITEM and block.level == NUMBERED else block


def _noise(lines: Sequence[Line]) -> set[int]:
    """Places of page numbers, and of headers and footers that come back on page after page."""
    found = {place for place, line in enumerate(lines) if line.kind is LineKind.TEXT and _is_page_number(line, lines)}
    shapes: Counter[str] = Counter()
    pages: dict[str, set[int | None]] = {}
    edges = _edges(lines)
    for place in edges:
        shape = _shape(lines[place])
        shapes[shape] += 1
        pages.setdefault(shape, set()).add(lines[place].page)
    count = len({line.page for line in lines if line.page is not None})
    for place in edges:
        shape = _shape(lines[place])
        often = count >= 3 and len(pages[shape]) >= max(3, count // 2)
        if often or (len(pages[shape]) >= 2 and re.search(r"page #|#/#", shape)):
            found.add(place)
    return found | _repeated(lines)


def _is_page_number(line: Line, lines: Sequence[Line]) -> bool:
    text = clean(line.text)
    if not _PAGE_NUMBER.match(text):
        return False
    return line.page is not None or text.lower().startswith("page") or "/" in text or _lonely(line, lines)


def _lonely(line: Line, lines: Sequence[Line]) -> bool:
    place = line.number - 1
    around = [lines[one].text for one in (place - 1, place + 1) if 0 <= one < len(lines)]
    return not any(text.strip() for text in around)


def _edges(lines: Sequence[Line]) -> list[int]:
    """Places of the first and last few lines of each page."""
    by_page: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if line.page is not None and line.text.strip() and line.kind in (LineKind.TEXT, LineKind.HEADING):
            by_page.setdefault(line.page, []).append(place)
    return sorted({place for places in by_page.values() for place in (*places[:_EDGE], *places[-_EDGE:])})


def _shape(line: Line) -> str:
    return _DIGITS.sub("#", fold(clean(line.text)))


def _repeated(lines: Sequence[Line]) -> set[int]:
    """Places of what a text without pages repeats three times or more, with another number each time or none."""
    if any(line.page is not None for line in lines):
        return set()
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        if line.kind is LineKind.TEXT and len(line.text.strip()) >= 6 and not without_marker(clean(line.text))[1]:
            places.setdefault(_shape(line), []).append(place)
    often = (found for shape, found in places.items() if len(found) >= 3 and _looks_like_a_footer(shape, found, lines))
    return {place for found in often for place in found}


def _looks_like_a_footer(shape: str, found: list[int], lines: Sequence[Line]) -> bool:
    texts = {clean(lines[place].text) for place in found}
    alone = all(_lonely(lines[place], lines) for place in found)
    return "page #" in shape or "#/#" in shape or (alone and len(texts) == 1 and len(shape) < 80)
