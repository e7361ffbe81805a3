"""Serving: one process of waitress, threads, and a clean stop."""

from __future__ import annotations

import datetime as dt
import errno
import logging
import signal
import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from savoirs import accounts
from savoirs.database import transaction
from web.app import create_app
from web.cli.data import opened, ready_settings
from web.cli.french import FrenchCommand, example, option
from web.cli.output import progress, refuse, say


@click.command(cls=FrenchCommand, epilog=example("savoirs serve", "savoirs serve --host 0.0.0.0 --port 8000"))
@option("--host", help="Adresse d’écoute (réglage SAVOIRS_HOST).")
@option("--port", type=click.IntRange(0, 65535), help="Port d’écoute (réglage SAVOIRS_PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Sert le site et l’API."""
    settings = ready_settings()
    with opened(settings) as services:
        with transaction(services.sessions) as session:
            accounts.purge(session, idle=dt.timedelta(days=settings.session_idle_days))
        progress("Vérification de l’index…")
        services.search_engine.catch_up(services.feed)
        run(
            create_app(services),
            host=host or settings.host,
            port=settings.port if port is None else port,
            threads=settings.threads,
            ready=lambda address: say(f"Savoirs répond sur {address} (Ctrl+C pour arrêter)."),
        )


def run(app: Flask, *, host: str, port: int, threads: int, ready: Callable[[str], None]) -> None:
    """Serve until an interruption (Ctrl+C, SIGTERM).

    Args:
        app: The application.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        threads: How many requests are answered at once.
        ready: Called once with the address, when the port is open.

    Raises:
        click.ClickException: The port is taken, or not ours to take.
    """
    logging.getLogger().setLevel(logging.WARNING)
    server = _listen(app, host, port, threads)
    # A process started in the background by a shell ignores SIGINT until told otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        ready(f"http://{host}:{server.effective_port}")
        sys.stdout.flush()
        server.run()  # returns on KeyboardInterrupt and SystemExit
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
    progress("Arrêté.")


def _listen(app: Flask, host: str, port: int, threads: int) -> Any:
    try:
        return create_server(app, host=host, port=port, threads=threads, ident=None)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise refuse(f"Le port {port} est déjà pris : choisissez-en un autre avec --port.") from error
        raise refuse(f"Impossible d’écouter sur {host}:{port} ({error.strerror}).") from error
