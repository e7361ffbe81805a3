"""The organisation that a visitor named for a note, until an editor recognises it: the note itself cannot hold it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from savoirs import notes, organisations
from savoirs.drafts import NoteDraft
from savoirs.models import RevisionState


def with_named_organisation(session: Session, note_id: str, draft: NoteDraft) -> NoteDraft:
    """A note's draft with the organisation named when it was last written, unless the note is linked to it already."""
    versions = (one for one in notes.revisions(session, note_id) if one.state is RevisionState.APPLIED)
    last = next(versions, None)
    if last is None or not last.draft.organisation_name:
        return draft
    known = organisations.find_by_name(session, last.draft.organisation_name)
    if known is not None and any(link.organisation_id == known.id for link in draft.experiences):
        return draft
    return replace(
        draft,
        organisation_name=last.draft.organisation_name,
        organisation_stance=last.draft.organisation_stance,
    )
