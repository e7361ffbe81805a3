"""The French line of an error on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.exceptions import NoSuchCommand
from sqlalchemy.exc import SQLAlchemyError

from savoirs.errors import SavoirsError
from web.messages import message, message_of
from web.typography import typo


def sentence_of(error: BaseException) -> str:
    """What to print for an error: one line, but for a corpus, whose every mistake has its own."""
    if isinstance(error, click.UsageError):
        return typo(_usage(error) + _where_help_is(error))
    if isinstance(error, click.Abort):
        return "Interrompu."
    if isinstance(error, click.ClickException):
        return typo(error.format_message())
    if isinstance(error, SavoirsError):
        return _refused(error)
    return typo(_unforeseen(error))


def _refused(error: SavoirsError) -> str:
    problems = error.params.get("problems")
    names = error.params.get("names")
    if error.code == "bad_settings" and isinstance(names, tuple):
        return message(error.code, names=", ".join(f"SAVOIRS_{name.upper()}" for name in names))
    if not isinstance(problems, list | tuple):
        return message_of(error)
    lines = [f"{problem.file}:{problem.line} : {message(problem.code, **problem.params)}" for problem in problems]
    return "\n".join([message_of(error), *lines])


def _usage(error: click.UsageError) -> str:
    for kind, sentence in _USAGE:
        if isinstance(error, kind):
            return sentence(error)
    for start, told in _MESSAGES.items():
        if error.message.startswith(start):
            return told
    return error.message


def _bad_value(error: Any) -> str:
    return f"Valeur refusée pour {_name(error)} : {_expected(error)}."


_USAGE: tuple[tuple[type[click.UsageError], Callable[[Any], str]], ...] = (
    (NoSuchCommand, lambda error: f"Commande inconnue : {error.command_name}."),
    (click.NoSuchOption, lambda error: f"Option inconnue : {error.option_name}."),
    (click.BadOptionUsage, lambda error: f"L’option {error.option_name} demande une valeur, et une seule."),
    (click.MissingParameter, lambda error: f"Il manque {_name(error)}."),
    (click.BadParameter, _bad_value),
)
"""Sentences by class, the most precise class first."""

_MESSAGES = {
    "Got unexpected extra argument": "Il y a un mot de trop.",
    "Missing command": "Il manque une commande.",
}
"""Sentences of what click tells by its message only."""


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return "une valeur"
    if isinstance(error.param, click.Option):
        return error.param.opts[0]
    return error.param.make_metavar(error.ctx) if error.ctx is not None else str(error.param.name)


def _expected(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return "choisissez parmi " + ", ".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange):
        bounds = [f"au moins {kind.min}" if kind.min is not None else "", f"au plus {kind.max}" if kind.max else ""]
        return "un nombre entier, " + ", ".join(bound for bound in bounds if bound)
    if isinstance(kind, click.types.IntParamType):
        return "un nombre entier est attendu"
    if isinstance(kind, click.Path):
        return "ce fichier ou ce dossier n’existe pas, ou ne peut pas être lu"
    return error.message


def _where_help_is(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx is not None else "savoirs"
    return f" Voir : {command} --help"


def _unforeseen(error: BaseException) -> str:
    if isinstance(error, SQLAlchemyError):
        return f"La base de données ne répond pas comme prévu ({type(error).__name__}) : lancez « savoirs doctor »."
    if isinstance(error, OSError):
        return f"Le système a refusé : {error.strerror or type(error).__name__} ({error.filename or 'sans nom'})."
    return f"Erreur imprévue ({type(error).__name__}). Avec SAVOIRS_DEBUG=1, la même commande dit où."
