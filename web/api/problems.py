"""Problem documents (RFC 9457): every refusal of the API, in one shape that names the field at fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from savoirs.errors import FieldError
from web.messages import message
from web.typography import typo

MEDIA_TYPE = "application/problem+json"

PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "Problem document (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail", "code"],
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
"""JSON schema of a problem document, for the OpenAPI description."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one field: its name as it was sent, a French sentence, and a stable code."""

    field: str
    detail: str
    code: str


class ProblemError(Exception):
    """A refusal to answer with a problem document.

    Args:
        status: The HTTP status.
        title: What sort of problem it is, in French.
        mistakes: The fields at fault.
        headers: Headers of the answer.
    """

    def __init__(
        self, status: int, title: str, mistakes: Iterable[Mistake] = (), *, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.mistakes = tuple(mistakes)
        self.headers = headers or {}

    def response(self) -> Response:
        """The problem document."""
        errors = [{"field": mistake.field, "detail": mistake.detail, "code": mistake.code} for mistake in self.mistakes]
        detail = " ".join(f"{mistake.field} : {mistake.detail}" for mistake in self.mistakes)
        code = self.mistakes[0].code if self.mistakes else ""
        answer = problem(self.status, title=self.title, detail=typo(detail), code=code, errors=errors)
        answer.headers.update(self.headers)
        return answer


def problem(status: int, *, title: str, detail: str = "", code: str = "", **members: object) -> Response:
    """A problem document.

    Args:
        status: The HTTP status.
        title: What sort of problem it is, in French.
        detail: What is wrong this time.
        code: A stable name, for programs.
        **members: More members, for example ``errors``.
    """
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **members}
    kept = {name: value for name, value in body.items() if value not in ("", None, [])}
    return Response(json.dumps(kept, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)


def unreadable(mistakes: Iterable[Mistake]) -> ProblemError:
    """The refusal of a request whose fields are wrong."""
    return ProblemError(422, "Cette demande a des erreurs", mistakes)


def mistakes_of_model(error: ValidationError) -> list[Mistake]:
    """Mistakes that a pydantic model found, in French."""
    return [
        Mistake(".".join(str(part) for part in found["loc"]) or "body", typo(_sentence(found)), found["type"])
        for found in error.errors(include_url=False, include_input=False)
    ]


def mistakes_of_fields(errors: Iterable[FieldError]) -> list[Mistake]:
    """Mistakes that the knowledge base found."""
    return [Mistake(error.field, message(error.code, **error.params), error.code) for error in errors]


_SENTENCES = {
    "missing": "ce champ est obligatoire.",
    "extra_forbidden": "ce champ n’existe pas.",
    "string_type": "un texte est attendu.",
    "string_too_short": "ce texte est vide ou trop court.",
    "string_too_long": "ce texte est trop long ({max_length} signes au plus).",
    "string_pattern_mismatch": "cette forme n’est pas acceptée.",
    "int_type": "un nombre entier est attendu.",
    "int_parsing": "un nombre entier est attendu.",
    "int_from_float": "un nombre entier est attendu.",
    "int_parsing_size": "ce nombre est trop grand.",
    "bool_type": "true ou false est attendu.",
    "bool_parsing": "true ou false est attendu.",
    "list_type": "une liste est attendue.",
    "too_long": "cette liste est trop longue ({max_length} au plus).",
    "greater_than_equal": "le plus petit nombre accepté est {ge}.",
    "less_than_equal": "le plus grand nombre accepté est {le}.",
    "literal_error": "valeurs acceptées : {expected}.",
    "enum": "valeurs acceptées : {expected}.",
    "model_type": "un objet JSON est attendu.",
    "model_attributes_type": "un objet JSON est attendu.",
    "dict_type": "un objet JSON est attendu.",
}


def _sentence(error: ErrorDetails) -> str:
    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    if "expected" in context:
        context["expected"] = re.sub(r"'([^']*)'", r"« \1 »", context["expected"]).replace(" or ", " ou ")
    return _SENTENCES.get(error["type"], "cette valeur n’est pas acceptée.").format_map(_Known(context))


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"
