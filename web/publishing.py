"""What the last button of the form does: a note is added or changed, its draft forgotten, and the way back offered."""

from __future__ import annotations

from flask import url_for

from savoirs import call_answers, notes, written_drafts
from savoirs.database import transaction
from savoirs.drafts import NoteDraft
from savoirs.models import Note, NoteStatus, RevisionState
from web.addresses import note_url
from web.announcing import announce
from web.clock import now
from web.identity import current_account, required_account
from web.wiring import current_services

PUBLISHED = "Fiche publiée. Elle se trouve dès maintenant par la recherche."
SAVED = "Vos changements sont enregistrés."


def added(draft: NoteDraft, call_id: str, token: str) -> str:
    """Add a note; returns the address to go to.

    Raises:
        InvalidError, ForbiddenError: See ``notes.add``.
    """
    account = current_account()
    with transaction(current_services().sessions) as session:
        note = notes.add(session, draft, account)
        if call_id:
            call_answers.link(session, call_id, note, now())
        written_drafts.discard(session, account, token)
        published, id_, address = note.status is NoteStatus.PUBLISHED, note.id, note_url(note.id, note.title)
    if not published:
        announce("", forget=token)
        return url_for("share.kept")
    announce(PUBLISHED, undo=url_for("moderation.withdraw", note_id=id_), forget=token)
    return address


def saved(draft: NoteDraft, note_id: str, base_revision: int) -> str:
    """Save the changes of a note; returns the address to go to: two versions to choose from, when somebody was first.

    Raises:
        InvalidError, ForbiddenError, NotFoundError: See ``notes.edit``.
    """
    account = required_account()
    with transaction(current_services().sessions) as session:
        outcome = notes.edit(session, note_id, draft, account, base_revision)
        written_drafts.discard(session, account, note_id)
        apart = outcome.conflict.id if outcome.conflict is not None else None
        before = version_before(outcome.note, base_revision)
        address = note_url(outcome.note.id, outcome.note.title)
    if apart is not None:
        announce("", forget=note_id)
        return url_for("share.versions.conflict", note_id=note_id, revision_id=apart)
    announce(SAVED, undo=undo_address(note_id, before), forget=note_id)
    return address


def version_before(note: Note, base_revision: int) -> int | None:
    """The version that was on line before the last change, if there was a change since a revision."""
    applied = [one for one in note.revisions if one.state is RevisionState.APPLIED]
    if note.revision == base_revision or len(applied) < 2:
        return None
    return applied[-2].id


def undo_address(note_id: str, version: int | None) -> str:
    """Where « Annuler » puts a version on line again; empty when there is none to go back to."""
    return url_for("share.versions.restore", note_id=note_id, revision_id=version) if version else ""
