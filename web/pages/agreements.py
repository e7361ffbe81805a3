"""What a contact agrees to, from a letter and without an account; and stopping letters by one click (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from savoirs import consents
from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, SavoirsError
from savoirs.models import ContactMode
from web import wordings
from web.clock import now
from web.dates import today
from web.forms.fields import clean_line
from web.forms.note_dates import read_day
from web.letter_links import read_link
from web.letters.unsubscribing import TOPICS, UNSUBSCRIBE_DAYS, Topic, stop
from web.limits import limiter
from web.messages import message
from web.wiring import current_services

bp = Blueprint("agreements", __name__)

AGREEMENT_DAYS = 730
"""How long the link to one's own agreement works: it must be there when one changes one's mind."""


@bp.record_once
def _stop_without_a_form_token(state: BlueprintSetupState) -> None:
    """A mail program stops letters by a POST of its own: the signed link is what says who asks."""
    state.app.extensions["csrf"].exempt(stop_letters)


@bp.get("/accord/<token>")
def ask(token: str) -> str:
    """The exact sentence, what was agreed to and when, and what can be done."""
    return _page(token)


@bp.post("/accord/<token>")
def act(token: str) -> Response | tuple[str, int]:
    """Agree, refuse, confirm, withdraw or pause, by the button pressed."""
    handle = _handle(token)
    services, action = current_services(), request.form.get("action", "")
    until = clean_line(request.form.get("paused_until"))
    day = read_day(until) if until else None
    if action == "pause" and until and day is None:
        return _page(token, until=until, mistake=message("bad_pause")), 422
    try:
        with transaction(services.sessions) as session:
            contact = consents.contact_of(session, handle, services.settings.secret())
            if action in consents.SCOPES:
                consents.give(session, contact, action, now())
            elif action == "refuse":
                consents.refuse(session, contact, now())
            elif action == "withdraw":
                consents.withdraw(session, contact, now())
            elif action == "confirm":
                consents.confirm(contact, now())
            elif action == "pause":
                consents.pause(session, contact, day, now())
    except InvalidError:
        return _page(token, until=until, mistake=message("bad_pause")), 422
    return redirect(url_for("agreements.ask", token=token, fait=action or None), 303)


@bp.get("/desabonnement/<token>")
def ask_stop(token: str) -> str:
    """Ask once: programs that look at links change nothing."""
    topic, _id = _topic(token)
    return render_template("unsubscribe.html", sentence=topic.asked, done=False)


@bp.post("/desabonnement/<token>")
@limiter.exempt
def stop_letters(token: str) -> str:
    """Stop: for a person's button and for a mail program alike, at once, with no session. Twice is as once."""
    topic, id_ = _topic(token)
    with transaction(current_services().sessions) as session:
        stop(session, topic, id_, now())
    return render_template("unsubscribe.html", sentence=topic.done, done=True)


def _page(token: str, until: str = "", mistake: str = "") -> str:
    secret = current_services().settings.secret()
    with reading(current_services().sessions) as session:
        contact = consents.contact_of(session, _handle(token), secret)
        if contact.organisation is None:
            raise SavoirsError("unknown_contact")
        name, given = contact.organisation.name, consents.given(contact)
        wanted = consents.wanted_scope(contact)
    return render_template(
        "agreement.html",
        name=name,
        given=given,
        wanted=wanted,
        sentence=wordings.wording(given.scope, given.version, name) if given else "",
        asked={scope: wordings.asked(scope, name) for scope in consents.SCOPES},
        refused=contact.refused_at is not None,
        closed=contact.mode is ContactMode.CLOSED,
        paused_until=contact.paused_until
        if contact.paused_until and contact.paused_until >= today().isoformat()
        else "",
        done=request.args.get("fait", ""),
        until=until,
        mistake=mistake,
    )


def _handle(token: str) -> str:
    return read_link("consent", token, AGREEMENT_DAYS)


def _topic(token: str) -> tuple[Topic, str]:
    name, _, id_ = read_link("unsubscribe", token, UNSUBSCRIBE_DAYS).partition(":")
    topic = TOPICS.get(name)
    if topic is None:
        raise NotFound
    return topic, id_
