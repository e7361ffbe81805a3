"""« J’ai essayé » and « Toujours vrai ? »: one choice, and one sentence that may be left out."""

from __future__ import annotations

from wtforms import StringField

from savoirs.models import Outcome, Verdict
from savoirs.upkeep import LINE_CHARS
from web.forms.fields import Choice, SavoirsForm, at_most, clean_line, required, unlabelled


class TrialForm(SavoirsForm):
    """What came of a trial."""

    outcome = Choice(choices=unlabelled(Outcome), validators=[required("Choisissez une des trois réponses.")])
    line = StringField(filters=[clean_line], validators=[at_most(LINE_CHARS, "Votre phrase")])


class CheckForm(SavoirsForm):
    """Whether a note still holds."""

    verdict = Choice(choices=unlabelled(Verdict), validators=[required("Choisissez une des trois réponses.")])
    line = StringField(filters=[clean_line], validators=[at_most(LINE_CHARS, "Votre phrase")])
