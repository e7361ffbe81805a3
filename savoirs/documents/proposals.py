"""What the rules propose: records that nobody has accepted yet, each with its passage and why it was seen there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int]
"""First and last line, counted from 1, both included."""

NOTE_KINDS = ("practice", "tool", "indicator", "principle", "testimony", "report")
"""Kinds of proposals that become notes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What decided a proposal: the name of a rule, and the words of the document that it went by."""

    rule: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record to accept or not.

    Attributes:
        kind: ``gathering``, ``objective``, ``slot``, ``workshop``, ``framework``, ``organisation``, ``contact``, or a
            kind of note.
        title: What it is called; never a person's name or address.
        span: Its lines in the document.
        passage: The text of these lines, clean and masked.
        confidence: From 0 to 1.
        decided_by: What decided it.
        fields: What else it says, by kind; see the rule that makes it. A contact's address is nowhere else.
        children: What belongs to it and nowhere else: the objectives, slots and workshops of a gathering, the contact
            of an organisation.
    """

    kind: str
    title: str
    span: Span
    confidence: float
    decided_by: Decision
    passage: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    children: tuple[Proposal, ...] = ()


def flat(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Every proposal, each before its children."""
    for proposal in proposals:
        yield proposal
        yield from flat(proposal.children)


def overlap(one: Span, other: Span) -> float:
    """How much two spans have in common, over all that they cover."""
    shared = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]) + 1)
