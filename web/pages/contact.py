"""« Notre contact »: how an organisation may be reached, managed by its members. The address itself is never shown."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from savoirs import consents, contacts
from savoirs.contacts import ContactDraft
from savoirs.database import reading, transaction
from savoirs.errors import ForbiddenError, InvalidError
from savoirs.models import Account, ContactMode
from web import dates, wordings
from web.clock import now
from web.forms.contact import ContactForm
from web.forms.note_dates import read_day
from web.identity import required_account
from web.wiring import current_services

bp = Blueprint("contact", __name__)

FIELD_NAMES = {
    "mode": "Comment vous joindre",
    "name": "Nom du contact",
    "email": "Adresse e-mail",
    "paused_until": "En pause jusqu’au",
}


@bp.get("/mon-espace/contact")
def show() -> str:
    """What is kept, what was agreed to, and what can be changed."""
    return _page(ContactForm(formdata=None))


@bp.post("/mon-espace/contact")
def save() -> Response | tuple[str, int]:
    """Keep it; a new address is asked to its owner."""
    account, organisation_id = _member()
    form = ContactForm()
    if not form.validate():
        return _page(form), 422
    until = read_day(form.paused_until.data) if form.paused_until.data else None
    mode = ContactMode(form.mode.data)
    draft = ContactDraft(mode, form.name.data, form.email.data, until, forget=form.forget.data)
    services = current_services()
    try:
        with transaction(services.sessions) as session:
            asked = contacts.save(session, organisation_id, draft, account, services.settings, now())
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _page(form), 422
    flash(
        "C’est gardé. Un message part à cette adresse pour demander l’accord." if asked else "C’est gardé.", "message"
    )
    return redirect(url_for("contact.show"), 303)


@bp.post("/mon-espace/contact/retirer")
def withdraw() -> Response:
    """Take the agreement back, in one click."""
    account, organisation_id = _member()
    with transaction(current_services().sessions) as session:
        contacts.withdraw(session, organisation_id, account, now())
    flash("Accord retiré. Plus personne ne peut vous écrire par Savoirs.", "message")
    return redirect(url_for("contact.show"), 303)


@bp.post("/mon-espace/contact/demander")
def ask_again() -> Response:
    """Send the question again."""
    account, organisation_id = _member()
    services = current_services()
    with transaction(services.sessions) as session:
        contacts.ask_again(session, organisation_id, account, services.settings, now())
    flash("La question part à cette adresse, une fois par jour au plus.", "message")
    return redirect(url_for("contact.show"), 303)


def _page(form: ContactForm) -> str:
    account, organisation_id = _member()
    with reading(current_services().sessions) as session:
        kept = contacts.of_organisation(session, organisation_id)
    if not form.is_submitted():
        form.mode.data = kept.mode.value if kept else ContactMode.RELAY.value
        paused = kept.paused_until if kept else None
        form.paused_until.data = dates.date_in_words(paused) if paused and paused >= dates.today().isoformat() else ""
    name = account.organisation.name if account.organisation else ""
    given = kept.given if kept else None
    return render_template(
        "contact.html",
        form=form,
        names=FIELD_NAMES,
        kept=kept,
        organisation=name,
        given=given,
        sentence=wordings.wording(given.scope, given.version, name) if given else "",
        asked={scope: wordings.asked(scope, name) for scope in consents.SCOPES},
    )


def _member() -> tuple[Account, str]:
    """The account that reads, and its organisation.

    Raises:
        ForbiddenError: ``no_organisation``.
    """
    account = required_account()
    if account.organisation_id is None:
        raise ForbiddenError("no_organisation")
    return account, account.organisation_id
