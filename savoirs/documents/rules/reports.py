"""What no other rule took: one report note a section, so that nothing of a document is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import sentence_case
from savoirs.documents.proposals import Proposal
from savoirs.documents.sections import Section
from savoirs.documents.workbench import Workbench

_FEWEST_WORDS = 25
"""A section with fewer words goes with the one above it."""

_TOO_FEW_WORDS = 6
"""What is left of a document that gave other records is no report when it is shorter."""

_MOST_CHARS = 12_000
_MOST_REPORTS = 60


@dataclass
class _Part:
    """What becomes a report: headings are kept in its text, but its own."""

    title: str
    blocks: list[Block]
    level: int

    @property
    def words(self) -> int:
        return sum(len(block.text.split()) for block in self.blocks)

    @property
    def chars(self) -> int:
        return sum(len(block.text) + 4 for block in self.blocks)


def reports(bench: Workbench, title: str, *, alone: bool) -> tuple[Proposal, ...]:
    """The reports of a document.

    Args:
        bench: The document, all other rules applied.
        title: What the document is called.
        alone: Whether nothing else was recognised: then even a few words are a report.
    """
    parts = _merged(bench, [part for part in (_left(bench, one) for one in bench.sections) if part is not None])
    found = [part for whole in parts for part in _cut(whole)]
    few = 1 if alone else _TOO_FEW_WORDS
    kept = [part for part in found if part.words >= few]
    if alone and not kept:
        signs = bench.masked_text()[:_MOST_CHARS].strip() or title
        kept = [_Part("", list(bench.blocks) or [Block(signs, BlockKind.PARAGRAPH, 1, bench.document.line_count)], 1)]
    return tuple(_report(bench, part, title) for part in kept if part.blocks)


def _left(bench: Workbench, section: Section) -> _Part | None:
    blocks = [block for block in bench.free(section.blocks) if block not in bench.apart]
    return _Part(sentence_case(section.title), list(blocks), section.level or 1) if blocks else None


def _merged(bench: Workbench, parts: Sequence[_Part]) -> list[_Part]:
    """Small sections joined to the one above, and all of them more and more while there are too many."""
    fewest, merged = _FEWEST_WORDS, _join(bench, parts, _FEWEST_WORDS)
    while len(merged) > _MOST_REPORTS:
        fewest *= 2
        fewer = _join(bench, parts, fewest)
        if len(fewer) == len(merged) and fewest > _MOST_CHARS:
            break
        merged = fewer
    return merged


def _join(bench: Workbench, parts: Sequence[_Part], fewest: int) -> list[_Part]:
    found: list[_Part] = []
    for part in parts:
        short = part.words < fewest or (found and found[-1].words < fewest)
        if found and short and found[-1].chars + part.chars < _MOST_CHARS:
            heading = bench.heading_of(part.blocks[0])
            found[-1].blocks += [*([heading] if heading is not None else []), *part.blocks]
            found[-1].title = found[-1].title or part.title
        else:
            found.append(_Part(part.title, list(part.blocks), part.level))
    return found


def _cut(part: _Part) -> Iterator[_Part]:
    """A part in pieces that a note can hold."""
    if part.chars <= _MOST_CHARS:
        yield part
        return
    piece: list[Block] = []
    size = 0
    for block in (small for whole in part.blocks for small in _small(whole)):
        if piece and size + len(block.text) > _MOST_CHARS:
            yield _Part(part.title, piece, part.level)
            piece, size = [], 0
        piece.append(block)
        size += len(block.text) + 4
    if piece:
        yield _Part(part.title, piece, part.level)


def _small(block: Block) -> Iterator[Block]:
    """A block in pieces that a note can hold, cut between words."""
    text = block.text
    while len(text) > _MOST_CHARS:
        cut = text.rfind(" ", 1, _MOST_CHARS)
        cut = cut if cut > 0 else _MOST_CHARS
        yield replace(block, text=text[:cut])
        text = text[cut:].strip()
    yield replace(block, text=text)


def _report(bench: Workbench, part: _Part, title: str) -> Proposal:
    bench.take(*part.blocks)
    first, last = min(one.first for one in part.blocks), max(one.last for one in part.blocks)
    heading = bench.heading_of(part.blocks[0])
    if heading is not None and heading.last < first:
        first = heading.first
    return bench.propose(
        "report",
        part.title or title,
        (first, last),
        rule="section",
        confidence=0.5,
        words=(part.title,),
        fields={"text": _markdown(part.blocks), "workshop": None},
    )


def _markdown(blocks: Sequence[Block]) -> str:
    """Blocks as Markdown: lists, headings and tables kept."""
    lines: list[str] = []
    before: BlockKind | None = None
    for block in blocks:
        same_list = block.kind is before and block.kind in (BlockKind.ITEM, BlockKind.ROW)
        if lines and not same_list:
            lines.append("")
        lines += _block_lines(block, starts_table=block.kind is BlockKind.ROW and before is not BlockKind.ROW)
        before = block.kind
    return "\n".join(lines)


def _block_lines(block: Block, *, starts_table: bool) -> list[str]:
    if block.kind is BlockKind.HEADING:
        return [f"### {sentence_case(block.text)}"]
    if block.kind is BlockKind.ITEM:
        return [f"{block.number}. {block.text}" if block.number.isdigit() else f"- {block.text}"]
    if block.kind is BlockKind.ROW:
        row = f"| {' | '.join(cell.replace('|', '/') or ' ' for cell in block.cells)} |"
        return [row, "|" + " --- |" * len(block.cells)] if starts_table else [row]
    return [block.text]
