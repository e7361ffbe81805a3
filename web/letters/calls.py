"""Letters of a call: to those whose notes are near, and to who asked."""

from __future__ import annotations

from savoirs.availability import has_agreed
from savoirs.call_recipients import stopped
from savoirs.models import Call, CallStatus, Letter, Note, NoteStatus
from savoirs.plaintext import masked
from web.addresses import call_url, note_url
from web.letters.writing import Desk, Link, Paragraph, Quote, Unsubscribing, Written

FOLLOW = "call.follow"
"""What the link to one's own call is signed for, as ``web.pages.call_links`` reads it."""


def notice(letter: Letter, desk: Desk) -> Written | None:
    """To an organisation: somebody asks what you told something near of."""
    call = _open_call(letter, desk)
    contact = letter.contact
    away = contact.paused_until is not None and contact.paused_until >= desk.now.date().isoformat()
    if call is None or away or stopped(contact) or not has_agreed(desk.session, contact):
        return None
    context: tuple[Paragraph, ...] = (Quote(masked(call.context), "Sa situation"),) if call.context else ()
    return Written(
        "Une association cherche ce que vous avez vécu",
        (
            "Bonjour,",
            "Une association n'a rien trouvé dans Savoirs sur cette question. Vos fiches en sont proches.",
            Quote(masked(call.question), "Sa question"),
            *context,
            "Si vous l'avez vécu, racontez-le en dix minutes : votre fiche répondra à l'appel, et à toutes les "
            "personnes qui chercheront cela ensuite. Ne rien répondre est permis aussi.",
            Link("Répondre par une fiche", f"/partager?appel={call.id}"),
            Link("Lire l'appel et ses réponses", call_url(call.id, call.question)),
        ),
        Unsubscribing("calls", letter.contact_id),
    )


def opened(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: it is published; is this address yours?"""
    call = _open_call(letter, desk)
    if call is None:
        return None
    confirmed = letter.contact.address_confirmed_at is not None
    ask: tuple[Paragraph, ...] = (
        ("Vous serez prévenu à chaque réponse.",)
        if confirmed
        else (
            "Pour être prévenu des réponses, confirmez que cette adresse est la vôtre. Sans ce clic, nous n'y écrirons "
            "plus.",
        )
    )
    label = "Suivre ou fermer mon appel" if confirmed else "Confirmer mon adresse et suivre mon appel"
    return Written(
        "Votre appel est publié",
        (
            "Bonjour,",
            "Votre appel à expérience est publié.",
            Quote(masked(call.question), "Votre question"),
            *ask,
            Link(label, _follow(call, desk)),
            Link("Voir sa page", call_url(call.id, call.question)),
            "Si ce n'est pas vous qui l'avez lancé, ne faites rien.",
        ),
    )


def answer(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: a note answers."""
    call = _open_call(letter, desk)
    note = desk.session.get(Note, letter.params["note"])
    if call is None or note is None or note.status is not NoteStatus.PUBLISHED:
        return None
    summary: tuple[Paragraph, ...] = (masked(note.summary),) if note.summary else ()
    return Written(
        "Une fiche répond à votre appel",
        (
            "Bonjour,",
            "Quelqu'un a raconté son expérience pour répondre à votre appel.",
            Quote(masked(call.question), "Votre question"),
            f"La fiche s'appelle « {masked(note.title)} ».",
            *summary,
            Link("Lire la fiche", note_url(note.id, note.title)),
            Link("Suivre ou fermer mon appel", _follow(call, desk)),
        ),
        Unsubscribing("call_answers", call.id),
    )


def _open_call(letter: Letter, desk: Desk) -> Call | None:
    call = desk.session.get(Call, letter.params["call"])
    return call if call is not None and call.status == CallStatus.OPEN else None


def _follow(call: Call, desk: Desk) -> str:
    return f"/appels/suivi/{desk.sign(FOLLOW, call.id)}"
