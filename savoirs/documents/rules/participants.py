"""Who took part: the organisations of a list of participants; persons in it are neither kept nor told."""

from __future__ import annotations

import re

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import fold
from savoirs.documents.names import is_person, may_be_person, typed_organisations
from savoirs.documents.wording import Role, names_a_section, role_of
from savoirs.documents.workbench import Workbench

_PIECES = re.compile(r"\s*[,;()|:]\s*|\s+[-–—]\s+|\s+et\s+(?=[A-ZÀ-ÖØ-ÞŒ])")
_ANNOUNCED = re.compile(
    r"^((?:membres? )?(?:participante?s?|presente?s?|excusee?s?|absente?s?|etaient presente?s?)[^:]{0,30})\s*:\s*(.+)$"
)
_JOB = re.compile(
    r"^(?:la |le |une? )?(?:charge|responsable|direct|coordinat|president|secretaire|tresori|benevole|animat|"
    r"stagiaire|salarie|\d)"
)


def participants(bench: Workbench) -> tuple[str, ...]:
    """The organisations of the lists of participants, whose blocks are then left to nobody else."""
    found: list[str] = []
    for section in bench.sections:
        listed = section.role is Role.PARTICIPANTS
        if listed:
            bench.take(section.heading)
        for block in bench.free(section.blocks):
            match = _ANNOUNCED.match(block.folded)
            if listed or match:
                text = block.text[block.text.index(":") + 1 :] if match and ":" in block.text else block.text
                found += _of_block(bench, block, text, inline=match is not None)
                bench.take(block)
    return tuple(dict.fromkeys(found))


def _of_block(bench: Workbench, block: Block, text: str, *, inline: bool) -> list[str]:
    """The organisations of a block; where persons are listed, what may be one's name is masked rather than kept."""
    pieces = [piece.strip(" .") for piece in (block.cells or _PIECES.split(text)) if piece.strip(" .")]
    persons = [piece for piece in pieces if is_person(piece)]
    doubtful = [piece for piece in pieces if may_be_person(piece) and not [*typed_organisations(piece)]]
    if inline and persons:
        persons += doubtful
    elif len(pieces) > 1 and block.kind is not BlockKind.PARAGRAPH:
        persons += [piece for piece in pieces[:1] if may_be_person(piece) and not [*typed_organisations(piece)]]
    bench.people = bench.people.also(persons)
    named = []
    for piece in pieces:
        folded = fold(piece)
        if (
            piece in persons
            or (inline and piece in doubtful)
            or _JOB.match(folded)
            or names_a_section(folded)
            or role_of(folded) is not Role.OTHER
        ):
            continue
        if piece[:1].isupper() and len(piece.split()) <= 8:
            name = bench.name(piece, block, rule="among_participants", confidence=0.7)
            named += [name] if name else []
    return named
