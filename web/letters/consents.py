"""Letters to contacts about what they agree to."""

from __future__ import annotations

from savoirs import consents
from savoirs.models import Consent, Letter
from web.letters.writing import Desk, Link, Quote, Unsubscribing, Written
from web.peer_words import of_organisation, the_organisation
from web.wordings import asked, wording


def ask(letter: Letter, desk: Desk) -> Written | None:
    """To the owner of an address that somebody typed: do you agree?"""
    contact = letter.contact
    held = consents.given(contact)
    scope = str(letter.params["scope"])
    if contact.organisation is None or contact.refused_at is not None or scope != consents.wanted_scope(contact):
        return None
    if held is not None and held.scope == scope:
        return None
    name = contact.organisation.name
    return Written(
        f"Voulez-vous être le contact {of_organisation(name)} ?",
        (
            "Bonjour,",
            f"Un membre {of_organisation(name)} propose que d'autres associations puissent vous joindre par Savoirs. "
            "Rien ne se fait sans votre accord. Voici la phrase exacte :",
            Quote(asked(scope, name)),
            Link("Répondre oui ou non", _path(letter, desk)),
            "Si vous ne faites rien, personne ne pourra vous écrire par Savoirs.",
        ),
    )


def renew(letter: Letter, desk: Desk) -> Written | None:
    """To a contact, each year: does it still hold?"""
    contact = letter.contact
    consent = desk.session.get(Consent, letter.params["consent"])
    if consent is None or consent.withdrawn_at is not None or consent.asked_at is None or contact.organisation is None:
        return None
    name = contact.organisation.name
    return Written(
        f"Êtes-vous toujours le contact {of_organisation(name)} ?",
        (
            "Bonjour,",
            f"Il y a un an, vous avez accepté d'être joint pour {the_organisation(name)}. Est-ce toujours vrai ?",
            Quote(wording(consent.scope, consent.wording_version, name)),
            Link("Confirmer, ou retirer mon accord", _path(letter, desk)),
            f"Sans réponse dans {consents.GRACE.days} jours, votre accord prendra fin : personne ne vous écrira plus.",
        ),
        Unsubscribing("relay", contact.id),
    )


def _path(letter: Letter, desk: Desk) -> str:
    return f"/accord/{desk.sign('consent', consents.handle(letter.contact, desk.settings.secret()))}"
