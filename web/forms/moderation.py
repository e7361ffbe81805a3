"""What an editor says when a note is withdrawn, and what a new day is called."""

from __future__ import annotations

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from web.forms.fields import SavoirsForm, at_most, clean_line, clean_text, required
from web.forms.note_dates import read_day


class WithdrawForm(SavoirsForm):
    """Why a note is withdrawn; its author reads it."""

    reason = TextAreaField(
        filters=[clean_text],
        validators=[
            required("Dites pourquoi en une phrase : la personne qui a écrit la fiche la lira."),
            at_most(1_000, "La raison"),
        ],
    )


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
