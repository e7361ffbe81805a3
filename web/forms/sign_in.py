"""Signing in with a login and a password."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField

from web.forms.fields import SavoirsForm, at_most, clean_line, required


class SignInForm(SavoirsForm):
    """Who, and the password; ``next`` is the page to come back to. The password is taken as it is typed."""

    login = StringField(
        filters=[clean_line], validators=[required("Écrivez votre identifiant."), at_most(80, "L’identifiant")]
    )
    password = PasswordField(validators=[required("Écrivez votre mot de passe."), at_most(1_000, "Le mot de passe")])
    next = HiddenField(filters=[clean_line])


class TokenForm(SavoirsForm):
    """A new API token: what it is for."""

    label = StringField(
        filters=[clean_line],
        validators=[
            required("Dites à quoi servira ce jeton, pour le reconnaître plus tard."),
            at_most(120, "Le nom du jeton"),
        ],
    )
