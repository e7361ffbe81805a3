"""Reading requests: parameters into models, and who asks by a bearer token. Mistakes name their field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar, get_origin

from flask import g, request
from pydantic import BaseModel, ValidationError

from savoirs import accounts
from savoirs.database import reading
from savoirs.models import Account
from web.api.problems import Mistake, ProblemError, mistakes_of_model, unreadable
from web.identity import visited
from web.wiring import current_services

Model = TypeVar("Model", bound=BaseModel)
P = ParamSpec("P")
R = TypeVar("R")


def read_query(model: type[Model]) -> Model:
    """The query string as a model: lists are repeated parameters, else the first one counts; unknown ones are ignored.

    Raises:
        ProblemError: 422, with the parameters at fault.
    """
    given = request.args.to_dict(flat=False)
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in given:
            values[name] = given[name] if get_origin(field.annotation) is list else given[name][0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise unreadable(_named_as_sent(mistakes_of_model(error))) from error


def _named_as_sent(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Mistakes of repeated parameters under the parameter's name: « kind », not « kind.0 », and once each."""
    return list(dict.fromkeys(replace(mistake, field=mistake.field.partition(".")[0]) for mistake in mistakes))


def bearer_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let a request in with a good bearer token only. A session cookie is never looked at.

    Raises:
        ProblemError: 401 without a token, or with one that opens nothing.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        g.api_account = _account()
        return view(*args, **kwargs)

    return guarded


def bearer_account() -> Account:
    """The account of the bearer token, inside a view that requires one."""
    account: Account = g.api_account
    return account


def _account() -> Account:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    account = None
    if scheme.lower() == "bearer" and token.strip():
        with reading(current_services().sessions) as session:
            account = accounts.account_for_bearer(session, token.strip())
    if account is not None:
        visited(account)
    if account is None:
        mistake = Mistake("Authorization", "un jeton valable est attendu, « Bearer … ».", "bearer_needed")
        raise ProblemError(
            401, "Cette demande exige un jeton", [mistake], headers={"WWW-Authenticate": 'Bearer realm="savoirs"'}
        )
    return account
