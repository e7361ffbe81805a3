"""Preparing a new day: what it is called, and when it is."""

from __future__ import annotations

from wtforms import Field, StringField
from wtforms.validators import ValidationError

from web.forms.fields import SavoirsForm, at_most, clean_line, required
from web.forms.note_dates import read_day


class CopyProgrammeForm(SavoirsForm):
    """A new day, from the programme of another."""

    title = StringField(
        filters=[clean_line],
        validators=[required("Donnez un titre à la nouvelle journée."), at_most(200, "Le titre")],
    )
    date = StringField(filters=[clean_line], validators=[required("Donnez une date, par exemple : 12 mars 2027.")])

    def validate_date(self, field: Field) -> None:
        """A whole day is needed: a programme with hours has one."""
        if read_day(field.data) is None:
            raise ValidationError("Cette date n’est pas complète. Par exemple : 12 mars 2027.")
