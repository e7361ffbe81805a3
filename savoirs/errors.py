"""The one error of the knowledge base: a code and its parameters. The French sentences live in ``web/messages.py``."""


class SavoirsError(Exception):
    """Something a person can understand and mend.

    Args:
        code: A stable snake_case name of what went wrong, for example ``unknown_note``.
        **params: Values the French sentence needs.
    """

    def __init__(self, code: str, **params: object) -> None:
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
