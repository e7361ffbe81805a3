"""Pages that letters about a request open: confirm, answer, follow, tell. Opening one changes nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from savoirs import consents, introductions, links, organisations
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, SavoirsError
from savoirs.introductions import Answer, IntroductionView
from savoirs.models import Introduction, IntroductionStatus
from web.clock import now
from web.forms.answer import AnswerForm, OutcomeForm
from web.letter_links import LinkOverError, link_over, read_link, signed
from web.letters.introductions import PREFERENCES
from web.messages import message_of
from web.pages.introductions import TOO_MUCH, too_much
from web.peer_words import to_organisation
from web.wiring import current_services

bp = Blueprint("answers", __name__)

FIELD_NAMES = {
    "decision": "Votre réponse",
    "passed_to": "Qui voir plutôt",
    "word": "Votre mot",
    "reason": "Ce qui ne va pas",
    "outcome": "Votre réponse",
    "line": "En une phrase",
}

bp.app_errorhandler(LinkOverError)(link_over)


@bp.get("/mises-en-relation/confirmer/<token>")
def ask_confirmation(token: str) -> str | Response:
    """Whether this address is theirs; who has said so already goes on."""
    one = _view("introduction.confirm", token)
    if one.confirmed or one.status not in (IntroductionStatus.UNCONFIRMED, IntroductionStatus.WAITING):
        return redirect(signed("answers.follow", "introduction.follow", one.id), 303)
    return render_template("request_confirm.html", one=one, to_organisation=to_organisation, too_much="")


@bp.post("/mises-en-relation/confirmer/<token>")
def confirm(token: str) -> Response | tuple[str, int]:
    """The request leaves. Refused as one too many, it stays, and the same link works later."""
    one = _view("introduction.confirm", token)
    services = current_services()
    try:
        with transaction(services.sessions) as session:
            introductions.confirm(session, one.id, services.settings, now())
    except SavoirsError as error:
        if error.code not in TOO_MUCH:
            raise
        page = render_template(
            "request_confirm.html", one=one, to_organisation=to_organisation, too_much=too_much(error)
        )
        return page, 422
    return redirect(signed("answers.follow", "introduction.follow", one.id), 303)


@bp.get("/mises-en-relation/suivi/<token>")
def follow(token: str) -> str:
    """Where a request stands, for who asked. No address: that is in the letter."""
    one = _view("introduction.follow", token)
    again = links.sign(current_services().settings.secret(), "introduction.again", one.id)
    return render_template("request_follow.html", one=one, to_organisation=to_organisation, again=again)


@bp.post("/mises-en-relation/suivi/<token>")
def cancel(token: str) -> Response:
    """Take the request back."""
    introduction_id = int(read_link("introduction.follow", token))
    with transaction(current_services().sessions) as session:
        introductions.cancel(session, introduction_id, now())
    return redirect(url_for("answers.follow", token=token), 303)


@bp.get("/mises-en-relation/reponse/<token>")
def ask_answer(token: str) -> str:
    """The request, and the three answers; the one of the letter's link is ticked."""
    form = AnswerForm(formdata=None)
    choice = request.args.get("choix", "")
    form.decision.data = choice if choice in form.decision.choices else None
    return _answer_page(int(read_link("introduction.answer", token)), form)


@bp.post("/mises-en-relation/reponse/<token>")
def answer(token: str) -> Response | tuple[str, int]:
    """Keep the answer; a second one changes nothing."""
    introduction_id = int(read_link("introduction.answer", token))
    services, form = current_services(), AnswerForm()
    if not form.validate():
        return _answer_page(introduction_id, form), 422
    given = Answer(
        form.decision.data, form.word.data, form.passed_to.data, form.reason.data or "", block=form.block.data
    )
    try:
        with transaction(services.sessions) as session:
            introductions.answer(session, introduction_id, given, services.settings, now())
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _answer_page(introduction_id, form), 422
    except SavoirsError as error:
        if error.code not in ("already_answered", "request_over", "consent_gone"):
            raise
        return _answer_page(introduction_id, form, refusal=message_of(error)), 409
    return redirect(url_for("answers.ask_answer", token=token), 303)


@bp.get("/mises-en-relation/suite/<token>")
def ask_outcome(token: str) -> str:
    """What came of a meeting; told already, what was told, and how to make a note of it."""
    introduction_id, side = _meeting(token)
    with reading(current_services().sessions) as session:
        one = session.get(Introduction, introduction_id)
        told = (getattr(one, f"{side}_outcome"), getattr(one, f"{side}_line")) if one else ("", "")
    form = OutcomeForm(formdata=None, data={"outcome": told[0], "line": told[1]})
    return _outcome_page(token, form, told=told[0])


@bp.post("/mises-en-relation/suite/<token>")
def tell_outcome(token: str) -> Response | tuple[str, int]:
    """Keep what came of a meeting."""
    introduction_id, side = _meeting(token)
    form = OutcomeForm()
    if not form.validate():
        return _outcome_page(token, form), 422
    try:
        with transaction(current_services().sessions) as session:
            introductions.keep_outcome(session, introduction_id, side, form.outcome.data, form.line.data)
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _outcome_page(token, form), 422
    return redirect(url_for("answers.ask_outcome", token=token), 303)


def _answer_page(introduction_id: int, form: AnswerForm, refusal: str = "") -> str:
    services = current_services()
    with reading(services.sessions) as session:
        one = introductions.view(session, introduction_id)
        row = session.get(Introduction, introduction_id)
        contact = row.recipient if row else None
        own = consents.handle(contact, services.settings.secret()) if contact is not None else ""
        names = [organisation.name for organisation in organisations.names(session)]
    return render_template(
        "request_answer.html",
        one=one,
        form=form,
        names=FIELD_NAMES,
        organisation_names=names,
        preferences=PREFERENCES,
        refusal=refusal,
        agreement=signed("agreements.ask", "consent", own) if own else "",
    )


def _outcome_page(token: str, form: OutcomeForm, told: str = "") -> str:
    introduction_id, side = _meeting(token)
    with reading(current_services().sessions) as session:
        one = introductions.view(session, introduction_id)
    note = links.sign(current_services().settings.secret(), "introduction.note", f"{introduction_id}:{side}")
    return render_template(
        "request_outcome.html", one=one, side=side, form=form, names=FIELD_NAMES, told=told, note=note
    )


def _view(purpose: str, token: str) -> IntroductionView:
    introduction_id = int(read_link(purpose, token))
    with reading(current_services().sessions) as session:
        return introductions.view(session, introduction_id)


def _meeting(token: str) -> tuple[int, str]:
    id_, _, side = read_link("introduction.outcome", token).partition(":")
    return int(id_), side
