"""Privacy, for who administers: erasing a person, keeping nothing too long, and the register of processing."""

from __future__ import annotations

import time

import click
from sqlalchemy.orm import Session

from savoirs.database import reading
from savoirs.errors import NotFoundError
from savoirs.privacy import persons
from savoirs.privacy.persons import Person
from web import erasure
from web.cli.data import opened
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, print_json, progress, refuse, say
from web.wiring import Services, old_index_left

_PATIENCE_S = 20.0
_PAUSE_S = 0.5


@click.group(cls=FrenchGroup, epilog=example("savoirs privacy run --dry-run"))
def privacy() -> None:
    """Efface une personne, ne garde rien trop longtemps, écrit le registre des traitements."""


@privacy.command(
    cls=FrenchCommand, epilog=example("savoirs privacy erase amina", "savoirs privacy erase amina --notes")
)
@click.argument("who", metavar="QUI")
@option("--notes", is_flag=True, help="Efface aussi les fiches que la personne a écrites.")
@option("--note", "note_ids", multiple=True, help="Efface aussi cette fiche, et toutes ses versions (répétable).")
@option("--yes", is_flag=True, help="Ne demande pas de confirmation.")
@json_option
def erase(who: str, notes: bool, note_ids: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Efface une personne : QUI est son adresse e-mail, ou son identifiant.

    Elle disparaît de la base, des fichiers et de l’index, et le reste après une restauration. Ses fiches restent, sans
    son nom, sauf avec --notes.
    """
    with opened() as services:
        with reading(services.sessions) as session:
            person = _person(session, who)
            told = _what_is_held(person)
        if not yes and not click.confirm(f"{told} Effacer pour de bon ?", err=True):
            raise refuse("Rien n’est effacé.")
        erased = erasure.erase(services, lambda session: _person(session, who), texts=notes, notes=note_ids)
        if erased.journal:
            _wait_for_server(services)
    if as_json:
        print_json(
            {
                "accounts": erased.accounts,
                "contacts": erased.contacts,
                "requests": erased.requests,
                "notes": erased.notes,
            }
        )
        return
    say(
        f"C’est effacé : comptes {erased.accounts}, contacts {erased.contacts}, demandes {erased.requests}, "
        f"fiches {erased.notes}."
    )


def _person(session: Session, who: str) -> Person:
    if "@" not in who:
        return persons.of_login(session, who)
    person = persons.of_address(session, who)
    if person is None:
        raise NotFoundError("nothing_held_there")
    return person


def _what_is_held(person: Person) -> str:
    account = f"Compte « {person.account.login} ». " if person.account else ""
    return f"{account}Contacts : {len(person.contacts)}."


def _wait_for_server(services: Services) -> None:
    """A server that runs beside holds the old index until it has taken the new one: a few seconds."""
    until = time.monotonic() + _PATIENCE_S
    while old_index_left(services.settings):
        if time.monotonic() > until:
            progress("Un serveur tient encore l’ancien index : il le rendra à sa prochaine recherche.")
            return
        time.sleep(_PAUSE_S)
