"""The version that a load gives a note, kept like any other: whoever edits it next can see what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from savoirs.corpus import note_parts
from savoirs.corpus.identities import Identities
from savoirs.corpus.records import Record
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.models import ExperienceRole, NoteKind, RevisionState, Stance


def row(record: Record, note_id: str, number: int, identities: Identities, now: dt.datetime) -> dict[str, Any]:
    """The row of a note's version."""
    return {
        "note_id": note_id,
        "number": number,
        "state": RevisionState.APPLIED,
        "author_id": None,
        "created_at": now,
        "draft": draft(record, identities).to_json(),
    }


def draft(record: Record, identities: Identities) -> NoteDraft:
    """What a file says of a note, as somebody would have written it in the form."""
    front, essentials = record.front, record.front.get("essentials", {})
    kind, parts = NoteKind(front["kind"]), note_parts.split(record.body)
    return NoteDraft(
        kind=kind,
        title=front["title"],
        summary=front.get("summary", ""),
        themes=tuple(front["themes"]),
        audiences=tuple(front.get("audiences", ())),
        date=front.get("date"),
        true_as_of=front.get("true_as_of"),
        for_whom=essentials.get("for_whom", ""),
        time_needed=essentials.get("time", ""),
        cost=essentials.get("cost", ""),
        requires=essentials.get("requires", ""),
        anonymous=front.get("anonymous", False),
        experiences=tuple(_experience(link, identities) for link in front.get("experiences", ())),
        tools=tuple(front.get("tools", ())),
        tool=_tool(front.get("tool", {}), identities) if kind is NoteKind.TOOL else None,
        indicator=_indicator(front.get("indicator", {})) if kind is NoteKind.INDICATOR else None,
        testimony_author=front.get("testimony", {}).get("author"),
        introduction=parts["introduction"],
        context=parts["context"],
        action=parts["action"],
        worked=parts["worked"],
        failed=parts["failed"],
    )


def _experience(link: Mapping[str, str], identities: Identities) -> ExperienceDraft:
    stance = Stance(link["stance"]) if "stance" in link else None
    return ExperienceDraft(identities.get("organisation", link["organisation"]), ExperienceRole(link["role"]), stance)


def _tool(front: Mapping[str, Any], identities: Identities) -> ToolDraft:
    return ToolDraft(
        provider_id=identities.find("organisation", front.get("provider")),
        category=front.get("category", ""),
        as_written=front.get("as_written", ""),
        aliases=tuple(front.get("aliases", ())),
    )


def _indicator(front: Mapping[str, Any]) -> IndicatorDraft:
    return IndicatorDraft(
        dimension=front.get("dimension", ""),
        nature=front.get("nature", ""),
        measure=front.get("measure", ""),
        examples=tuple(front.get("examples", ())),
    )
