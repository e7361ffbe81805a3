"""Letters of a request: to confirm, to answer, and what came of it."""

from __future__ import annotations

from urllib.parse import urlencode

from savoirs.availability import has_agreed
from savoirs.models import Introduction, IntroductionStatus, Letter
from web.letters.writing import Desk, Link, Paragraph, Quote, Unsubscribing, Written
from web.peer_words import the_organisation, to_organisation

PREFERENCES = {
    "telephone": "au téléphone, une vingtaine de minutes",
    "writing": "par écrit",
    "visit": "sur place, à convenir",
}

CHOICES = {
    "accepted": "D'accord",
    "passed": "Pas moi, voyez plutôt…",
    "declined": "Pas en ce moment",
}
"""The three answers; a link opens the page where one is ticked, and its button acts."""

CLOSED = {
    "no_answer": "{name} n'a pas répondu à votre demande. Cela arrive : les équipes sont souvent débordées.",
    "withdrawn": "{name} ne souhaite plus être jointe par Savoirs. Votre demande est donc close.",
    "paused": "{name} est en pause en ce moment et ne peut pas vous répondre. Votre demande est donc close.",
    "bounced": "L'adresse que nous avions pour {the} n'existe plus. Votre message n'a pas pu lui parvenir.",
    "unreachable": "{name} n'est plus joignable par Savoirs. Votre message n'est pas parti.",
    "not_relayed": "Votre demande n'a pas pu être transmise à {the}.",
}
"""Why a request closed, told to who asked."""


