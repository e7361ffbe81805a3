"""Testimonies: what somebody says, in the first person or between quotation marks, above a signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import fold
from savoirs.documents.names import is_person, may_be_person, typed_organisations
from savoirs.documents.proposals import Proposal
from savoirs.documents.wording import FIRST_PERSON, Role
from savoirs.documents.workbench import Workbench
from savoirs.plaintext import sentences

_SIGNATURE = re.compile(r"^(?:[-–—]\s*)?(.{2,60}?)(?:\s+[-–—|/]\s+|\s*,\s+|\s+\()(.{2,90}?)\)?$")
_INLINE = re.compile(r"^[«\"“]\s*(.{20,}?)\s*[»\"”]\s*[-–—,(:]*\s*(.{3,150}?)\)?$", re.DOTALL)
_QUOTED = re.compile(r"^[«\"“].*[»\"”]\s*\.?$", re.DOTALL)
_ANONYMOUS = re.compile(
    r"^(?:une?|le|la|des|l'un|l'une)?\s*(?:benevoles?|participante?s?|salariee?s?|coordinat\w+|beneficiaires?|president\w*|"
    r"direct\w+|membres?|volontaires?|stagiaires?|responsables?|animat\w+|personnes?|mediat\w+|charge\w*|habitante?s?)\b"
)
_FEWEST_WORDS = 6
_SENTENCE_ENDS = (".", "!", "?", "…", "»", '"', "”", ",")
_LONGEST_SIGNATURE = 140


@dataclass(frozen=True, slots=True)
class _Signed:
    author: str | None
    organisation: str


def testimonies(bench: Workbench) -> tuple[Proposal, ...]:
    """The testimonies of a document. Their authors' names are masked everywhere; only ``author`` keeps them."""
    found: list[tuple[tuple[Block, ...], str, _Signed, str]] = []
    used: set[int] = set()
    for place, block in enumerate(bench.blocks):
        alone = _inline(block) if block.kind is not BlockKind.HEADING else None
        if alone is not None:
            found.append(((block,), *alone, "quoted_and_signed"))
            used.add(place)
            continue
        signed = _signature(block)
        said = _said(bench.blocks, place, used) if signed is not None else ()
        if signed is not None and said and _speaks(said, bench):
            found.append(((*said, block), "\n\n".join(one.text for one in said), signed, "signed"))
            used.update(range(place - len(said), place + 1))
    bench.people = bench.people.also([signed.author for _, _, signed, _ in found if signed.author])
    return tuple(_proposal(bench, *one) for one in found)


def _signature(block: Block) -> _Signed | None:
    """Who signs, when a line is a signature."""
    if block.kind is BlockKind.ROW or len(block.text) > _LONGEST_SIGNATURE or block.text.endswith((":", "!", "?", ";")):
        return None
    if block.kind is BlockKind.HEADING and not block.text.isupper():
        return None
    match = _SIGNATURE.match(block.text)
    if match is None:
        return _signed(block.text, "") if is_person(block.text) and not block.number else None
    return _signed(match.group(1), match.group(2))


def _signed(who: str, where: str) -> _Signed | None:
    who, where = who.strip(' «»"-–—'), where.strip(' «»"-–—.')
    if is_person(who) or (may_be_person(who) and where[:1].isupper()):
        parts = [part.strip() for part in re.split(r"\s*,\s*|\s+[-–—]\s+", where) if part.strip()]
        named = [part for part in parts if part[:1].isupper() and not _ANONYMOUS.match(fold(part))]
        return _Signed(who, (named or parts or [""])[-1])
    if _ANONYMOUS.match(fold(who)):
        named = [*typed_organisations(where or who)]
        return _Signed(None, named[0] if named else where if where[:1].isupper() else "")
    return None


def _inline(block: Block) -> tuple[str, _Signed] | None:
    match = _INLINE.match(block.text)
    if match is None:
        return None
    signature = _SIGNATURE.match(match.group(2)) if match else None
    signed = _signed(*signature.groups()) if signature else _signed(match.group(2), "")
    return (match.group(1), signed) if signed else None


def _said(blocks: Sequence[Block], place: int, used: set[int]) -> tuple[Block, ...]:
    """The paragraphs right above a signature, at most one empty line between any two."""
    said: list[Block] = []
    below = blocks[place]
    for above in range(place - 1, -1, -1):
        block = blocks[above]
        kinds = (BlockKind.PARAGRAPH, blocks[place].kind)
        if above in used or block.kind not in kinds or below.gap > 1 or block.introduces:
            break
        if (said or block.kind is BlockKind.ITEM) and not block.text.endswith(_SENTENCE_ENDS):
            break
        said.insert(0, block)
        below = block
    return tuple(said)


def _speaks(said: Sequence[Block], bench: Workbench) -> bool:
    """Whether paragraphs are somebody speaking."""
    text = " ".join(one.text for one in said)
    if len(text.split()) < _FEWEST_WORDS:
        return False
    section = next((one for one in bench.sections if said[0] in one.blocks), None)
    announced = section is not None and section.role is Role.TESTIMONIES
    return announced or bool(_QUOTED.match(text)) or bool(FIRST_PERSON.search(fold(text)))


def _proposal(bench: Workbench, blocks: tuple[Block, ...], text: str, signed: _Signed, rule: str) -> Proposal:
    bench.take(*blocks)
    bench.apart.update(blocks)
    text = text.strip(' «»"“”')
    organisation = bench.name(signed.organisation, blocks[-1], rule="signs_a_testimony", confidence=0.85)
    proposal = bench.propose(
        "testimony",
        (sentences(text) or [text])[0],
        (blocks[0].first, blocks[-1].last),
        rule=rule,
        confidence=0.9 if organisation else 0.7,
        words=(organisation,),
        fields={"text": text, "organisation": organisation},
    )
    return Proposal(
        proposal.kind, proposal.title, proposal.span, proposal.confidence, proposal.decided_by, proposal.passage,
        {**proposal.fields, "author": signed.author},
    )  # fmt: skip
