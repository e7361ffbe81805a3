"""« J’ai essayé » and « Toujours vrai ? »: what members say of a practice or a tool that they read."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from savoirs import checks, note_views, trials
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, NotFoundError
from savoirs.models import NoteStatus, Outcome, Verdict
from savoirs.note_views import NoteView
from web.addresses import note_url
from web.clock import now
from web.dates import today
from web.forms.fields import SavoirsForm
from web.forms.upkeep import CheckForm, TrialForm
from web.identity import required_account
from web.wiring import current_services

bp = Blueprint("upkeep", __name__)

FIELD_NAMES = {"outcome": "Votre essai", "verdict": "Votre réponse", "line": "En une phrase"}


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The forms check their own token here, to show the text again when it is too old."""
    state.app.extensions["csrf"].exempt(bp)


@bp.get("/fiches/<string(length=10):note_id>/essai")
def ask_trial(note_id: str) -> str:
    """Three answers and a sentence, filled with what one said already."""
    note = _note(note_id)
    said = note.upkeep.mine
    return _page("trial.html", TrialForm(outcome=said and said.outcome, line=said and said.line), note)


@bp.post("/fiches/<string(length=10):note_id>/essai")
def tell_trial(note_id: str) -> Response | tuple[str, int]:
    """Keep it, in the place of what the account said before."""
    account, note, form = required_account(), _note(note_id), TrialForm()
    if not form.validate():
        return _page("trial.html", form, note), 422
    try:
        with transaction(current_services().sessions) as session:
            trials.tell(session, note_id, account, Outcome(form.outcome.data), form.line.data, now())
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _page("trial.html", form, note), 422
    flash("Merci. Votre essai est compté sur cette fiche.", "message")
    return _to(note)


@bp.post("/fiches/<string(length=10):note_id>/essai/retirer")
def take_trial_back(note_id: str) -> Response | tuple[str, int]:
    """As if one had said nothing."""
    account, note, form = required_account(), _note(note_id), TrialForm()
    form.validate()
    if form.page_expired:
        return _page("trial.html", form, note), 422
    with transaction(current_services().sessions) as session:
        trials.take_back(session, note_id, account)
    flash("Votre essai n’est plus compté sur cette fiche.", "message")
    return _to(note)


@bp.get("/fiches/<string(length=10):note_id>/toujours-vrai")
def ask_check(note_id: str) -> str:
    """Three answers and a sentence; the address may have chosen one."""
    return _page("check.html", CheckForm(verdict=request.args.get("reponse") or None), _note(note_id))


@bp.post("/fiches/<string(length=10):note_id>/toujours-vrai")
def tell_check(note_id: str) -> Response | tuple[str, int]:
    """Keep it; a second answer of the day takes the place of the first."""
    account, note, form = required_account(), _note(note_id), CheckForm()
    if not form.validate():
        return _page("check.html", form, note), 422
    try:
        with transaction(current_services().sessions) as session:
            checks.tell(session, note_id, account, Verdict(form.verdict.data), form.line.data, now())
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _page("check.html", form, note), 422
    flash("Merci. La fiche dit maintenant ce qu’il en est.", "message")
    return _to(note)


def _note(note_id: str) -> NoteView:
    """A published practice or tool, for somebody signed in."""
    account = required_account()
    with reading(current_services().sessions) as session:
        note = note_views.view(session, note_id, account, today())
    if note.status is not NoteStatus.PUBLISHED or not note.upkeep.asked:
        raise NotFoundError("unknown_note", id=note_id)
    return note


def _page(template: str, form: SavoirsForm, note: NoteView) -> str:
    return render_template(template, form=form, note=note, names=FIELD_NAMES)


def _to(note: NoteView) -> Response:
    return redirect(f"{note_url(note.id, note.title)}#t-vrai", 303)
