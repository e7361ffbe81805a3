"""The forms of imports: what is sent, and what a reader changes of a proposal."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, StringField

from web.forms.fields import Choice, SavoirsForm, clean_line, unlabelled
from web.import_words import NOTE_KINDS


class SendForm(SavoirsForm):
    """Files, which the page reads itself; the form only has its token."""


class PieceForm(SavoirsForm):
    """A proposed note, as a reader wants it."""

    title = StringField(filters=[clean_line])
    kind = Choice(choices=unlabelled(NOTE_KINDS))
    theme = SelectField(choices=[], validate_choice=False)
    organisation = StringField(filters=[clean_line])
    first = IntegerField()
    last = IntegerField()
    line = IntegerField()
