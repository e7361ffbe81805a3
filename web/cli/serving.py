"""Serving: a light parent, and a child that does the work."""

from __future__ import annotations

import datetime as dt

import click

from savoirs.config import Settings
from web.cli.folder import ready_settings
from web.cli.french import FrenchCommand, example, option
from web.cli.output import say
from web.cli.supervising import supervised


@click.command(cls=FrenchCommand, epilog=example("savoirs serve", "savoirs serve --host 0.0.0.0 --port 8000"))
@option("--host", help="Adresse d’écoute (réglage SAVOIRS_HOST).")
@option("--port", type=click.IntRange(0, 65535), help="Port d’écoute (réglage SAVOIRS_PORT).")
def serve(host: str | None, port: int | None) -> None:
    """Sert le site et l’API.

    Ce que le système arrête d’un coup, faute de mémoire par exemple, est redémarré.
    """
    settings = ready_settings()
    supervised(lambda: _serve(settings, host or settings.host, settings.port if port is None else port))


def _serve(settings: Settings, host: str, port: int) -> None:
    from savoirs import accounts  # noqa: PLC0415  (the child's: the parent stays light)
    from savoirs.backup import swapping  # noqa: PLC0415
    from savoirs.database import transaction  # noqa: PLC0415
    from web import erasure  # noqa: PLC0415
    from web.cli.daily import logged, tidied_daily  # noqa: PLC0415
    from web.cli.data import opened  # noqa: PLC0415
    from web.cli.listening import serve_services  # noqa: PLC0415

    with (
        swapping.in_use(settings.data_dir, alone=False),
        logged(settings),
        opened(settings) as services,
        tidied_daily(settings),
    ):
        erasure.replay(services)
        with transaction(services.sessions) as session:
            accounts.purge(session, idle=dt.timedelta(days=settings.session_idle_days))
        serve_services(
            services,
            host=host,
            port=port,
            ready=lambda address: say(f"Savoirs répond sur {address} (Ctrl+C pour arrêter)."),
        )
