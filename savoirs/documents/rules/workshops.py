"""Workshops: the questions listed under « ateliers », and the sections that tell what each one found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import fold, sentence_case
from savoirs.documents.proposals import Proposal
from savoirs.documents.sections import Section, workshop_theme
from savoirs.documents.wording import FULL_NOTES, Role, is_an_action
from savoirs.documents.workbench import Workbench

_OUTPUTS = (
    (
        "framework",
        re.compile(r"\bcadre\b|\bgrille\b|\btrame\b|\bcanevas\b|\bmodele de rapport|\brapports? d'evaluation"),
    ),
    ("indicators", re.compile(r"\bindicateurs?\b|\bcriteres\b|\bsignes de (?:reussite|succes)")),
    ("tools", re.compile(r"\boutils?\b|\brecommandations?\b|\bpratiques\b|\bressources\b|\bidees\b|\bconseils\b")),
)
_LONGEST_SYNTHESIS = 250
_QUESTION = re.compile(
    r"^(?:question|problématique|thème|sujet|(?:atelier|groupe|table ronde)\s*(?:n°\s*|"
    r"#\s*)?\d{1,2})\s*[:–-]\s*",
    re.IGNORECASE,
)


@dataclass
class Workshop:
    """A workshop as its sections tell it, before it is a proposal."""

    number: int
    question: str = ""
    theme: str = ""
    synthesis: str = ""
    output: str = "tools"
    sections: list[Section] = field(default_factory=list)
    asked: Block | None = None
    announced: Block | None = None

    @property
    def span(self) -> tuple[int, int]:
        """From the heading of its synthesis to the end of it; its question when nothing tells more."""
        if not self.sections:
            assert self.asked is not None  # noqa: S101  (a workshop comes from one or the other)
            return self.asked.first, self.asked.last
        last = [one.blocks[-1].last if one.blocks else one.first for one in self.sections]
        return self.sections[0].first, max(last)


def workshops(bench: Workbench) -> tuple[Workshop, ...]:
    """The workshops of a document, by number."""
    found: dict[int, Workshop] = {}
    for block in _questions(bench):
        number = int(block.number) if block.number.isdigit() else len(found) + 1
        found.setdefault(number, Workshop(number, question=_QUESTION.sub("", block.text), asked=block))
        bench.take(block)
    for section in (one for one in bench.sections if one.role is Role.WORKSHOP and one.number):
        workshop = found.setdefault(section.number, Workshop(section.number))
        _tell(bench, workshop, section)
    return tuple(found[number] for number in sorted(found))


def proposal_of(bench: Workbench, workshop: Workshop) -> Proposal:
    """The proposal of a workshop, once other rules have taken what they recognise in its sections."""
    both = bool(workshop.sections and workshop.asked)
    return bench.propose(
        "workshop",
        workshop.question or workshop.theme or workshop.synthesis or str(workshop.number),
        _trimmed(bench, workshop),
        rule="workshop_heading" if workshop.sections else "listed_question",
        confidence=0.95 if both else 0.75,
        words=(workshop.sections[0].title if workshop.sections else workshop.question,),
        fields={
            "number": workshop.number,
            "question": workshop.question,
            "theme": workshop.theme,
            "synthesis_title": workshop.synthesis,
            "output": workshop.output,
            "full_notes": "announced" if workshop.announced else "none",
        },
    )


def _questions(bench: Workbench) -> list[Block]:
    for section in (one for one in bench.sections if one.role is Role.WORKSHOPS):
        items = [block for block in bench.free(section.blocks) if block.kind is not BlockKind.ROW]
        chosen = [block for block in items if block.text.endswith("?") or block.kind is BlockKind.ITEM]
        if chosen:
            bench.take(section.heading, *(block for block in items if block.introduces))
            return chosen[:20]
    return []


def _tell(bench: Workbench, workshop: Workshop, section: Section) -> None:
    """Add what a section says to its workshop."""
    workshop.sections.append(section)
    heading = section.heading
    if heading is not None and section.own:
        workshop.theme = workshop.theme or sentence_case(workshop_theme(heading.text, fold(heading.text)))
        bench.take(heading)
        if workshop.theme.endswith("?"):
            workshop.question = workshop.question or workshop.theme
    for block in bench.free(section.blocks):
        folded = block.folded
        if FULL_NOTES.search(folded) and len(block.text) < _LONGEST_SYNTHESIS:
            workshop.announced = workshop.announced or block
            bench.take(block)
        elif _QUESTION.match(block.text) or (block.text.endswith("?") and not workshop.question):
            workshop.question = workshop.question or _QUESTION.sub("", block.text)
            bench.take(block)
    first = next(iter(bench.free(section.blocks)), None)
    told = heading.text if heading is not None else ""
    if first is not None and not workshop.synthesis and _is_title(first, section):
        workshop.synthesis = first.text
        bench.take(first)
        told = first.text
    elif not section.own and not workshop.synthesis:
        workshop.synthesis = section.title
    workshop.output = _output(f"{told} {workshop.synthesis}", workshop)


def _is_title(block: Block, section: Section) -> bool:
    """Whether the first paragraph under a heading is a title of its own: short, no sentence, nothing announced.

    On a slide all paragraphs are items: there the first one is a title when it says what the workshop gave.
    """
    said = all(one.kind is BlockKind.ITEM for one in section.blocks) and len(section.blocks) > 2
    says = said and any(words.search(block.folded) for _, words in _OUTPUTS) and not is_an_action(block.folded)
    return (
        (block.kind is BlockKind.PARAGRAPH or says)
        and section.own
        and len(block.text) <= _LONGEST_SYNTHESIS
        and not block.introduces
        and not block.text.endswith((".", "!"))
        and ":" not in block.text.split(" ", 1)[0]
    )


def _output(text: str, workshop: Workshop) -> str:
    folded = fold(text)
    return next((output for output, words in _OUTPUTS if words.search(folded)), workshop.output)


def _trimmed(bench: Workbench, workshop: Workshop) -> tuple[int, int]:
    """The span of a workshop without what other records took from its end: testimonies, names."""
    first, last = workshop.span
    ours = [block for one in workshop.sections for block in one.blocks if block not in bench.apart]
    return first, max([block.last for block in ours], default=last if not workshop.sections else first)
