"""Letting a call through: an editor reads it, mends it, sees who would be told, and decides."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from savoirs import call_recipients, call_views, calls, themes
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError
from savoirs.models import CallStatus
from web import dates
from web.addresses import call_url
from web.clock import now
from web.form_limits import allow_long_texts
from web.forms.call import CallReviewForm
from web.identity import required_editor
from web.labels import counted
from web.wiring import current_services

bp = Blueprint("call_moderation", __name__)

FIELD_NAMES = {"question": "La question", "context": "La situation", "theme": "Le thème"}


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The form checks its own token here, to show the text again when it is too old."""
    state.app.extensions["csrf"].exempt(bp)


@bp.get("/moderation/appels/<string(length=10):call_id>")
def review(call_id: str) -> str | Response:
    """The call, ready to be mended, and who would be told."""
    editor = required_editor()
    with reading(current_services().sessions) as session:
        call = call_views.view(session, call_id, editor)
    if call.line.status is not CallStatus.WAITING:
        return redirect(call_url(call.line.id, call.line.question), 302)
    theme = call.line.theme.id if call.line.theme else ""
    form = CallReviewForm(data={"question": call.line.question, "context": call.context, "theme": theme})
    return _page(form, call_id)


@bp.post("/moderation/appels/<string(length=10):call_id>/publier")
def publish(call_id: str) -> Response | tuple[str, int]:
    """Publish it and tell the nearest. Whom to tell is looked for before the database is written to."""
    allow_long_texts()
    editor, form, services = required_editor(), CallReviewForm(), current_services()
    if not form.validate():
        return _page(form, call_id), 422
    with reading(services.sessions) as session:
        asker = call_views.asking_organisation(session, call_id)
        need = call_recipients.need_of(form.question.data, call_views.search_of(session, call_id))
        found = call_recipients.nearest(
            session, services.search_engine, services.feed, need, exclude=asker, today=dates.today()
        )
    moment = now()
    try:
        with transaction(services.sessions) as session:
            call = calls.open_call(
                session,
                call_id,
                editor,
                [one.organisation.id for one in found],
                services.settings,
                moment,
                question=form.question.data,
                context=form.context.data,
                theme=form.theme.data or "",
            )
            address, told = call_url(call.id, call.question), len(call_views.told_ids(session, call.id))
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _page(form, call_id), 422
    flash(f"Appel publié. {counted(told, 'association prévenue', 'associations prévenues')}.", "message")
    return redirect(address, 303)


@bp.post("/moderation/appels/<string(length=10):call_id>/refuser")
def decline(call_id: str) -> Response | tuple[str, int]:
    """Do not publish it; the address left with it is erased."""
    editor, form = required_editor(), CallReviewForm()
    form.validate()
    if form.page_expired:
        return _page(form, call_id), 422
    with transaction(current_services().sessions) as session:
        calls.decline(session, call_id, editor, now())
    flash("Appel non publié. L’adresse qui l’accompagnait est effacée.", "message")
    return redirect(url_for("moderation.show", _anchor="appels"), 303)


def _page(form: CallReviewForm, call_id: str) -> str:
    editor, services = required_editor(), current_services()
    with reading(services.sessions) as session:
        call = call_views.view(session, call_id, editor)
        asker = call_views.asking_organisation(session, call_id)
        asked = form.question.data or call.line.question
        need = call_recipients.need_of(asked, call_views.search_of(session, call_id))
        found = call_recipients.nearest(
            session, services.search_engine, services.feed, need, exclude=asker, today=dates.today()
        )
        recipients = call_recipients.foreseen(session, found, services.settings, now())
        tree = themes.tree(session)
    return render_template(
        "moderation_call.html", form=form, names=FIELD_NAMES, call=call, recipients=recipients, theme_tree=tree
    )
