"""Signing in by password or by a one-time link, and signing out."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from savoirs import accounts
from savoirs.database import reading, transaction
from savoirs.errors import SavoirsError
from web.display import local_address
from web.forms.sign_in import SignInForm
from web.identity import current_account, forget, remember, session_token
from web.limits import SIGN_INS, limiter
from web.messages import message_of
from web.wiring import current_services

bp = Blueprint("sign_in", __name__)

FIELD_NAMES = {"login": "Identifiant", "password": "Mot de passe"}
HOME = "/mon-espace"


@bp.get("/connexion")
def ask() -> Response | str:
    """The form; who is signed in already goes on."""
    come_back = local_address(request.args.get("suite", ""), HOME)
    if current_account() is not None:
        return redirect(come_back, 303)
    return _page(SignInForm(data={"next": come_back}))


@bp.post("/connexion")
@limiter.limit(SIGN_INS)
def sign_in() -> Response | tuple[str, int]:
    """Open a session, or say that the two do not go together, without saying which is wrong."""
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction(current_services().sessions) as session:
            _account, token = accounts.sign_in(session, form.login.data, form.password.data, life=_session_life())
    except SavoirsError as error:
        return _page(form, refusal=message_of(error)), 422
    return _signed_in(token, local_address(form.next.data or "", HOME))


@bp.get("/connexion/lien/<token>")
def show_link(token: str) -> str | tuple[str, int]:
    """Whom the link signs in, and a button: opening an address must not use it up."""
    with reading(current_services().sessions) as session:
        account = accounts.peek_link(session, token)
        organisation = account.organisation if account else None
        page = render_template("sign_in_link.html", account=account, organisation=organisation)
    return page if account is not None else (page, 404)


@bp.post("/connexion/lien/<token>")
@limiter.limit(SIGN_INS)
def use_link(token: str) -> Response | tuple[str, int]:
    """Sign in, once."""
    try:
        with transaction(current_services().sessions) as session:
            _account, session_key = accounts.use_link(session, token, life=_session_life())
    except SavoirsError:
        return render_template("sign_in_link.html", account=None, organisation=None), 404
    return _signed_in(session_key, HOME)


@bp.post("/deconnexion")
def sign_out() -> Response:
    """Close the session here and on the server."""
    token = session_token()
    if token is not None:
        with transaction(current_services().sessions) as session:
            accounts.sign_out(session, token)
    response = redirect("/", 303)
    forget(response)
    flash("Vous êtes déconnecté.", "message")
    return response


def _page(form: SignInForm, refusal: str = "") -> str:
    return render_template("sign_in.html", form=form, names=FIELD_NAMES, refusal=refusal)


def _signed_in(token: str, come_back: str) -> Response:
    response = redirect(come_back, 303)
    remember(response, token)
    return response


def _session_life() -> dt.timedelta:
    return dt.timedelta(days=current_services().settings.session_days)
