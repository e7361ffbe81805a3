"""« Mes données »: what is held of somebody, for their eyes; taking it away, correcting it, erasing it.

One comes by one's account, or by a link that was sent to one's address: who reads what is sent there is that person.
"""

from __future__ import annotations

import io

from flask import Blueprint, flash, make_response, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from savoirs.database import reading, transaction
from savoirs.errors import InvalidError, NotFoundError, SavoirsError
from savoirs.models import Contact
from savoirs.outbox import post
from savoirs.privacy import correcting, held, persons
from savoirs.privacy.persons import Person
from web import clock, erasure, held_words
from web.dates import today
from web.forms.fields import SavoirsForm
from web.forms.my_data import AddressForm, AskForm, EraseForm, NameForm
from web.identity import current_account, forget, required_account, session_token
from web.letter_links import read_link
from web.letters.privacy import ADDRESS, MY_DATA, MY_DATA_DAYS, handle
from web.limits import limiter
from web.messages import message_of
from web.retention_words import Kept
from web.wiring import current_services

bp = Blueprint("my_data", __name__)

LINKS_ASKED = "20 per hour"
FIELD_NAMES = {"email": "Adresse e-mail", "name": "Nom", "notes": "Vos fiches", "agreed": "Confirmation"}


@bp.get("/vos-donnees")
def notice() -> str:
    """What is kept, why, how long, and how to have it erased: for everybody."""
    return render_template("your_data.html", kept=Kept.of(current_services().settings))


@bp.get("/mes-donnees")
def show() -> Response | str:
    """The data of who is signed in; others ask for a link."""
    if current_account() is None:
        return render_template("my_data_ask.html", form=AskForm(), names=FIELD_NAMES)
    return _page("")


@bp.post("/mes-donnees")
@limiter.limit(LINKS_ASKED)
def ask() -> Response | tuple[str, int]:
    """Send a link to an address. The answer is the same whether the address is held or not."""
    form = AskForm()
    if not form.validate():
        return render_template("my_data_ask.html", form=form, names=FIELD_NAMES), 422
    now = clock.now()
    with transaction(current_services().sessions) as session:
        person = persons.of_address(session, form.email.data)
        if person is not None:
            contact = _reached(person)
            post(session, "privacy.my_data", contact, f"privacy/my-data/{contact.id}/{now:%Y%m%d%H}", {}, now)
    return redirect(url_for("my_data.asked"), 303)


@bp.get("/mes-donnees/lien")
def asked() -> str:
    """That a letter leaves if the address is held."""
    return render_template("my_data_asked.html", days=MY_DATA_DAYS)


@bp.get("/mes-donnees/lien/<token>")
def show_linked(token: str) -> Response:
    """The data of who came by a link."""
    return _page(token)


