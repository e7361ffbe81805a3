"""Documents: files become text, and text becomes proposed records, that somebody accepts.

``read`` opens a file in a child process with limits; ``split`` cuts its text in proposals by rules on structure and
wording; ``known`` recognises what the base holds already; ``store`` writes the rest. Each is loaded when first asked
for: the child process, which begins here too, needs neither the database nor the rules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from savoirs.documents.knowing import known
    from savoirs.documents.limits import Limits
    from savoirs.documents.originals import keeping, original_path
    from savoirs.documents.proposals import Proposal, flat
    from savoirs.documents.reading import read
    from savoirs.documents.splitting import split
    from savoirs.documents.storing import Stored, store
    from savoirs.documents.text import ReadDocument

__all__ = [
    "Limits", "Proposal", "ReadDocument", "Stored", "flat", "keeping", "known", "original_path", "read", "split",
    "store",
]  # fmt: skip

_PLACES = {
    "Limits": "limits",
    "Proposal": "proposals",
    "ReadDocument": "text",
    "Stored": "storing",
    "flat": "proposals",
    "keeping": "originals",
    "known": "knowing",
    "original_path": "originals",
    "read": "reading",
    "split": "splitting",
    "store": "storing",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
