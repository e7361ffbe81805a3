"""One module a kind of record: its rows from a front matter, and back."""

from savoirs.corpus.kinds import calls, contacts, frameworks, gatherings, notes, organisations, sources, themes
from savoirs.corpus.shelves import Shelf

SHELVES: tuple[Shelf, ...] = (
    sources.SHELF,
    themes.SHELF,
    organisations.SHELF,
    contacts.SHELF,
    gatherings.SHELF,
    frameworks.SHELF,
    notes.SHELF,
    calls.SHELF,
)
"""Every kind, in an order in which each refers to earlier ones only."""
