"""Tools, practices and principles: what lists and short paragraphs recommend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import capitalised, fold
from savoirs.documents.names import PROPER, hosts, is_person
from savoirs.documents.proposals import Proposal
from savoirs.documents.rules.indicators import PARENTHESIS, split_example
from savoirs.documents.rules.offers import Offer, offers_of
from savoirs.documents.rules.workshops import Workshop
from savoirs.documents.sections import Group, Section, groups_of
from savoirs.documents.wording import OFFERS, Role, is_an_action, role_of
from savoirs.documents.workbench import Workbench
from savoirs.plaintext import sentences

_PRINCIPLE = re.compile(r"^(?:en )?(?:preambule|principes?(?: de base)?|rappel|regle d'or|point de depart)\s*:\s*")
_GOES_ON = re.compile(r"^(?:il|elle|ils|elles|cela|ceci|celui-ci|celle-ci)\b")
_EXAMPLES = re.compile(
    r"\bexemples?\b|\bidees?\b|\bpistes?\b|\bpropositions?\b|\bconseils?\b|\bastuces?\b|\bpratiques?\b"
)
_LABEL = re.compile(r"^[^:]{3,30}:\s*")
_LIVED = re.compile(r"^(?:(?:l['’]|la |le |les |chez |à )\s?)?(?=[A-ZÀ-ÖØ-ÞŒ])")
_SHORTEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an idea stands."""

    section: Section
    workshop: Workshop | None

    @property
    def number(self) -> int | None:
        return self.workshop.number if self.workshop else None


def ideas(bench: Workbench, workshops: Sequence[Workshop]) -> tuple[Proposal, ...]:
    """The principles, tools and practices of a document, in order."""
    of_workshop = {section.first: one for one in workshops for section in one.sections}
    found: list[Proposal] = []
    for section in bench.sections:
        place = _Place(section, of_workshop.get(section.first))
        found += _principles(bench, place)
        for group in groups_of(section.blocks):
            found += _of_group(bench, group, place)
        found += _of_paragraphs(bench, place)
    return tuple(sorted(found, key=lambda one: one.span))


def _principles(bench: Workbench, place: _Place) -> Iterator[Proposal]:
    """A paragraph that calls itself a preamble or a principle, with the paragraphs that go on with it."""
    blocks = list(place.section.blocks)
    whole = place.section.role is Role.PRINCIPLE and place.section.own
    for start, block in enumerate(blocks):
        if not bench.is_free(block) or block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            continue
        label = _PRINCIPLE.match(block.folded)
        if not label and not whole:
            continue
        said = [block]
        for after in blocks[start + 1 :]:
            item = block.kind is BlockKind.ITEM
            if after.kind is not block.kind or after.introduces or (item and not _GOES_ON.match(after.folded)):
                break
            if not bench.is_free(after) or (not whole and after.gap > 1) or _PRINCIPLE.match(after.folded):
                break
            said.append(after)
        text = _LABEL.sub("", block.text, count=1) if label else block.text
        told = "\n\n".join([text, *(one.text for one in said[1:])])
        bench.take(*said, place.section.heading if whole else None)
        yield bench.propose(
            "principle",
            re.split(r"\s:\s|\.\s|\s;\s", text)[0],
            (said[0].first, said[-1].last),
            rule="calls_itself_a_principle",
            confidence=0.85,
            words=(label.group().strip(" :") if label else place.section.title,),
            fields={"text": capitalised(told), "workshop": place.number},
        )


def _of_group(bench: Workbench, group: Group, place: _Place) -> Iterator[Proposal]:
    """The tools and the practices of a list."""
    intro = group.intro if group.intro is not None and group.intro.introduces else None
    heading = place.section.role if place.section.own or place.workshop is None else Role.OTHER
    role = role_of(intro.folded) if intro is not None else Role.OTHER
    tools = heading is Role.TOOLS or (intro is not None and bool(OFFERS.search(intro.folded)))
    examples = intro is not None and bool(_EXAMPLES.search(intro.folded))
    practices = Role.PRACTICES in (heading, role) or (place.workshop is not None and place.workshop.output == "tools")
    if intro is not None and place.workshop is None and heading is Role.OTHER:
        tools = role is Role.TOOLS
    found = False
    for block in bench.free(group.items):
        ideas_too = Role.PRACTICES in (heading, role) or examples
        proposals = list(_of_item(bench, block, place, tools=tools, practices=practices, any_idea=ideas_too))
        found = found or bool(proposals)
        yield from proposals
    if found:
        bench.take(intro)