@bp.post("/mes-donnees/copie")
def take() -> Response:
    """Everything, in one file. Not an address that can be opened by mistake: a button."""
    with reading(current_services().sessions) as session:
        person = _whom(session, request.form.get("token", ""))
        content = held_words.archive(held.held(session, person), today().isoformat())
    name = f"mes-donnees-savoirs-{today().isoformat()}.zip"
    answer = send_file(io.BytesIO(content), mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/mes-donnees/nom")
def rename() -> Response | tuple[Response, int]:
    """Another name, wherever it is held."""
    form = NameForm()
    token = form.token.data or ""
    if not form.validate():
        return _page(token, name_form=form), 422
    try:
        with transaction(current_services().sessions) as session:
            correcting.rename(session, _whom(session, token), form.name.data)
    except InvalidError as error:
        form.add_field_errors(error.errors)
        return _page(token, name_form=form), 422
    flash("Votre nom est corrigé.", "message")
    return _back(token)


@bp.post("/mes-donnees/adresse")
@limiter.limit(LINKS_ASKED)
def change_address() -> Response | tuple[Response, int]:
    """Another address: a letter asks it first."""
    form = AddressForm()
    token = form.token.data or ""
    if not form.validate():
        return _page(token, address_form=form), 422
    with transaction(current_services().sessions) as session:
        waiting = correcting.ask_address(session, _whom(session, token), form.email.data, clock.now())
    if waiting is None:
        flash("C’est déjà votre adresse.", "message")
    else:
        flash(
            "Un message part à la nouvelle adresse. Elle remplacera l’ancienne quand vous l’aurez confirmée.", "message"
        )
    return _back(token)


@bp.get("/mes-donnees/adresse/<token>")
def show_address(token: str) -> str:
    """A button that confirms an address: opening the link changes nothing."""
    with reading(current_services().sessions) as session:
        correcting.find_waiting(session, _address_id(token))
    return render_template("my_data_address.html", token=token)


@bp.post("/mes-donnees/adresse/<token>")
def confirm_address(token: str) -> Response:
    """Make the address the person's."""
    with transaction(current_services().sessions) as session:
        correcting.confirm_address(session, _address_id(token), clock.now())
    flash("Votre adresse est confirmée.", "message")
    return redirect(url_for("my_data.show"), 303)


@bp.post("/mes-donnees/effacer")
def erase() -> Response | tuple[Response, int]:
    """Erase the person from everything; the answer comes when it is done."""
    form = EraseForm()
    token = form.token.data or ""
    if not token and current_account() is None and session_token() is not None:
        flash("Vous n’êtes plus connecté. Si vous venez d’effacer vos données, c’est fait.", "message")
        return redirect(url_for("my_data.show"), 303)
    if not form.validate():
        return _page(token, erase_form=form), 422
    try:
        erasure.erase(current_services(), lambda session: _whom(session, token), texts=form.notes.data == "go")
    except SavoirsError as error:
        if error.code != "last_admin":
            raise
        return _page(token, erase_form=form, refusal=message_of(error)), 422
    response = redirect(url_for("my_data.erased"), 303)
    if not token:
        forget(response)
    return response


@bp.get("/mes-donnees/efface")
def erased() -> str:
    """That it is done, and what that means."""
    return render_template("my_data_erased.html")


def _whom(session: Session, token: str) -> Person:
    """The person of a link, or of the account signed in.

    Raises:
        NotFoundError: ``nothing_held``: the link is good, and the person is not held any more.
        LinkOverError: ``link_expired`` or ``link_forged``.
        SignInNeededError: For a visitor without a link.
    """
    if not token:
        return persons.of_account(session, required_account().id)
    secret = current_services().settings.secret()
    contact_id, _, mark = read_link(MY_DATA, token, MY_DATA_DAYS).partition(".")
    contact = session.get(Contact, contact_id)
    if contact is None or not contact.email or handle(contact, secret) != f"{contact_id}.{mark}":
        raise NotFoundError("nothing_held")
    person = persons.of_address(session, contact.email)
    if person is None:
        raise NotFoundError("nothing_held")
    return person


def _address_id(token: str) -> str:
    return read_link(ADDRESS, token)


def _reached(person: Person) -> Contact:
    """The contact that a letter goes to: one whose address was confirmed, rather than one that was refused."""
    return min(person.contacts, key=lambda one: (one.bounced_at is not None, one.address_confirmed_at is None, one.id))


def _back(token: str) -> Response:
    return redirect(url_for("my_data.show_linked", token=token) if token else url_for("my_data.show"), 303)


def _page(
    token: str,
    *,
    name_form: SavoirsForm | None = None,
    address_form: SavoirsForm | None = None,
    erase_form: SavoirsForm | None = None,
    refusal: str = "",
) -> Response:
    with reading(current_services().sessions) as session:
        person = _whom(session, token)
        sections = held_words.shown(held.held(session, person))
        page = render_template(
            "my_data.html",
            token=token,
            account=person.account,
            sections=sections,
            name=person.names[0] if person.names else "",
            addresses=[held_words.hinted(address) for address in person.addresses],
            name_form=name_form or NameForm(formdata=None),
            address_form=address_form or AddressForm(formdata=None),
            erase_form=erase_form or EraseForm(formdata=None),
            names=FIELD_NAMES,
            refusal=refusal,
        )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
