"""Privacy, for who administers: erasing a person, keeping nothing too long, and the register of processing."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import asdict

import click
from sqlalchemy.orm import Session, sessionmaker

from savoirs.config import Settings
from savoirs.database import reading, transaction
from savoirs.errors import NotFoundError
from savoirs.models.base import utc_now
from savoirs.privacy import finishing, persons, retention
from savoirs.privacy.ledger import Ledger, Rehearsal
from savoirs.privacy.log_files import FOLDER, old_files
from savoirs.privacy.persons import Person
from savoirs.privacy.retention import Tidied
from web import erasure
from web import register as registers
from web.cli.data import base, opened
from web.cli.folder import ready_settings
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, print_json, progress, refuse, say

TIDIED = {
    "requests": "demandes vidées",
    "calls": "appels détachés de qui les a écrits",
    "contacts": "contacts retirés",
    "letters": "messages retirés",
    "sessions": "connexions closes",
    "misses": "recherches vaines oubliées",
    "warned": "comptes prévenus",
    "accounts": "comptes supprimés",
    "notes": "fiches effacées de la corbeille",
    "drafts": "brouillons oubliés",
    "imports": "imports oubliés",
    "logs": "journaux retirés",
}
"""What each count is called."""


@click.group(cls=FrenchGroup, epilog=example("savoirs privacy run --dry-run"))
def privacy() -> None:
    """Efface une personne, ne garde rien trop longtemps, écrit le registre des traitements."""


@privacy.command(
    cls=FrenchCommand, epilog=example("savoirs privacy erase amina", "savoirs privacy erase --note abcdefghij")
)
@click.argument("who", metavar="QUI", required=False)
@option("--notes", is_flag=True, help="Efface aussi les fiches que la personne a écrites.")
@option("--note", "note_ids", multiple=True, help="Efface aussi cette fiche, et toutes ses versions (répétable).")
@option("--yes", is_flag=True, help="Ne demande pas de confirmation.")
@json_option
def erase(who: str | None, notes: bool, note_ids: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Efface une personne : QUI est son adresse e-mail, ou son identifiant.

    Elle disparaît de la base, des fichiers et de l’index, et le reste après une restauration. Ses fiches restent, sans
    son nom, sauf avec --notes. Avec --note seul, seules ces fiches sont effacées.
    """
    if not who and not note_ids:
        raise click.UsageError("Dites qui effacer, ou quelle fiche avec --note.")
    with opened() as services:
        with reading(services.sessions) as session:
            person = _person(session, who)
            told = _what_is_held(person, len(note_ids))
        if not yes and not click.confirm(f"{told} Effacer pour de bon ?", err=True):
            raise refuse("Rien n’est effacé.")
        erased = erasure.erase(services, lambda session: _person(session, who), texts=notes, notes=note_ids)
        if erasure.unfinished(services.settings.data_dir):
            progress(
                "Un autre programme lit encore d’anciens fichiers : « savoirs privacy run » finira de les nettoyer."
            )
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


@privacy.command(cls=FrenchCommand, epilog=example("savoirs privacy run", "savoirs privacy run --dry-run"))
@option("--dry-run", is_flag=True, help="Dit ce qui serait fait, et ne change rien.")
@json_option
def run(dry_run: bool, as_json: bool) -> None:
    """Retire ce qui a été gardé assez longtemps ; « serve » le fait chaque jour.

    Textes des demandes, comptes sans visite (après un avis), connexions, messages, recherches vaines, corbeille,
    brouillons, journaux.
    """
    settings = ready_settings()
    if erasure.unfinished(settings.data_dir) and not dry_run:
        with opened(settings) as services:
            erasure.replay(services)
    counts = asdict(tidied(settings, utc_now(), dry_run=dry_run))
    old = old_files(settings.data_dir / FOLDER, settings.keep_logs_days, utc_now().date())
    if not dry_run:
        for path in old:
            path.unlink(missing_ok=True)
    counts["logs"] = len(old)
    if as_json:
        print_json({"dry_run": dry_run, **counts})
        return
    done = [f"{TIDIED[name]} {count}" for name, count in counts.items() if count]
    begin = "Serait fait" if dry_run else "Fait"
    say(f"{begin} : {', '.join(done)}." if done else "Rien n’est gardé trop longtemps.")


@privacy.command(cls=FrenchCommand, epilog=example("savoirs privacy register > registre.md"))
@json_option
def register(as_json: bool) -> None:
    """Écrit le registre des traitements, avec les durées réglées ici, en Markdown.

    Il reste à y nommer le responsable du traitement.
    """
    settings = Settings.load()
    if as_json:
        print_json(registers.as_json(settings))
        return
    click.echo(registers.as_markdown(settings), nl=False)


def tidied(settings: Settings, now: dt.datetime, *, dry_run: bool = False) -> Tidied:
    """Remove what is too old from the database, and from its files."""
    ledger = Rehearsal(settings.data_dir) if dry_run else Ledger(settings.data_dir)
    with base(settings) as sessions:
        with suppress(_RehearsedError), transaction(sessions) as session:
            done = retention.tidy(session, settings, ledger, now)
            if dry_run:
                raise _RehearsedError
        if not dry_run:
            _drop_orphans(sessions, settings)
        if done.leaves_traces and not dry_run and not finishing.scour(sessions.kw["bind"]):
            progress("La base est lue sans arrêt : ses fichiers seront nettoyés la prochaine fois.")
    if done.notes and not dry_run:  # what left the bin leaves the index's words too
        with opened(settings) as services:
            services.search_engine.rebuild(services.feed)
    return done


def _drop_orphans(sessions: sessionmaker[Session], settings: Settings) -> None:
    """Remove the files of imports that made nothing and are over."""
    from savoirs import imports  # noqa: PLC0415  (only who tidies pays for its import)

    with reading(sessions) as session:
        imports.drop_orphans(session, settings.data_dir)


class _RehearsedError(Exception):
    """Ends a transaction of which nothing is to be kept."""


def _person(session: Session, who: str | None) -> Person:
    if not who:
        return Person(None)
    if "@" not in who:
        return persons.of_login(session, who)
    person = persons.of_address(session, who)
    if person is None:
        raise NotFoundError("nothing_held_there")
    return person


def _what_is_held(person: Person, notes: int) -> str:
    account = f"Compte « {person.account.login} ». " if person.account else ""
    return f"{account}Contacts : {len(person.contacts)}. Fiches nommées : {notes}."
