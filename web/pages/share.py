"""« Partager » and « Modifier »: write, read again, publish. Nothing is lost on the way, and nothing needs a script."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import call_answers, notes, organisations, search, themes
from savoirs.cards import Named
from savoirs.database import reading, transaction
from savoirs.drafts import NoteDraft
from savoirs.errors import FieldError, ForbiddenError, InvalidError
from savoirs.models import NoteStatus, Stance
from savoirs.note_rights import may_publish
from savoirs.themes import ThemeNode
from web import dates
from web.addresses import note_url
from web.answering import begin_answer, question_of_form
from web.begun_notes import begin_from_meeting
from web.clock import now
from web.draft_words import FIELD_NAMES, FIELD_OF_FORM
from web.form_limits import allow_long_texts
from web.forms.fields import clean_text
from web.forms.share import ShareForm, own_experience
from web.identity import current_account, required_account
from web.named_organisations import with_named_organisation
from web.pages.versions import bp as versions_bp
from web.submissions import new_token, once
from web.wiring import current_services

bp = Blueprint("share", __name__)
bp.register_blueprint(versions_bp)

NEAR_NOTES = 3
NEED_MAX_CHARS = 2_000


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The form checks its own token here, to show the text again when it is too old."""
    state.app.extensions["csrf"].exempt(bp)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form can choose from: the theme tree, and names of organisations."""

    themes: tuple[ThemeNode, ...]
    organisations: tuple[Named, ...]

    @property
    def theme_names(self) -> dict[str, str]:
        """Names of themes by key."""
        return {node.key: node.name for root in self.themes for node in (root, *root.children)}


@dataclass(frozen=True, slots=True)
class Editing:
    """The note that is changed: what it is now, at which revision. Absent for a new note."""

    note_id: str
    title: str
    draft: NoteDraft
    revision: int
    status: NoteStatus


@bp.get("/partager")
def write() -> str:
    """An empty form, or begun: from a need, from what came of a meeting, from a call to answer."""
    account = current_account()
    form = ShareForm(data={"token": new_token()})
    need = clean_text(request.args.get("besoin"))[:NEED_MAX_CHARS]
    if need:
        form.context.data = need
        form.stance.data = Stance.NEED.value
    if account is not None and account.organisation is not None:
        form.organisation.data = account.organisation.name
    services = current_services()
    with reading(services.sessions) as session:
        if call_id := request.args.get("appel"):
            begin_answer(session, form, call_id)
        if token := request.args.get("suite"):
            begin_from_meeting(session, form, services.settings.secret(), token)
        return _form_page(form, _offered(session), None)


@bp.post("/partager")
def send() -> Response | str | tuple[str, int]:
    """Show the preview, publish, or go back to writing, by the button pressed."""
    return _step(None)


@bp.get("/partager/gardee")
def kept() -> str:
    """The note waits for an editor."""
    return render_template("share_kept.html")


@bp.get("/fiches/<string(length=10):note_id>/modifier")
def edit(note_id: str) -> str:
    """The form, filled with the note, or with one of its versions (« ?version= »)."""
    with reading(current_services().sessions) as session:
        editing = _editing(session, note_id)
        draft = _asked_version(session, editing)
        form = ShareForm(formdata=None, token=new_token(), base_revision=editing.revision)
        offered = _offered(session)
        own = own_experience(draft)
        names = {organisation.id: organisation.name for organisation in offered.organisations}
        name = names.get(own.organisation_id, "") if own else draft.organisation_name
        stance = own.stance if own else draft.organisation_stance
        form.first_fill(draft, name, stance)
        return _form_page(form, offered, editing)


@bp.post("/fiches/<string(length=10):note_id>/modifier")
def save(note_id: str) -> Response | str | tuple[str, int]:
    """As for a new note; when somebody saved in between, both versions are kept and shown."""
    return _step(note_id)


def _step(note_id: str | None) -> Response | str | tuple[str, int]:
    allow_long_texts()
    step = request.form.get("step", "preview")
    services = current_services()
    with reading(services.sessions) as session:
        editing = _editing(session, note_id) if note_id else None
        offered = _offered(session)
        form = ShareForm()
        form.offer_themes(list(offered.theme_names))
        if step == "write":
            return _form_page(form, offered, editing)
        draft = _checked(session, form, editing)
        if draft is None:
            return _form_page(form, offered, editing), 422
        if step != "publish":
            return _preview_page(session, form, draft, offered, editing)
    return _published(form, draft, editing, offered)


def _published(
    form: ShareForm, draft: NoteDraft, editing: Editing | None, offered: Offered
) -> Response | tuple[str, int]:
    def work() -> str:
        return _saved(draft, editing, form.base_revision.data or 0) if editing else _added(draft, form.call.data or "")

    try:
        return redirect(once(form.token.data or "", work), 303)
    except InvalidError as error:
        form.add_field_errors(error.errors, FIELD_OF_FORM)
    except ForbiddenError as error:
        if error.code != "not_your_organisation":
            raise
        form.add_field_errors((FieldError("organisation", error.code, error.params),))
    return _form_page(form, offered, editing), 422


def _added(draft: NoteDraft, call_id: str) -> str:
    with transaction(current_services().sessions) as session:
        note = notes.add(session, draft, current_account())
        if call_id:
            call_answers.link(session, call_id, note, now())
        if note.status is not NoteStatus.PUBLISHED:
            return url_for("share.kept")
        address = note_url(note.id, note.title)
    flash("Fiche publiée. Elle se trouve dès maintenant par la recherche.", "message")
    return address


def _saved(draft: NoteDraft, editing: Editing, base_revision: int) -> str:
    with transaction(current_services().sessions) as session:
        outcome = notes.edit(session, editing.note_id, draft, required_account(), base_revision)
        if outcome.conflict is not None:
            return url_for("share.versions.conflict", note_id=editing.note_id, revision_id=outcome.conflict.id)
        address = note_url(outcome.note.id, outcome.note.title)
    flash("Vos changements sont enregistrés.", "message")
    return address


def _checked(session: Session, form: ShareForm, editing: Editing | None) -> NoteDraft | None:
    """The draft of a form without mistakes; otherwise all the mistakes are in the form."""
    form.validate()
    if not form.readable:
        return None
    name = form.organisation.data
    organisation = organisations.find_by_name(session, name) if name else None
    draft = form.draft(editing.draft if editing else NoteDraft(), organisation.id if organisation else None)
    limit = current_services().settings.max_note_chars
    form.add_field_errors(notes.check(session, draft, max_chars=limit), FIELD_OF_FORM)
    return None if form.problems() or form.page_expired else draft


def _editing(session: Session, note_id: str) -> Editing:
    account = required_account()
    view = notes.view(session, note_id, account, dates.today())
    if not view.editable:
        raise ForbiddenError("not_your_note")
    draft, revision = notes.get_draft(session, note_id)
    draft = with_named_organisation(session, note_id, draft)
    return Editing(note_id, view.title, draft, revision, view.status)


def _asked_version(session: Session, editing: Editing) -> NoteDraft:
    asked = request.args.get("version", type=int)
    versions = notes.revisions(session, editing.note_id) if asked else ()
    return next((version.draft for version in versions if version.id == asked), editing.draft)


def _offered(session: Session) -> Offered:
    return Offered(themes.tree(session), organisations.names(session))


def _form_page(form: ShareForm, offered: Offered, editing: Editing | None) -> str:
    return render_template(
        "share_write.html",
        form=form,
        names=FIELD_NAMES,
        offered=offered,
        editing=editing,
        account=current_account(),
        question=question_of_form(form),
    )


def _preview_page(
    session: Session, form: ShareForm, draft: NoteDraft, offered: Offered, editing: Editing | None
) -> str:
    services = current_services()
    near = () if editing else search.duplicates(session, services.search_engine, services.feed, draft, NEAR_NOTES)
    text = " ".join((draft.title, draft.summary, draft.context, draft.action, draft.worked, draft.failed))
    suggested = [node for node, _words in themes.suggested(session, text) if node.key not in draft.themes]
    return render_template(
        "share_preview.html",
        form=form,
        draft=draft,
        offered=offered,
        editing=editing,
        near=near,
        suggested=suggested if not draft.themes else [],
        at_once=may_publish(current_account(), draft),
    )
