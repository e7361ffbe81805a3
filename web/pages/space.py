"""« Mon espace »: what an account wrote, where it is signed in, and its API tokens."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from savoirs import accounts, call_views, note_views, saved_searches, written_drafts
from savoirs.database import reading, transaction
from savoirs.models import NoteStatus
from savoirs.own_contacts import own_contact
from web.call_words import answers_in_words
from web.forms.sign_in import TokenForm
from web.identity import required_account, session_token
from web.search_words import kept_search_url, search_in_words
from web.wiring import current_services

bp = Blueprint("space", __name__)

FIELD_NAMES = {"label": "À quoi servira ce jeton"}

IN_ORDER = (NoteStatus.DRAFT, NoteStatus.PENDING, NoteStatus.PUBLISHED, NoteStatus.WITHDRAWN)
"""What needs care first, then what is on line, then what is put away."""


@bp.get("/mon-espace")
def show() -> str:
    """Everything about the account that reads."""
    return _page(TokenForm())


@bp.post("/mon-espace/jetons")
def add_token() -> str | tuple[str, int]:
    """Make a token and show it, this once: the page that shows it is not an address to come back to."""
    account = required_account()
    form = TokenForm()
    if not form.validate():
        return _page(form), 422
    with transaction(current_services().sessions) as session:
        token = accounts.make_token(session, account.login, form.label.data)
    return _page(TokenForm(formdata=None), made=token)


@bp.post("/mon-espace/fermer/<handle>")
def revoke(handle: str) -> Response:
    """Close a session, or end a token."""
    with transaction(current_services().sessions) as session:
        accounts.revoke(session, required_account(), handle)
    flash("C’est fermé. Cet accès n’ouvre plus rien.", "message")
    return redirect(url_for("space.show"), 303)


def _page(form: TokenForm, made: str = "") -> str:
    account = required_account()
    with reading(current_services().sessions) as session:
        written = note_views.written_by(session, account)
        drafts = written_drafts.listing(session, account)
        places = accounts.list_sessions(session, account, session_token() or "")
        tokens = accounts.list_tokens(session, account)
        asked = call_views.asked_by(session, account)
        told = call_views.told_to(session, account)
        searches = saved_searches.listing(session, account)
        has_address = own_contact(session, account) is not None
    by_status = {status: [note for note in written if note.status is status] for status in IN_ORDER}
    return render_template(
        "space.html",
        account=account,
        by_status=by_status,
        drafts=drafts,
        places=places,
        tokens=tokens,
        calls=asked,
        told_calls=told,
        searches=searches,
        has_address=has_address,
        search_in_words=search_in_words,
        kept_search_url=kept_search_url,
        answers_in_words=answers_in_words,
        form=form,
        names=FIELD_NAMES,
        made=made,
    )
