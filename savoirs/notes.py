"""Writing notes: add, edit, publish, withdraw. Each writes the note, a revision and the journal in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoirs.drafts import (
    ExperienceDraft,
    FieldDifference,
    IndicatorDraft,
    NoteDraft,
    Part,
    ToolDraft,
    check,
    differences,
)
from savoirs.errors import FieldError
from savoirs.models import Account, Note, Revision, RevisionState
from savoirs.note_views import NoteView, PendingNote, latest, pending, view

__all__ = [
    "EditOutcome",
    "ExperienceDraft",
    "FieldDifference",
    "FieldError",
    "IndicatorDraft",
    "NoteDraft",
    "NoteView",
    "Part",
    "PendingNote",
    "RevisionView",
    "ToolDraft",
    "add",
    "check",
    "differences",
    "draft_of",
    "edit",
    "get_draft",
    "latest",
    "may_edit",
    "pending",
    "publish",
    "remove_testimony_author",
    "restore",
    "revisions",
    "view",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """What came of an edit.

    Attributes:
        note: The note; unchanged when there is a conflict.
        conflict: The version kept apart because somebody saved first, else None. Show
            ``differences(draft_of(note), NoteDraft.from_json(conflict.draft))`` and save again on ``note.revision``.
    """

    note: Note
    conflict: Revision | None


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A state a note has been in; ``author`` is the account's name, None for a visitor or a loaded file."""

    id: int
    number: int
    state: RevisionState
    author: str | None
    at: str
    draft: NoteDraft


def add(session: Session, draft: NoteDraft, author: Account | None) -> Note:
    """Write a new note: published when its author may publish it, else waiting for an editor.

    An editor may publish anything; a member what their own organisation, and no other, lived.

    Raises:
        InvalidError: The draft has mistakes.
    """
    raise NotImplementedError


def edit(session: Session, note_id: str, draft: NoteDraft, author: Account, base_revision: int) -> EditOutcome:
    """Save a new version of a note, written over the revision ``base_revision``.

    When the note is no longer at that revision, it is left as it is and the new version is kept apart: commit in both
    cases.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``not_your_note`` or ``not_your_organisation``.
        InvalidError: The draft has mistakes.
    """
    raise NotImplementedError


def publish(session: Session, note_id: str, editor: Account, *, create_organisation: bool = False) -> Note:
    """Publish a pending or withdrawn note.

    Args:
        session: The session.
        note_id: The note.
        editor: Who decides.
        create_organisation: Create the organisation that a visitor named, when it is not known.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``editors_only``.
    """
    raise NotImplementedError


def withdraw(session: Session, note_id: str, author: Account) -> Note:
    """Take a note away from readers; it is kept. Who may edit it may withdraw it.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``not_your_note``.
    """
    raise NotImplementedError


def restore(session: Session, note_id: str, revision_id: int, author: Account) -> Note:
    """Make an earlier or conflicting version the note's current one, as a new revision.

    Raises:
        NotFoundError: ``unknown_note`` or ``unknown_revision``.
        ForbiddenError: ``not_your_note`` or ``not_your_organisation``.
    """
    raise NotImplementedError


def revisions(session: Session, note_id: str) -> tuple[RevisionView, ...]:
    """All states a note has been in, conflicting ones included, the latest first. One query."""
    raise NotImplementedError


def get_draft(session: Session, note_id: str) -> tuple[NoteDraft, int]:
    """A note as a draft to edit, and the revision it is at.

    Raises:
        NotFoundError: ``unknown_note``.
    """
    raise NotImplementedError


def draft_of(note: Note) -> NoteDraft:
    """A note as a draft."""
    raise NotImplementedError


def may_edit(account: Account | None, note: Note | NoteView) -> bool:
    """Whether an account may edit a note: an editor all, a member its own and what its organisation lived."""
    raise NotImplementedError


def remove_testimony_author(session: Session, note_id: str, editor: Account) -> Note:
    """Remove the name of who speaks in a testimony: from the note and from every revision.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``editors_only``.
    """
    raise NotImplementedError
