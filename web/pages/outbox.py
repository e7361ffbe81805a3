"""« Courriels »: what waits, what left, what failed. Addresses and links are masked, but in a demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from savoirs import outbox
from savoirs.database import reading
from savoirs.models import Contact
from savoirs.plaintext import masked
from web.clock import now
from web.identity import required_editor
from web.letters.writing import Desk, Link, Paragraph, Quote, closing, write
from web.peer_words import of_organisation
from web.wiring import current_services

bp = Blueprint("outbox", __name__)

KINDS = {
    "introduction.confirm": "Adresse à confirmer",
    "introduction.request": "Demande de mise en relation",
    "introduction.reminder": "Rappel d’une demande",
    "introduction.accepted": "D’accord : l’adresse, à qui demandait",
    "introduction.exchanged": "D’accord : l’adresse, à qui a répondu",
    "introduction.passed": "« Voyez plutôt… »",
    "introduction.declined": "« Pas en ce moment »",
    "introduction.closed": "Demande close",
    "introduction.outcome": "Qu’a donné la rencontre ?",
    "consent.ask": "Accord demandé",
    "consent.renew": "Accord à confirmer, un an après",
}
"""What letters are called; others go by their kind."""

STATES = {
    "pending": ("en attente", "hourglass"),
    "sent": ("parti", "circle-check"),
    "failed": ("pas arrivé", "circle-x"),
    "dropped": ("sans objet", "x"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a letter as the page shows it: words, what somebody wrote, or a link, which may be masked."""

    text: str
    title: str = ""
    quoted: bool = False
    path: str | None = None
    masked: bool = False


@bp.get("/courriels")
def show() -> str:
    """The latest letters."""
    required_editor()
    services = current_services()
    with reading(services.sessions) as session:
        letters = [(letter, _reader(letter.contact)) for letter in outbox.latest(session)]
        waiting = outbox.waiting(session)
    return render_template(
        "outbox.html", letters=letters, waiting=waiting, kinds=KINDS, states=STATES, settings=services.settings
    )


@bp.get("/courriels/<int(max=2147483647):letter_id>")
def read(letter_id: int) -> str:
    """A letter, as it would be written now."""
    required_editor()
    services = current_services()
    with reading(services.sessions) as session:
        letter = outbox.get(session, letter_id)
        if letter is None:
            raise NotFound
        desk = Desk(session, services.settings, now())
        written = write(letter, desk)
        paragraphs = (*written.paragraphs, *closing(written, desk)) if written else ()
        reader, address = _reader(letter.contact), letter.contact.email or ""
    shown = services.settings.is_demonstration
    return render_template(
        "outbox_letter.html",
        letter=letter,
        kind=KINDS.get(letter.kind, letter.kind),
        state=STATES[letter.state],
        reader=reader,
        address=address if shown else "",
        subject=_hidden(written.subject, shown) if written else "",
        pieces=[_piece(one, shown) for one in paragraphs],
    )


def _piece(one: Paragraph, shown: bool) -> Piece:
    if isinstance(one, Link):
        return Piece(one.label, path=one.path if shown else None, masked=not shown)
    if isinstance(one, Quote):
        return Piece(
            "" if one.private and not shown else _hidden(one.text, shown),
            one.title,
            quoted=True,
            masked=one.private and not shown,
        )
    return Piece(_hidden(one, shown))


def _hidden(text: str, shown: bool) -> str:
    return text if shown else masked(text)


def _reader(contact: Contact) -> str:
    """Whom a letter goes to, without naming the contact of an organisation."""
    if contact.organisation is not None:
        return f"le contact {of_organisation(contact.organisation.name)}"
    return masked(contact.name or "") or "un compte"
