"""Writing notes: add, edit, publish, withdraw. Each writes the note, a revision and the journal in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs import organisations
from savoirs.draft_checks import check, cleaned
from savoirs.draft_differences import differences
from savoirs.drafts import ExperienceDraft, FieldDifference, IndicatorDraft, NoteDraft, Part, ToolDraft
from savoirs.errors import FieldError, InvalidError, NotFoundError
from savoirs.journal import record_change
from savoirs.models import (
    Account,
    ChangeAction,
    Experience,
    ExperienceRole,
    Note,
    NoteStatus,
    Revision,
    RevisionState,
    record_id,
)
from savoirs.models.base import utc_now
from savoirs.moments import aware
from savoirs.note_pieces import read_whole
from savoirs.note_rights import may_edit, may_publish, require_editor, require_may_edit, require_may_tell
from savoirs.note_views import NoteView, PendingNote, latest, pending, view, written_by
from savoirs.note_writing import draft_of, write
from savoirs.plaintext import masked_within
from savoirs.slugs import slugify

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
    "may_publish",
    "pending",
    "publish",
    "remove_testimony_author",
    "restore",
    "revisions",
    "view",
    "withdraw",
    "written_by",
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


def add(session: Session, draft: NoteDraft, author: Account | None, *, max_chars: int = 20_000) -> Note:
    """Write a new note: published when its author may publish it, else waiting for an editor.

    An editor may publish anything; a member what no other organisation than theirs lived.

    Raises:
        InvalidError: The draft has mistakes.
    """
    draft = _checked(session, draft, max_chars)
    published = may_publish(author, draft)
    key = _new_key(session, draft.title)
    note = Note(
        id=record_id("note", key),
        key=key,
        status=NoteStatus.PUBLISHED if published else NoteStatus.PENDING,
        author_id=author.id if author else None,
        published_at=utc_now() if published else None,
        revision=1,
    )
    with session.no_autoflush:
        write(session, note, draft)
        if draft.organisation_name:
            _link_named(session, note, draft)
    session.add(note)
    return _recorded(session, note, draft, author)


def edit(
    session: Session, note_id: str, draft: NoteDraft, author: Account, base_revision: int, *, max_chars: int = 20_000
) -> EditOutcome:
    """Save a new version of a note, written over the revision ``base_revision``.

    When the note is no longer at that revision, it is left as it is and the new version is kept apart: commit in both
    cases. A draft that says what the note says already changes nothing.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``not_your_note`` or ``not_your_organisation``.
        InvalidError: The draft has mistakes.
    """
    note = _locked(session, note_id)
    require_may_edit(author, note)
    draft = _checked(session, draft, max_chars)
    require_may_tell(author, note, draft)
    if _essence(draft) == draft_of(note):
        return EditOutcome(note, None)
    if base_revision != note.revision:
        return EditOutcome(note, _kept_apart(session, note, draft, author, base_revision))
    return EditOutcome(_applied(session, note, draft, author), None)


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
    require_editor(editor)
    note = _locked(session, note_id)
    told = _last_draft(note)
    if told and told.organisation_name and not _link_named(session, note, told) and create_organisation:
        organisations.create(session, told.organisation_name)
        _link_named(session, note, told)
    note.status = NoteStatus.PUBLISHED
    note.withdrawn_at = note.withdrawn_by_id = None
    note.published_at = note.published_at or utc_now()
    record_change(session, "note", note.id)
    return note


def withdraw(session: Session, note_id: str, author: Account, now: dt.datetime | None = None) -> Note:
    """Take a note away from readers, and put it in the bin (``savoirs.bin``). Who may edit it may withdraw it.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``not_your_note``.
    """
    note = _locked(session, note_id)
    require_may_edit(author, note)
    if note.status is not NoteStatus.WITHDRAWN:
        note.status, note.withdrawn_at, note.withdrawn_by_id = NoteStatus.WITHDRAWN, now or utc_now(), author.id
    record_change(session, "note", note.id, ChangeAction.REMOVE)
    return note


def restore(session: Session, note_id: str, revision_id: int, author: Account) -> Note:
    """Make an earlier or conflicting version the note's current one, as a new revision.

    Raises:
        NotFoundError: ``unknown_note`` or ``unknown_revision``.
        ForbiddenError: ``not_your_note`` or ``not_your_organisation``.
        InvalidError: It can no longer be said as it is; a theme may be gone.
    """
    note = _locked(session, note_id)
    require_may_edit(author, note)
    revision = next((one for one in note.revisions if one.id == revision_id), None)
    if revision is None:
        raise NotFoundError("unknown_revision", note_id=note_id, revision_id=revision_id)
    draft = _checked(session, NoteDraft.from_json(revision.draft))
    require_may_tell(author, note, draft)
    return note if _essence(draft) == draft_of(note) else _applied(session, note, draft, author)


def revisions(session: Session, note_id: str) -> tuple[RevisionView, ...]:
    """All states a note has been in, conflicting ones included, the latest first. One query."""
    rows = session.execute(
        select(Revision, Account.name, Account.login)
        .outerjoin(Account, Account.id == Revision.author_id)
        .where(Revision.note_id == note_id)
        .order_by(Revision.id.desc())
    )
    return tuple(
        RevisionView(
            row.id,
            row.number,
            row.state,
            name or login,
            aware(row.created_at).isoformat(),
            NoteDraft.from_json(masked_within(row.draft)),
        )
        for row, name, login in rows
    )


def get_draft(session: Session, note_id: str) -> tuple[NoteDraft, int]:
    """A note as a draft to edit, without any address it holds, and the revision it is at. Two queries.

    Raises:
        NotFoundError: ``unknown_note``.
    """
    whole = read_whole(session, note_id)
    if whole is None:
        raise NotFoundError("unknown_note", id=note_id)
    return NoteDraft.from_json(masked_within(whole.draft().to_json())), whole.note.revision


def remove_testimony_author(session: Session, note_id: str, editor: Account) -> Note:
    """Remove the name of who speaks in a testimony: from the note and from every revision.

    Raises:
        NotFoundError: ``unknown_note``.
        ForbiddenError: ``editors_only``.
    """
    require_editor(editor)
    note = _locked(session, note_id)
    if note.testimony:
        note.testimony.author = None
    for revision in note.revisions:
        revision.draft = {**revision.draft, "testimony_author": None}
    record_change(session, "note", note.id)
    return note


def _checked(session: Session, draft: NoteDraft, max_chars: int = 20_000) -> NoteDraft:
    draft = cleaned(draft)
    errors = check(session, draft, max_chars=max_chars)
    if errors:
        raise InvalidError(errors)
    return draft


def _locked(session: Session, note_id: str) -> Note:
    """The note as it is now, which nobody else changes before the end of the transaction."""
    note = session.get(Note, note_id, with_for_update=True, populate_existing=True)
    if note is None:
        raise NotFoundError("unknown_note", id=note_id)
    return note


def _new_key(session: Session, title: str) -> str:
    slug = slugify(title, max_length=80) or "fiche"
    if session.scalar(select(Note.key).where(Note.key == slug)) is None:
        return slug  # nearly always, and found in the index: what begins like it is looked for in all keys
    taken = set(session.scalars(select(Note.key).where(Note.key.startswith(slug, autoescape=True))))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in numbered if key not in taken)


def _essence(draft: NoteDraft) -> NoteDraft:
    """What a note keeps of a draft."""
    return replace(draft, organisation_name="", organisation_stance=None)


def _applied(session: Session, note: Note, draft: NoteDraft, author: Account) -> Note:
    _keep_present(session, note)
    with session.no_autoflush:
        write(session, note, draft)
    note.revision += 1
    note.updated_at = utc_now()
    session.flush()
    return _recorded(session, note, draft, author)


def _recorded(session: Session, note: Note, draft: NoteDraft, author: Account | None) -> Note:
    note.revisions.append(_revision(note.revision, RevisionState.APPLIED, draft, author))
    record_change(session, "note", note.id)
    return note


def _keep_present(session: Session, note: Note) -> None:
    """Keep the present state of a note that was loaded from a file, and so has no revision of it yet."""
    if not any(one.number == note.revision and one.state is RevisionState.APPLIED for one in note.revisions):
        present = _revision(note.revision, RevisionState.APPLIED, draft_of(note), None)
        present.created_at = note.updated_at
        note.revisions.append(present)
        session.flush()


def _kept_apart(session: Session, note: Note, draft: NoteDraft, author: Account, base_revision: int) -> Revision:
    """The version that came second, once, even when it is sent twice."""
    for one in note.revisions:
        if one.state is RevisionState.CONFLICTING and one.author_id == author.id and one.draft == draft.to_json():
            return one
    apart = _revision(base_revision, RevisionState.CONFLICTING, draft, author)
    note.revisions.append(apart)
    session.flush()
    return apart


def _revision(number: int, state: RevisionState, draft: NoteDraft, author: Account | None) -> Revision:
    return Revision(number=number, state=state, author_id=author.id if author else None, draft=draft.to_json())


def _last_draft(note: Note) -> NoteDraft | None:
    applied = [one for one in note.revisions if one.state is RevisionState.APPLIED]
    return NoteDraft.from_json(applied[-1].draft) if applied else None


def _link_named(session: Session, note: Note, draft: NoteDraft) -> bool:
    """Say that the organisation a draft names lived the note, if it is known; returns whether it is."""
    known = organisations.find_by_name(session, draft.organisation_name)
    if known is None:
        return False
    linked = any(one.organisation_id == known.id and one.role is ExperienceRole.LIVED for one in note.experiences)
    if draft.organisation_stance is not None and not linked:
        place = len(note.experiences)
        note.experiences.append(
            Experience(
                organisation_id=known.id,
                role=ExperienceRole.LIVED,
                stance=draft.organisation_stance,
                position=place,
            )
        )
    return True
