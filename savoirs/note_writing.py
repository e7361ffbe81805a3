"""Between a draft and the rows of a note, both ways."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.drafts import PARTS, ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.models import (
    Experience,
    Indicator,
    IndicatorExample,
    Note,
    NoteAudience,
    NoteTheme,
    NoteTool,
    Testimony,
    Theme,
    Tool,
    ToolAlias,
)

PLAIN = (
    "kind", "title", "summary", *PARTS, "date", "true_as_of", "for_whom", "time_needed", "cost", "requires",
    "anonymous",
)  # fmt: skip
"""Fields that a draft and a note both have, as they are."""


def draft_of(note: Note) -> NoteDraft:
    """A note as a draft."""
    return NoteDraft(
        **{name: getattr(note, name) for name in PLAIN},
        themes=tuple(one.theme.key for one in note.themes),
        audiences=tuple(one.audience for one in note.audiences),
        experiences=tuple(ExperienceDraft(one.organisation_id, one.role, one.stance) for one in note.experiences),
        tools=tuple(one.name for one in note.tools),
        tool=_tool_draft(note.tool),
        indicator=_indicator_draft(note.indicator),
        testimony_author=note.testimony.author if note.testimony else None,
    )


def write(session: Session, note: Note, draft: NoteDraft) -> None:
    """Make a note say what a draft says; the draft has been cleaned and checked."""
    for name in PLAIN:
        setattr(note, name, getattr(draft, name))
    themes = {theme.key: theme for theme in session.scalars(select(Theme).where(Theme.key.in_(draft.themes)))}
    note.themes = [NoteTheme(theme=themes[key], position=place) for place, key in enumerate(draft.themes)]
    note.audiences = [NoteAudience(audience=one, position=place) for place, one in enumerate(draft.audiences)]
    note.tools = [NoteTool(name=one, position=place) for place, one in enumerate(draft.tools)]
    note.experiences = _experiences(note.experiences, draft.experiences)
    _write_details(note, draft)


def _experiences(present: Sequence[Experience], wanted: Sequence[ExperienceDraft]) -> list[Experience]:
    """The rows that stay are kept: an insert before its delete would meet the unique constraint."""
    rows = {(row.organisation_id, row.role): row for row in present}
    kept = []
    for place, one in enumerate(wanted):
        row = rows.get((one.organisation_id, one.role)) or Experience(
            organisation_id=one.organisation_id, role=one.role
        )
        row.stance, row.position = one.stance, place
        kept.append(row)
    return kept


def _write_details(note: Note, draft: NoteDraft) -> None:
    if draft.tool is None:
        note.tool = None
    else:
        note.tool = note.tool or Tool()
        note.tool.provider_id = draft.tool.provider_id
        note.tool.category, note.tool.as_written = draft.tool.category, draft.tool.as_written
        note.tool.aliases = [ToolAlias(name=name, position=place) for place, name in enumerate(draft.tool.aliases)]
    if draft.indicator is None:
        note.indicator = None
    else:
        note.indicator = note.indicator or Indicator()
        note.indicator.dimension, note.indicator.nature = draft.indicator.dimension, draft.indicator.nature
        note.indicator.measure = draft.indicator.measure
        examples = enumerate(draft.indicator.examples)
        note.indicator.examples = [IndicatorExample(text=text, position=place) for place, text in examples]
    if draft.testimony_author is None and note.kind.value != "testimony":
        note.testimony = None
    else:
        note.testimony = note.testimony or Testimony()
        note.testimony.author = draft.testimony_author


def _tool_draft(tool: Tool | None) -> ToolDraft | None:
    if tool is None:
        return None
    return ToolDraft(tool.provider_id, tool.category, tool.as_written, tuple(alias.name for alias in tool.aliases))


def _indicator_draft(indicator: Indicator | None) -> IndicatorDraft | None:
    if indicator is None:
        return None
    examples = tuple(example.text for example in indicator.examples)
    return IndicatorDraft(indicator.dimension, indicator.nature, indicator.measure, examples)
