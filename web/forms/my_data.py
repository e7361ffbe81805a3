"""One's own data: asking for a link, correcting, erasing."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField

from savoirs.privacy.correcting import LONGEST_NAME
from web.forms.fields import Choice, SavoirsForm, at_most, clean_line, email_address, required, unlabelled

FATES = ("stay", "go")
"""What becomes of the notes that somebody wrote."""


class AskForm(SavoirsForm):
    """An address to send a link to."""

    email = StringField(
        filters=[clean_line], validators=[required("Donnez l’adresse e-mail à laquelle on vous écrit."), email_address]
    )


class NameForm(SavoirsForm):
    """Another name; ``token`` is that of the link one came by, empty for who is signed in."""

    name = StringField(
        filters=[clean_line], validators=[required("Écrivez votre nom."), at_most(LONGEST_NAME, "Votre nom")]
    )
    token = HiddenField(filters=[clean_line])


class AddressForm(AskForm):
    """Another address."""

    token = HiddenField(filters=[clean_line])


class EraseForm(SavoirsForm):
    """What becomes of one's notes, and that one is sure."""

    notes = Choice(choices=unlabelled(FATES), default="stay")
    agreed = BooleanField(validators=[required("Cochez cette case pour confirmer. Rien n’est effacé pour l’instant.")])
    token = HiddenField(filters=[clean_line])
