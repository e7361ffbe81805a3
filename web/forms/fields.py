"""What our fields share: how text is cleaned, and the validators that speak French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from flask_wtf import FlaskForm
from wtforms import Field, Form, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, ValidationError

from savoirs.errors import FieldError
from web.labels import number
from web.messages import message
from web.typography import typo

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\"]+")
_DOMAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
EMAIL_MAX_CHARS = 254

BAD_CHOICE = "Ce choix n’existe pas. Choisissez dans la liste."


class SavoirsForm(FlaskForm):  # type: ignore[misc]
    """Base of our forms. A form token that grew old is a mistake to show beside kept text, not a page of error."""

    @property
    def page_expired(self) -> bool:
        """Whether the page stayed open longer than its token lives, or came from elsewhere."""
        token = self._fields.get("csrf_token")
        return token is not None and bool(token.errors)

    def problems(self) -> dict[str, str]:
        """The first mistake of each field that has one, in the order of the form; the form token is not a field."""
        return {
            name: typo(str(field.errors[0]))
            for name, field in self._fields.items()
            if field.errors and name != "csrf_token"
        }

    def add_field_errors(self, errors: Iterable[FieldError], own_names: Mapping[str, str] | None = None) -> None:
        """Put what the knowledge base refuses beside the fields; what has no field goes to the first one.

        Args:
            errors: The mistakes.
            own_names: For fields that the form calls otherwise, its name for them.
        """
        names = [name for name in self._fields if name != "csrf_token"]
        for error in errors:
            wanted = (own_names or {}).get(error.field, error.field)
            field = self._fields[wanted if wanted in names else names[0]]
            field.errors = [*field.errors, message(error.code, **error.params)]


class Choice(RadioField):  # type: ignore[misc]
    """Radio buttons that may all be left alone; an unknown value is refused in French."""

    def pre_validate(self, _form: Form) -> None:
        """Refuse a value that is not offered."""
        if self.data and self.data not in self.choices:
            raise ValidationError(BAD_CHOICE)


class Choices(SelectMultipleField):  # type: ignore[misc]
    """Boxes; an unknown value is refused in French."""

    def pre_validate(self, _form: Form) -> None:
        """Refuse values that are not offered."""
        if any(value not in self.choices for value in self.data or ()):
            raise ValidationError(BAD_CHOICE)


def clean_line(value: str | None) -> str:
    """A text on one line: NFC, no control characters, white space made single spaces."""
    return " ".join(clean_text(value).split())


def clean_text(value: str | None) -> str:
    """A text of several lines: NFC, no control characters, LF line ends, no white space around."""
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).strip()


def required(message: str) -> InputRequired:
    """A validator: an answer is needed, for the reason that the message says."""
    return _Required(message)


class _Required(InputRequired):  # type: ignore[misc]
    """Like ``InputRequired``, on the cleaned value, and without the browser's own (English) bubble."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.field_flags: dict[str, object] = {}

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data:
            field.errors = []
            raise ValidationError(str(self.message))


def at_most(max_chars: int, what: str) -> Length:
    """A validator: a length limit that says by how much the text is too long.

    Args:
        max_chars: The limit, in characters.
        what: The subject of the sentence, for example « Le titre ».
    """
    return _AtMost(max_chars, what)


class _AtMost(Length):  # type: ignore[misc]
    def __init__(self, max_chars: int, what: str) -> None:
        super().__init__(max=max_chars)
        self.what = what
        self.field_flags: dict[str, object] = {}

    def __call__(self, _form: Form, field: Field) -> None:
        over = len(field.data or "") - self.max
        if over > 0:
            raise ValidationError(
                f"{self.what} dépasse la limite de {number(self.max)} signes : retirez-en {number(over)}."
            )


def email_address(_form: Form, field: Field) -> None:
    """A validator: the shape of an e-mail address, telling which part is missing.

    Raises:
        ValidationError: With what to mend.
    """
    text = field.data or ""
    if not text:
        return
    problem = email_problem(text)
    if problem:
        raise ValidationError(problem)


def email_problem(text: str) -> str:
    """What is wrong with the shape of an address, as a French sentence; empty when nothing is."""
    if "@" not in text:
        return "Il manque le signe @, comme dans « prenom@example.org »."
    if not _EMAIL.fullmatch(text) or len(text) > EMAIL_MAX_CHARS:
        return "Cette adresse contient un espace ou un signe de trop. Écrivez une seule adresse."
    labels = text.rpartition("@")[2].split(".")
    if len(labels) < 2:
        return "Il manque la fin, comme « .org » ou « .fr »."
    if not all(_DOMAIN_LABEL.fullmatch(_ascii(label)) for label in labels):
        return "La partie après le signe @ n’est pas une adresse de site, comme « exemple.org »."
    return ""


def _ascii(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def unlabelled(values: Iterable[str]) -> list[str]:
    """Choices of a field whose labels are in the template: the values alone."""
    return [str(value) for value in values]
