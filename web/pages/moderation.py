"""« À relire »: what waits for an editor. Notes to publish, requests to relay, agreements and names to look after."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs import availability, bin, call_answers, call_views, introductions, notes, organisations, testimonies
from savoirs.availability import State
from savoirs.cards import OrganisationCard
from savoirs.database import reading, transaction
from savoirs.drafts import NoteDraft
from savoirs.errors import ForbiddenError
from savoirs.models import IntroductionStatus
from web import dates
from web.addresses import note_url
from web.announcing import announce
from web.clock import now
from web.identity import required_account, required_editor
from web.named_organisations import with_named_organisation
from web.wiring import current_services

bp = Blueprint("moderation", __name__)

SETTLED = {
    "handled": "Demande marquée comme transmise.",
    "declined": "Demande non transmise : la personne est prévenue, avec d’autres pairs à qui écrire.",
}
REPORT_WORDS = {
    "advertising": "publicité",
    "rude": "ton blessant",
    "not_for_us": "sans rapport avec l’association",
    "other": "autre chose",
}


@bp.get("/moderation")
def show() -> str:
    """All that waits, the oldest first."""
    required_editor()
    with reading(current_services().sessions) as session:
        return render_template(
            "moderation.html",
            waiting=notes.pending(session),
            calls=call_views.waiting(session),
            requests=introductions.waiting(session),
            reported=introductions.reported(session),
            passed=introductions.passed(session),
            named=testimonies.named(session),
            unasked=_without_agreement(session),
            report_words=REPORT_WORDS,
        )


@bp.get("/moderation/fiches/<string(length=10):note_id>")
def preview(note_id: str) -> str:
    """A waiting note as readers would see it, and what may be done."""
    editor = required_editor()
    with reading(current_services().sessions) as session:
        note = notes.view(session, note_id, editor, dates.today())
        draft, _revision = notes.get_draft(session, note_id)
        draft = with_named_organisation(session, note_id, draft)
        unknown = _unknown_organisation(session, draft)
    return render_template("moderation_note.html", note=note, draft=draft, unknown=unknown)


@bp.post("/moderation/fiches/<string(length=10):note_id>/publier")
def publish(note_id: str) -> Response:
    """Publish; the organisation a visitor named is made when the editor asks for it."""
    wanted = request.form.get("create_organisation") == "y"
    with transaction(current_services().sessions) as session:
        note = notes.publish(session, note_id, required_editor(), create_organisation=wanted)
        call_answers.published(session, note.id, now())
        address = note_url(note.id, note.title)
    flash("Fiche publiée. Elle se trouve dès maintenant par la recherche.", "message")
    return redirect(address, 303)


@bp.get("/fiches/<string(length=10):note_id>/retirer")
def ask_withdrawal(note_id: str) -> str:
    """Ask once before a note is taken away; say what stays."""
    with reading(current_services().sessions) as session:
        note = notes.view(session, note_id, required_account(), dates.today())
    if not note.editable:
        raise ForbiddenError("not_your_note")
    return render_template("withdraw.html", note=note, bin_days=bin.KEEP_DAYS)


@bp.post("/fiches/<string(length=10):note_id>/retirer")
def withdraw(note_id: str) -> Response:
    """Take a note away from readers; it can be published again."""
    account = required_account()
    with transaction(current_services().sessions) as session:
        notes.withdraw(session, note_id, account, now())
    announce(
        f"Fiche retirée. Elle reste {bin.KEEP_DAYS} jours dans la corbeille.",
        undo=url_for("bin.put_back", note_id=note_id),
    )
    return redirect(url_for("space.show"), 303)


@bp.post("/moderation/demandes/<int:introduction_id>")
def settle(introduction_id: int) -> Response:
    """Say what became of a request."""
    status = request.form.get("status", "")
    with transaction(current_services().sessions) as session:
        one = introductions.settle(session, introduction_id, required_editor(), status, now())
        reported = one.status == IntroductionStatus.REPORTED
    flash("Signalement marqué comme vu." if reported else SETTLED[status], "message")
    return redirect(url_for("moderation.show", _anchor="demandes"), 303)


@bp.post("/moderation/temoignages/<string(length=10):note_id>")
def remove_name(note_id: str) -> Response:
    """Remove the name of who speaks, everywhere."""
    with transaction(current_services().sessions) as session:
        notes.remove_testimony_author(session, note_id, required_editor())
    flash("Nom retiré de la fiche et de toutes ses versions.", "message")
    return redirect(url_for("moderation.show", _anchor="temoignages"), 303)


def _without_agreement(session: Session) -> list[OrganisationCard]:
    """Organisations that have a contact who has not agreed to anything yet."""
    cards = {line.card.id: line.card for line in organisations.listing(session)}
    states = availability.availabilities(session, cards, dates.today())
    return [card for key, card in cards.items() if key in states and states[key].state is State.PENDING]


def _unknown_organisation(session: Session, draft: NoteDraft) -> str:
    """The name a visitor gave, when no organisation bears it yet."""
    name = draft.organisation_name
    return name if name and organisations.find_by_name(session, name) is None else ""
