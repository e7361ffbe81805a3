"""The serving process: waitress, its threads, the index's upkeep beside them, and a clean stop."""

from __future__ import annotations

import errno
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from waitress.server import create_server

from savoirs.fallback import ready as follows
from web.app import create_app
from web.cli.output import progress, refuse
from web.cli.postman import Postman
from web.cli.reader import Reader
from web.cli.upkeep import Upkeep, environment_for
from web.wiring import Services, load_loops


def serve_services(services: Services, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve pages and API over open services until an interruption (Ctrl+C, SIGTERM).

    An index that is not there yet is made in the background: nobody waits for it.

    Args:
        services: What to serve; the caller closes them.
        host: The address to listen on.
        port: The port; 0 takes a free one.
        ready: Called once with the address, when the port is open.

    Raises:
        click.ClickException: The port is taken, or not ours to take.
    """
    progress("Vérification de l’index…")
    if not follows(services.search_engine, services.feed):
        progress("L’index est en cours de reconstruction : en attendant, la recherche se fait mot à mot.")
    settings = services.settings
    load = partial(load_loops, settings)
    upkeep = Upkeep(services.search_engine, services.feed, environment_for(settings), load=load)
    postman = Postman(services)
    reader = Reader(services)
    postman.start()
    reader.start()
    try:
        run(create_app(services), host=host, port=port, threads=services.settings.threads, ready=ready, upkeep=upkeep)
    finally:
        reader.stop()
        postman.stop()


def run(
    app: Flask, *, host: str, port: int, threads: int, ready: Callable[[str], None], upkeep: Upkeep | None = None
) -> None:
    """Serve an application, with the upkeep beside it; see ``serve_services``."""
    logging.getLogger().setLevel(logging.WARNING)
    server = _listen(app, host, port, threads)
    # A process started in the background by a shell ignores SIGINT until told otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _leave)
    try:
        if upkeep is not None:
            upkeep.start()
        ready(f"http://{host}:{server.effective_port}")
        sys.stdout.flush()
        server.run()  # returns on KeyboardInterrupt and SystemExit
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
        if upkeep is not None:
            upkeep.stop()
    progress("Arrêté.")


def _leave(_number: int, _frame: object) -> None:
    signal.signal(
        signal.SIGTERM, signal.SIG_IGN
    )  # told twice (by the parent, by whoever stops them all): once is enough
    sys.exit(0)


def _listen(app: Flask, host: str, port: int, threads: int) -> Any:
    try:
        return create_server(app, host=host, port=port, threads=threads, ident=None)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise refuse(f"Le port {port} est déjà pris : choisissez-en un autre avec --port.") from error
        raise refuse(f"Impossible d’écouter sur {host}:{port} ({error.strerror}).") from error
