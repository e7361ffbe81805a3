"""Dense vectors of the documents of a segment (to come)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dense:
    """Vectors of the documents of one segment."""
