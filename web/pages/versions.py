"""The versions of a note, for who may edit it: what changed, going back, and two versions saved at the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import notes, organisations, themes
from savoirs.database import reading, transaction
from savoirs.drafts import FieldDifference
from savoirs.errors import ForbiddenError, NotFoundError
from savoirs.models import RevisionState
from savoirs.notes import NoteView, RevisionView
from web import dates
from web.addresses import note_url
from web.announcing import announce
from web.draft_words import FIELD_NAMES, value_names
from web.identity import required_account
from web.publishing import undo_address, version_before
from web.wiring import current_services

bp = Blueprint("versions", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A version, and what it changed in the one before; ``before`` is None for the first that is known."""

    version: RevisionView
    before: RevisionView | None
    changes: tuple[FieldDifference, ...]
    current: bool


@bp.app_template_filter("version_moment")
def version_moment(at: str) -> str:
    """« 12 mars 2026 à 14:32 », from an ISO moment."""
    return dates.moment_in_words(dt.datetime.fromisoformat(at))


@bp.get("/fiches/<string(length=10):note_id>/versions")
def show(note_id: str) -> str:
    """All versions, the latest first."""
    with reading(current_services().sessions) as session:
        note = _editable(session, note_id)
        versions = notes.revisions(session, note_id)
        values = value_names(organisations.names(session), themes.tree(session))
    return render_template("versions.html", note=note, steps=_steps(note, versions, values), names=FIELD_NAMES)


@bp.get("/fiches/<string(length=10):note_id>/versions/<int:revision_id>")
def conflict(note_id: str, revision_id: int) -> str:
    """A version beside the one on line, field by field, and the choice between them."""
    with reading(current_services().sessions) as session:
        note = _editable(session, note_id)
        version = _version(session, note_id, revision_id)
        draft, _revision = notes.get_draft(session, note_id)
        values = value_names(organisations.names(session), themes.tree(session))
    return render_template(
        "version.html",
        note=note,
        version=version,
        differences=notes.differences(draft, version.draft, values),
        names=FIELD_NAMES,
        conflicting=version.state is RevisionState.CONFLICTING,
    )


@bp.post("/fiches/<string(length=10):note_id>/versions/<int:revision_id>")
def restore(note_id: str, revision_id: int) -> Response:
    """Put a version on line, as a new one."""
    with transaction(current_services().sessions) as session:
        number = notes.get_draft(session, note_id)[1]
        note = notes.restore(session, note_id, revision_id, required_account())
        before = version_before(note, number)
        address = note_url(note.id, note.title)
    announce("Cette version est maintenant en ligne. Celle d’avant est gardée.", undo=undo_address(note_id, before))
    return redirect(address, 303)


def _editable(session: Session, note_id: str) -> NoteView:
    note = notes.view(session, note_id, required_account(), dates.today())
    if not note.editable:
        raise ForbiddenError("not_your_note")
    return note


def _version(session: Session, note_id: str, revision_id: int) -> RevisionView:
    for version in notes.revisions(session, note_id):
        if version.id == revision_id:
            return version
    raise NotFoundError("unknown_revision")


def _steps(note: NoteView, versions: tuple[RevisionView, ...], values: Mapping[str, str]) -> list[Step]:
    """Each version with the applied one that it followed; ``versions`` is the latest first."""
    steps = []
    for at, version in enumerate(versions):
        before = next((older for older in versions[at + 1 :] if older.state is RevisionState.APPLIED), None)
        changes = notes.differences(before.draft, version.draft, values) if before else ()
        current = version.state is RevisionState.APPLIED and version.number == note.revision
        steps.append(Step(version, before, changes, current))
    return steps
