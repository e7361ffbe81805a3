"""Slots of a programme: lines that begin with an hour."""

from __future__ import annotations

import re

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import clean, fold, without_marker
from savoirs.documents.proposals import Proposal
from savoirs.documents.sections import Section
from savoirs.documents.wording import HOUR, Role
from savoirs.documents.workbench import Workbench

_KINDS = (
    ("meal", r"(?<!petit[- ])\bdejeuner\b|\brepas\b|\bbuffet\b|\bpauses?\b|\bgouter\b|\bdiner\b|\bpique-nique\b|"
             r"\baperitif\b|"
             r"\bcollation\b"),
    ("icebreaker", r"brise[- ]glace|ice[- ]?break|se connaitre|faire connaissance|tour de table|\bjeu de presentation"),
    ("restitution", r"\brestitutions?\b|\bsynthese\b|\bcloture\b|\bconclusion|\bbilan\b|mise en commun|\bretours?\b"),
    ("workshop", r"\bateliers?\b|\bgroupes?\b|\btables? rondes?\b|world cafe|forum ouvert|\btravaux\b|\bexercices?\b"),
    ("welcome", r"\baccueil\b|\bcafe\b|petit[- ]dejeuner|emargement|\barrivee\b|\binscriptions?\b"),
    ("plenary", r""),
)  # fmt: skip
_FEWEST, _MOST = 2, 60
_HEADERS = 60


def slots(bench: Workbench) -> tuple[Proposal, ...]:
    """The slots of the day, in the order of the document; none when fewer than two lines begin with an hour."""
    found = [(block, section) for section in bench.sections for block in section.blocks if _starts(block, section)]
    if len(found) < _FEWEST:
        return ()
    proposals = []
    for block, section in found[:_MOST]:
        proposal = _slot(bench, block, section)
        if proposal is not None:
            bench.take(block)
            proposals.append(proposal)
    for section in {id(section): section for _, section in found}.values():
        if section.role is Role.PROGRAMME:  # the headers of its table say nothing more
            bench.take(
                *(block for block in section.blocks if block.kind is BlockKind.ROW and len(block.text) < _HEADERS)
            )
    return tuple(proposals)


def _text(block: Block) -> str:
    """The text of a block with the number that ``blocks`` may have taken for that of an item."""
    return f"{block.number} {block.text}".strip() if block.number.isdigit() else " ".join(block.cells) or block.text


def _starts(block: Block, section: Section) -> bool:
    match = HOUR.match(_text(block))
    if match is None or int(match.group(1)) > 24:
        return False
    exact = match.group(2) is not None or match.group(3) is not None
    return section.role is Role.PROGRAMME or exact or "h" in fold(match.group())


def _slot(bench: Workbench, block: Block, section: Section) -> Proposal | None:
    text = without_marker(clean(_text(block)))[0]
    match = HOUR.match(text)
    title = text[match.end() :].strip(" :-–—|.") if match else ""
    start = _time(match.group(1), match.group(2)) if match else None
    if match is None or start is None or not title:
        return None
    end = _time(match.group(3), match.group(4)) if match.group(3) else None
    folded = fold(title)
    kind, words = next((kind, found) for kind, pattern in _KINDS if (found := re.search(pattern, folded)))
    return bench.propose(
        "slot",
        title,
        (block.first, block.last),
        rule="begins_with_an_hour",
        confidence=0.95 if section.role is Role.PROGRAMME else 0.8,
        words=(match.group().strip(" :-–—|"), words.group()),
        fields={"start": start, "end": end, "kind": kind},
    )


def _time(hours: str, minutes: str | None) -> str | None:
    hour, minute = int(hours), int(minutes or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
