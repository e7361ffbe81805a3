"""Lancer un appel à expérience: a question, what else helps, and where to be told of answers, if one wishes."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from savoirs.calls import LIMITS
from web.forms.fields import SavoirsForm, at_most, clean_line, clean_text, email_address, required


class CallForm(SavoirsForm):
    """A question to the network. The address goes to the contacts table and nowhere else."""

    question = TextAreaField(
        filters=[clean_text],
        validators=[
            required("Écrivez votre question : une ou deux phrases suffisent."),
            at_most(LIMITS["question"], "Votre question"),
        ],
    )
    context = TextAreaField(filters=[clean_text], validators=[at_most(LIMITS["context"], "Votre situation")])
    email = StringField(filters=[clean_line], validators=[email_address])
    agreed = BooleanField()
    named = BooleanField()
    search = HiddenField(filters=[clean_line])
    token = HiddenField(filters=[clean_line])


class CallReviewForm(SavoirsForm):
    """A call as an editor leaves it."""

    question = TextAreaField(
        filters=[clean_text],
        validators=[required("Il manque la question."), at_most(LIMITS["question"], "La question")],
    )
    context = TextAreaField(filters=[clean_text], validators=[at_most(LIMITS["context"], "La situation")])
    theme = StringField(filters=[clean_line])
