"""Addresses of pages about records: an id that never changes, then a slug for the reader's eye."""

from __future__ import annotations

from savoirs.slugs import slugify

_PREFIXES = {"organisation": "/organisations", "gathering": "/journees"}


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


def gathering_url(gathering_id: str, title: str, *, workshop: int | None = None) -> str:
    """The address of a day, or of one of its workshops."""
    anchor = f"#atelier-{workshop}" if workshop is not None else ""
    return record_url("gathering", gathering_id, slugify(title)) + anchor
