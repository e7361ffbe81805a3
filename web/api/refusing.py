"""What the API answers when it refuses: always a problem document, with the field at fault when there is one."""

from __future__ import annotations

from apiflask import APIBlueprint, HTTPError
from flask import Response
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from savoirs.errors import ForbiddenError, InvalidError, NotFoundError, SavoirsError
from web.api.problems import Mistake, ProblemError, mistakes_of_fields, mistakes_of_model, unreadable
from web.errors import TITLES, answer
from web.messages import message_of

FIELDS_AT_FAULT = {"bad_page": "page", "bad_sort": "sort", "bad_limit": "limit"}
"""For errors that do not name their field."""


def refuse_with_problems(bp: APIBlueprint) -> None:
    """Register the handlers of a blueprint."""
    bp.register_error_handler(ProblemError, ProblemError.response)
    bp.register_error_handler(InvalidError, _invalid)
    bp.register_error_handler(SavoirsError, _refused)
    bp.register_error_handler(HTTPError, _unreadable_model)
    bp.register_error_handler(BadRequest, _unreadable_body)
    bp.register_error_handler(RecursionError, _unreadable_body)  # JSON in thousands of brackets


def _invalid(error: InvalidError) -> Response:
    return unreadable(mistakes_of_fields(error.errors)).response()


def _refused(error: SavoirsError) -> Response:
    field = error.params.get("field") or FIELDS_AT_FAULT.get(error.code)
    if field is not None:
        return unreadable([Mistake(str(field), message_of(error), error.code)]).response()
    if isinstance(error, NotFoundError):
        return answer(404, detail=message_of(error), code=error.code)
    if isinstance(error, ForbiddenError):
        return answer(403, detail=message_of(error), code=error.code)
    return answer(400, detail=message_of(error), code=error.code)


def _unreadable_model(error: HTTPError) -> Response:
    """APIFlask found a body that does not fit its model; the model's own error is its cause."""
    if isinstance(error.__cause__, ValidationError):
        return unreadable(mistakes_of_model(error.__cause__)).response()
    return answer(error.status_code)


def _unreadable_body(_error: Exception) -> Response:
    mistake = Mistake("body", "un objet JSON est attendu dans le corps de la demande.", "not_json")
    return ProblemError(400, TITLES[400], [mistake]).response()
