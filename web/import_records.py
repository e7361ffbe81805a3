"""Where the record that a proposal became can be read."""

from __future__ import annotations

from collections.abc import Mapping

from savoirs.imports import Shown
from web.addresses import gathering_url, note_url, organisation_url

FRAMEWORKS = "/evaluation"


def record_links(groups: tuple[tuple[str, tuple[Shown, ...]], ...]) -> Mapping[str, str]:
    """The address of each record, by the key of its piece; contacts have no page."""
    shown = {one.piece.key: one for _, some in groups for one in some}
    found = {key: _link(one, shown.get(one.piece.parent)) for key, one in shown.items() if one.record}
    return {key: link for key, link in found.items() if link}


def _link(one: Shown, parent: Shown | None) -> str:
    title = one.known.title if one.known else one.piece.title
    if one.piece.is_note:
        return note_url(one.record, title)
    if one.piece.kind == "organisation":
        return organisation_url(one.record, title)
    if one.piece.kind == "framework":
        return FRAMEWORKS
    if one.piece.kind == "gathering":
        return gathering_url(one.record, title)
    if parent is None or not parent.record or one.piece.kind == "contact":
        return ""
    workshop = one.record if one.piece.kind == "workshop" else None
    return gathering_url(
        parent.record, parent.known.title if parent.known else parent.piece.title, workshop_id=workshop
    )