def confirm(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: is this address yours?"""
    one = _introduction(letter, desk)
    if one.confirmed_at is not None or one.status not in (IntroductionStatus.UNCONFIRMED, IntroductionStatus.WAITING):
        return None
    to = to_organisation(one.organisation.name)
    return Written(
        "Confirmez votre demande de mise en relation",
        (
            "Bonjour,",
            f"Quelqu'un a donné cette adresse pour écrire {to} par Savoirs. Si c'est vous, confirmez : votre message "
            "partira aussitôt. Votre adresse n'y sera pas jointe.",
            Quote(one.question, "Votre question"),
            Link("Confirmer mon adresse", _path("confirmer", "introduction.confirm", one.id, desk)),
            Link("Suivre ou retirer ma demande", _path("suivi", "introduction.follow", one.id, desk)),
            "Si ce n'est pas vous, ne faites rien : rien ne part sans ce lien.",
        ),
    )


def request(letter: Letter, desk: Desk) -> Written | None:
    """To the recipient: the request, and how to answer it."""
    one = _introduction(letter, desk)
    if not _waits(one, desk):
        return None
    return _asked(one, desk, f"{one.requester.name} aimerait vous parler", "Bonjour,")


def reminder(letter: Letter, desk: Desk) -> Written | None:
    """To the recipient, once: the request again."""
    one = _introduction(letter, desk)
    if not _waits(one, desk):
        return None
    opening = (
        "Bonjour, voici un seul rappel : cette demande attend votre réponse. Un mot suffit, même pour dire non. "
        "Sans réponse, elle se fermera d'elle-même."
    )
    return _asked(one, desk, f"Rappel : {one.requester.name} aimerait vous parler", opening)


def accepted(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: yes, and the address to write to."""
    one = _introduction(letter, desk)
    recipient = one.recipient
    if one.status != IntroductionStatus.ACCEPTED or recipient is None:
        return None
    name = one.organisation.name
    if not recipient.email or not has_agreed(desk.session, recipient):
        return Written(
            f"{name} ne peut plus vous répondre",
            ("Bonjour,", CLOSED["withdrawn"].format(name=name, the=the_organisation(name)), *_other_peers(one)),
        )
    return Written(
        f"{name} est d'accord pour vous parler",
        (
            "Bonjour,",
            f"{name} a répondu « d'accord » à votre demande. Vous pouvez lui écrire :",
            Quote("\n".join(filter(None, (recipient.name, recipient.email))), "Votre contact", private=True),
            *_word(one),
            "Votre adresse lui est donnée aussi, comme vous l'avez accepté. Ces deux adresses sont pour vous deux "
            "seulement.",
            f"Dans {desk.settings.outcome_days} jours, nous vous demanderons ce que cela a donné.",
        ),
    )


def exchanged(letter: Letter, desk: Desk) -> Written | None:
    """To the recipient who said yes: the address of who asked."""
    one = _introduction(letter, desk)
    if one.status != IntroductionStatus.ACCEPTED or one.recipient is None or not one.requester.email:
        return None
    if not has_agreed(desk.session, one.recipient):
        return None
    return Written(
        f"Vos adresses sont échangées avec {one.requester.name}",
        (
            "Bonjour,",
            f"Merci d'avoir répondu « d'accord ». Vous pouvez écrire à {one.requester.name} :",
            Quote(one.requester.email, "Son adresse", private=True),
            f"Sa préférence : échanger {PREFERENCES.get(one.preference, one.preference)}.",
            *((Quote(one.availability, "Ses disponibilités"),) if one.availability else ()),
            Quote(one.question, "Sa question"),
            "Votre adresse lui est donnée aussi. Ces deux adresses sont pour vous deux seulement.",
        ),
    )


def passed(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: not me, but somebody else, with the message ready to be sent again."""
    one = _introduction(letter, desk)
    if one.status != IntroductionStatus.PASSED:
        return None
    name = one.organisation.name
    other = one.passed_to.name if one.passed_to else one.passed_to_name
    again: tuple[Paragraph, ...] = ()
    if one.passed_to_id is not None:
        token = desk.sign("introduction.again", one.id)
        path = f"/pairs/demande?{urlencode({'organisation': one.passed_to_id, 'suite': token})}"
        again = (
            "Votre message est prêt à être relu, puis envoyé :",
            Link(f"Écrire {to_organisation(other)}", path),
        )
    return Written(
        f"{name} vous propose quelqu'un d'autre",
        (
            "Bonjour,",
            f"{name} n'est pas la bonne personne, et vous conseille : {other}.",
            *_word(one),
            *again,
            *_other_peers(one),
        ),
    )


def declined(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: not now."""
    one = _introduction(letter, desk)
    if one.status != IntroductionStatus.DECLINED:
        return None
    name = one.organisation.name
    opening = f"{name} ne peut pas vous répondre en ce moment. Ce n'est pas un jugement sur votre demande."
    return Written(
        f"{name} ne peut pas vous répondre en ce moment", ("Bonjour,", opening, *_word(one), *_other_peers(one))
    )


def closed(letter: Letter, desk: Desk) -> Written | None:
    """To who asked: there will be no answer, and why."""
    one = _introduction(letter, desk)
    sentence = CLOSED.get(str(letter.params.get("reason", "")), CLOSED["no_answer"])
    name = one.organisation.name
    return Written(
        f"Votre demande {to_organisation(name)} est close",
        ("Bonjour,", sentence.format(name=name, the=the_organisation(name)), *_other_peers(one)),
    )


def outcome(letter: Letter, desk: Desk) -> Written | None:
    """To each of the two, a month later: what came of it?"""
    one = _introduction(letter, desk)
    side = str(letter.params["side"])
    if one.status != IntroductionStatus.ACCEPTED or getattr(one, f"{side}_outcome"):
        return None
    other = the_organisation(one.organisation.name) if side == "requester" else one.requester.name
    mine = side == "recipient" and one.recipient_id is not None
    return Written(
        "Qu'a donné votre rencontre ?",
        (
            "Bonjour,",
            f"Il y a un mois, Savoirs vous a mis en relation avec {other}. Qu'est-ce que cela a donné ? "
            "Une case à cocher, une minute.",
            Link("Répondre", _path("suite", "introduction.outcome", f"{one.id}:{side}", desk)),
            "Si vous avez appris quelque chose, même d'un échec, vous pourrez en faire une fiche en deux clics.",
        ),
        Unsubscribing("relay", one.recipient_id or "") if mine else None,
    )


def _asked(one: Introduction, desk: Desk, subject: str, opening: str) -> Written:
    read = (Quote(one.sentence, "Ce qui a été lu de vous"),) if one.sentence else ()
    answer = _path("reponse", "introduction.answer", one.id, desk)
    free = (Quote(one.availability, "Disponibilités"),) if one.availability else ()
    return Written(
        subject,
        (
            opening,
            f"{one.requester.name} a lu ce que {the_organisation(one.organisation.name)} raconte dans Savoirs, "
            "et vous demande conseil.",
            *read,
            Quote(one.context, "Sa situation"),
            Quote(one.question, "Sa question"),
            f"Préférence : échanger {PREFERENCES.get(one.preference, one.preference)}.",
            *free,
            "Vous pouvez répondre « d'accord », « pas moi, voyez plutôt… » ou « pas en ce moment ». Les adresses ne "
            "sont échangées que si vous dites « d'accord ». Sans compte ni mot de passe :",
            *(Link(label, f"{answer}?choix={choice}") for choice, label in CHOICES.items()),
        ),
        Unsubscribing("relay", one.recipient_id or ""),
    )


def _introduction(letter: Letter, desk: Desk) -> Introduction:
    return desk.session.get_one(Introduction, letter.params["introduction"])


def _waits(one: Introduction, desk: Desk) -> bool:
    """Whether there is still something to answer, and somebody who agreed to be asked."""
    recipient = one.recipient
    if one.status != IntroductionStatus.SENT or recipient is None:
        return False
    away = recipient.paused_until is not None and recipient.paused_until >= desk.now.date().isoformat()
    return not away and has_agreed(desk.session, recipient)


def _word(one: Introduction) -> tuple[Paragraph, ...]:
    return (Quote(one.answer, "Son mot"),) if one.answer else ()


def _other_peers(one: Introduction) -> tuple[Paragraph, ...]:
    """Others who lived it, by the need alone: nothing of the person is in the address."""
    need = one.need[:500]
    path = f"/pairs?{urlencode({'besoin': need})}" if need else "/pairs"
    return ("D'autres associations ont vécu la même chose :", Link("Voir d'autres pairs", path))


def _path(page: str, purpose: str, id_: str | int, desk: Desk) -> str:
    return f"/mises-en-relation/{page}/{desk.sign(purpose, id_)}"
