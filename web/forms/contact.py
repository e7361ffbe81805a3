"""Whom an organisation lets others reach."""

from __future__ import annotations

from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from savoirs.contacts import NAME_MAX
from savoirs.models import ContactMode
from web.forms.fields import Choice, SavoirsForm, at_most, clean_line, email_address, required, unlabelled
from web.forms.note_dates import read_day


class ContactForm(SavoirsForm):
    """A mode, a name, an address, a day of return. Empty, the name and the address leave what is kept."""

    mode = Choice(choices=unlabelled(ContactMode), validators=[required("Choisissez comment on peut vous joindre.")])
    name = StringField(filters=[clean_line], validators=[at_most(NAME_MAX, "Le nom")])
    email = StringField(filters=[clean_line], validators=[email_address])
    paused_until = StringField(filters=[clean_line])
    forget = BooleanField()

    def validate_paused_until(self, field: Field) -> None:
        """A whole day, or nothing."""
        if field.data and read_day(field.data) is None:
            raise ValidationError("Cette date n’est pas complète. Par exemple : 31 août 2027.")
