"""The one error of the knowledge base: a code and its parameters. The French sentences live in ``web/messages.py``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


class SavoirsError(Exception):
    """Something a person can understand and mend.

    Args:
        code: A stable snake_case name of what went wrong, for example ``unknown_note``.
        **params: Values the French sentence needs.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({shown})"


class NotFoundError(SavoirsError):
    """What was asked for does not exist, or not for this reader."""


class ForbiddenError(SavoirsError):
    """The account may not do this."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of what somebody sent.

    Attributes:
        field: The field's name, as the dataclass that was checked spells it.
        code: A stable snake_case name of the mistake.
        params: Values the French sentence needs.
    """

    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class InvalidError(SavoirsError):
    """What was sent has mistakes; ``errors`` has one for each, in the order of the form."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("invalid", errors=errors)
        self.errors = errors
