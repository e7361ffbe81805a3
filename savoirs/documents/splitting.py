"""A document as proposed records: rules on structure and wording, applied in turn; no model, no network, no chance."""

from __future__ import annotations

from dataclasses import dataclass

from savoirs.documents.proposals import Proposal
from savoirs.documents.rules import (
    aims,
    framework,
    gathering,
    ideas,
    indicators,
    organisations,
    participants,
    programme,
    reports,
    tables,
    testimonies,
    workshops,
)
from savoirs.documents.text import ReadDocument
from savoirs.documents.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut: its proposals, and its text line by line, every person and address in it masked."""

    proposals: tuple[Proposal, ...]
    text: str


def split(document: ReadDocument) -> tuple[Proposal, ...]:
    """Cut a document in proposed records, in the order: the day and its parts, notes, organisations, contacts.

    The same document always gives the same proposals, and a document with text gives at least one. Persons' names and
    addresses are in no title, passage or text: addresses only in the fields of contacts, the name of who signs a
    testimony only in its field ``author``.
    """
    return cut(document).proposals


def cut(document: ReadDocument) -> Cut:
    """Cut a document; see ``split``."""
    bench = Workbench(document)
    told = testimonies.testimonies(bench)
    organisations.name_contacts(bench)
    organisations.name_mentions(bench)
    title = gathering.title_of(bench)
    present = participants.participants(bench)
    before = bench.taken
    slots = programme.slots(bench)
    objectives = aims.objectives(bench)
    found = workshops.workshops(bench)
    of_the_day = bench.taken - before
    rows = tables.tables(bench)
    frames = framework.frameworks(bench, found)
    measures = indicators.indicators(bench, found)
    thoughts = ideas.ideas(bench, found)
    reached = organisations.contacts(bench)
    day: tuple[Proposal, ...] = ()
    if gathering.is_a_day(bench, title, (slots, found, objectives)):
        children = (*objectives, *slots, *(workshops.proposal_of(bench, one) for one in found))
        day = (gathering.gathering(bench, title, children, present),)
    else:
        bench.release(of_the_day)
    known = (*day, *frames, *thoughts, *measures, *told, *rows)
    left = reports.reports(bench, title, alone=not known and not reached)
    notes = sorted((*thoughts, *measures, *told, *rows, *left), key=lambda one: one.span)
    listed = tuple(row for row in rows if row.kind == "organisation")
    named = organisations.organisations(bench, listed)
    return Cut((*day, *frames, *notes, *named, *reached), bench.masked_text())
