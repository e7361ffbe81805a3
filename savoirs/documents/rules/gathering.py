"""The day itself: its title and year, its aims, programme and workshops, and what each organisation did there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import clean, fold, sentence_case
from savoirs.documents.names import PROPER, strip_article
from savoirs.documents.proposals import Proposal
from savoirs.documents.wording import DAY, MEETING, ROLES, Role
from savoirs.documents.workbench import Workbench

_MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_YEAR = re.compile(r"\b(19[89]\d|20\d\d)\b")
_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})\s+((?:19|20)\d\d)\b")
_SHORT_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_HEAD_LINES = 40
_ENOUGH = 3
_LONGEST_DESCRIPTION = 4_000
_LONGEST_TITLE = 150


def title_of(bench: Workbench) -> str:
    """What the document is called: its first heading or short line, else the name of its file."""
    first = next((block for block in bench.blocks if block.kind is not BlockKind.ROW), None)
    if first is not None and len(first.text) <= _LONGEST_TITLE and not first.introduces:
        bench.take(first if first.kind is BlockKind.HEADING else None)
        return sentence_case(first.text)
    return re.sub(r"\.\w{1,8}$", "", bench.document.name).replace("_", " ").replace("-", " ").strip()


def year_of(bench: Workbench, title: str) -> tuple[int | None, str | None]:
    """The year of the document and its exact day, each None when nothing tells it."""
    head = "\n".join(clean(line.text) for line in bench.document.lines[:_HEAD_LINES])
    for text in (title, head, bench.document.name):
        day = _day(fold(text))
        if day is not None:
            return day.year, day.isoformat()
        year = _YEAR.search(text)
        if year is not None:
            return int(year.group()), None
    return None, None


def is_a_day(bench: Workbench, title: str, parts: Sequence[Sequence[object]]) -> bool:
    """Whether a document tells a day: its title says so, or enough of its parts do.

    Args:
        bench: The document.
        title: Its title.
        parts: Its slots, its workshops and its objectives.
    """
    slots, workshops, objectives = parts
    folded = fold(title)
    score = (
        2 * bool(DAY.search(folded)) + bool(MEETING.search(folded)) + 2 * (len(slots) >= 2) + 2 * (len(workshops) >= 2)
    )
    listed = any(section.role is Role.PARTICIPANTS for section in bench.sections)
    return score + bool(objectives) + listed >= _ENOUGH and bool(slots or workshops or objectives)


def gathering(bench: Workbench, title: str, children: tuple[Proposal, ...], named: Sequence[str]) -> Proposal:
    """The proposal of a day.

    Args:
        bench: The document.
        title: Its title.
        children: Its objectives, slots and workshops.
        named: The organisations of its list of participants.
    """
    year, date = year_of(bench, title)
    filled = [block for block in bench.blocks if block.text]
    context = [
        block for section in bench.sections if section.role is Role.CONTEXT for block in bench.free(section.blocks)
    ]
    text = "\n\n".join(block.text for block in context)[:_LONGEST_DESCRIPTION]
    bench.take(*context, *(section.heading for section in bench.sections if section.role is Role.CONTEXT))
    return bench.propose(
        "gathering",
        title,
        (filled[0].first, filled[-1].last),
        rule="title_and_parts",
        confidence=0.9 if year and len(children) >= _ENOUGH else 0.6,
        words=tuple(match.group() for match in [DAY.search(fold(title))] if match),
        fields={"year": year, "date": date, "description": text, "participations": _participations(bench, named)},
        children=children,
    )


def _participations(bench: Workbench, named: Sequence[str]) -> tuple[dict[str, object], ...]:
    """What each organisation did: by what sentences say, by who may be reached, by who spoke and who was listed."""
    found: dict[tuple[str, str], dict[str, object]] = {}

    def add(name: str, role: str, first: int, last: int) -> None:
        if name:
            found.setdefault((name, role), {"organisation": name, "role": role, "lines": (first, last)})

    for block in bench.blocks:
        for role, words in ROLES:
            for match in words.finditer(fold(block.text)) if len(fold(block.text)) == len(block.text) else ():
                add(_named_after(bench, block, match.start(), match.end()), role, block.first, block.last)
    organisers = {name for name, role in found if role in ("organiser", "funder")}
    for contact in bench.people.contacts if organisers else ():
        name = bench.name(contact.organisation, contact.line, rule="has_a_contact") if contact.organisation else ""
        if name and name not in organisers:
            add(name, "facilitator", contact.line, contact.line)
    for one in bench.organisations.values():
        if one.rule == "signs_a_testimony":
            add(one.name, "testimony", one.first, one.last)
    for name in named:
        line = next((one.first for one in bench.organisations.values() if one.name == name), 1)
        add(name, "participant", line, line)
    return tuple(found.values())


def _named_after(bench: Workbench, block: Block, start: int, end: int) -> str:
    """The organisation named just after some words, or by their last one: « partenaires de la Fondation A »."""
    rest = block.text[start:]
    match = PROPER.search(strip_article(block.text[end:]))
    said = match if match and match.start() <= 4 else PROPER.search(rest)
    if said is None or said.start() > end - start + 12:
        return ""
    return bench.name(said.group(), block, rule="has_a_role", confidence=0.7)


def _day(folded: str) -> dt.date | None:
    match = _DATE.search(folded)
    short = _SHORT_DATE.search(folded)
    if match is None and short is None:
        return None
    try:
        if match is not None:
            return dt.date(int(match.group(3)), _MONTHS.index(match.group(2)) + 1, int(match.group(1)))
        assert short is not None  # noqa: S101
        return dt.date(int(short.group(3)), int(short.group(2)), int(short.group(1)))
    except ValueError:
        return None
