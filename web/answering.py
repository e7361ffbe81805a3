"""A note that answers a call: how its form begins, and the question it shows all along."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from savoirs import call_views
from savoirs.database import reading
from savoirs.errors import NotFoundError
from web.forms.share import ShareForm
from web.wiring import current_services


def begin_answer(session: Session, form: ShareForm, call_id: str) -> None:
    """Tie a form to a call, and tick its theme.

    Raises:
        NotFoundError: ``unknown_call``.
    """
    call = call_views.view(session, call_id)
    form.call.data = call.line.id
    form.themes.data = [call.line.theme.id] if call.line.theme else []
    form.answered = call.line.question


def question_of_form(form: ShareForm) -> str:
    """The question that a form answers; empty when it answers none, or one that is not there any more.

    One query, but for a form that has just begun.
    """
    if form.answered or not form.call.data:
        return form.answered
    with suppress(NotFoundError), reading(current_services().sessions) as session:
        return call_views.question(session, form.call.data)
    return ""
