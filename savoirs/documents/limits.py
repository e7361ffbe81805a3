"""How much a document may cost, whoever sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the child process imports this module, and starts sooner without pydantic
    from savoirs.config import Settings

MOST_CHARS = 4_000_000
"""The longest text that a document gives, in characters: some 2,000 pages."""

MOST_ANSWER_BYTES = 8 * MOST_CHARS
"""The longest answer taken from the child process."""

MOST_ENTRIES = 5_000
"""The most files in a zipped document."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the reading of one document; the settings ``import_…`` tell the same."""

    max_bytes: int = 20_000_000
    max_unzipped_bytes: int = 200_000_000
    max_pages: int = 500
    memory_bytes: int = 536_870_912
    timeout_s: float = 30.0

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings give."""
        return cls(
            max_bytes=settings.import_max_bytes,
            max_unzipped_bytes=settings.import_max_unzipped_bytes,
            max_pages=settings.import_max_pages,
            memory_bytes=settings.import_memory_bytes,
            timeout_s=settings.import_timeout_s,
        )
