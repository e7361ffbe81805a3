"""From a note as the API takes it to a draft of the knowledge base."""

from __future__ import annotations

from savoirs.drafts import ExperienceDraft, NoteDraft
from savoirs.models import ExperienceRole, NoteKind, Stance
from web.api import schemas


def draft_of(asked: schemas.NoteIn) -> NoteDraft:
    """The draft that a body describes."""
    return NoteDraft(
        kind=NoteKind(asked.kind),
        title=asked.title,
        summary=asked.summary,
        introduction=asked.introduction,
        context=asked.context,
        action=asked.action,
        worked=asked.worked,
        failed=asked.failed,
        themes=tuple(asked.themes),
        audiences=tuple(asked.audiences),
        date=asked.date,
        true_as_of=asked.true_as_of,
        for_whom=asked.for_whom,
        time_needed=asked.time_needed,
        cost=asked.cost,
        requires=asked.requires,
        anonymous=asked.anonymous,
        tools=tuple(asked.tools),
        experiences=tuple(_experience(experience) for experience in asked.experiences),
    )


def _experience(asked: schemas.ExperienceIn) -> ExperienceDraft:
    stance = Stance(asked.stance) if asked.stance is not None else None
    return ExperienceDraft(asked.organisation, ExperienceRole(asked.role), stance)
