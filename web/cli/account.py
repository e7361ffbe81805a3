"""Accounts: who may sign in, by link, password or API token."""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from savoirs import accounts, organisations
from savoirs.database import reading, transaction
from savoirs.models import Organisation, Role
from web.cli.data import opened
from web.cli.french import FrenchCommand, FrenchGroup, example, option
from web.cli.output import json_option, print_json, refuse, say

ROLES = {"member": "membre", "editor": "relit et publie", "admin": "tient aussi les comptes"}


@click.group(cls=FrenchGroup, epilog=example("savoirs account add amina --role editor"))
def account() -> None:
    """Crée des comptes, des liens de connexion et des jetons."""


@account.command(cls=FrenchCommand, epilog=example('savoirs account add amina --organisation "Singa"'))
@click.argument("login", metavar="IDENTIFIANT")
@option("--role", type=click.Choice(list(ROLES)), default="member", help="Ce que le compte peut faire.")
@option("--organisation", help="Nom ou identifiant de son organisation (obligatoire pour un membre).")
@option("--name", default="", help="Nom affiché.")
def add(login: str, role: str, organisation: str | None, name: str) -> None:
    """Crée un compte, sans mot de passe : il se connecte d’abord par un lien."""
    with opened() as services, transaction(services.sessions) as session:
        organisation_id = _organisation(session, organisation).id if organisation else None
        accounts.create(session, login, Role(role), organisation_id=organisation_id, name=name)
    say(f"Compte « {login} » créé. Ensuite : « savoirs account link {login} ».")


@account.command("list", cls=FrenchCommand, epilog=example("savoirs account list"))
@json_option
def listing(as_json: bool) -> None:
    """Liste les comptes."""
    with opened() as services, reading(services.sessions) as session:
        rows = [
            {
                "login": found.login,
                "name": found.name,
                "role": found.role.value,
                "organisation": found.organisation.name if found.organisation else None,
                "disabled": found.disabled_at is not None,
            }
            for found in accounts.listing(session)
        ]
    if as_json:
        print_json({"accounts": rows})
        return
    for row in rows:
        place = f", {row['organisation']}" if row["organisation"] else ""
        say(f"{row['login']} : {ROLES[str(row['role'])]}{place}" + (" (fermé)" if row["disabled"] else ""))
    if not rows:
        say("Aucun compte. Pour en créer un : « savoirs account add ».")


@account.command(cls=FrenchCommand, epilog=example("savoirs account link amina --minutes 60"))
@click.argument("login", metavar="IDENTIFIANT")
@option("--minutes", type=click.IntRange(1, 7 * 24 * 60), default=30, help="Durée de validité (30 par défaut).")
def link(login: str, minutes: int) -> None:
    """Donne un lien de connexion, qui sert une seule fois."""
    with opened() as services:
        with transaction(services.sessions) as session:
            token = accounts.make_link(session, login, minutes)
        settings = services.settings
    address = settings.base_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    click.echo(f"{address}/connexion/lien/{token}")


@account.command(cls=FrenchCommand, epilog=example('savoirs account token amina --label "tableur"'))
@click.argument("login", metavar="IDENTIFIANT")
@option("--label", default="", help="À quoi il sert.")
def token(login: str, label: str) -> None:
    """Donne un jeton pour l’API. Il n’est montré qu’une fois."""
    with opened() as services, transaction(services.sessions) as session:
        made = accounts.make_token(session, login, label)
    click.echo(made)


@account.command(cls=FrenchCommand, epilog=example("savoirs account password amina"))
@click.argument("login", metavar="IDENTIFIANT")
def password(login: str) -> None:
    """Change le mot de passe d’un compte et ferme ses sessions.

    Le mot de passe est demandé, ou lu sur l’entrée standard : il n’est jamais sur la ligne de commande.
    """
    with opened() as services:
        with reading(services.sessions) as session:
            accounts.get(session, login)
        chosen = _password()
        with transaction(services.sessions) as session:
            accounts.set_password(session, login, chosen)
    say(f"Mot de passe de « {login} » changé ; ses sessions sont fermées.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    chosen: str = click.prompt("Nouveau mot de passe", hide_input=True)
    if click.prompt("Encore une fois", hide_input=True) != chosen:
        raise refuse("Les deux mots de passe sont différents : rien n’est changé.")
    return chosen


def _organisation(session: Session, name: str) -> Organisation:
    found = session.get(Organisation, name) or organisations.find_by_name(session, name)
    if found is None:
        raise refuse(f"Aucune organisation ne s’appelle « {name} ».")
    return found
