"""Letters about one's own data: the link to see them, a new address, an account that nobody uses."""

from __future__ import annotations

import hmac

from savoirs.models import Account, Contact, Letter
from web.dates import date_in_words
from web.letters.writing import Desk, Link, Written

MY_DATA, ADDRESS = "my-data", "new-address"
"""What links are signed for."""

MY_DATA_DAYS = 7
"""How long a link to one's own data works."""


def handle(contact: Contact, secret: str) -> str:
    """A contact and its address, in what a link is signed for: a link sent to an address that changed opens nothing."""
    address = (contact.email or "").casefold()
    return f"{contact.id}.{hmac.new(secret.encode(), f'{MY_DATA}/{address}'.encode(), 'sha256').hexdigest()[:32]}"


def my_data(letter: Letter, desk: Desk) -> Written | None:
    """To who asked to see what is held of them."""
    token = desk.sign(MY_DATA, handle(letter.contact, desk.settings.secret()))
    return Written(
        "Vos données dans Savoirs",
        (
            "Bonjour,",
            "Quelqu'un, vous sans doute, a demandé à voir ce que Savoirs garde à votre sujet. Ce lien l'ouvre pendant "
            f"{MY_DATA_DAYS} jours : vous pourrez tout lire, en emporter une copie, corriger, effacer.",
            Link("Voir mes données", f"/mes-donnees/lien/{token}"),
            "Ce n'est pas vous ? Ne faites rien, et ne transmettez ce lien à personne.",
        ),
    )


def address(letter: Letter, desk: Desk) -> Written | None:
    """To an address that somebody says is theirs."""
    return Written(
        "Confirmez votre nouvelle adresse",
        (
            "Bonjour,",
            "Quelqu'un, vous sans doute, veut recevoir ici les messages de Savoirs.",
            Link("Confirmer cette adresse", f"/mes-donnees/adresse/{desk.sign(ADDRESS, letter.contact_id)}"),
            "Ce n'est pas vous ? Ne faites rien : cette adresse sera effacée.",
        ),
    )


def inactive(letter: Letter, desk: Desk) -> Written | None:
    """To the owner of an account without visits for long: it is removed a month later."""
    account = desk.session.get(Account, letter.params["account"])
    if account is None or account.warned_at is None:
        return None  # they came back
    return Written(
        "Votre compte Savoirs sera supprimé",
        (
            "Bonjour,",
            "Personne ne s'est connecté à votre compte depuis longtemps. Il sera supprimé le "
            f"{date_in_words(str(letter.params['day']))}. Vos fiches resteront, sans votre nom.",
            Link("Me connecter pour le garder", "/connexion"),
            "Vous ne voulez plus de ce compte ? Ne faites rien.",
        ),
    )
