"""The API's description of itself: OpenAPI 3.1, at ``/api/v1/openapi.json``."""

from __future__ import annotations

from typing import Any

from flask.blueprints import BlueprintSetupState
from pydantic import BaseModel

from web.api.problems import MEDIA_TYPE, PROBLEM_SCHEMA

SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "Un jeton donné par « savoirs account token ».",
    }
}

_REFUSALS = {
    400: "Corps illisible",
    401: "Jeton absent ou refusé",
    403: "Non permis à ce compte",
    404: "Introuvable",
    413: "Corps trop lourd",
    422: "Champ en erreur",
    429: "Trop d’envois en peu de temps",
}


def describe(state: BlueprintSetupState) -> None:
    """Set the application's description up: our problem documents instead of APIFlask's errors, and no host name."""
    state.app.config.update(
        SECURITY_SCHEMES=SECURITY_SCHEMES,
        SERVERS=[{"url": "/"}],  # the default copies the Host header of the first request
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )


Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]
"""What ``APIBlueprint.doc`` takes as ``responses``."""


def refusals(*statuses: int) -> Responses:
    """Responses of an operation that may refuse, each with a problem document."""
    content: dict[str, dict[str, Any]] = {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}
    return {status: {"description": _REFUSALS[status], "content": content} for status in statuses}


def parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Parameters of a model read from the query string."""
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": field.get("description", ""),
            "schema": {key: value for key, value in field.items() if key != "description"},
        }
        for name, field in schema["properties"].items()
    ]
