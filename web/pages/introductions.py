"""« Demander une mise en relation »: a message, kept until its sender has confirmed their address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import introductions, links, notes, organisations, peers
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, NotFoundError, SavoirsError
from savoirs.introductions import IntroductionDraft, IntroductionView
from savoirs.organisations import Reach
from web import dates
from web.clock import now
from web.form_limits import allow_long_texts
from web.forms.fields import clean_text
from web.forms.introduction import NEED_MAX_CHARS, IntroductionForm
from web.identity import current_account
from web.messages import message
from web.peer_words import availability_words, to_organisation
from web.submissions import new_token, once
from web.wiring import Services, current_services
from web.wordings import requester_sentences

bp = Blueprint("introductions", __name__)

PEERS_SEARCHED = 20

TOO_MUCH = ("asked_recently", "asked_enough", "sent_enough")
"""Refusals that end: the text stays in the page, which says when."""

FIELD_NAMES = {
    "context": "Votre situation",
    "question": "Votre question",
    "availability": "Vos disponibilités",
    "preference": "Comment échanger",
    "name": "Votre prénom et votre association",
    "email": "Votre adresse e-mail",
    "agree_relay": "Votre accord",
    "agree_exchange": "Votre accord",
}


@bp.record_once
def _answer_for_form_tokens(state: BlueprintSetupState) -> None:
    """The forms check their own token here, to show the text again when it is too old."""
    state.app.extensions["csrf"].exempt(bp)


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody read of an organisation: a sentence, as safe HTML and plain, and its note."""

    sentence: Markup
    sentence_text: str
    note_id: str
    note_title: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one wants to reach, for what need, after reading what; and the request that led there, when one did."""

    organisation: Reach
    need: str
    read: Read | None
    before: IntroductionView | None = None


@bp.get("/pairs/demande")
def write() -> str:
    """The form; for an organisation that cannot be reached, the reason instead."""
    asked = _asked()
    account = current_account()
    form = IntroductionForm(data={"token": new_token(), "context": asked.need} | _said_before(asked.before))
    if asked.before is None and account is not None and account.organisation is not None:
        form.name.data = ", ".join(part for part in (account.name, account.organisation.name) if part)
    return _page(form, asked)


@bp.post("/pairs/demande")
def send() -> Response | tuple[str, int]:
    """Keep the request, or show what is missing, or too much, with everything still there."""
    allow_long_texts()
    asked = _asked()
    form = IntroductionForm()
    if not form.validate():
        return _page(form, asked), 422
    try:
        address = once(form.token.data or "", lambda: _keep(form, asked))
    except InvalidError as error:
        form.add_field_errors(error.errors, {"agreed": "agree_relay"})
        return _page(form, asked), 422
    except SavoirsError as error:
        if error.code not in TOO_MUCH:
            raise
        return _page(form, asked, too_much=too_much(error)), 422
    return redirect(address, 303)


@bp.get("/pairs/demande/gardee")
def kept() -> str:
    """What happens now."""
    with reading(current_services().sessions) as session:
        organisation = organisations.reach(session, request.args.get("organisation", ""), dates.today())
    settings = current_services().settings
    return render_template(
        "introduction_kept.html", organisation=organisation, to_organisation=to_organisation, settings=settings
    )


def too_much(error: SavoirsError) -> str:
    """What is said of a request too many: from which day it is possible."""
    return message(error.code, **{**error.params, "day": dates.date_in_words(str(error.params["day"]))})


def _keep(form: IntroductionForm, asked: Asked) -> str:
    draft = IntroductionDraft(
        name=form.name.data,
        email=form.email.data,
        context=form.context.data,
        question=form.question.data,
        preference=form.preference.data,
        availability=form.availability.data,
        need=asked.need,
        sentence=asked.read.sentence_text if asked.read else "",
        note_id=asked.read.note_id if asked.read else None,
        agreed=bool(form.agree_relay.data and form.agree_exchange.data),
    )
    card = asked.organisation.card
    with transaction(current_services().sessions) as session:
        introductions.request(
            session,
            card.id,
            draft,
            current_account(),
            settings=current_services().settings,
            now=now(),
            previous_id=asked.before.id if asked.before else None,
        )
    return url_for("introductions.kept", organisation=card.id)


def _page(form: IntroductionForm, asked: Asked, too_much: str = "") -> str:
    availability = asked.organisation.availability
    return render_template(
        "introduction.html",
        form=form,
        names=FIELD_NAMES,
        to_organisation=to_organisation,
        asked=asked,
        too_much=too_much,
        agreements=requester_sentences(asked.organisation.card.name),
        settings=current_services().settings,
        refusal="" if availability.contactable else availability_words(availability.state, availability.paused_until),
    )


def _asked() -> Asked:
    services = current_services()
    organisation_id = request.args.get("organisation", "")
    if not organisation_id:
        abort(404)
    need = clean_text(request.args.get("besoin"))[:NEED_MAX_CHARS]
    with reading(services.sessions) as session:
        organisation = organisations.reach(session, organisation_id, dates.today())
        before = _before(session, services)
        need = need or (before.need if before else "")
        read = _read(session, services, organisation.card.id, need)
    return Asked(organisation, need, read, before)


def _before(session: Session, services: Services) -> IntroductionView | None:
    """The request whose recipient named this organisation, by the link of a letter; None for any other link."""
    token = request.args.get("suite", "")
    try:
        id_ = links.read(services.settings.secret(), "introduction.again", token) if token else ""
        return introductions.view(session, int(id_)) if id_ else None
    except SavoirsError:
        return None


def _said_before(before: IntroductionView | None) -> dict[str, str]:
    """What was written then, to be read again; never the address."""
    if before is None:
        return {}
    names = ("context", "question", "availability", "preference")
    return {name: getattr(before, name) for name in names} | {"name": before.requester_name}


def _read(session: Session, services: Services, organisation_id: str, need: str) -> Read | None:
    """The sentence that brought them here, found again rather than taken from the address."""
    note_id = request.args.get("fiche", "")
    if need:
        found = peers.find(
            session, services.search_engine, services.feed, need=need, limit=PEERS_SEARCHED, today=dates.today()
        )
        for card in (*found.solved, *found.same):
            for proof in card.evidence if card.organisation.id == organisation_id else ():
                if not note_id or proof.note_id == note_id:
                    sentence = Markup(proof.sentence)  # noqa: S704  (safe HTML, by its contract)
                    return Read(sentence, proof.sentence_text, proof.note_id, proof.title)
    return _summary_of(session, note_id, organisation_id) if note_id else None


def _summary_of(session: Session, note_id: str, organisation_id: str) -> Read | None:
    """The note's own summary, when it is told by that organisation."""
    try:
        note = notes.view(session, note_id, None, dates.today())
    except NotFoundError:
        return None
    if not note.summary or organisation_id not in {lived.organisation.id for lived in note.lived}:
        return None
    return Read(escape(note.summary), note.summary, note.id, note.title)
