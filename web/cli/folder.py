"""Whether there is a data folder to work in. Light: the parent of a server looks, and opens nothing."""

from __future__ import annotations

from savoirs.config import Settings
from web.cli.output import refuse


def is_ready(settings: Settings) -> bool:
    """Whether ``savoirs init`` has been here. Another database than SQLite is taken to be ready."""
    return bool(settings.database_url) or (settings.data_dir / "savoirs.sqlite3").is_file()


def ready_settings() -> Settings:
    """The settings, when their data folder is initialised.

    Raises:
        click.ClickException: It is not.
    """
    settings = Settings.load()
    if not is_ready(settings):
        raise refuse(
            f"Le dossier de données « {settings.data_dir} » n’est pas prêt : lancez d’abord « savoirs init », "
            "ou « savoirs demo » pour essayer."
        )
    return settings
