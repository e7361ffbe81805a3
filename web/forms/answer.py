"""Answering a letter: a request, what came of a meeting, an agreement."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField

from savoirs.introductions import LINE_MAX, OUTCOMES, REPORT_REASONS
from savoirs.introductions.answering import DECISIONS, WORD_MAX
from web.forms.fields import Choice, SavoirsForm, at_most, clean_line, clean_text, required, unlabelled


class AnswerForm(SavoirsForm):
    """An answer to a request: one of three, or a report."""

    decision = Choice(choices=unlabelled(DECISIONS), validators=[required("Choisissez l’une des réponses.")])
    passed_to = StringField(filters=[clean_line], validators=[at_most(200, "Ce nom")])
    word = TextAreaField(filters=[clean_text], validators=[at_most(WORD_MAX, "Votre mot")])
    block = BooleanField()
    reason = Choice(choices=unlabelled(REPORT_REASONS))


class OutcomeForm(SavoirsForm):
    """What came of a meeting: one of four, and a line."""

    outcome = Choice(choices=unlabelled(OUTCOMES), validators=[required("Choisissez l’une des réponses.")])
    line = StringField(filters=[clean_line], validators=[at_most(LINE_MAX, "Votre phrase")])
