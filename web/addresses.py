"""Addresses of pages about records: an id that never changes, then a slug for the reader's eye."""

from __future__ import annotations

from savoirs.search import Result
from savoirs.slugs import slugify

_PREFIXES = {"organisation": "/organisations", "gathering": "/journees", "call": "/appels", "source": "/sources"}


def record_url(kind: str, record_id: str, slug: str) -> str:
    """The address of a record's page, by its kind as search gives it; every kind of note is under ``/fiches``."""
    prefix = _PREFIXES.get(kind, "/fiches")
    return f"{prefix}/{record_id}-{slug}" if slug else f"{prefix}/{record_id}"


def note_url(note_id: str, title: str) -> str:
    """The address of a note."""
    return record_url("note", note_id, slugify(title))


def organisation_url(organisation_id: str, name: str) -> str:
    """The address of an organisation."""
    return record_url("organisation", organisation_id, slugify(name))


def gathering_url(gathering_id: str, title: str, *, workshop_id: str | None = None) -> str:
    """The address of a day, or of one of its workshops."""
    anchor = f"#{workshop_anchor(workshop_id)}" if workshop_id is not None else ""
    return record_url("gathering", gathering_id, slugify(title)) + anchor


def call_url(call_id: str, question: str) -> str:
    """The address of a call."""
    return record_url("call", call_id, slugify(question))


def source_url(source_id: str, title: str, lines: tuple[int, int] | None = None) -> str:
    """The address of a document, or of some of its lines."""
    address = record_url("source", source_id, slugify(title))
    return f"{address}?lignes={lines[0]}-{lines[1]}#l{lines[0]}" if lines else address


def result_url(result: Result) -> str:
    """The address of a result; a workshop is a part of its day's page."""
    if result.kind == "workshop" and result.gathering is not None:
        day = record_url("gathering", result.gathering.id, result.gathering.slug)
        return f"{day}#{workshop_anchor(result.id)}"
    return record_url(result.kind, result.id, result.slug)


def workshop_anchor(workshop_id: str) -> str:
    """The anchor of a workshop in its day's page."""
    return f"atelier-{workshop_id}"
