"""« Appels à expérience »: asking the network, reading what others ask, answering with a note."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import call_recipients, call_views, calls
from savoirs.call_recipients import Recipient
from savoirs.call_views import CallView
from savoirs.calls import CallDraft
from savoirs.database import reading, transaction
from savoirs.errors import ForbiddenError, InvalidError
from savoirs.models import Account
from savoirs.own_contacts import own_contact
from web import dates
from web.addresses import call_url
from web.call_words import answers_in_words, question_of
from web.clock import now
from web.form_limits import allow_long_texts
from web.forms.call import CallForm
from web.forms.fields import SavoirsForm, clean_line
from web.identity import current_account, required_account
from web.submissions import new_token, once
from web.wiring import Services, current_services

bp = Blueprint("calls", __name__)

SEARCH_MAX_CHARS = 500

FIELD_NAMES = {
    "question": "Votre question",
    "context": "Votre situation",
    "email": "Où vous prévenir ?",
    "agreed": "Votre accord",
}


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The forms check their own token here, to show the text again when it is too old."""
    state.app.extensions["csrf"].exempt(bp)


@bp.get("/appels")
def listing() -> str:
    """Open calls, then those that found an answer."""
    with reading(current_services().sessions) as session:
        shown = call_views.listing(session)
        answered = call_views.answered(session)
    return render_template("calls.html", calls=shown, answered=answered, answers_in_words=answers_in_words)


@bp.get("/appels/nouveau")
def write() -> str:
    """The form, with the search as a question, and who would be told."""
    return _form_page(search_form(request.args.get("q", "")))


@bp.post("/appels/nouveau")
def send() -> Response | tuple[str, int]:
    """Keep the call for an editor, or show what is missing with everything still there."""
    allow_long_texts()
    form = CallForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        address = once(form.token.data or "", lambda: _keep(form))
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _form_page(form), 422
    return redirect(address, 303)


@bp.get("/appels/garde")
def kept() -> str:
    """What happens now."""
    return render_template("call_kept.html")


@bp.get("/appels/<string(length=10):call_id>", defaults={"slug": ""})
@bp.get("/appels/<string(length=10):call_id>-<slug>")
def show(call_id: str, slug: str) -> str | Response:
    """A call, its answers, and how to answer it."""
    account = current_account()
    with reading(current_services().sessions) as session:
        call = call_views.view(session, call_id, account)
    if slug != call.line.slug:
        return redirect(call_url(call.line.id, call.line.question), 301)
    return _call_page(call, account)


@bp.post("/appels/<string(length=10):call_id>/fermer")
def close(call_id: str) -> Response | tuple[str, int]:
    """Close a call, for who asked it or an editor."""
    account = required_account()
    services = current_services()
    with reading(services.sessions) as session:
        call = call_views.view(session, call_id, account)
    if not calls.may_close(account, call.account_id):
        raise ForbiddenError("not_your_call")
    if not SavoirsForm().validate():
        flash("Cette page est restée ouverte longtemps. Fermez l’appel à nouveau.", "alerte")
        return _call_page(call, account), 422
    with transaction(services.sessions) as session:
        calls.close(session, call_id, now())
    flash("Appel fermé. L’adresse qui l’accompagnait est effacée.", "message")
    return redirect(call_url(call.line.id, call.line.question) if call.line.readable else url_for("space.show"), 303)


def search_form(search: str) -> CallForm:
    """The form of a call, with a search as its question."""
    search = clean_line(search)[:SEARCH_MAX_CHARS]
    asked = {"token": new_token(), "search": search, "question": question_of(search)}
    return CallForm(formdata=None, data=asked)


def foreseen(session: Session, services: Services, need: str) -> tuple[Recipient, ...]:
    """Who would be told of a question now."""
    account = current_account()
    exclude = account.organisation_id if account else None
    found = call_recipients.nearest(
        session, services.search_engine, services.feed, need, exclude=exclude, today=dates.today()
    )
    return call_recipients.foreseen(session, found, services.settings, now())


def _keep(form: CallForm) -> str:
    draft = CallDraft(
        question=form.question.data,
        context=form.context.data,
        search=form.search.data or "",
        named=form.named.data,
        email=form.email.data,
        agreed=form.agreed.data,
    )
    with transaction(current_services().sessions) as session:
        calls.ask(session, draft, current_account(), now())
    return url_for("calls.kept")


def _call_page(call: CallView, account: Account | None) -> str:
    return render_template(
        "call.html", call=call, may_close=calls.may_close(account, call.account_id), answers_in_words=answers_in_words
    )


def _form_page(form: CallForm) -> str:
    services = current_services()
    with reading(services.sessions) as session:
        need = call_recipients.need_of(form.question.data or "", form.search.data or "")
        recipients = foreseen(session, services, need)
        own = own_contact(session, current_account())
    return render_template(
        "call_write.html",
        form=form,
        names=FIELD_NAMES,
        recipients=recipients,
        has_address=own is not None,
        call_days=calls.CALL_DAYS,
    )
