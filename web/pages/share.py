"""« Partager » and « Modifier »: write, read again, publish. Nothing is lost on the way, and nothing needs a script."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import notes, organisations, themes
from savoirs.advising import Advice
from savoirs.database import reading
from savoirs.drafts import FieldDifference, NoteDraft
from savoirs.errors import FieldError, ForbiddenError, InvalidError, SavoirsError
from savoirs.models import NoteKind, NoteStatus, Stance
from savoirs.note_rights import may_publish
from savoirs.organisation_names import KnownName
from savoirs.themes import ThemeNode
from web import advising, dates
from web.announcing import announce
from web.answering import begin_answer, question_of_form
from web.begun_notes import begin_from_meeting
from web.draft_words import FIELD_NAMES, FIELD_OF_FORM, value_names
from web.form_limits import allow_long_texts
from web.forms.fields import clean_text
from web.forms.share import ShareForm, own_experience
from web.identity import current_account, required_account
from web.messages import message_of
from web.named_organisations import with_named_organisation
from web.pages import share_drafts, share_typing
from web.pages.versions import bp as versions_bp
from web.prompts import prompts, prompts_json
from web.publishing import added, saved
from web.resuming import Drafts, resumed, to_resume
from web.submissions import new_token, once
from web.wiring import current_services

bp = Blueprint("share", __name__)
for one in (versions_bp, share_typing.bp, share_drafts.bp):
    bp.register_blueprint(one)

MOST_LISTED = 200
"""Names of organisations, from which the page lists them no more: the script asks for those that are begun."""

NEED_MAX_CHARS = 2_000


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The form checks its own token here, to show the text again when it is too old."""
    csrf = state.app.extensions["csrf"]
    for one in (bp, share_typing.bp, share_drafts.save):
        csrf.exempt(one)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form can choose from: the theme tree, and all names of organisations."""

    themes: tuple[ThemeNode, ...]
    organisations: tuple[KnownName, ...]

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
    """An empty form, or begun: from a kind, a need, what came of a meeting, a call to answer, or a draft."""
    account = current_account()
    services = current_services()
    advising.prepare()
    with reading(services.sessions) as session:
        offered = _offered(session)
        if (left := resumed(session)) is not None:
            form, drafts = left
            return _form_page(form, offered, None, drafts=drafts, fresh=True)
        form = ShareForm(data={"token": new_token(), "kind": _asked_kind()})
        need = clean_text(request.args.get("besoin"))[:NEED_MAX_CHARS]
        if need:
            form.context.data = need
            form.stance.data = Stance.NEED.value
        if account is not None and account.organisation is not None:
            form.organisation.data = account.organisation.name
        if call_id := request.args.get("appel"):
            begin_answer(session, form, call_id)
        if token := request.args.get("suite"):
            begin_from_meeting(session, form, services.settings.secret(), token)
        return _form_page(form, offered, None, drafts=to_resume(session, account), fresh=True)


@bp.post("/partager")
def send() -> Response | str | tuple[str, int]:
    """Show the preview, publish, keep as a draft, or go back to writing, by the button pressed."""
    return _step(None)


@bp.get("/partager/gardee")
def kept() -> str:
    """The note waits for an editor."""
    return render_template("share_kept.html")


@bp.get("/fiches/<string(length=10):note_id>/modifier")
def edit(note_id: str) -> str:
    """The form, filled with the note, one of its versions (« ?version= ») or a draft (« ?brouillon= »)."""
    with reading(current_services().sessions) as session:
        editing = _editing(session, note_id)
        offered = _offered(session)
        if (left := resumed(session, note_id)) is not None:
            form, drafts = left
            return _form_page(form, offered, editing, drafts=drafts, fresh=True)
        draft = _asked_version(session, editing)
        form = ShareForm(formdata=None, token=new_token(), base_revision=editing.revision)
        own = own_experience(draft)
        names = {organisation.id: organisation.name for organisation in offered.organisations}
        name = names.get(own.organisation_id, "") if own else draft.organisation_name
        stance = own.stance if own else draft.organisation_stance
        form.first_fill(draft, name, stance)
        beside = _told_on_line(session, editing, draft) if draft is not editing.draft else ()
        drafts = to_resume(session, current_account(), note_id)
        return _form_page(form, offered, editing, drafts=drafts, fresh=True, beside=beside)


@bp.post("/fiches/<string(length=10):note_id>/modifier")
def save(note_id: str) -> Response | str | tuple[str, int]:
    """As for a new note; when somebody saved in between, both versions are kept and shown."""
    return _step(note_id)


def _step(note_id: str | None) -> Response | str | tuple[str, int]:
    allow_long_texts()
    step = request.form.get("step", "preview")
    services = current_services()
    if current_account() is None and (note_id or request.form.get("writer")):
        return render_template("share_session.html", form=ShareForm(), note_id=note_id or ""), 403
    with reading(services.sessions) as session:
        editing = _editing(session, note_id) if note_id else None
        offered = _offered(session)
        form = ShareForm()
        form.offer_themes(list(offered.theme_names))
        if step == "write":
            return _form_page(form, offered, editing)
        if step == "keep" and current_account() is not None:
            return _kept_as_draft(form, offered, editing)
        draft = _checked(session, form, editing)
        if draft is None:
            return _form_page(form, offered, editing), 422
        if step != "publish":
            return _preview_page(session, form, draft, offered, editing)
    return _published(form, draft, editing, offered)


def _published(
    form: ShareForm, draft: NoteDraft, editing: Editing | None, offered: Offered
) -> Response | tuple[str, int]:
    token = form.token.data or ""

    def work() -> str:
        if editing:
            return saved(draft, editing.note_id, form.base_revision.data or 0)
        return added(draft, form.call.data or "", token)

    try:
        return redirect(once(token, work), 303)
    except InvalidError as error:
        form.add_field_errors(error.errors, FIELD_OF_FORM)
    except ForbiddenError as error:
        if error.code != "not_your_organisation":
            raise
        form.add_field_errors((FieldError("organisation", error.code, error.params),))
    return _form_page(form, offered, editing), 422


def _kept_as_draft(form: ShareForm, offered: Offered, editing: Editing | None) -> Response | tuple[str, int]:
    """Without a script: keep what is typed, mistakes and all, and go where drafts are listed."""
    form.validate()
    problem = ""
    if not form.page_expired:
        for field in form:
            field.errors = []
        try:
            share_drafts.keep(required_account(), editing.note_id if editing else "", form)
        except SavoirsError as error:
            problem = message_of(error)
        else:
            announce("Brouillon gardé. Vous le retrouverez ici, sur tous vos appareils.")
            return redirect(url_for("space.show", _anchor="brouillons"), 303)
    return _form_page(form, offered, editing, problem=problem), 422


def _checked(session: Session, form: ShareForm, editing: Editing | None) -> NoteDraft | None:
    """The draft of a form without mistakes; otherwise all the mistakes are in the form."""
    form.validate()
    if not form.readable:
        return None
    name = form.organisation.data
    organisation = organisations.find_by_name(session, name) if name else None
    draft = form.draft(editing.draft if editing else NoteDraft(), organisation.id if organisation else None)
    limit = current_services().settings.max_note_chars
    mistakes = notes.check(session, draft, max_chars=limit)
    said = [one for one in mistakes if one.code != "stance_missing" or not form.stance.errors]
    form.add_field_errors(said, FIELD_OF_FORM)
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


def _told_on_line(session: Session, editing: Editing, draft: NoteDraft) -> tuple[FieldDifference, ...]:
    """What the version on line tells otherwise than the one in the form, to merge by hand."""
    values = value_names(organisations.names(session), themes.tree(session))
    return notes.differences(editing.draft, draft, values)


def _asked_kind() -> str:
    asked = request.args.get("genre", "")
    return asked if asked in set(NoteKind) else NoteKind.PRACTICE.value


def _offered(session: Session) -> Offered:
    return Offered(themes.tree(session), organisations.all_names(session))


def _form_page(
    form: ShareForm,
    offered: Offered,
    editing: Editing | None,
    *,
    drafts: Drafts = Drafts(),  # noqa: B008  (frozen)
    fresh: bool = False,
    beside: tuple[FieldDifference, ...] = (),
    problem: str = "",
) -> str:
    """The form. ``fresh``: as it is opened, so that the script may bring back what was left on this device."""
    account = current_account()
    form.writer.data = account.id if account else ""
    return render_template(
        "share_write.html",
        form=form,
        names=FIELD_NAMES,
        offered=offered,
        listed=len(offered.organisations) <= MOST_LISTED,
        editing=editing,
        account=account,
        question=question_of_form(form),
        prompts=prompts(form.kind.data),
        prompts_json=prompts_json,
        drafts=drafts,
        fresh=fresh,
        beside=beside,
        problem=problem,
    )


def _preview_page(
    session: Session, form: ShareForm, draft: NoteDraft, offered: Offered, editing: Editing | None
) -> str:
    found: Advice = advising.advice(
        session, draft, note_id=editing.note_id if editing else "", placed=bool(form.organisation.data)
    )
    return render_template(
        "share_preview.html",
        form=form,
        draft=draft,
        offered=offered,
        editing=editing,
        advice=found,
        at_once=may_publish(current_account(), draft),
    )
