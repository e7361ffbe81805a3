"""What the rules share while they cut a document: its blocks and sections, which lines are taken, who was named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from savoirs.documents.blocks import Block, blocks_of
from savoirs.documents.folding import clean, tidy_title
from savoirs.documents.names import organisation_kind, strip_article
from savoirs.documents.people import People, people_of
from savoirs.documents.proposals import Decision, Proposal, Span
from savoirs.documents.sections import Section, sections_of
from savoirs.documents.text import ReadDocument
from savoirs.plaintext import MASK, shortened
from savoirs.slugs import slugify

LONGEST_TITLE, LONGEST_PASSAGE, LONGEST_TEXT = 160, 6_000, 15_000


@dataclass(slots=True)
class Named:
    """An organisation that the document names; ``kind`` is empty while nothing tells it."""

    name: str
    kind: str
    first: int
    last: int
    rule: str
    confidence: float


class Workbench:
    """A document being cut. Rules take blocks from it, in turn; what none of them took becomes reports."""

    def __init__(self, document: ReadDocument) -> None:
        self.document = document
        self.blocks: tuple[Block, ...] = blocks_of(document.lines)
        self.sections: tuple[Section, ...] = sections_of(self.blocks)
        self.people: People = people_of(document.lines)
        self.organisations: dict[str, Named] = {}
        self.apart: set[Block] = set()
        self._headings = {block.first: one.heading for one in self.sections for block in one.blocks}
        self._passages: dict[Span, str] = {}
        self._taken: set[int] = set()
        self._texts = {line.number: line.text for line in document.lines}

    def take(self, *blocks: Block | None) -> None:
        """Say that a rule has used these blocks."""
        for block in blocks:
            if block is not None:
                self._taken.update(range(block.first, block.last + 1))

    @property
    def taken(self) -> frozenset[int]:
        """The lines that rules have used so far."""
        return frozenset(self._taken)

    def release(self, lines: Iterable[int]) -> None:
        """Say that lines were used for nothing in the end."""
        self._taken.difference_update(lines)

    def heading_of(self, block: Block) -> Block | None:
        """The heading that a block is under."""
        return self._headings.get(block.first)

    def is_free(self, block: Block) -> bool:
        """Whether no rule has used a block."""
        return block.first not in self._taken

    def free(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Those of the blocks that no rule has used."""
        return tuple(block for block in blocks if self.is_free(block))

    def masked(self, text: str) -> str:
        """A text without addresses, numbers and persons' names."""
        return self.people.masked(text)

    def masked_text(self) -> str:
        """The text of the document, line by line as it is numbered, masked."""
        lines = (" ".join(self._texts.get(number, "").split()) for number in range(1, self.document.line_count + 1))
        return self.masked("\n".join(lines))

    def passage(self, span: Span) -> str:
        """The clean, masked text of some lines."""
        if span not in self._passages:
            lines = (clean(self._texts.get(number, "")) for number in range(span[0], min(span[1], span[0] + 500) + 1))
            self._passages[span] = self.masked(shortened("\n".join(line for line in lines if line), LONGEST_PASSAGE))
        return self._passages[span]

    def propose(
        self,
        kind: str,
        title: str,
        span: Span,
        *,
        rule: str,
        confidence: float,
        words: Sequence[str] = (),
        fields: Mapping[str, Any] | None = None,
        children: tuple[Proposal, ...] = (),
    ) -> Proposal:
        """A proposal, its texts masked; a contact's fields alone are left as they are."""
        given = dict(fields or {})
        if kind != "contact":
            given = {name: self._masked_value(value) for name, value in given.items()}
        title = self.masked(shortened(title, 10 * LONGEST_TITLE))
        shown = shortened(tidy_title(title), LONGEST_TITLE) or MASK
        decision = Decision(rule, tuple(self.masked(word) for word in words if word))
        return Proposal(kind, shown, span, confidence, decision, self.passage(span), given, children)

    def name(self, name: str, block_or_line: Block | int, *, rule: str, kind: str = "", confidence: float = 0.6) -> str:
        """Note that an organisation is named; returns the name it is known by, empty when it is no name."""
        name = strip_article(" ".join(name.split())).strip(' .,;:«»"“”()')
        slug = slugify(name, max_length=200)
        masked = self.masked(name)
        if not slug or masked != name or len(name) > 120 or not any(char.isalpha() for char in name):
            return ""
        first, last = (
            (block_or_line, block_or_line)
            if isinstance(block_or_line, int)
            else (block_or_line.first, block_or_line.last)
        )
        known = self.organisations.get(slug)
        if known is None:
            sort = kind or organisation_kind(name)
            self.organisations[slug] = Named(name, sort, first, last, rule, confidence)
            return name
        if (sum(map(str.isupper, name)) < sum(map(str.isupper, known.name)) and not known.name.isupper()) or (
            known.name.split()[-1].isupper() and not name.split()[-1].isupper() and len(known.name.split()) > 1
        ):
            known.name = name
        if first < known.first:
            known.first, known.last = first, last
        return known.name

    def _masked_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masked(shortened(value, LONGEST_TEXT))
        if isinstance(value, list | tuple):
            return tuple(self._masked_value(one) for one in value)
        if isinstance(value, Mapping):
            return {name: self._masked_value(one) for name, one in value.items()}
        return value
