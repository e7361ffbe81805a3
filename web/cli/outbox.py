"""The outbox from the command line: for a timer, or to see whether the mail server takes letters."""

from __future__ import annotations

import click

from savoirs import digests
from savoirs import outbox as letters
from savoirs.database import reading
from savoirs.models.base import utc_now
from web.cli.data import opened
from web.cli.folder import ready_settings
from web.cli.french import FrenchCommand, FrenchGroup, example
from web.cli.output import json_option, print_json, say
from web.labels import counted
from web.posting import follow_up, send

_TOLD = (
    ("sent", "parti", "partis"),
    ("refused", "refusé : l’adresse n’existe plus", "refusés : leurs adresses n’existent plus"),
    ("rejected", "rejeté par le serveur", "rejetés par le serveur"),
    ("dropped", "devenu sans objet", "devenus sans objet"),
    ("later", "à essayer plus tard", "à essayer plus tard"),
    ("down", "en attente : le serveur ne répond pas", "en attente : le serveur ne répond pas"),
)


@click.group(cls=FrenchGroup, epilog=example("savoirs outbox run"))
def outbox() -> None:
    """Envoie les courriels en attente."""


@outbox.command(cls=FrenchCommand, epilog=example("savoirs outbox run", "savoirs outbox run --json"))
@json_option
def run(as_json: bool) -> None:
    """Prépare rappels et questions du jour, puis envoie ce qui attend.

    « savoirs serve » le fait déjà chaque minute. Lancée deux fois, la commande n’envoie rien deux fois. Sans serveur de
    courriels (réglage SAVOIRS_SMTP_HOST), rien ne part : les messages restent dans la page « Courriels » du site.
    """
    settings = ready_settings()
    with opened(settings) as services:
        sessions, now = services.sessions, utc_now()
        services.search_engine.catch_up(services.feed)
        posted = follow_up(sessions, settings, now)
        posted += digests.run(sessions, services.search_engine, services.feed, now)
        counts = send(sessions, settings)
        with reading(sessions) as session:
            waiting = letters.waiting(session)
    if as_json:
        print_json({"posted": posted, **{name: counts[name] for name, _one, _many in _TOLD}, "waiting": waiting})
        return
    for name, one, many in _TOLD:
        if counts[name]:
            say(counted(counts[name], f"courriel {one}", f"courriels {many}") + ".")
    if not settings.smtp_host:
        say("Aucun serveur de courriels n’est réglé (SAVOIRS_SMTP_HOST) : rien ne part.")
    elif not settings.base_url:
        say("SAVOIRS_BASE_URL est vide : les liens des courriels mènent à cette machine seulement.")
    say(f"{counted(waiting, 'courriel attend', 'courriels attendent')}." if waiting else "Aucun courriel n’attend.")
