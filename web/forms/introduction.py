"""Asking to be put in touch: a message, how to talk, who asks, and two agreements that are never ticked beforehand."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from savoirs.introductions import PREFERENCES
from web.forms.fields import Choice, SavoirsForm, at_most, clean_line, clean_text, email_address, required, unlabelled

MESSAGE_MAX_CHARS = 3_000
NEED_MAX_CHARS = 2_000


class IntroductionForm(SavoirsForm):
    """A request to an organisation. The address goes to the contacts table and nowhere else."""

    context = TextAreaField(
        filters=[clean_text],
        validators=[
            required("Décrivez votre situation : une ou deux phrases suffisent."),
            at_most(MESSAGE_MAX_CHARS, "Votre situation"),
        ],
    )
    question = TextAreaField(
        filters=[clean_text],
        validators=[
            required("Écrivez ce que vous aimeriez leur demander."),
            at_most(MESSAGE_MAX_CHARS, "Votre question"),
        ],
    )
    availability = StringField(filters=[clean_line], validators=[at_most(300, "Vos disponibilités")])
    preference = Choice(
        choices=unlabelled(PREFERENCES), default="telephone", validators=[required("Choisissez une façon d’échanger.")]
    )
    name = StringField(
        filters=[clean_line],
        validators=[
            required("Dites qui vous êtes : un prénom et le nom de votre association."),
            at_most(200, "Votre prénom et votre association"),
        ],
    )
    email = StringField(
        filters=[clean_line],
        validators=[required("Donnez une adresse e-mail : c’est là que la réponse vous attendra."), email_address],
    )
    agree_relay = BooleanField(
        validators=[required("Cochez la première case. Sans cet accord, le message ne peut pas être transmis.")]
    )
    agree_exchange = BooleanField(
        validators=[required("Cochez la seconde case. Sans cet accord, elle ne pourrait pas vous répondre.")]
    )
    token = HiddenField(filters=[clean_line])
