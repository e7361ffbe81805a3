"""Whether there is a data folder to work in. Light: the parent of a server looks, and opens nothing."""

from __future__ import annotations

from savoirs.config import Settings
from web.cli.output import refuse

LEFT_BEHIND = ("restoring.mark", "replaced")
"""What ``savoirs.backup.swapping`` leaves when it is killed."""


def is_ready(settings: Settings) -> bool:
    """Whether ``savoirs init`` has been here. Another database than SQLite is taken to be ready."""
    return bool(settings.database_url) or (settings.data_dir / "savoirs.sqlite3").is_file()


def end_restoration(settings: Settings) -> None:
    """End a restoration that was killed while it put files in place: what is there is whole again.

    Raises:
        SavoirsError: ``folder_in_use``.
    """
    if any((settings.data_dir / name).exists() for name in LEFT_BEHIND):
        from savoirs.backup import swapping  # noqa: PLC0415

        with swapping.in_use(settings.data_dir, alone=True):
            swapping.go_on(settings.data_dir)


def ready_settings() -> Settings:
    """The settings, when their data folder is initialised.

    Raises:
        click.ClickException: It is not.
    """
    settings = Settings.load()
    end_restoration(settings)
    if not is_ready(settings):
        raise refuse(
            f"Le dossier de données « {settings.data_dir} » n’est pas prêt : lancez d’abord « savoirs init », "
            "ou « savoirs demo » pour essayer."
        )
    return settings