def _of_item(
    bench: Workbench, block: Block, place: _Place, *, tools: bool, practices: bool, any_idea: bool
) -> Iterator[Proposal]:
    """The tools that an item names, or the practice that it tells; a question tells none."""
    if block.text.rstrip(" ./…").endswith("?"):
        return
    known = place.workshop is not None or tools or practices
    action = is_an_action(block.folded)
    offers = offers_of(block.text, announced=tools) if known and not action else None
    if offers is not None and offers.offers:
        bench.take(block)
        for offer in offers.offers:
            yield _tool(bench, offer, block, place, offers.words)
        if offers.action and is_an_action(fold(offers.action)):
            names = tuple(offer.name for offer in offers.offers)
            yield _practice(bench, block, place, offers.action, "purpose_of_tools", 0.7, tools=names)
    elif (
        practices and (action or any_idea) and len(block.text.split()) >= _SHORTEST_WORDS and not is_person(block.text)
    ):
        bench.take(block)
        yield _practice(
            bench, block, place, block.text, "says_what_to_do" if action else "listed_idea", 0.85 if action else 0.6
        )


def _of_paragraphs(bench: Workbench, place: _Place) -> Iterator[Proposal]:
    """Tools that a paragraph of a workshop lists after « des outils comme », or after a colon."""
    if place.workshop is None or place.workshop.output != "tools":
        return
    for block in bench.free(place.section.blocks):
        if block.kind is BlockKind.PARAGRAPH and not block.introduces:
            offers = offers_of(block.text, announced=False)
            for offer in offers.offers if offers is not None else ():
                bench.take(block)
                yield _tool(bench, offer, block, place, offers.words if offers else "")


def _tool(bench: Workbench, offer: Offer, block: Block, place: _Place, words: str) -> Proposal:
    kind = "platform" if offer.own_name else ("company" if offer.name.startswith(f"{offer.provider} ") else "")
    provider = (
        bench.name(offer.provider, block, rule="offers_a_tool", kind=kind, confidence=0.7) if offer.provider else ""
    )
    return bench.propose(
        "tool",
        offer.name,
        (block.first, block.last),
        rule="names_a_tool",
        confidence=0.85 if provider else 0.6,
        words=(words or place.section.title, provider),
        fields={
            "as_written": offer.name,
            "provider": provider,
            "purpose": offer.purpose,
            "text": block.text,
            "workshop": place.number,
        },
    )


def _practice(
    bench: Workbench,
    block: Block,
    place: _Place,
    text: str,
    rule: str,
    confidence: float,
    *,
    tools: tuple[str, ...] = (),
) -> Proposal:
    bare, examples, _ = split_example(text)
    lived = [name for name in (_who_lived(example) for example in examples) if name]
    lived = [bench.name(name, block, rule="given_as_an_example", confidence=0.8) for name in lived]
    hosted = [bench.name(name, block, rule="hosts_a_group", kind="platform", confidence=0.75) for name in hosts(text)]
    title = PARENTHESIS.sub("", bare) or text
    return bench.propose(
        "practice",
        (sentences(title) or [title])[0],
        (block.first, block.last),
        rule=rule,
        confidence=confidence,
        words=(text.split(" ", 1)[0], *lived),
        fields={
            "text": block.text,
            "examples": examples,
            "lived_by": tuple(dict.fromkeys(name for name in lived if name)),
            "cites": tuple(dict.fromkeys(name for name in hosted if name)),
            "tools": tools or tuple(dict.fromkeys(name for name in hosted if name)),
            "workshop": place.number,
        },
    )


def _who_lived(example: str) -> str:
    """The organisation that an example begins with: « A qui a une page … »; empty when it begins with none."""
    start = _LIVED.match(example)
    if start is None:
        return ""
    match = PROPER.match(example[start.end() :])
    if match is None or is_person(match.group()):
        return ""
    alone = len(match.group().split()) == 1 and match.group().lower() == fold(match.group())
    return "" if alone and len(match.group()) < 3 else match.group()
